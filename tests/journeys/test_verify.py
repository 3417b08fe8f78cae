"""Somebody who was handed a packet, and has no account, finds out whether it is genuine."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.claims.issued import issued, take_back
from tests.inspection import assert_accessible

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]

CONTENT = b"%PDF-1.7 a packet"


def verify(page: Page, content: bytes) -> None:
    """Choose a file and send it."""
    sent = {"name": "packet.pdf", "mimeType": "application/pdf", "buffer": content}
    page.get_by_label("PDF or manifest").set_input_files(sent)
    page.get_by_role("button", name="Verify the file").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_packet_is_verified_by_a_stranger(browser, live_server, scripts):
    file = issued(CONTENT)
    context = browser.new_context(bypass_csp=True, java_script_enabled=scripts)
    context.set_default_timeout(10_000)
    page = context.new_page()

    def look() -> None:
        if scripts:
            assert_accessible(page)

    # The QR code on the cover leads here.
    page.goto(f"{live_server.url}/verify/?code={file.code}")
    said = page.get_by_role("status").filter(has_text="The portal made a packet with this code")
    expect(said).to_be_visible()
    if scripts:
        expect(said).to_be_focused()
    look()

    verify(page, CONTENT)
    expect(page.get_by_role("heading", name="Genuine, and current")).to_be_visible()
    assert page.url == f"{live_server.url}/verify/"
    look()

    verify(page, CONTENT + b"1")
    expect(page.get_by_role("alert")).to_contain_text("something in it was changed")
    look()

    take_back(file)
    page.get_by_label("Code or SHA-256").fill(file.document.sha256.upper())
    page.get_by_role("button", name="Verify the code or hash").click()
    expect(page.get_by_role("heading", name="Genuine, but superseded")).to_be_visible()
    look()

    page.get_by_label("Code or SHA-256").fill("A packet")
    page.get_by_role("button", name="Verify the code or hash").click()
    expect(page.get_by_role("alert")).to_contain_text("This is neither a code")
    expect(page.get_by_label("Code or SHA-256")).to_have_value("A packet")
    look()
    context.close()


def test_the_page_obeys_its_security_policy(page, live_server):
    page.goto(f"{live_server.url}/account/login/")
    page.get_by_role("link", name="Verify a packet").click()
    verify(page, CONTENT)
    expect(page.get_by_role("alert")).to_contain_text("Unknown")

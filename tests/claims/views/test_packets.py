"""The packet by page: awaited, downloaded, listed, and made again when it failed."""

from __future__ import annotations

import pytest

from claims.models import Packet
from claims.packets import parts
from claims.selectors.genuineness import NO_LONGER_COUNTS
from portal.accounts.roles import Role, Side
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.records import storage
from portal.records.models import AuditEvent
from portal.web.templatetags.portal import in_eights
from tests.claims.issued import signed, with_file
from tests.factories import act, file_of, make_agency, make_person

pytestmark = pytest.mark.django_db


HAVE_PACKETS_MADE = {
    Role.ADMINISTRATOR: True,
    Role.PREPARER: True,
    Role.CERTIFIER: True,
    Role.VIEWER: False,
    Role.PROGRAM_MANAGER: False,
    Role.REVIEWER: True,
    Role.PAYMENT_APPROVER: True,
    Role.AUDITOR: False,
}


@pytest.fixture
def claim():
    """A submitted claim whose packet is still to be made."""
    return signed()


def address(claim, name: str = "") -> str:
    packet = f"/claims/{claim.number}/versions/1/packets/certified/"
    return f"{packet}files/{name}" if name else packet


def served(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_packet_is_awaited_then_downloaded_and_its_reading_recorded(browse, claim):
    reviewer = make_person(Role.REVIEWER)
    client = browse(reviewer)
    assert "The packet is being made" in client.get(address(claim)).content.decode()
    waiting = client.get(f"{address(claim)}progress/", headers={"HX-Request": "true"})
    assert waiting.status_code == 200
    assert "The packet is being made" in client.get(f"/claims/{claim.number}/").content.decode()
    run_due()
    ended = client.get(f"{address(claim)}progress/", headers={"HX-Request": "true"})
    assert ended.status_code == 286
    assert "Packet as certified: files and hashes" in ended.content.decode()
    file = file_of(Packet.objects.get())
    link = address(claim, file.document.filename)
    page = client.get(f"/claims/{claim.number}/").content.decode()
    assert f'<a href="{link}">Download the packet as certified</a>' in page
    answer = client.get(link)
    assert served(answer).startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.get(action="document.read").actor == reviewer.user


def test_the_page_lists_every_file_with_its_hash_and_code(browse, claim, monkeypatch):
    monkeypatch.setattr(parts, "OFFICERS_PER_VOLUME", 1)
    monkeypatch.setattr(parts, "OFFICERS_IN_ONE_DOCUMENT", 1)
    run_due()
    client = browse(make_person(Role.AUDITOR))
    page = client.get(address(claim)).content.decode()
    for file in Packet.objects.get().files.select_related("document"):
        assert file.document.sha256 in page
        assert address(claim, file.document.filename) in page
        assert file.code is None or in_eights(file.code) in page
    assert "weasyprint" in page
    assert "superseded" not in page
    summary = client.get(f"/claims/{claim.number}/").content.decode()
    assert "volume-02.pdf" in summary
    assert "masked-volume" not in summary


def test_a_later_packet_comes_first_and_the_earlier_one_says_it_is_superseded(browse, claim):
    run_due()
    reviewer, approver = make_person(Role.REVIEWER), make_person(Role.PAYMENT_APPROVER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    act(approver, claim, "approve")
    client = browse(reviewer)
    page = client.get(f"/claims/{claim.number}/").content.decode()
    assert page.index("The packet is being made") < page.index("Download the packet as certified")
    run_due()
    page = client.get(f"/claims/{claim.number}/").content.decode()
    assert page.index("Download the packet as decided") < page.index("Packet as certified</a>: sup")
    assert "This packet is superseded" in client.get(address(claim)).content.decode()


def test_a_packet_that_failed_says_why_and_can_be_made_again(browse, claim):
    viewer = browse(make_person(Role.VIEWER, claim.agency))
    client = browse(make_person(Role.PREPARER, claim.agency))
    packet = Packet.objects.select_related("job").get()
    Job.objects.filter(pk=packet.job_id).update(state=Job.State.FAILED)
    Packet.objects.update(reason="not_in_time")
    for page in (f"/claims/{claim.number}/", address(claim)):
        for reader, may_retry in ((client, True), (viewer, False)):
            said = reader.get(page).content.decode()
            assert ("Try again" in said) is may_retry
            assert "not set in the time the portal allows" in said
    assert viewer.post(f"{address(claim)}retry/").status_code == 403
    packet.refresh_from_db()
    assert packet.job.is_finished
    ended = client.get(f"{address(claim)}progress/", headers={"HX-Request": "true"})
    assert "not set in the time the portal allows" in ended.content.decode()
    assert client.post(f"{address(claim)}retry/").status_code == 302
    run_due()
    packet.refresh_from_db()
    masked = file_of(packet, "masked").document.filename
    assert client.get(address(claim, masked)).status_code == 200


@pytest.mark.parametrize(("role", "may_retry"), HAVE_PACKETS_MADE.items())
def test_who_only_reads_cannot_have_a_packet_made_again(browse, claim, role, may_retry):
    client = browse(make_person(role, claim.agency if role.side == Side.AGENCY else None))
    failed(claim, "failed")
    page = client.get(address(claim)).content.decode()
    assert ("Try again" in page) is may_retry
    assert ("can have it made again here" in page) is not may_retry
    status = client.post(f"{address(claim)}retry/").status_code
    assert status == (302 if may_retry else 403)
    assert AuditEvent.objects.filter(action="packet.retry").exists() is may_retry


@pytest.mark.parametrize("reason", ["too_long", "too_large", "outside", "not_signed"])
def test_where_trying_again_cannot_help_the_page_says_what_does(browse, claim, reason):
    failed(claim, reason)
    for role in (Role.PREPARER, Role.VIEWER):
        page = browse(make_person(role, claim.agency)).get(address(claim)).content.decode()
        assert "Tell the program office" in page
        assert "Try again" not in page
        assert "can have it made again" not in page
    page = browse(make_person(Role.REVIEWER)).get(address(claim)).content.decode()
    assert "Once that is mended" in page
    assert "Try again" in page


def test_a_packet_that_is_lost_is_not_told_to_have_held_forbidden_data(browse, claim):
    run_due()
    document = file_of(Packet.objects.get()).document
    storage.path_of(document.sha256).unlink()
    answer = browse(make_person(Role.REVIEWER)).get(address(claim, document.filename))
    assert answer.status_code == 409
    assert "is missing from the portal’s storage" in answer.content.decode()
    assert "must not have" not in answer.content.decode()


def test_a_returned_version_is_not_said_to_have_a_later_one(browse, claim):
    run_due()
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return", note="The timesheets are missing.")
    page = browse(reviewer).get(f"/claims/{claim.number}/").content.decode()
    assert "later version or claim has superseded" not in page
    assert f"This packet {NO_LONGER_COUNTS}." in page


def failed(claim, reason: str) -> None:
    """Give up the packet of a claim for a reason."""
    packet = Packet.objects.get(version__claim=claim)
    Job.objects.filter(pk=packet.job_id).update(state=Job.State.FAILED)
    Packet.objects.filter(pk=packet.pk).update(reason=reason)


def test_who_takes_no_names_is_told_why_an_old_packet_has_no_copy_for_them(browse, claim):
    with_file(Packet.objects.get(), b"%PDF-1.7 made before there were masked copies")
    panel, page = f"/claims/{claim.number}/", address(claim)
    viewer = browse(make_person(Role.VIEWER, claim.agency))
    assert "made before the portal made masked copies" in viewer.get(panel).content.decode()
    assert "before the portal made masked ones" in viewer.get(page).content.decode()
    reviewer = browse(make_person(Role.REVIEWER))
    assert "before the portal made masked" not in reviewer.get(panel).content.decode()


def test_strangers_get_no_packet(browse, claim):
    run_due()
    name = file_of(Packet.objects.get()).document.filename
    stranger = browse(make_person(Role.VIEWER, make_agency("Birch Police")))
    assert stranger.get(address(claim)).status_code == 404
    assert stranger.get(address(claim, name)).status_code == 404
    assert stranger.post(f"{address(claim)}retry/").status_code == 404


@pytest.mark.parametrize("edition", ["decided", "certified-1", "decided-0", "decided-01", "other"])
def test_an_edition_that_does_not_exist_is_a_404(browse, claim, edition):
    client = browse(make_person(Role.REVIEWER))
    there = f"/claims/{claim.number}/versions/1/packets/{edition}/"
    assert client.get(there).status_code == 404


def test_a_file_of_another_packet_is_not_found_here(browse, claim):
    run_due()
    name = file_of(Packet.objects.get()).document.filename
    client = browse(make_person(Role.REVIEWER))
    assert client.get(address(claim, f"x{name}")).status_code == 404
    assert (
        client.get(address(claim, name).replace("certified/files", "decided/files")).status_code
        == 404
    )


def test_an_auditor_finds_the_way_to_an_archive_of_the_quarter(browse, claim):
    page = browse(make_person(Role.AUDITOR)).get(f"/claims/{claim.number}/").content.decode()
    link = f"/archives/?agency={claim.agency.number}&amp;quarter=FY2026Q1"
    assert f'<a href="{link}">Ask for an archive of this quarter</a>' in page
    other = browse(make_person(Role.REVIEWER)).get(f"/claims/{claim.number}/").content.decode()
    assert "Ask for an archive" not in other

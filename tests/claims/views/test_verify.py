"""The page that verifies packets: for anybody, about nothing but packets, and no word too many."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import PayrollBatch
from claims.selectors.genuineness import NO_LONGER_COUNTS
from portal.accounts.api import limits
from portal.accounts.roles import Role
from portal.records.models import AuditEvent
from portal.web.hashing import LIMIT_BYTES
from tests.claims.issued import issued, take_back
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

PAGE = "/verify/"
CONTENT = b"%PDF-1.7 \0 a packet" + bytes(300_000)
CODE = "0a" * 16


def sent(content: bytes, name: str = "packet.pdf") -> dict[str, SimpleUploadedFile]:
    """A file as a form sends it."""
    return {"file": SimpleUploadedFile(name, content)}


def stored() -> set[Path]:
    """Every file below the folder the portal may write to."""
    return {path for path in Path(configured.PORTAL_VAR).rglob("*") if path.is_file()}


def test_a_file_is_genuine_then_superseded_and_otherwise_unknown(client):
    file = issued(CONTENT)
    answer = client.post(PAGE, sent(CONTENT))
    assert answer.status_code == 200
    assert "Genuine, and current" in answer.text
    assert "the signature or decision it shows still stands" in answer.text
    assert "earlier quarters" in answer.text, "nobody looks whether those were corrected since"
    assert answer["Cache-Control"] == "private, no-store"
    take_back(file)
    superseded = client.post(PAGE, sent(CONTENT)).text
    assert "Genuine, but superseded" in superseded
    assert f"But it {NO_LONGER_COUNTS}." in superseded
    answer = client.post(PAGE, sent(CONTENT + b"\n"))
    assert answer.status_code == 200
    assert "Unknown" in answer.text
    assert "Genuine" not in answer.text


@pytest.mark.parametrize("dress", [str, str.upper, lambda mark: f" {mark[:32]} {mark[32:]}\n"])
def test_a_hash_may_be_written_with_blanks_and_capitals(client, dress):
    file = issued(CONTENT)
    answer = client.post(PAGE, {"mark": dress(file.document.sha256)})
    assert "Genuine, and current" in answer.text


def test_a_code_says_only_that_there_was_such_a_packet(client):
    file = issued(CONTENT)
    grouped = "-".join(file.code[at : at + 8] for at in range(0, 32, 8))
    for answer in (
        client.post(PAGE, {"mark": grouped}),
        client.get(PAGE, {"code": file.code}),
    ):
        assert "The portal made a packet with this code" in answer.text
        assert "That packet is current" in answer.text
        assert "Verify the file itself" in answer.text
        assert "Genuine" not in answer.text
    take_back(file)
    superseded = client.get(PAGE, {"code": file.code}).text
    assert "but it is superseded" in superseded
    assert f"That packet {NO_LONGER_COUNTS}." in superseded
    assert "The portal made no packet with this code" in client.get(PAGE, {"code": CODE}).text


def test_nothing_is_told_of_what_the_packet_is_about(client):
    file = issued(CONTENT)
    claim = file.packet.version.claim
    secrets = (claim.number, claim.agency.name, claim.agency.number, "certified", "FY2026")
    for answer in (client.post(PAGE, sent(CONTENT)), client.get(PAGE, {"code": file.code})):
        assert not [word for word in secrets if word in answer.text]


def test_who_is_signed_in_learns_as_much_as_a_stranger(client):
    file = issued(CONTENT)
    client.force_login(make_person(Role.REVIEWER).user)
    main = client.get(PAGE, {"code": file.code}).text.split("<main")[1]
    assert file.packet.version.claim.number not in main
    assert "That packet is current" in main


def test_files_that_are_no_packets_are_unknown(client):
    issued(CONTENT)
    batch = PayrollBatch.objects.get()
    assert "Unknown" in client.post(PAGE, {"mark": batch.document.sha256}).text


def test_nothing_of_a_file_is_kept_and_nothing_is_recorded(client):
    issued(CONTENT)
    files, events = stored(), AuditEvent.objects.count()
    client.post(PAGE, sent(b"somebody's own file" * 100_000))
    assert stored() == files
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose the file to verify."),
        ({"file": "no file"}, "Choose the file to verify."),
        ({"mark": ""}, "Write the code of the cover"),
        ({"mark": "xyz"}, "This is neither a code"),
        ({"mark": "0" * 63}, "This is neither a code"),
        ({"mark": "\N{FULLWIDTH DIGIT ONE}" * 64}, "This is neither a code"),
        ({"mark": "0" * 31 + "\0"}, "Null characters are not allowed"),
        ({"mark": "<script>alert(1)</script>"}, "This is neither a code"),
        ({"mark": "a" * 100_000}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_looked_up_is_said_beside_the_field(client, form, words):
    answer = client.post(PAGE, form)
    assert answer.status_code == 422
    assert words in answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("code", ["", "x", "\0" * 32, "ä" * 32, CODE + "0"])
def test_a_code_in_the_address_that_is_none_is_said_too(client, code):
    answer = client.get(PAGE, {"code": code})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_an_empty_file_is_said_to_be_empty(client):
    answer = client.post(PAGE, sent(b""))
    assert answer.status_code == 422
    assert "This file is empty" in answer.text


@pytest.mark.parametrize(
    "form",
    [
        {**sent(CONTENT), "mark": CODE},
        {"mark": [CODE, CODE]},
        {"file": [*sent(CONTENT).values(), *sent(b"another").values()]},
    ],
)
def test_one_thing_is_verified_at_a_time(client, form):
    answer = client.post(PAGE, form)
    assert answer.status_code == 400
    assert "one file, one code or one SHA-256 at a time" in answer.text


def test_a_file_larger_than_any_is_refused_before_it_is_read(client):
    answer = client.generic(
        "POST",
        PAGE,
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(LIMIT_BYTES * 2),
    )
    assert answer.status_code == 413
    assert "larger than 100 MB" in answer.text


@pytest.mark.parametrize("length", ["", "x", "1_000_000_000", "\N{ARABIC-INDIC DIGIT FIVE}" * 3])
def test_a_length_that_is_none_is_a_form_without_a_file(client, length):
    kind = "multipart/form-data; boundary=x"
    answer = client.generic("POST", PAGE, b"x", content_type=kind, CONTENT_LENGTH=length)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=\N{EURO SIGN}"]
)
def test_a_form_that_cannot_be_read_is_refused(client, kind):
    assert client.generic("POST", PAGE, b"x", content_type=kind).status_code == 400


def test_a_file_that_breaks_off_is_not_taken_for_one(client):
    issued(CONTENT)
    whole = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + CONTENT
    answer = client.generic("POST", PAGE, whole, content_type="multipart/form-data; boundary=x")
    assert "Genuine" not in answer.text


def test_the_forms_are_protected_from_other_sites():
    client = Client(enforce_csrf_checks=True)
    assert client.post(PAGE, sent(CONTENT)).status_code == 403
    assert client.post(PAGE, {"mark": CODE}).status_code == 403
    client.get(PAGE)
    token = client.get(PAGE).context["csrf_token"]
    assert (
        client.post(PAGE, {**sent(CONTENT), "csrfmiddlewaretoken": str(token)}).status_code == 200
    )


def test_an_address_asks_so_often_in_a_minute(client, settings, monkeypatch):
    limits._counters.cache_clear()
    limits._counters()._valkey.flushdb()
    now = limits.time.time() // 60 * 60 + 20
    monkeypatch.setattr(limits.time, "time", lambda: now)
    settings.PORTAL_API_LIMITS = {"verify": 2}
    for _ in range(3):
        assert client.get(PAGE).status_code == 200
    client.post(PAGE, {"mark": CODE})
    client.get(PAGE, {"code": CODE})
    for answer in (client.post(PAGE, sent(CONTENT)), client.get(PAGE, {"code": CODE})):
        assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    answer = client.post("/api/v1/packets/verify/", {"code": CODE}, "application/json")
    assert answer.status_code == 429
    assert client.get(PAGE, {"code": CODE}, REMOTE_ADDR="10.1.1.1").status_code == 200


def test_other_ways_to_ask_are_not_known(client):
    assert client.delete(PAGE).status_code == 405
    assert client.head(PAGE).status_code == 200


def test_everybody_is_led_to_it(client):
    digest = hashlib.sha256(b"x").hexdigest()
    assert f'href="{PAGE}"' in client.get("/account/login/").text
    assert digest not in client.post(PAGE, {"mark": digest}, follow=True).request["PATH_INFO"]

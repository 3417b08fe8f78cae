"""Machines verify packets without a token, and learn one of three words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.accounts.api import limits
from portal.web.hashing import LIMIT_BYTES
from tests.api.client import Machine, checked
from tests.claims.issued import issued, take_back

pytestmark = pytest.mark.django_db

VERIFY = "/api/v1/packets/verify/"
CONTENT = b"%PDF-1.7 a packet"


def ask(body: Any = None, **options: Any) -> Any:
    """The answer to a JSON body; bytes go as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return checked(Client().post(VERIFY, content, "application/json", **options))


def send(content: bytes = CONTENT, **fields: Any) -> Any:
    """The answer to a form with a file."""
    form = {"file": SimpleUploadedFile("a.pdf", content), **fields}
    return checked(Client().post(VERIFY, form))


def test_a_packet_is_known_by_file_hash_and_code() -> None:
    file = issued(CONTENT)
    sha256 = file.document.sha256
    for answer, by in (
        (send(), "file"),
        (ask({"sha256": sha256}), "sha256"),
        (ask({"sha256": sha256.upper()}), "sha256"),
        (ask({"code": file.code}), "code"),
    ):
        assert (answer.status_code, answer.json()) == (200, {"result": "genuine_current", "by": by})
        assert answer["Cache-Control"] == "private, no-store"
    take_back(file)
    assert send().json() == {"result": "genuine_superseded", "by": "file"}


def test_anything_else_is_unknown() -> None:
    issued(CONTENT)
    assert send(b"another").json() == {"result": "unknown", "by": "file"}
    assert ask({"sha256": "0" * 64}).json() == {"result": "unknown", "by": "sha256"}
    assert ask({"code": "0" * 32}).json() == {"result": "unknown", "by": "code"}


def test_a_token_changes_nothing(machine: Machine, stranger: Machine) -> None:
    file = issued(CONTENT)
    for one in (machine, stranger):
        answer = one.post(VERIFY, {"code": file.code})
        assert answer.json() == {"result": "genuine_current", "by": "code"}
    signed = {"HTTP_AUTHORIZATION": "Bearer nonsense"}
    assert ask({"code": file.code}, **signed).status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ([], ""),
        (None, ""),
        ({"sha256": "0" * 64, "code": "0" * 32}, ""),
        ({"sha256": "0" * 63}, "/sha256"),
        ({"sha256": "g" * 64}, "/sha256"),
        ({"sha256": "0" * 64 + "\n"}, "/sha256"),
        ({"sha256": "\N{FULLWIDTH DIGIT ONE}" * 64}, "/sha256"),
        ({"sha256": None}, "/sha256"),
        ({"sha256": ["0" * 64]}, "/sha256"),
        ({"code": 7}, "/code"),
        ({"code": ""}, "/code"),
        ({"number": "A1"}, "/number"),
    ],
)
def test_a_wrong_body_is_named_field_by_field(body: Any, pointer: str) -> None:
    answer = ask(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"file": ""}, "invalid"), ({"more": "x"}, "invalid"), ({"code": "0" * 32}, "invalid")],
)
def test_a_form_holds_one_file_and_nothing_else(fields: dict[str, Any], code: str) -> None:
    answer = send(**fields)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_two_files_and_an_empty_one_are_refused() -> None:
    two = [SimpleUploadedFile("a.pdf", CONTENT), SimpleUploadedFile("b.pdf", CONTENT)]
    answer = checked(Client().post(VERIFY, {"file": two}))
    assert answer.json()["errors"][0]["code"] == "given_twice"
    assert send(b"").json()["errors"][0]["code"] == "empty"


def test_what_is_not_json_is_malformed_and_too_much_is_not_read() -> None:
    assert ask(b"{").json()["code"] == "malformed"
    assert ask(b'{"code": "\\u0000"}').json()["code"] == "malformed"
    answer = Client().generic(
        "POST",
        VERIFY,
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(LIMIT_BYTES * 2),
    )
    checked(answer)
    assert (answer.status_code, answer.json()["code"]) == (413, "file_larger_than_any")
    assert checked(Client().get(VERIFY)).status_code == 405
    assert checked(Client().post(f"{VERIFY}?code=x", {}, "application/json")).status_code == 400


def test_an_address_asks_so_often_in_a_minute(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits._counters.cache_clear()
    limits._counters()._valkey.flushdb()
    now = limits.time.time() // 60 * 60 + 20
    monkeypatch.setattr(limits.time, "time", lambda: now)
    settings.PORTAL_API_LIMITS = {"verify": 1}
    first, second = (ask({"code": "0" * 32}) for _ in range(2))
    assert first["RateLimit-Remaining"] == "0"
    assert (second.status_code, second["Retry-After"]) == (429, "40")
    assert ask({"code": "0" * 32}, REMOTE_ADDR="10.1.1.1").status_code == 200

"""Forms with a file, and the bodies of steps: as strict as JSON rows, and never a failure."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import PayrollBatch
from tests.api.client import Machine, checked, form
from tests.factories import load_payroll

BATCHES = "/api/v1/payroll-batches/"


def test_forms_are_as_strict_as_json(machine: Machine) -> None:
    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.csv", b"officer_id\n1\n")

    assert form(machine, quarter="FY2026Q1", file=file()).status_code == 202
    for fields in (
        {"quarter": "FY2026Q1"},
        {"file": file()},
        {"quarter": "FY2026Q1", "file": "not a file"},
        {"quarter": "FY2026Q1", "file": file(), "other": "x"},
        {"quarter": "FY2026Q1", "file": file(), "other": file()},
        {"quarter": "FY2026Q1\0", "file": file()},
        {"quarter": ["FY2026Q1", "FY2026Q1"], "file": file()},
        {"quarter": "FY2026Q1", "file": [file(), file()]},
        {"quarter": "FY2026Q1", "file": file(), "replaces": "x"},
        {"quarter": "FY2026Q1", "file": file(), "replaces": ""},
        {"quarter": "FY2026Q1", "file": file(), "rows": "[]"},
    ):
        answer = form(machine, **fields)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid"), fields
        assert all(error["pointer"] for error in answer.json()["errors"])


def part(name: str, content: str = "x", filename: str | None = None) -> str:
    named = "" if filename is None else f'; filename="{filename}"'
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n{content}\r\n'


QUARTER = part("quarter", "FY2026Q1")
FILE = part("file", "officer_id\n1", "a.csv")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (QUARTER + FILE + "--x--\r\n", 202, ""),
        (QUARTER + part("file", "officer_id\n1", "") + "--x--\r\n", 400, "invalid"),
        (QUARTER + part("file", "officer_id\n1") + "--x--\r\n", 400, "invalid"),
        (QUARTER + FILE + FILE + "--x--\r\n", 400, "invalid"),
        (QUARTER + FILE + part("other", "y", "b.csv") + "--x--\r\n", 400, "invalid"),
        (QUARTER + QUARTER + FILE + "--x--\r\n", 400, "invalid"),
        (part("file", "a", "a.csv") + "--x--\r\n", 400, "invalid"),
        ("".join(part(f"f{n}") for n in range(10_000)) + "--x--\r\n", 413, "too_large"),
        ("".join(part(f"f{n}", "y", "b") for n in range(200)) + "--x--\r\n", 413, "too_large"),
        ("--x\r\n", 400, "invalid"),
        ("--x--\r\n", 400, "invalid"),
        ("nonsense", 400, "invalid"),
        ("", 400, "invalid"),
        ("--y\r\n\r\n--y--", 400, "invalid"),
    ],
)
def test_odd_forms_are_answered_in_words(
    machine: Machine, body: str, status: int, code: str
) -> None:
    answer = checked(
        Client(raise_request_exception=False).generic(
            "POST",
            BATCHES,
            body.encode(),
            "multipart/form-data; boundary=x",
            HTTP_AUTHORIZATION=f"Bearer {machine.token}",
        )
    )
    assert (answer.status_code, answer.json().get("code", "")) == (status, code)


@pytest.mark.parametrize("cut", [1, 20, 60, 90, 130, 170])
def test_a_form_that_was_cut_off_makes_no_file(machine: Machine, cut: int) -> None:
    whole = (QUARTER + FILE + "--x--\r\n").encode()
    answer = checked(
        Client(raise_request_exception=False).generic(
            "POST",
            BATCHES,
            whole[:-cut],
            "multipart/form-data; boundary=x",
            HTTP_AUTHORIZATION=f"Bearer {machine.token}",
        )
    )
    # Without its last marks a form is still whole; without more of it, fields are missing.
    assert answer.status_code in ((202, 400) if cut < 60 else (400,))


@pytest.mark.parametrize("step", ["withdraw", "confirm", "corrections", "columns", "answers"])
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/x-www-form-urlencoded", b"reason=x", 415),
        ("text/plain", b"{}", 415),
        ("", b"{}", 415),
        ("application/json; charset=utf-16", b"{}", 415),
        ("application/json", b"[" * 50_000, 400),
        ("application/json", b"[]", 400),
        ("application/json", b"null", 400),
        ("application/json", b'"x"', 400),
        ("application/json", b'{"reason": "a", "reason": "b"}', 400),
        ("application/json", b'{"reason": "\\ud800"}', 400),
        ("application/json", b'{"reason": "\\u0000"}', 400),
        ("application/json", b'{"reason": 5, "text": 5, "edits": 5, "columns": 5}', 400),
        ("application/json", b'{"reason": NaN}', 400),
        ("application/json", b'{"unknown": 1}', 400),
        ("application/json", b'{"text": ' + b"9" * 5000 + b"}", 400),
    ],
)
def test_steps_are_as_strict(
    machine: Machine, batch: PayrollBatch, step: str, kind: str, body: bytes, status: int
) -> None:
    answer = checked(
        Client(raise_request_exception=False).generic(
            "POST",
            f"{BATCHES}{batch.pk}/{step}/",
            body,
            kind,
            HTTP_AUTHORIZATION=f"Bearer {machine.token}",
            HTTP_IF_MATCH="*",
        )
    )
    assert answer.status_code == status, answer.content


@pytest.fixture
def batch(machine: Machine) -> PayrollBatch:
    """A file that was read."""
    return load_payroll(machine.owner)

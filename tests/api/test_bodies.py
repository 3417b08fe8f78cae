"""What machines send by mistake or on purpose: an answer in words, never a failure."""

from __future__ import annotations

import gzip
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import PayrollBatch
from portal.jobs.running import run_due
from portal.kernel.tabular.table import MAX_BYTES
from tests.api.client import FORM, ROWS, TOKEN, Machine, checked, form

BATCHES = "/api/v1/payroll-batches/"
ROW = json.dumps(ROWS[0])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid"),
        (b"{", "malformed"),
        (b"nonsense", "malformed"),
        (b"\xff\xfe{\x00}\x00", "malformed"),
        (b'\xef\xbb\xbf{"quarter": "FY2026Q1", "rows": []}', "malformed"),
        (b"[" * 100_000 + b"]" * 100_000, "malformed"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": ' + b"[" * 20 + b"]" * 20 + b"}", "malformed"),
        (b'{"quarter": "FY2026Q1", "quarter": "FY2026Q2", "rows": []}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [{"a": 1, "a": 2}]}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [{"a": NaN}]}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [{"a": -Infinity}]}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [{"a": "x\\u0000y"}]}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [{"\\ud800": "x"}]}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [{"a": "\\udfff"}]}', "malformed"),
        (b'{"quarter": "FY2026Q1", "rows": [' + b"9" * 5000 + b"]}", "malformed"),
        (b"null", "invalid"),
        (b"[]", "invalid"),
        (b"1", "invalid"),
        (b'"text"', "invalid"),
        (b"{}", "invalid"),
        (b'{"quarter": "FY2026Q1"}', "invalid"),
        (b'{"rows": []}', "invalid"),
        (b'{"quarter": "FY2026Q5", "rows": []}', "invalid"),
        (b'{"quarter": "2026Q1", "rows": []}', "invalid"),
        (b'{"quarter": "FY9998Q4", "rows": []}', "invalid"),
        (b'{"quarter": "FY1990Q1", "rows": []}', "invalid"),
        (b'{"quarter": 1, "rows": []}', "invalid"),
        (b'{"quarter": null, "rows": []}', "invalid"),
        (b'{"quarter": ["FY2026Q1"], "rows": []}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": {}}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": null}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": "a"}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [], "state": "accepted"}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [], "agency": 1}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [], "replaces": "x"}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [], "replaces": {}}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [], "replaces": -1}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [], "123-45-6789": 1}', "invalid"),
        (b'{"quarter": "FY2026Q1", "rows": [' + b"[]," * 500_000 + b"[]]}", "malformed"),
        (
            b'{"quarter": "FY2026Q1", "rows": [{'
            + b",".join(b'"%d":1' % n for n in range(10_001))
            + b"}]}",
            "malformed",
        ),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused(machine: Machine, body: bytes, code: str) -> None:
    answer = machine.post(BATCHES, body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "123-45-6789" not in answer.content.decode()
    assert not PayrollBatch.objects.exists()


@pytest.mark.parametrize(
    "rows",
    [
        "[]",
        "[{}]",
        "[null, 1, true, [], {}]",
        '[{"officer_id": {"a": 1}}]',
        '[{"officer_id": 1e400, "regular_pay": 1E+999999999}]',
        '[{"officer_id": true, "regular_pay": 99999999999999999999}]',
        '[{"": "", " ": "x"}]',
        f'[{ROW}, {{"other": "column"}}]',
        '[{"officer_id": "\\ud83d\\ude00 \\u202e", "period_start": "\\u0001"}]',
        '[{"ssn": "123-45-6789"}]',
        "[" + ",".join(f'{{"c{number}": "x"}}' for number in range(300)) + "]",
    ],
)
def test_whatever_rows_hold_ends_as_findings(machine: Machine, rows: str) -> None:
    answer = machine.post(BATCHES, f'{{"quarter": "FY2026Q1", "rows": {rows}}}'.encode())
    assert answer.status_code == 202
    run_due()
    batch = machine.get(answer.json()["url"]).json()
    assert batch["state"] == "rejected"
    assert batch["errors"] > 0
    assert "123-45-6789" not in str(machine.get(batch["findings_url"]).json())


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json; charset=utf-8", 202),
        ("application/json; charset=UTF8", 202),
        ("application/json; charset=latin-1", 415),
        ("application/json; charset=klingon", 415),
        ("application/json; charset=utf-16", 415),
        ("text/csv", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("nonsense", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=x; charset=klingon", 400),
        ("multipart/form-data; boundary=\xe9", 400),
        ("", 415),
    ],
)
def test_the_content_type_is_taken_at_its_word(machine: Machine, kind: str, status: int) -> None:
    body = f'{{"quarter": "FY2026Q1", "rows": [{ROW}]}}'.encode()
    client = Client(raise_request_exception=False)
    answer = checked(
        client.generic("POST", BATCHES, body, kind, HTTP_AUTHORIZATION=f"Bearer {machine.token}")
    )
    assert answer.status_code == status, answer.content


def test_a_file_of_any_name_and_content_is_taken_in(machine: Machine) -> None:
    for name in ("../../etc/passwd", "a\u202ecsv.exe", "x" * 400 + ".csv", "<b>.csv", "é;.csv"):
        file = SimpleUploadedFile("a.csv", b"\x7fELF" + bytes(range(256)))
        file._name = name
        answer = form(machine, quarter="FY2026Q1", file=file)
        assert answer.status_code == 202
        assert "/" not in answer.json()["filename"]
    empty = form(machine, quarter="FY2026Q1", file=SimpleUploadedFile("empty.csv", b""))
    run_due()
    findings = machine.get(empty.json()["findings_url"]).json()["results"]
    assert [finding["code"] for finding in findings] == ["file_empty"]


def test_too_much_is_refused_before_it_is_read(machine: Machine) -> None:
    large = b"x" * (MAX_BYTES + 1)
    answer = machine.send_file(BATCHES, large)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = machine.post(BATCHES, b'{"rows": "' + large + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert machine.send_file(BATCHES, large + b"x" * 200_000).status_code == 413
    assert not PayrollBatch.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0",
        "page_size=-1",
        "page_size=abc",
        "page_size=1.5",
        "page_size=%00",
        "page_size=٣",
        "page_size=1&page_size=2",
        "cursor=x",
        "cursor=%00",
        "cursor=" + "A" * 501,
        "cursor=WzFd",
        "cursor=WyJhIiwiYiJd",
        "cursor=WyJhIiwtMV0",
        "cursor=WyJhIiw5OTk5OTk5OTk5OTldXQ",
        "cursor=W1tdLFtdXQ",
        "cursor=é",
        "quarter=",
        "quarter=FY2026",
        "quarter=FY2026Q1%00",
        "quarter=FY9999Q4",
        "limit=5",
        "page=2",
        "format=xml",
        "format=json",
        "%ff=1",
        "\0=1",
        "order=pk",
        "quarter__startswith=FY",
        "agency=1",
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(machine: Machine, query: str) -> None:
    answer = machine.get(f"{BATCHES}?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] in ("bad_parameter", "unknown_parameter")


def test_a_page_is_never_larger_than_the_largest(machine: Machine) -> None:
    for size in ("1000000000", "9" * 400):
        assert machine.get(f"{BATCHES}?page_size={size}").status_code == 200


@pytest.mark.parametrize("flag", ["", "1", "yes", "TRUE", "maybe", "true%00", "true&dry_run=true"])
def test_a_dry_run_is_asked_for_plainly(machine: Machine, flag: str) -> None:
    answer = machine.send_file(f"{BATCHES}?dry_run={flag}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")


@pytest.mark.parametrize(
    "path",
    [
        "payroll-batches/1/",
        "payroll-batches/not-a-uuid/",
        "payroll-batches/%00/",
        "payroll-batches/00000000-0000-4000-8000-000000000000x/",
        "roster-uploads/'; DROP TABLE claims_claim;--/",
        "claims/%00/",
        "claims/é/",
        "claims/" + "9" * 5000 + "/",
        "claims/A00001-FY2026Q1/lines/" + "9" * 5000 + "/",
        "claims/A00001-FY2026Q1/lines/-1/",
        "claims/../officers/x/",
        "nothing/",
    ],
)
def test_an_address_of_nothing_is_a_404(machine: Machine, path: str) -> None:
    answer = machine.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_only_what_can_be_answered_is_accepted(machine: Machine) -> None:
    assert machine.get(BATCHES, accept="text/html").status_code == 406
    assert machine.get(BATCHES, accept="application/xml;q=0.9").json()["code"] == "not_acceptable"
    for accept in ("application/json", "*/*", "text/html, application/json;q=0.1", "nonsense, */*"):
        assert machine.get(BATCHES, accept=accept).status_code == 200


@pytest.mark.parametrize("length", ["abc", "-1", "9" * 30, "1e3", ""])
def test_a_length_that_makes_no_sense_is_no_failure(machine: Machine, length: str) -> None:
    client = Client(raise_request_exception=False)
    for address, kind in (
        (BATCHES, "application/json"),
        (BATCHES, "multipart/form-data; boundary=x"),
        (TOKEN, FORM),
    ):
        answer = client.generic(
            "POST",
            address,
            b"x",
            kind,
            CONTENT_LENGTH=length,
            HTTP_AUTHORIZATION=f"Bearer {machine.token}",
        )
        assert answer.status_code in (400, 413), answer.content


def test_a_body_in_chunks_is_refused_rather_than_taken_for_none(machine: Machine) -> None:
    answer = checked(
        Client().generic(
            "POST",
            BATCHES,
            b"",
            "application/json",
            HTTP_TRANSFER_ENCODING="chunked",
            HTTP_AUTHORIZATION=f"Bearer {machine.token}",
        )
    )
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "GZIP", "x"])
def test_a_compressed_body_is_not_unpacked(machine: Machine, encoding: str) -> None:
    body = gzip.compress(json.dumps({"quarter": "FY2026Q1", "rows": ROWS}).encode())
    answer = machine.post(BATCHES, body, content_encoding=encoding)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert not PayrollBatch.objects.exists()


def test_no_cache_keeps_an_answer(machine: Machine) -> None:
    assert machine.get(BATCHES)["Cache-Control"] == "private, no-store"
    assert machine.get(f"{BATCHES}{uuid.uuid4()}/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(machine: Machine, method: str) -> None:
    answer = machine._ask(method, BATCHES, {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert machine._ask("HEAD", BATCHES, {}).status_code == 200

"""The Python client: made from the API's document, and patient with a portal that is busy or away."""

from __future__ import annotations

import ast
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from make import files
from portal287g import Portal, Problem, Unreachable

HERE = Path(settings.BASE_DIR) / "clients" / "python"
Answer = tuple[int, dict[str, str], Any]
TOKEN: Answer = (200, {}, {"access_token": "t", "token_type": "Bearer", "expires_in": 3600})
BATCH: Answer = (202, {}, {"id": "1", "state": "received", "url": "/api/v1/payroll-batches/1/"})
BUSY: Answer = (503, {"Retry-After": "0"}, {"code": "unavailable", "detail": "Away."})


class Stub(http.server.ThreadingHTTPServer):
    """A server that gives the answers it was told to, in order, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def portal(self, **options: float) -> Portal:
        return Portal(self.address, "id", "secret", **{"patience": 2, **options})


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Stub

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status, headers, document = self.server.answers.pop(0)
        if status == 0:
            self.close_connection = True
            return
        content = json.dumps(document).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *args: object) -> None:
        """Nothing: the test looks at `asked`."""


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_the_generated_half_is_what_the_document_says() -> None:
    for path, text in files().items():
        assert path.read_text(encoding="utf-8") == text, f"run clients/python/make.py: {path.name}"


def test_the_client_is_strictly_typed() -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull]
    done = subprocess.run(
        [*command, "--python-version", "3.10", "portal287g", "make.py"],
        cwd=HERE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_python_3_9_can_read_the_client() -> None:
    for file in sorted((HERE / "portal287g").glob("*.py")):
        ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 9))


def sent(stub: Stub, method: str = "POST") -> list[dict[str, str]]:
    """The headers of what was asked, tokens aside."""
    return [head for verb, path, head, _ in stub.asked if verb == method and "oauth" not in path]


@pytest.mark.parametrize("trouble", [BUSY, (429, {"Retry-After": "0"}, {}), (0, {}, None)])
def test_a_write_is_repeated_with_its_idempotency_key(stub: Stub, trouble: Answer) -> None:
    stub.answers = [TOKEN, trouble, trouble, BATCH]
    batch = stub.portal(patience=10).send_payroll(quarter="FY2026Q1", rows=[{"officer_id": "1"}])
    assert batch["id"] == "1"
    keys = {head["Idempotency-Key"] for head in sent(stub)}
    assert (len(keys), len(sent(stub))) == (1, 3)


def test_a_portal_that_stays_away_is_given_up(stub: Stub) -> None:
    stub.answers = [TOKEN, (503, {"Retry-After": "30"}, {"code": "unavailable"})]
    with pytest.raises(Problem) as problem:
        stub.portal().get_payroll_batch("1")
    assert problem.value.code == "unavailable"
    with pytest.raises(Unreachable):
        Portal("http://127.0.0.1:1", "id", "secret", patience=0).get_payroll_batch("1")


def test_a_refusal_is_raised_at_once_with_its_words(stub: Stub) -> None:
    said = {"code": "claim_submitted", "detail": "It is signed.", "fix": "Wait.", "errors": {}}
    stub.answers = [TOKEN, (409, {}, said)]
    with pytest.raises(Problem, match="409 claim_submitted: It is signed") as problem:
        stub.portal().withdraw_payroll("1", reason="wrong")
    assert problem.value.document == said


def test_a_token_that_ended_early_is_renewed_once(stub: Stub) -> None:
    refused: Answer = (401, {}, {"code": "not_authenticated"})
    stub.answers = [TOKEN, refused, TOKEN, BATCH]
    assert stub.portal().get_payroll_batch("1")["id"] == "1"
    stub.answers = [TOKEN, refused, TOKEN, refused]
    with pytest.raises(Problem):
        stub.portal().get_payroll_batch("1")


def test_lists_turn_their_pages(stub: Stub) -> None:
    more = f"{stub.address}/api/v1/claims/?cursor=2"
    first: Answer = (200, {}, {"results": [{"number": "a"}], "next": more, "as_of": "today"})
    stub.answers = [TOKEN, first, (200, {}, {"results": [{"number": "b"}], "next": None})]
    listed = stub.portal().list_claims(quarter="FY2026Q1")
    assert [claim["number"] for claim in listed] == ["a", "b"]
    assert listed.as_of == "today"
    assert [path for _, path, _, _ in stub.asked[1:]] == [
        "/api/v1/claims/?quarter=FY2026Q1",
        "/api/v1/claims/?cursor=2",
    ]


def test_what_was_seen_is_what_is_changed(stub: Stub) -> None:
    stub.answers = [TOKEN, (200, {"ETag": '"7"'}, BATCH[2]), BATCH, BATCH]
    portal = stub.portal()
    portal.get_payroll_batch("1")
    portal.correct_payroll("1", leave_out=[3])
    portal.correct_payroll("1", leave_out=[3], if_match='"8"')
    assert [head["If-Match"] for head in sent(stub)] == ['"7"', '"8"']


def test_the_token_goes_to_the_portal_and_nowhere_else(stub: Stub) -> None:
    stub.answers = [TOKEN, (302, {"Location": "http://elsewhere.example/"}, {})]
    with pytest.raises(Problem) as problem:
        stub.portal().get_payroll_batch("1")
    assert problem.value.status == 302
    stub.answers = [TOKEN, (200, {}, {"results": [], "next": "http://elsewhere.example/"})]
    with pytest.raises(ValueError, match="not an address of this portal"):
        list(stub.portal().list_claims())
    with pytest.raises(ValueError, match="https"):
        Portal("http://portal.example", "id", "secret")


@pytest.mark.parametrize("given", [lambda path: path, lambda path: (path.name, path.read_bytes())])
def test_a_file_goes_as_a_form(stub: Stub, tmp_path: Path, given: Callable[[Path], Any]) -> None:
    file = tmp_path / 'pay"roll.csv'
    file.write_bytes(b"officer_id\r\n1\r\n")
    stub.answers = [TOKEN, BATCH]
    stub.portal().send_payroll(quarter="FY2026Q1", file=given(file), dry_run=True)
    _, path, head, body = stub.asked[-1]
    assert path == "/api/v1/payroll-batches/?dry_run=true"
    assert head["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="quarter"\r\n\r\nFY2026Q1\r\n' in body
    assert b'filename="pay%22roll.csv"\r\n\r\nofficer_id\r\n1\r\n\r\n--' in body

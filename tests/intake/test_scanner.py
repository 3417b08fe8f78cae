"""The malware scanner: a small server that speaks clamd's protocol stands in for it."""

from __future__ import annotations

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agreements.services.rosters import receive_roster
from portal.accounts.roles import Role
from portal.intake import opening, quarantine, scanner
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.records.models import Document
from tests.factories import QUARTER, ROSTER, make_agency, make_person

BAD = b"EVIL"


class Clamd(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert self._read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self._read(4))[0]:
            content += self._read(size)
        found = b"Test.Evil FOUND" if BAD in content else b"OK"
        answer = b"INSTREAM size limit exceeded. ERROR" if b"HUGE" in content else found
        self.request.sendall(b"stream: " + answer + b"\0")

    def _read(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            read += self.request.recv(count - len(read))
        return read


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def clamd(settings):
    with TcpServer(("127.0.0.1", 0), Clamd) as server, serving(server):
        settings.PORTAL_SCANNER = f"tcp://127.0.0.1:{server.server_address[1]}"
        yield


@pytest.fixture
def nobody(settings, monkeypatch):
    """A scanner that is configured and away, and a job that does not wait long for it."""
    with TcpServer(("127.0.0.1", 0), Clamd) as server:
        settings.PORTAL_SCANNER = f"tcp://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(opening, "PAUSE_SECONDS", 0)


@pytest.mark.parametrize(
    ("content", "found"), [(b"", ""), (b"a" * 200_000, ""), (BAD, "Test.Evil")]
)
def test_it_is_sent_in_pieces_and_says_what_it_found(clamd, content, found):
    assert scanner.malware_in(content) == found


def test_it_may_listen_on_a_path(settings, tmp_path):
    path = tmp_path / "clamd"
    settings.PORTAL_SCANNER = f"unix://{path}"
    with UnixServer(str(path), Clamd) as server, serving(server):
        assert scanner.malware_in(BAD) == "Test.Evil"
    path.unlink()
    with pytest.raises(scanner.ScannerAway):
        scanner.malware_in(BAD)


def test_an_answer_that_settles_nothing_is_no_answer(clamd):
    with pytest.raises(scanner.ScannerAway):
        scanner.malware_in(b"HUGE")


def send(content: str):
    preparer = make_person(Role.PREPARER, make_agency())
    upload = receive_roster(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("roster.csv", "text/csv", [content.encode()]),
    )
    run_due()
    upload.refresh_from_db()
    return upload


@pytest.mark.django_db
@pytest.mark.usefixtures("after_quarter", "clamd")
def test_a_file_with_malware_is_refused_and_not_kept():
    upload = send(ROSTER + "1,EVIL,Ann,2015-01-01,TFM,,\n")
    assert (upload.state, upload.document) == ("rejected", None)
    assert upload.findings.get().code == "malware_found"
    assert not quarantine.holds(upload.pk)
    assert not Document.objects.exists()
    assert send(ROSTER).state == "proposed"


@pytest.mark.django_db
@pytest.mark.usefixtures("after_quarter", "nobody")
def test_a_scanner_that_stays_away_ends_the_file_with_a_reason():
    upload = send(ROSTER)
    assert upload.state == "rejected"
    assert "could not be scanned" in upload.reason
    assert "send it again" in upload.reason
    assert upload.job.attempts > 1
    assert not quarantine.holds(upload.pk)


@pytest.mark.django_db
@pytest.mark.usefixtures("after_quarter", "nobody")
def test_a_scanner_that_comes_back_is_waited_for(settings, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 30)
    monkeypatch.setattr(opening, "PAUSE_SECONDS", 0.1)
    place = ("127.0.0.1", int(settings.PORTAL_SCANNER.rpartition(":")[2]))
    back = threading.Event()

    def come_back() -> None:
        time.sleep(0.5)
        with TcpServer(place, Clamd) as server, serving(server):
            back.wait(30)

    thread = threading.Thread(target=come_back)
    thread.start()
    upload = send(ROSTER)
    back.set()
    thread.join()
    assert (upload.state, upload.job.attempts) == ("proposed", 1)

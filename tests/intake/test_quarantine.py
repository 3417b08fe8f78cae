"""Quarantine: a file is there until its batch has ended, and nobody's file is left behind."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from pathlib import Path
from uuid import uuid4

import pytest

from agreements.models import RosterUpload
from agreements.services.rosters import receive_roster
from portal.accounts.roles import Role
from portal.intake import quarantine
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from tests.factories import QUARTER, ROSTER, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def send(content: str = ROSTER) -> RosterUpload:
    preparer = make_person(Role.PREPARER, make_agency())
    return receive_roster(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("roster.csv", "text/csv", [content.encode()]),
    )


def path_of(pk: object, settings: object) -> Path:
    return Path(settings.QUARANTINE_ROOT) / str(pk)  # type: ignore[attr-defined]  # pytest-django's


def age(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_the_request_stores_bytes_and_facts_and_no_document(settings):
    upload = send()
    assert upload.document is None
    assert upload.sent_name == "roster.csv"
    assert upload.sent_size == len(ROSTER.encode())
    assert upload.sent_sha256 == hashlib.sha256(ROSTER.encode()).hexdigest()
    path = path_of(upload.pk, settings)
    assert path.read_bytes() == ROSTER.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_was_read_is_evidence_and_no_longer_in_quarantine():
    upload = send()
    run_due()
    upload.refresh_from_db()
    assert upload.document.sha256 == upload.sent_sha256
    assert not quarantine.holds(upload.pk)


def test_a_batch_that_is_not_stored_leaves_no_file(settings):
    with pytest.raises(RuntimeError), quarantine.arriving([b"abc"]) as sent:
        path = path_of(sent.pk, settings)
        assert path.exists()
        raise RuntimeError
    assert not path.exists()


def test_a_sender_that_breaks_off_leaves_no_file(settings):
    def broken():
        yield b"abc"
        raise OSError

    before = set(Path(settings.QUARANTINE_ROOT).glob("*"))
    with pytest.raises(OSError), quarantine.arriving(broken()):
        pass
    assert set(Path(settings.QUARANTINE_ROOT).glob("*")) == before


def test_what_was_left_behind_is_dropped_after_a_day(settings):
    waiting, ended = send(), send()
    RosterUpload.objects.filter(pk=ended.pk).update(state=RosterUpload.State.REJECTED)
    unknown, young = uuid4(), uuid4()
    for pk in (unknown, young):
        quarantine.keep(pk, [b"abc"])
    for pk in (waiting.pk, ended.pk, unknown):
        age(path_of(pk, settings), hours=25)
    assert any(str(ended.pk) in words for words in quarantine.left_behind())
    assert not any(str(waiting.pk) in words for words in quarantine.left_behind())
    quarantine.clear()
    assert [quarantine.holds(pk) for pk in (waiting.pk, ended.pk, unknown, young)] == [
        True,
        False,
        False,
        True,
    ]
    quarantine.drop(young)

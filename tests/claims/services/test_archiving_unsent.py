"""An archive holds nothing that an agency has not submitted: no event, file, answer or packet of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from claims.archives.checking import check_archive
from claims.services.archiving import ask_for_archive
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.records import storage
from tests.claims.linked import SECOND
from tests.claims.pipeline.test_packet_snapshot import House, house
from tests.claims.pipeline.test_packet_unsent import SECRET, appealed, drafted, granted
from tests.factories import make_person

pytestmark = pytest.mark.django_db

__all__ = ("house",)


def archive_of(house: House, folder: Path) -> dict[str, bytes]:
    """The files of the second quarter's archive, which checks out."""
    run_due()
    with connection.cursor() as cursor:
        # As a commit would: it gives the events their place in the chain.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    archive = ask_for_archive(
        actor=make_person(Role.AUDITOR),
        agency=house.agency,
        quarter=SECOND,
        sample=None,
        token=uuid4(),
    )
    run_due()
    archive.refresh_from_db()
    assert archive.document is not None
    path = folder / "archive.zip"
    path.write_bytes(storage.read(archive.document))
    assert check_archive(path).problems == []
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_draft_beside_a_granted_appeal_is_not_in_the_archive(
    house: House, tmp_path: Path
) -> None:
    version = appealed(house)
    drafted(house)
    draft = house.claim(SECOND)
    granted(version)
    whole = archive_of(house, tmp_path)
    for secret in (SECRET, draft.number, "1750.00", "FY2026Q2-2"):
        assert [name for name in whole if secret in name] == []
        named = [name for name, content in whole.items() if secret.encode() in content]
        assert named == [], secret
    folder = f"{house.agency.number}/{SECOND}"
    file = json.loads(whole[f"{folder}/payroll/FY2026Q2-1/file.json"])
    assert file["state"] == "accepted", "that it was replaced is the draft's affair"
    assert {one["answer"]["text"] for one in file["findings"] if one["answer"]} == {"Said before."}
    events = whole[f"{folder}/events.jsonl"].decode()
    assert "claim.grant_appeal" in events
    assert "appeal.file" in events


def test_it_is_in_the_archive_once_it_is_submitted(house: House, tmp_path: Path) -> None:
    version = appealed(house)
    drafted(house)
    granted(version)
    house.walk(SECOND, "ready", "certify")
    whole = archive_of(house, tmp_path)
    folder = f"{house.agency.number}/{SECOND}"
    assert f"{folder}/payroll/FY2026Q2-2/original/payroll.csv" in whole
    file = json.loads(whole[f"{folder}/payroll/FY2026Q2-1/file.json"])
    assert file["state"] == "superseded"
    assert SECRET in whole[f"{folder}/events.jsonl"].decode()

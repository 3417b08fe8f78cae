"""Archives for auditors: who may ask, what is in one, and that it checks out without the database."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from claims.archives.checking import check_archive
from claims.models import Archive
from claims.services.archiving import ask_for_archive, retry_archive
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.records import storage
from tests.factories import QUARTER, act, make_agency, make_draft, make_person, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def decided():
    """A claim that was returned once and then approved, with its packets."""
    preparer, claim = make_draft()
    report(claim.agency, 10, 10)
    certifier = make_person(Role.CERTIFIER, claim.agency)
    reviewer, approver = make_person(Role.REVIEWER), make_person(Role.PAYMENT_APPROVER)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    for code in ("start_review", "recommend"):
        act(reviewer, claim, code)
    act(approver, claim, "approve")
    run_due()
    return claim


def ask(**scope) -> Archive:
    wanted = {"agency": None, "quarter": None, "sample": None, "token": uuid4()} | scope
    archive = ask_for_archive(actor=make_person(Role.AUDITOR), **wanted)
    run_due()
    archive.refresh_from_db()
    return archive


def test_an_archive_holds_the_quarter_and_checks_out(decided, tmp_path: Path):
    with connection.cursor() as cursor:
        # As a commit would: it gives the events their place in the chain.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    archive = ask(agency=decided.agency, quarter=QUARTER)
    path = tmp_path / "archive.zip"
    path.write_bytes(storage.read(archive.document))
    checked = check_archive(path)
    assert checked.problems == []
    assert checked.manifest_sha256 == archive.manifest_sha256
    assert checked.counts["calculations"] == archive.claims == 1
    folder = f"{decided.agency.number}/{QUARTER}"
    version = f"{folder}/claims/{decided.number}/v1"
    with zipfile.ZipFile(path) as opened:
        names = set(opened.namelist())
        acts = json.loads(opened.read(f"{version}/version.json"))
        payroll = json.loads(opened.read(f"{folder}/payroll/1/file.json"))
        events = opened.read(f"{folder}/events.jsonl").decode().splitlines()
    assert {f"{version}/packet-certified.pdf", f"{version}/packet-decided.pdf"} <= names
    assert f"{folder}/payroll/1/original/payroll.csv" in names
    assert [decision["action"] for decision in acts["decisions"]][-1] == "approve"
    assert acts["certification"]["title"] == "Sheriff"
    assert payroll["reference"] == f"{QUARTER}-1"
    assert any("claim.approve" in event for event in events)


def test_a_sample_is_drawn_with_a_seed_that_draws_it_again(decided):
    other = make_draft(make_agency("Elsewhere Police"))[1]
    act(make_person(Role.PREPARER, other.agency), other, "ready")
    act(make_person(Role.CERTIFIER, other.agency), other, "certify")
    archive = ask(quarter=QUARTER, sample=1)
    assert archive.claims == 1
    from claims.pipeline.archive import drawn

    assert [claim.number for claim in drawn(archive)] == [claim.number for claim in drawn(archive)]


def test_a_claim_that_was_never_submitted_is_not_in_any(after_quarter):
    claim = make_draft()[1]
    with pytest.raises(Refused) as refusal:
        ask(agency=claim.agency)
    assert refusal.value.code == "no_claims"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_auditors_ask(decided, role):
    actor = make_person(role, decided.agency if role.side == "agency" else None)
    with pytest.raises(NotAllowed):
        ask_for_archive(
            actor=actor, agency=decided.agency, quarter=None, sample=None, token=uuid4()
        )


def test_nothing_chosen_is_told():
    with pytest.raises(BadInput):
        ask()


def test_the_form_sent_twice_asks_once(decided):
    token = uuid4()
    assert ask(quarter=QUARTER, token=token) == ask(quarter=QUARTER, token=token)


def test_an_archive_that_is_there_is_not_made_again(decided):
    archive = ask(quarter=QUARTER)
    job = archive.job_id
    assert retry_archive(actor=make_person(Role.AUDITOR), archive=archive).job_id == job

"""Archives for auditors: who may ask, what is in one, and that it checks out without the database."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from awards.services import dispute_counts
from claims.archives.checking import check_archive
from claims.models import Archive, Claim, Evidence, Packet, PayrollBatch
from claims.pipeline.archive import drawn
from claims.rules.address import Address
from claims.rules.lifecycle import Part
from claims.services.adjusting import adjust
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.services.archiving import ask_for_archive, retry_archive
from claims.services.asking import Attached, answer, close
from claims.services.extending import grant_extension
from claims.services.holding import place_hold, release_hold
from claims.services.noting import keep_note
from claims.services.waiving import grant_waiver
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.quarter import Quarter
from portal.records import storage
from portal.records.models import AuditEvent
from tests.claims.reviewing import asked_about, in_review, pdf
from tests.factories import (
    PAYROLL,
    QUARTER,
    act,
    file_of,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
    report,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def decided():
    """A claim that was approved, with its packets."""
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


@pytest.fixture
def contested():
    """A claim to which everything happened that can be on record of one."""
    certifier_of = make_person(Role.CERTIFIER, make_agency())
    manager = make_person(Role.PROGRAM_MANAGER)
    grant_extension(
        actor=manager,
        agency=certifier_of.agency,
        quarter=QUARTER,
        due_on=date(2026, 4, 30),
        reason="Their payroll office burned down.",
        token=uuid4(),
    )
    measure = report(certifier_of.agency, 10, 10)
    reviewed = in_review(certifier_of.agency)
    claim, version = reviewed.claim, reviewed.version
    dispute_counts(
        actor=reviewed.certifier,
        measure=measure,
        reason="other",
        referred=12,
        located=11,
        grounds="We counted again.",
        token=uuid4(),
    )
    approver = make_person(Role.PAYMENT_APPROVER)
    question = asked_about(reviewed, "0042", "overtime")
    file = Attached(Evidence.Kind.TIMESHEET, pdf())
    answer(
        actor=reviewed.preparer,
        question=question,
        text="Here it is.",
        token=uuid4(),
        attached=file,
    )
    close(actor=reviewed.reviewer, question=question)
    grant_waiver(
        actor=proven(make_person(Role.PAYMENT_APPROVER)),
        claim=claim,
        rule="evidence",
        officer_id="0042",
        category="",
        reason="Seen on site.",
        expires_on=date(2026, 3, 31),
        token=uuid4(),
    )
    until = date(2026, 1, 31)
    held = place_hold(
        actor=reviewed.reviewer,
        version=version,
        why="funds",
        note="No money yet.",
        until_on=until,
        token=uuid4(),
    )
    release_hold(actor=reviewed.reviewer, version=version, hold=held)
    keep_note(
        actor=reviewed.reviewer,
        version=version,
        address=Address("0042", ""),
        text="INTERNAL doubts",
        token=uuid4(),
    )
    adjust(
        actor=reviewed.reviewer,
        version=version,
        officer_id="0042",
        category="overtime",
        amount=5_000,
        reason="unsupported",
        note="No authorization.",
        token=uuid4(),
    )
    act(reviewed.reviewer, claim, "recommend")
    act(approver, claim, "send_back", note="INTERNAL look again")
    act(reviewed.reviewer, claim, "recommend")
    act(approver, claim, "approve_partly")
    (appeal,) = file_appeals(
        actor=proven(reviewed.certifier),
        version=reviewed.version,
        asked={("0042", "overtime"): 5_000},
        grounds="It was authorized.",
        token=uuid4(),
    )
    propose_on_appeals(
        actor=make_person(Role.REVIEWER),
        version=reviewed.version,
        amounts={appeal.pk: 2_000},
        proposal="INTERNAL half of it",
    )
    decide_appeals(
        actor=proven(make_person(Role.PAYMENT_APPROVER)),
        version=reviewed.version,
        amounts={appeal.pk: 2_000},
        ruling="Partly shown.",
    )
    act(reviewed.preparer, claim, "amend", note="UNSENT we found more")
    load_payroll(reviewed.preparer, PAYROLL.replace("2780.00", "2790.00"))
    # The packets are made while the correction is open already.
    with clock_at(clock.now() + timedelta(minutes=1)):
        run_due()
    return claim


def ask(**scope) -> Archive:
    with connection.cursor() as cursor:
        # As a commit would: it gives the events their place in the chain.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    wanted = {"agency": None, "quarter": None, "sample": None, "token": uuid4()} | scope
    archive = ask_for_archive(actor=make_person(Role.AUDITOR), **wanted)
    run_due()
    archive.refresh_from_db()
    return archive


def saved(archive: Archive, folder: Path) -> Path:
    path = folder / "archive.zip"
    path.write_bytes(storage.read(archive.document))
    return path


def test_an_archive_holds_the_quarter_and_checks_out(decided, tmp_path: Path):
    archive = ask(agency=decided.agency, quarter=QUARTER)
    path = saved(archive, tmp_path)
    checked = check_archive(path)
    assert checked.problems == []
    assert checked.manifest_sha256 == archive.manifest_sha256
    assert checked.counts["calculations"] == archive.claims == 1
    folder = f"{decided.agency.number}/{QUARTER}"
    version = f"{folder}/claims/{decided.number}/v1"
    with zipfile.ZipFile(path) as opened:
        names = set(opened.namelist())
        acts = json.loads(opened.read(f"{version}/version.json"))
        payroll = json.loads(opened.read(f"{folder}/payroll/{QUARTER}-1/file.json"))
        events = opened.read(f"{folder}/events.jsonl").decode().splitlines()
    for edition in ("certified", "decided"):
        packet = f"{version}/packets/{edition}/{decided.number}-v1-{edition}"
        assert {f"{packet}.pdf", f"{packet}-manifest.json"} <= names
        assert f"{version}/packets/{edition}/snapshot.json" in names
    assert not any("masked" in name for name in names), "an auditor may read the full copy"
    assert f"{folder}/payroll/{QUARTER}-1/original/payroll.csv" in names
    assert [decision["action"] for decision in acts["decisions"]][-1] == "approve"
    assert acts["certification"]["title"] == "Sheriff"
    assert payroll["reference"] == f"{QUARTER}-1"
    assert any("claim.approve" in event for event in events)


def test_a_packet_that_was_not_made_is_told_with_the_reason(decided, tmp_path: Path):
    certified = Packet.objects.get(version__claim=decided, edition="certified")
    missing = Packet.objects.create(version=certified.version, edition="decided", appeals=1)
    for kept, told in (("", "failed"), ("too_long", "too_long")):
        Packet.objects.filter(pk=missing.pk).update(reason=kept, job=certified.job)
        path = saved(ask(agency=decided.agency), tmp_path)
        assert check_archive(path).problems == []
        with zipfile.ZipFile(path) as opened:
            folder = f"{decided.agency.number}/{QUARTER}/claims/{decided.number}/v1"
            packets = json.loads(opened.read(f"{folder}/version.json"))["packets"]
            assert not any("decided-1" in name for name in opened.namelist())
        assert (packets[-1]["folder"], packets[-1]["made_at"]) == ("decided-1", None)
        assert (packets[-1]["files"], packets[-1]["reason"]) == ([], told)


def test_everything_on_record_is_in_it_and_nothing_that_is_between_others(
    contested, tmp_path: Path
):
    path = saved(ask(agency=contested.agency), tmp_path)
    assert check_archive(path).problems == []
    folder = f"{contested.agency.number}/{QUARTER}"
    with zipfile.ZipFile(path) as opened:
        names = opened.namelist()
        whole = {name: opened.read(name) for name in names}
    claim = json.loads(whole[f"{folder}/claims/{contested.number}/claim.json"])
    version = json.loads(whole[f"{folder}/claims/{contested.number}/v1/version.json"])
    quarter = json.loads(whole[f"{folder}/quarter.json"])
    roster = json.loads(whole[f"{contested.agency.number}/rosters/{QUARTER}-1/file.json"])
    assert claim["holds"][0]["note"] == "No money yet."
    assert claim["waivers"][0]["reason"] == "Seen on site."
    assert [entry["appeal_id"] is None for entry in claim["ledger"]] == [True, False]
    (record,) = claim["evidence"]
    assert f"{folder}/claims/{contested.number}/evidence/{record['id']}/timesheet.pdf" in names
    assert [row["amount"] for row in version["adjustments"]] == [-5_000, 2_000]
    assert version["appeals"][0]["ruling"] == "Partly shown."
    assert version["questions"][0]["answers"][0]["text"] == "Here it is."
    codes = [decision["action"] for decision in version["decisions"]]
    review = ["start_review", "recommend", "send_back", "recommend"]
    assert codes == [*review, "approve_partly", "grant_appeal_partly"]
    assert version["decisions"][4]["allowed"] == version["total"] - 5_000
    assert {row["part"] for row in version["participants"]} == set(Part)
    assert quarter["disputes"][0]["grounds"] == "We counted again."
    assert quarter["extensions"][0]["due_on"] == "2026-04-30"
    assert (roster["confirmed_by"], roster["reference"]) == (roster["uploaded_by"], f"{QUARTER}-1")
    assert not any(b"INTERNAL" in content for content in whole.values())
    # What the agency has not submitted is its own affair still.
    assert f"{folder}/payroll/{QUARTER}-1/file.json" in names
    assert not any(b"UNSENT" in content for content in whole.values())
    assert not any("-A2" in name or "/v2/" in name for name in names)


def test_a_file_of_another_quarter_is_in_it_when_its_lines_are(tmp_path: Path):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    later = Quarter(2026, 2)
    header = PAYROLL.splitlines()[0]
    line = "0042,2025-12-21,2026-01-03,2026-01-08,72280.00,2780.00,0,0"
    load_payroll(preparer, f"{header}\n{line}\n", quarter=later)
    load_payroll(preparer)
    claim = Claim.objects.get(agency=preparer.agency, quarter=QUARTER)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    path = saved(ask(agency=claim.agency, quarter=QUARTER), tmp_path)
    assert check_archive(path).problems == []
    with zipfile.ZipFile(path) as opened:
        payroll = {name.split("/")[3] for name in opened.namelist() if "/payroll/" in name}
    assert payroll == {f"{QUARTER}-1", f"{later}-1"}


def test_what_was_purged_is_told_and_what_was_altered_is_found(decided, tmp_path: Path):
    batch = PayrollBatch.objects.get()
    storage.path_of(batch.document.sha256).unlink()
    path = saved(ask(agency=decided.agency), tmp_path)
    assert check_archive(path).problems == []
    with zipfile.ZipFile(path) as opened:
        name = f"{decided.agency.number}/{QUARTER}/payroll/{QUARTER}-1/file.json"
        payroll = json.loads(opened.read(name))
        names = opened.namelist()
    assert (payroll["kept_sha256"], payroll["sent_name"]) == (None, "payroll.csv")
    assert not any("/payroll/" in name and "/original/" in name for name in names)
    storage.path_of(batch.document.sha256).write_bytes(b"other bytes")
    problems = check_archive(saved(ask(agency=decided.agency), tmp_path)).problems
    assert [
        problem for problem in problems if "payroll.csv is another file than was kept" in problem
    ]


def test_why_an_archive_could_not_be_made_is_kept_until_it_is_asked_for_again(decided):
    packet = Packet.objects.filter(version__claim=decided).first()
    there = storage.path_of(file_of(packet).document.sha256)
    there.rename(there.with_suffix(".away"))
    there.mkdir()
    archive = ask(agency=decided.agency)
    assert (archive.document, archive.reason) == (None, "IsADirectoryError")
    there.rmdir()
    there.with_suffix(".away").rename(there)
    retry_archive(actor=make_person(Role.AUDITOR), archive=archive)
    run_due()
    archive.refresh_from_db()
    assert (archive.document is not None, archive.reason) == (True, "")
    told = AuditEvent.objects.filter(subject=f"archive/{archive.pk}").order_by("pk")
    codes = ["archive.ask", "archive.failed", "archive.retry", "archive.made"]
    assert list(told.values_list("action", flat=True)) == codes


def test_a_sample_is_drawn_with_a_seed_that_draws_it_again(decided):
    other = make_draft(make_agency("Elsewhere Police"))[1]
    act(make_person(Role.PREPARER, other.agency), other, "ready")
    act(make_person(Role.CERTIFIER, other.agency), other, "certify")
    archive = ask(quarter=QUARTER, sample=1)
    assert archive.claims == 1
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

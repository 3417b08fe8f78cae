"""From a certified claim to a kept PDF, through the services and jobs that people use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from claims.loading import load_case
from claims.models import Claim, ClaimVersion, Packet
from claims.packets.facts import Edition
from claims.pipeline.packet import load
from claims.selectors.lines import shown_hash
from claims.services.adjusting import adjust
from claims.services.claims import perform
from portal.accounts.fresh import proven
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.jobs.models import Job
from portal.jobs.queue import enqueue, silent_doorbell
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.money import format_cents
from portal.records import storage
from portal.records.models import AuditEvent, Document
from tests.claims.packets.reading import failures, text
from tests.factories import file_of

CASE = Path(__file__).parents[2] / "cases" / "shared" / "14-whole-agency"

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet_doorbell() -> Iterator[None]:
    with silent_doorbell(), clock.clock_at(datetime(2026, 2, 2, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def certified(quiet_doorbell: None) -> ClaimVersion:
    """A claim of the whole-agency case, signed; its packet waits in the queue."""
    load_case(CASE, "Sample County Sheriff's Office")
    version = Claim.objects.get().version
    agency = version.claim.agency
    for role, code, title in (
        (Role.PREPARER, "ready", ""),
        (Role.CERTIFIER, "certify", "Sheriff"),
    ):
        version = perform(
            actor=_person(role, agency),
            version=version,
            code=code,
            shown_sha256=version.calculation.sha256,
            title=title,
            late_why="records",
        )
    return version


def test_certifying_makes_a_packet_that_is_kept_under_its_hash(certified: ClaimVersion) -> None:
    run_due()
    packet = Packet.objects.select_related("job").get(version=certified)
    document = file_of(packet).document
    content = storage.read(document)
    assert packet.job.state == Job.State.DONE
    assert document.kind == Document.Kind.PACKET
    assert document.filename == f"{certified.claim.number}-v1-certified.pdf"
    assert failures(content) == []
    assert format_cents(certified.calculation.total) in text(content)
    assert AuditEvent.objects.get(action="packet.made").thread == certified.claim.thread


def test_a_packet_is_made_once_however_often_its_job_runs(certified: ClaimVersion) -> None:
    run_due()
    packet = Packet.objects.get(version=certified)
    enqueue("claims.render_packet", packet.pk)
    run_due()
    assert Packet.objects.get(version=certified).made_at == packet.made_at
    assert Document.objects.filter(kind=Document.Kind.PACKET).count() == packet.files.count() == 4
    assert AuditEvent.objects.filter(action="packet.made").count() == 1


def test_each_edition_ends_with_the_act_that_closed_it(certified: ClaimVersion) -> None:
    version = certified
    agency_events = load(Packet.objects.get(version=version)).snapshot.happenings
    reviewer, approver = _person(Role.REVIEWER), _person(Role.PAYMENT_APPROVER)
    for actor, code in ((reviewer, "start_review"), (reviewer, "recommend"), (approver, "approve")):
        version = perform(
            actor=actor, version=version, code=code, shown_sha256=version.calculation.sha256
        )
    certified_facts, decided_facts = (
        load(Packet.objects.get(version=version, edition=edition)) for edition in Edition
    )
    assert certified_facts.snapshot.happenings == agency_events
    assert certified_facts.snapshot.happenings[-1].what.startswith("Certified and submitted")
    assert certified_facts.snapshot.rulings == ()
    assert decided_facts.snapshot.happenings[-1].what.startswith("Approved")
    assert [ruling.outcome for ruling in decided_facts.snapshot.rulings] == [
        "In review",
        "Recommended",
        "Approved",
    ]


def test_the_decided_edition_has_what_was_taken_before_the_decision(
    certified: ClaimVersion,
) -> None:
    version = certified
    reviewer, approver = _person(Role.REVIEWER), _person(Role.PAYMENT_APPROVER)
    version = perform(actor=reviewer, version=version, code="start_review")
    officer = version.calculation.results.filter(regular__gt=10_000)[0]
    adjust(
        actor=reviewer,
        version=version,
        officer_id=officer.officer_id,
        category="regular",
        amount=10_000,
        reason="unsupported",
        note="No timesheet.",
        token=uuid4(),
    )
    for actor, code in ((reviewer, "recommend"), (approver, "approve_partly")):
        version = perform(actor=actor, version=version, code=code, shown_sha256=shown_hash(version))
    facts = load(Packet.objects.get(version=version, edition=Edition.DECIDED))
    assert [(row.officer_id, row.amount) for row in facts.snapshot.adjustments] == [
        (officer.officer_id, -10_000)
    ]
    assert facts.status == "Partly approved"
    assert (
        load(Packet.objects.get(version=version, edition=Edition.CERTIFIED)).snapshot.adjustments
        == ()
    )
    run_due()
    packet = Packet.objects.get(version=version, edition=Edition.DECIDED)
    content = storage.read(file_of(packet).document)
    assert failures(content) == []
    assert format_cents(version.calculation.total - 10_000) in text(content)


def test_the_files_behind_the_lines_are_named(certified: ClaimVersion) -> None:
    files = load(Packet.objects.get(version=certified)).snapshot.files
    assert {file.reference for file in files} == {
        line.batch
        for officer in load(Packet.objects.get(version=certified)).calculation.claim.officers
        for line in officer.lines
    }


@pytest.mark.django_db(transaction=True)
def test_amounts_changed_behind_the_signature_are_not_printed(
    certified: ClaimVersion, owner_cursor: psycopg.Cursor
) -> None:
    owner_cursor.execute("ALTER TABLE claims_officerresult DISABLE TRIGGER USER")
    owner_cursor.execute(
        "UPDATE claims_officerresult SET detail = replace(detail, 'Deputy', 'Sheriff')"
    )
    for _ in range(3):
        run_due()
    packet = Packet.objects.select_related("job").get(version=certified)
    assert packet.made_at is None
    assert not packet.files.exists()
    assert packet.job.state == Job.State.FAILED
    assert packet.reason == "not_signed"
    failed = AuditEvent.objects.get(action="packet.failed")
    assert json.loads(failed.content)["facts"]["reason"] == "not_signed"


def _person(role: Role, agency: Agency | None = None) -> Actor:
    user = User.objects.create_user(f"{role.value}@example.gov", name=role.label)
    grant_role(actor=None, user=user, role=role, agency=agency)
    return proven(actor_for(user))

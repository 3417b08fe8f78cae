"""Agencies, people and quarters for tests, made through the same services that people use."""

from __future__ import annotations

import itertools
from datetime import date

from agreements.services.agreements import add_agreement
from agreements.services.rosters import confirm_roster, receive_roster
from awards.models import PerformanceMeasure
from awards.services import confirm_counts, report_counts
from claims.models import Claim, ClaimVersion, Packet, PacketFile, PayrollBatch
from claims.selectors.lines import shown_hash
from claims.services.claims import perform
from claims.services.payroll import receive_payroll
from claims.tasks import RENDER_PACKET
from portal.accounts.fresh import proven
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import create_agency, grant_role
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel.quarter import Quarter

PASSWORD = "correct-horse-battery"
QUARTER = Quarter(2026, 1)
ROSTER = """officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from
0042,Reyes,Ana,2015-01-01,TFM,2025-06-01,2025-06-01
A-7,Hollis,Ben,2018-05-01,TFM,2025-11-17,2025-11-17
"""
PAYROLL = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay,benefit_health
0042,2025-09-28,2025-10-11,2025-10-16,72280.00,2780.00,589.37,392.31
0042,2025-10-12,2025-10-25,2025-10-30,72280.00,2780.00,589.37,392.31
A-7,2025-12-07,2025-12-20,2025-12-25,68400.00,2630.77,0,301.10
"""

_numbers = itertools.count(1)


def make_person(role: Role, agency: Agency | None = None, *, name: str = "") -> Actor:
    """A person with one role, acting in it."""
    number = next(_numbers)
    user = User.objects.create_user(
        f"person{number}@test.example", PASSWORD, name=name or f"{role.label} {number}"
    )
    grant_role(actor=None, user=user, role=role, agency=agency)
    return actor_for(user)


def make_agency(name: str = "Cedar County Sheriff's Office", *, agreement: str = "TFM") -> Agency:
    """An agency, with an agreement of one model since March 2025 (none if empty)."""
    manager = make_person(Role.PROGRAM_MANAGER)
    agency = create_agency(actor=manager, name=name, state="TX", time_zone="America/Chicago")
    if agreement:
        add_agreement(actor=manager, agency=agency, model=agreement, active_from=date(2025, 3, 1))
    return agency


def settle() -> None:
    """All that is due is done but packets: they take most of the time, and few tests look at one."""
    run_due(leave={RENDER_PACKET})


def load_roster(preparer: Actor, content: str = ROSTER) -> None:
    """A roster sent, read and confirmed."""
    assert preparer.agency is not None
    upload = receive_roster(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("roster.csv", "text/csv", [content.encode()]),
    )
    settle()
    confirm_roster(actor=preparer, upload=upload)
    settle()


def load_payroll(preparer: Actor, content: str = PAYROLL, **options: object) -> PayrollBatch:
    """A payroll file sent and read."""
    assert preparer.agency is not None
    batch = receive_payroll(
        actor=preparer,
        agency=preparer.agency,
        upload=Upload("payroll.csv", "text/csv", [content.encode()]),
        **{"quarter": QUARTER, **options},  # type: ignore[arg-type]  # options of many kinds
    )
    settle()
    batch.refresh_from_db()
    return batch


def make_draft(agency: Agency | None = None) -> tuple[Actor, Claim]:
    """A preparer and their claim of `QUARTER`, roster and payroll loaded."""
    preparer = make_person(Role.PREPARER, agency or make_agency())
    load_roster(preparer)
    load_payroll(preparer)
    return preparer, Claim.objects.get(agency=preparer.agency, quarter=QUARTER)


def propose(agency: Agency, referred: int, located: int) -> PerformanceMeasure:
    """Counts of `QUARTER` as a program manager reported them; nobody has confirmed them."""
    return report_counts(
        actor=make_person(Role.PROGRAM_MANAGER),
        agency=agency,
        quarter=QUARTER,
        referred=referred,
        located=located,
    )


def report(agency: Agency, referred: int, located: int) -> PerformanceMeasure:
    """Counts of `QUARTER`, reported by one program manager and confirmed by another."""
    measure = propose(agency, referred, located)
    confirm_counts(actor=make_person(Role.PROGRAM_MANAGER), measure=measure)
    settle()
    return measure


def act(actor: Actor, claim: Claim, code: str, *, note: str = "See the note.") -> ClaimVersion:
    """One action on the claim's current version, by somebody who saw its amounts and gave their password."""
    claim.refresh_from_db()
    return perform(
        actor=proven(actor),
        version=claim.version,
        code=code,
        shown_sha256=shown_hash(claim.version),
        note=note,
        title="Sheriff",
        late_why="other",
    )


def file_of(
    packet: Packet, copy: str = "full", part: str = "packet", number: int = 0
) -> PacketFile:
    """One file of a packet that has been made."""
    files = PacketFile.objects.select_related("document")
    return files.get(packet=packet, copy=copy, part=part, number=number)

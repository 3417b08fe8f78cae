"""A claim as a packet shows it: officers with seven pay periods each, signed, maybe decided."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from awards.rules import Counts
from claims.certification import WORDING, WORDING_VERSION
from claims.packets.facts import (
    Adjustment,
    AgencyIdentity,
    Edition,
    Happening,
    PacketFacts,
    PayrollFile,
    Ruling,
    Signature,
    Snapshot,
    StoredCalculation,
    Waiver,
)
from claims.pipeline.calculation import compute
from claims.rules.facts import OfficerFacts, PayrollLine
from claims.rules.lines import Category, Reason
from claims.rules.reimbursement import OfficerResult
from tests.claims.rules.builders import AUTHORIZED, claim, line

FILE = "FY2026Q1-1"
CERTIFIED_AT = datetime(2026, 1, 20, 15, 5, 31, tzinfo=UTC)


def packet_facts(
    officers: int = 1,
    *,
    name: str = "Sample, Pat",
    decided: bool = False,
    waiting: bool = False,
    nil_reason: str = "",
    adjusted: bool = False,
    denied: bool = False,
) -> PacketFacts:
    """The facts of a packet with so many officers; `waiting` leaves the last two periods unpaid.

    `adjusted` is a decided claim of which a reviewer took something, `denied` one of which nothing is left.
    """
    computed = compute(
        claim(
            "FY2026Q1",
            *(_officer(place, name) for place in range(officers)),
            as_of="2025-12-20" if waiting else "2026-01-20",
            counts=Counts(200, 160),
        )
    )
    rulings = (
        Ruling("recommend", "Robin Reviewer", "Checked the ledger.", computed.sha256, _at(9)),
        Ruling(
            "deny" if denied else "approve_partly" if adjusted else "approve",
            "Avery Approver",
            "The agreement had ended." if denied else "",
            computed.sha256,
            _at(12),
        ),
    )
    decided = decided or adjusted or denied
    taken = tuple(_adjustments(computed.result.officers, denied=denied)) if adjusted else ()
    snapshot = Snapshot(
        claim_number="0042-FY2026Q1",
        version=1,
        edition=Edition.DECIDED if decided else Edition.CERTIFIED,
        nil_reason=nil_reason,
        agency=AgencyIdentity("0042", "Sample County Sheriff's Office", "TX", "Sample"),
        zone="America/Chicago",
        signature=Signature(
            "Casey Certifier", "Sheriff", WORDING_VERSION, WORDING, computed.sha256, CERTIFIED_AT
        ),
        rulings=rulings if decided else (),
        happenings=(
            Happening(_at(-8), "claim.open", "Pat Preparer", "agency", "", None, ""),
            Happening(_at(-1), "claim.ready", "Pat Preparer", "agency", "", 1, computed.sha256),
            Happening(_at(0), "claim.certify", "Casey Certifier", "agency", "", 1, computed.sha256),
        ),
        adjustments=taken,
        waivers=(
            Waiver(
                "A record that the checklist asks for",
                "overtime of officer 00017",
                "The timesheets burned with the annex.",
                "Avery Approver",
                date(2026, 3, 1),
            ),
        )
        if adjusted
        else (),
        files=(PayrollFile(FILE, "payroll october to december.csv", "ab" * 32, _at(-8)),),
    )
    calculation = StoredCalculation(
        sha256=computed.sha256,
        computed_at=_at(-1),
        content=computed.content,
        details=tuple(computed.details),
        claim=computed.claim,
        result=computed.result,
    )
    return PacketFacts(snapshot, calculation)


def _adjustments(officers: tuple[OfficerResult, ...], *, denied: bool) -> Iterator[Adjustment]:
    """30 dollars of the first officer's overtime, in two steps; with a denial all that is left."""
    first = officers[0]
    for amount, reason in ((-4_000, Reason.UNSUPPORTED), (1_000, Reason.REVERSED)):
        yield _taken(first.officer_id, Category.OVERTIME, amount, reason, "No supervisor signed.")
    if denied:
        for officer in officers:
            left = officer.overtime_allowed - (3_000 if officer is first else 0)
            yield _taken(officer.officer_id, Category.REGULAR, -officer.regular, Reason.DENIED)
            yield _taken(officer.officer_id, Category.BENEFITS, -officer.benefits, Reason.DENIED)
            yield _taken(officer.officer_id, Category.OVERTIME, -left, Reason.DENIED)


def _taken(
    officer_id: str, category: Category, amount: int, reason: Reason, note: str = ""
) -> Adjustment:
    return Adjustment(
        officer_id, category, amount, reason, reason.rule, note, "Robin Reviewer", _at(5)
    )


def retold(facts: PacketFacts, **told: object) -> PacketFacts:
    """The same packet with other things in its snapshot."""
    return dataclasses.replace(facts, snapshot=dataclasses.replace(facts.snapshot, **told))


def renamed(facts: PacketFacts, text: str) -> PacketFacts:
    """The same packet with `text` wherever people write: names, titles, notes, file names."""
    said = facts.snapshot
    return retold(
        facts,
        agency=dataclasses.replace(said.agency, name=text),
        signature=dataclasses.replace(said.signature, name=text, title=text),
        rulings=tuple(dataclasses.replace(row, name=text, note=text) for row in said.rulings),
        happenings=tuple(dataclasses.replace(row, name=text, note=text) for row in said.happenings),
        files=tuple(dataclasses.replace(row, filename=text) for row in said.files),
    )


def _officer(place: int, name: str) -> OfficerFacts:
    salary = 52_000 + 1_300 * (place % 20)
    return OfficerFacts(
        officer_id=f"{place + 17:05d}",
        name=name,
        title="Deputy",
        roster=(AUTHORIZED,),
        lines=tuple(_line(place, period, salary) for period in range(7)),
        overtime_used_before=0,
    )


def _line(place: int, period: int, salary: int) -> PayrollLine:
    start = date(2025, 9, 28) + timedelta(days=14 * period)
    regular = f"{salary / 26:.2f}"
    return line(
        start.isoformat(),
        (start + timedelta(days=13)).isoformat(),
        paid_on=(start + timedelta(days=18)).isoformat(),
        batch=FILE,
        row=2 + 7 * place + period,
        annual_salary=str(salary),
        regular_pay=regular,
        benefits={"health": "392.31", "pension": f"{salary * 0.0085:.2f}", "workers_comp": "97.30"},
        overtime_pay="2589.37" if place % 5 == 0 else "410.00",
    )


def _at(days: int) -> datetime:
    return CERTIFIED_AT + timedelta(days=days)

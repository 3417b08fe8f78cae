"""A claim as a packet shows it: officers with seven pay periods each, signed, maybe decided."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from awards.rules import Counts
from claims.certification import WORDING, WORDING_VERSION
from claims.packets import document, pdf
from claims.packets.enclosures import enclosures
from claims.packets.facts import (
    Adjustment,
    AgencyIdentity,
    CountsReport,
    DecidedAppeal,
    EarlierQuarter,
    Edition,
    Happening,
    Lateness,
    PacketFacts,
    PayrollFile,
    Ruling,
    Signature,
    Snapshot,
    StoredCalculation,
    Waiver,
    WarningAnswer,
)
from claims.packets.parts import Imprint, Volume, VolumeFile
from claims.pipeline.calculation import compute
from claims.rules.facts import OfficerFacts, PayrollLine
from claims.rules.lines import Category, Reason
from claims.rules.reimbursement import OfficerResult
from tests.claims.rules.builders import AUTHORIZED, claim, line

FILE = "FY2026Q1-1"
IMPRINT = Imprint("0123456789abcdef" * 2, "https://portal.example.gov/verify/")
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
        claim_number="A00042-FY2026Q1",
        version=1,
        edition=Edition.DECIDED if decided else Edition.CERTIFIED,
        nil_reason=nil_reason,
        agency=AgencyIdentity(
            "A00042", "Sample County Sheriff's Office", "TX", "Sample", "TX0420000", "ABCDEF123456"
        ),
        zone="America/Chicago",
        signature=Signature(
            "Casey Certifier", "Sheriff", WORDING_VERSION, WORDING, computed.sha256, CERTIFIED_AT
        ),
        rulings=rulings if decided else (),
        happenings=(
            _happening(-8, "Claim opened", "Pat Preparer"),
            _happening(-7, "Timesheet sent, for officer 00017", "Pat Preparer", masked="Sent"),
            _happening(-1, "Marked ready to certify", "Pat Preparer", sha256=computed.sha256),
            _happening(0, "Certified and submitted", "Casey Certifier", sha256=computed.sha256),
        ),
        warnings=(
            WarningAnswer(
                "large_overtime",
                "Much overtime in one period",
                FILE,
                2,
                "00017",
                "Officer 00017 has $2,589.37 of overtime on $2,000.00 of regular pay.",
                "The flood of October; the county's log is with us.",
                "Pat Preparer",
                _at(-2),
            ),
            WarningAnswer(
                "new_component",
                "A new benefit",
                FILE,
                None,
                "",
                "Workers comp is new.",
                "",
                "",
                None,
            ),
        ),
        counts=CountsReport(_at(-5), _at(-4)),
        adjustments=taken,
        waivers=(
            Waiver(
                "A record that the checklist asks for",
                "00017",
                "overtime",
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


def appealed(facts: PacketFacts) -> PacketFacts:
    """The adjusted sample after an appeal that gave 10 dollars of the first officer's overtime back."""
    said, officer_id = facts.snapshot, facts.calculation.result.officers[0].officer_id
    ruling = Ruling("grant_appeal_partly", "Blair Approver", "", facts.calculation.sha256, _at(30))
    given = _taken(officer_id, Category.OVERTIME, 1_000, Reason.APPEAL, "A log was found.")
    return retold(
        facts,
        appeals=1,
        rulings=(*said.rulings, ruling),
        adjustments=(*said.adjustments, dataclasses.replace(given, made_at=_at(30))),
        decided_appeals=(
            DecidedAppeal(
                officer_id,
                Category.OVERTIME,
                2_000,
                1_000,
                "The supervisor has signed since.",
                "Casey Certifier",
                _at(20),
                "A log was found.",
                "Blair Approver",
                _at(30),
            ),
        ),
    )


def in_the_third_quarter(facts: PacketFacts) -> PacketFacts:
    """The sample told as if it were the third quarter: one before it is decided, one is not."""
    nobody = dict.fromkeys(Category, 0)
    return retold(
        facts,
        earlier_quarters=(
            EarlierQuarter(
                "FY2026Q1",
                "A00042-FY2026Q1",
                "Partly approved",
                nobody | {Category.REGULAR: 10_000_000, Category.OVERTIME: 1_234_567},
                nobody | {Category.REGULAR: 9_000_000, Category.OVERTIME: 1_234_567},
            ),
            EarlierQuarter(
                "FY2026Q2",
                "A00042-FY2026Q2",
                "In review",
                nobody | {Category.AWARD: 2_000_000},
                None,
            ),
        ),
    )


def made_volume(facts: PacketFacts, volume: Volume) -> bytes:
    """The PDF of one volume."""
    html = document.volume_html(facts, IMPRINT, volume)
    return pdf.write(html, enclosures(facts, volume), facts.closed_at, f"volume {volume.number}")


def made_with_volumes(facts: PacketFacts, volumes: Iterable[Volume]) -> bytes:
    """The PDF of the main document beside these volumes."""
    files = [
        VolumeFile(
            volume, f"volume-{volume.number}.pdf", 10 + volume.number, f"{volume.number:064x}"
        )
        for volume in volumes
    ]
    html = document.main_html(facts, IMPRINT, files)
    return pdf.write(html, enclosures(facts), facts.closed_at, "main")


def retold(facts: PacketFacts, **told: Any) -> PacketFacts:
    """The same packet with other things in its snapshot."""
    return dataclasses.replace(facts, snapshot=dataclasses.replace(facts.snapshot, **told))


def renamed(facts: PacketFacts, text: str) -> PacketFacts:
    """The same packet with `text` wherever people write: names, titles, ids, notes, file names."""
    said = facts.snapshot

    def all_of(rows: tuple[Any, ...], *fields: str) -> tuple[Any, ...]:
        return tuple(dataclasses.replace(row, **dict.fromkeys(fields, text)) for row in rows)

    return retold(
        dataclasses.replace(facts, calculation=_renamed(facts.calculation, text)),
        agency=all_of((said.agency,), "name", "state", "county", "ori", "uei")[0],
        signature=all_of((said.signature,), "name", "title")[0],
        nil_reason=said.nil_reason and text,
        follows=text,
        lateness=Lateness("Another reason", text),
        rulings=all_of(said.rulings, "name", "note"),
        happenings=all_of(said.happenings, "name", "note", "what"),
        files=all_of(said.files, "filename"),
        adjustments=all_of(said.adjustments, "note", "name", "rule"),
        waivers=all_of(said.waivers, "reason", "name"),
        decided_appeals=all_of(said.decided_appeals, "grounds", "filed_by", "ruling", "decided_by"),
        warnings=all_of(said.warnings, "title", "officer_id", "message", "answer", "name"),
        earlier_quarters=all_of(said.earlier_quarters, "claim_number", "status"),
    )


def _renamed(stored: StoredCalculation, text: str) -> StoredCalculation:
    """Officers with `text` as their title, and the last one of them as its id."""
    *others, last = (officer._replace(title=text) for officer in stored.claim.officers)
    *outcomes, its = stored.result.officers
    officers = (*others, last._replace(officer_id=text))
    return dataclasses.replace(
        stored,
        claim=dataclasses.replace(stored.claim, officers=officers),
        result=dataclasses.replace(
            stored.result, officers=(*outcomes, its._replace(officer_id=text))
        ),
    )


def _happening(days: int, what: str, name: str, *, sha256: str = "", masked: str = "") -> Happening:
    note = "" if days == 0 else "As told."
    return Happening(_at(days), what, name, "agency", note, 1, sha256, masked or what)


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

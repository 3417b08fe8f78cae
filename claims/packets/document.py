"""The words and numbers of a packet, every value already written as it will stand on the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string

from claims.packets import adjusted, writing
from claims.packets.enclosures import CLAIM_FILE, LINES_FILE
from claims.packets.facts import EDITION_LABELS, Happening, PacketFacts
from claims.packets.lines import benefits_of, component_label, schedule_of_lines
from claims.rules.explain import explain_award
from claims.rules.facts import OfficerFacts
from claims.rules.lifecycle import Kind
from claims.rules.lines import Category
from claims.rules.reimbursement import OfficerResult
from portal.kernel.money import format_cents
from portal.kernel.program import MODELS

SIDES = {"agency": "agency", "federal": "federal", "system": "automatic"}


def html(facts: PacketFacts) -> str:
    """The packet as one HTML document; user's text is escaped by the template engine."""
    return render_to_string("packets/packet.html", context(facts))


def context(facts: PacketFacts) -> dict[str, Any]:
    """What the templates show, section by section."""
    claim, result = facts.calculation.claim, facts.calculation.result
    return {
        **_heading(facts),
        "boxes": list(_boxes(facts)),
        "totals": list(_totals(facts)),
        "changes": list(_changes(facts)),
        **adjusted.context(facts),
        "summary": list(_summary(facts)),
        "officers": [
            _officer(place, *pair)
            for place, pair in enumerate(zip(claim.officers, result.officers, strict=True), 1)
        ],
        "officer_totals": _officer_totals(result.officers),
        "award": _award(facts),
        "waiting": writing.count(result.waiting, "payroll line") if result.waiting else "",
        "signature": facts.snapshot.signature,
        "certified_at": writing.instant(facts.snapshot.signature.certified_at, facts.zone),
        "rulings": [
            {
                "at": writing.instant(ruling.decided_at, facts.zone),
                "outcome": ruling.outcome,
                "name": ruling.name,
                "note": ruling.note,
            }
            for ruling in facts.snapshot.rulings
        ],
        "happenings": [_happening(happening, facts) for happening in facts.snapshot.happenings],
        "rules": [
            {"citation": citation, "from_on": writing.day(citation.from_on)}
            for citation in (*claim.rules.citations, *claim.award_rules.citations)
        ],
        "agreements": [
            (MODELS[model], writing.days(first, last)) for model, first, last in claim.agreements
        ],
        "lines": list(schedule_of_lines(claim, result)),
        "files": [
            (file, writing.instant(file.received_at, facts.zone)) for file in facts.snapshot.files
        ],
        "claim_file": CLAIM_FILE,
        "lines_file": LINES_FILE,
    }


def _heading(facts: PacketFacts) -> dict[str, Any]:
    said, quarter = facts.snapshot, facts.calculation.claim.quarter
    return {
        "nil_reason": facts.snapshot.nil_reason,
        "heading": _title(facts),
        "follows": facts.snapshot.follows,
        "lateness": facts.snapshot.lateness,
        "title": f"Claim {said.claim_number}, version {said.version}: {said.agency.name}",
        "made_at": f"{facts.closed_at.astimezone(facts.zone):%Y-%m-%dT%H:%M:%S%:z}",
        "claim_number": facts.snapshot.claim_number,
        "version": facts.snapshot.version,
        "agency_name": facts.snapshot.agency.name,
        "edition": EDITION_LABELS[facts.snapshot.edition],
        "closed_at": writing.instant(facts.closed_at, facts.zone),
        "quarter": str(quarter),
        "quarter_days": writing.days(quarter.start, quarter.end),
        "sha256": facts.calculation.sha256,
        "as_of": writing.day(facts.calculation.claim.as_of),
    }


def _boxes(facts: PacketFacts) -> Iterator[tuple[tuple[str, str], ...]]:
    """The numbered boxes of the cover, row by row."""
    claim, result = facts.calculation.claim, facts.calculation.result
    quarter = claim.quarter
    yield (
        ("1. Claim number", facts.snapshot.claim_number),
        ("2. Version", str(facts.snapshot.version)),
    )
    yield (
        ("3. Agency", facts.snapshot.agency.name),
        ("4. Portal number", facts.snapshot.agency.number),
    )
    yield (
        ("5. Quarter", f"{quarter}, {writing.days(quarter.start, quarter.end)}"),
        ("6. Calculated as of", writing.day(claim.as_of)),
    )
    yield (
        ("7. Officers listed", f"{len(result.officers):,}"),
        ("8. Counted for the award", f"{result.award.headcount:,}"),
    )
    signature = facts.snapshot.signature
    yield (
        ("9. Certified by", f"{signature.name}, {signature.title}"),
        ("10. Certified on", writing.instant(signature.certified_at, facts.zone)),
    )
    decided = writing.NONE
    if facts.snapshot.rulings:
        last = facts.snapshot.rulings[-1]
        decided = f"{last.outcome}, {writing.instant(last.decided_at, facts.zone)}, {last.name}"
    yield ("11. Decision", decided), ("12. Status", facts.status)
    if facts.snapshot.corrected is not None:
        first = writing.instant(facts.snapshot.corrected.first_certified_at, facts.zone)
        yield (
            ("13. Corrects claim", facts.snapshot.corrected.number),
            ("14. First certified on", first),
        )


def _title(facts: PacketFacts) -> str:
    if facts.snapshot.nil_reason:
        return "Nothing to claim"
    return (
        "Reimbursement claim"
        if facts.snapshot.kind is Kind.ORIGINAL
        else facts.snapshot.kind.value.capitalize()
    )


def _totals(facts: PacketFacts) -> Iterator[tuple[str, str]]:
    result = facts.calculation.result
    yield "Reimbursement", format_cents(result.reimbursement)
    yield "Performance award", format_cents(result.award.amount)
    yield "Total claimed", format_cents(result.total)
    if facts.snapshot.rulings:
        yield "Allowed", format_cents(facts.allowed)


def _changes(facts: PacketFacts) -> Iterator[tuple[str, str]]:
    """What the decision on a correction changed for its quarter."""
    if facts.snapshot.corrected is not None and facts.difference is not None:
        yield "Allowed before", format_cents(facts.snapshot.corrected.allowed)
        yield "Difference", format_cents(facts.difference)


def _summary(facts: PacketFacts) -> Iterator[dict[str, str]]:
    """Rows of cost categories: submitted, disallowed by the rules, claimed, and what people allowed."""
    result = facts.calculation.result
    officers = result.officers
    taken = {category: facts.taken(category) for category in Category}
    regular = sum(officer.regular for officer in officers)
    benefits = sum(officer.benefits for officer in officers)
    submitted = sum(officer.overtime_submitted for officer in officers)
    disallowed = sum(officer.overtime_disallowed for officer in officers)
    yield _category("Regular pay", regular, 0, taken[Category.REGULAR])
    yield _category("Benefits", benefits, 0, taken[Category.BENEFITS])
    for name, cents in _benefits(facts):
        yield _category(component_label(name), cents, 0, None, kind="part")
    yield _category("Overtime", submitted, disallowed, taken[Category.OVERTIME])
    of_officers = facts.taken() - taken[Category.AWARD]
    claimed = result.reimbursement + disallowed
    yield _category("Reimbursement", claimed, disallowed, of_officers, kind="sum")
    yield _category("Performance award", result.award.amount, 0, taken[Category.AWARD])
    total = result.total + disallowed
    yield _category("Total claimed", total, disallowed, facts.taken(), kind="total")


def _category(
    label: str, submitted: int, disallowed: int, taken: int | None, kind: str = ""
) -> dict[str, str]:
    """One row; `taken` is what people took of what the rules left, None where nobody judges it alone."""
    write = format_cents if kind in {"sum", "total"} else writing.amount
    claimed = submitted - disallowed
    return {
        "label": label,
        "kind": kind,
        "submitted": write(submitted),
        "disallowed": write(disallowed),
        "claimed": write(claimed),
        "allowed": "" if taken is None else write(claimed + taken),
    }


def _benefits(facts: PacketFacts) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    calculation = facts.calculation
    for officer, outcome in zip(
        calculation.claim.officers, calculation.result.officers, strict=True
    ):
        for name, cents in benefits_of(officer, outcome).items():
            sums[name] = sums.get(name, 0) + cents
    return sorted(sums.items())


def _officer(place: int, officer: OfficerFacts, outcome: OfficerResult) -> dict[str, Any]:
    return {
        "place": f"{place:,}",
        "name": officer.name,
        "officer_id": officer.officer_id,
        "title": officer.title,
        "eligible_days": str(outcome.eligible_days),
        "counted": "Yes" if outcome.counted else "No",
        "amounts": [
            writing.amount(cents)
            for cents in (
                outcome.regular,
                outcome.benefits,
                outcome.overtime_submitted,
                outcome.overtime_cap,
                outcome.overtime_used_before,
                outcome.overtime_allowed,
                outcome.overtime_disallowed,
                outcome.total,
            )
        ],
    }


def _officer_totals(officers: tuple[OfficerResult, ...]) -> dict[str, Any]:
    """The schedule's last row; caps and what was used of them are no sums anybody needs."""
    columns: tuple[int | None, ...] = (
        sum(officer.regular for officer in officers),
        sum(officer.benefits for officer in officers),
        sum(officer.overtime_submitted for officer in officers),
        None,
        None,
        sum(officer.overtime_allowed for officer in officers),
        sum(officer.overtime_disallowed for officer in officers),
        sum(officer.total for officer in officers),
    )
    return {
        "eligible_days": f"{sum(officer.eligible_days for officer in officers):,}",
        "counted": f"{sum(officer.counted for officer in officers):,}",
        "amounts": ["" if cents is None else format_cents(cents) for cents in columns],
    }


def _award(facts: PacketFacts) -> dict[str, Any]:
    section = explain_award(facts.calculation.claim, facts.calculation.result)
    return {
        "status": facts.calculation.result.award.status.replace("_", " ").capitalize(),
        "steps": [
            (step.label, step.formula, "" if step.amount is None else format_cents(step.amount))
            for step in section.steps
        ],
    }


def _happening(happening: Happening, facts: PacketFacts) -> dict[str, str]:
    return {
        "at": writing.instant(happening.at, facts.zone),
        "what": happening.what,
        "version": "" if happening.version is None else str(happening.version),
        "name": happening.name,
        "side": SIDES.get(happening.side, happening.side),
        "note": happening.note,
        "sha256": happening.sha256[:12],
    }

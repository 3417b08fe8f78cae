"""The cover: which claim it is, of whom, over what, and what became of the amount."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

from agreements.rules import AgreementPeriod
from claims.packets import writing
from claims.packets.facts import COPY_LABELS, PacketFacts
from claims.packets.parts import Imprint
from claims.packets.qr import qr_svg
from claims.rules.explain.words import model
from claims.rules.lifecycle import Kind
from claims.rules.lines import Reason
from portal.kernel.money import format_cents


class Box(NamedTuple):
    """One numbered box, like those of a voucher; `span` is how many columns it takes."""

    label: str
    value: str
    span: int = 1


class Entry(NamedTuple):
    """One row of the account of the amount."""

    label: str
    amount: str
    kind: str = ""


def context(facts: PacketFacts, imprint: Imprint, volumes: int = 0) -> dict[str, Any]:
    """Heading, boxes and account; and how the file is checked."""
    return {
        **heading(facts, imprint),
        "heading": _title(facts),
        "follows": facts.snapshot.follows,
        "nil_reason": writing.brief(facts.snapshot.nil_reason),
        "lateness": facts.snapshot.lateness,
        "lateness_note": writing.brief(
            facts.snapshot.lateness.note if facts.snapshot.lateness else ""
        ),
        "boxes": list(_numbered(_boxes(facts, volumes))),
        "account": list(_account(facts)),
    }


def heading(facts: PacketFacts, imprint: Imprint) -> dict[str, Any]:
    """What every part of a packet says about itself."""
    said, quarter = facts.snapshot, facts.calculation.claim.quarter
    return {
        "title": f"Claim {said.claim_number}, version {said.version}: {said.agency.name}",
        "made_at": f"{facts.closed_at.astimezone(facts.zone):%Y-%m-%dT%H:%M:%S%:z}",
        "claim_number": said.claim_number,
        "version": said.version,
        "agency_name": said.agency.name,
        "edition": facts.edition_label,
        "copy": COPY_LABELS[facts.copy],
        "is_masked": facts.is_masked,
        "closed_at": writing.instant(facts.closed_at, facts.zone),
        "quarter": str(quarter),
        "quarter_days": writing.days(quarter.start, quarter.end),
        "sha256": facts.calculation.sha256,
        "as_of": writing.day(facts.calculation.claim.as_of),
        "code": imprint.code,
        "code_groups": " ".join(imprint.code[at : at + 8] for at in range(0, len(imprint.code), 8)),
        "verify_url": imprint.verify_url,
        "qr": qr_svg(imprint.check_url, f"QR code that leads to {imprint.check_url}"),
    }


def _title(facts: PacketFacts) -> str:
    if facts.snapshot.nil_reason:
        return "Nothing to claim"
    kind = facts.snapshot.kind
    return "Reimbursement claim" if kind is Kind.ORIGINAL else kind.value.capitalize()


def _boxes(facts: PacketFacts, volumes: int) -> Iterator[tuple[Box, ...]]:
    """The boxes, row by row; what is not known is left out."""
    said, claim, result = facts.snapshot, facts.calculation.claim, facts.calculation.result
    agency, signature, quarter = said.agency, said.signature, claim.quarter
    yield Box("Claim number", said.claim_number, 2), Box("Version", str(said.version))
    yield Box("Agency", agency.name, 2), Box("Portal number", agency.number)
    yield _in_one_row(
        Box(label, value)
        for label, value in (
            ("County and state", ", ".join(filter(None, (agency.county, agency.state)))),
            ("ORI", agency.ori),
            ("UEI", agency.uei),
        )
        if value
    )
    yield (Box("Agreement relied on", "; ".join(_agreements(facts)) or "none active", 3),)
    yield (
        Box("Quarter", f"{quarter}, {writing.days(quarter.start, quarter.end)}", 2),
        Box("Calculated as of", writing.day(claim.as_of)),
    )
    in_volumes = f" in {writing.count(volumes, 'volume')}" if volumes else ""
    yield (
        Box("Officers listed", f"{len(result.officers):,}{in_volumes}"),
        Box("Counted for the award", f"{result.award.headcount:,}"),
        Box("Status", facts.status),
    )
    yield (
        Box("Certified by", f"{signature.name}, {signature.title}", 2),
        Box("Certified on", writing.instant(signature.certified_at, facts.zone)),
    )
    if said.rulings:
        last = said.rulings[-1]
        yield (
            Box("Decided by", f"{last.name}: {last.outcome}", 2),
            Box("Decided on", writing.instant(last.decided_at, facts.zone)),
        )
    if said.corrected is not None:
        first = writing.instant(said.corrected.first_certified_at, facts.zone)
        yield Box("Corrects claim", said.corrected.number, 2), Box("First certified on", first)


def _in_one_row(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Up to three boxes side by side, the last one as wide as is left."""
    row = tuple(boxes)
    return (*row[:-1], row[-1]._replace(span=4 - len(row))) if row else ()


def _numbered(rows: Iterator[tuple[Box, ...]]) -> Iterator[tuple[Box, ...]]:
    numbers = count(1)
    for row in filter(None, rows):
        yield tuple(box._replace(label=f"{next(numbers)}. {box.label}") for box in row)


def _agreements(facts: PacketFacts) -> Iterator[str]:
    """The agreements by which days of the quarter could be payable or count."""
    claim = facts.calculation.claim
    models = {*claim.rules.reimbursable_models, *claim.award_rules.models}
    for period in claim.agreements:
        if period.model in models and _touches(period, facts):
            until = f" until {writing.day(period.active_to)}" if period.active_to else ""
            yield f"{model(period.model)}, since {writing.day(period.active_from)}{until}"


def _touches(period: AgreementPeriod, facts: PacketFacts) -> bool:
    quarter = facts.calculation.claim.quarter
    return period.active_from <= quarter.end and (
        period.active_to is None or period.active_to >= quarter.start
    )


def _account(facts: PacketFacts) -> Iterator[Entry]:
    """From what was submitted to what is allowed: who took what away, step by step."""
    result = facts.calculation.result
    disallowed = facts.submitted - result.total
    yield Entry("Submitted for officers", format_cents(result.reimbursement + disallowed))
    if disallowed:
        yield Entry("Disallowed by the rules: overtime over the cap", format_cents(-disallowed))
    yield Entry("Reimbursement", format_cents(result.reimbursement), "sum")
    yield Entry("Performance award", format_cents(result.award.amount))
    yield Entry("Total claimed", format_cents(result.total), "total")
    if not facts.snapshot.rulings:
        return
    denied = sum(row.amount for row in facts.snapshot.adjustments if row.reason is Reason.DENIED)
    taken = facts.taken() - denied - facts.granted
    yield Entry("Disallowed by reviewers", format_cents(taken))
    if denied:
        yield Entry("Disallowed by the denial", format_cents(denied))
    if facts.granted:
        yield Entry("Given back on appeal", f"+{format_cents(facts.granted)}")
    yield Entry("Allowed", format_cents(facts.allowed), "total")
    if facts.snapshot.corrected is not None and facts.difference is not None:
        yield Entry("Allowed before", format_cents(facts.snapshot.corrected.allowed))
        yield Entry("Difference", format_cents(facts.difference), "total")

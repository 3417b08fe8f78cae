"""The words and numbers of a packet, every value already written as it will stand on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string

from claims.packets import writing
from claims.packets.enclosures import BY_SUMS, CLAIM_FILE, EXPLANATIONS_FILE, LINES_FILE
from claims.packets.facts import Edition, PacketFacts
from claims.packets.parts import Imprint, Volume, VolumeFile, is_explained_by_sums
from claims.packets.schedule import not_payable, officer_row, schedule_of_lines, total_row
from claims.packets.sections import adjusted, award, cover, overtime, record, summary
from claims.rules.reimbursement import OfficerResult


def main_html(facts: PacketFacts, imprint: Imprint, volumes: Sequence[VolumeFile] = ()) -> str:
    """The packet as one HTML document; with `volumes`, their table in place of the officers.

    User's text is escaped by the template engine.
    """
    return render_to_string("packets/packet.html", main_context(facts, imprint, volumes))


def volume_html(facts: PacketFacts, imprint: Imprint, volume: Volume) -> str:
    """The schedules of one volume's officers as an HTML document."""
    return render_to_string("packets/volume.html", volume_context(facts, imprint, volume))


def main_context(
    facts: PacketFacts, imprint: Imprint, volumes: Sequence[VolumeFile] = ()
) -> dict[str, Any]:
    """What the templates of the packet show, section by section."""
    result = facts.calculation.result
    return {
        **cover.context(facts, imprint, len(volumes)),
        **summary.context(facts),
        **adjusted.context(facts),
        **award.context(facts),
        **record.context(facts),
        **(_in_volumes(facts, volumes) if volumes else _in_one(facts)),
        "waiting": writing.count(result.waiting, "payroll line") if result.waiting else "",
        "claim_file": CLAIM_FILE,
        "lines_file": LINES_FILE,
        "explanations_file": EXPLANATIONS_FILE,
    }


def volume_context(facts: PacketFacts, imprint: Imprint, volume: Volume) -> dict[str, Any]:
    """What the template of a volume shows."""
    outcomes = facts.calculation.result.officers[volume.places]
    officers = facts.calculation.claim.officers[volume.places]
    return {
        **cover.heading(facts, imprint),
        **overtime.context(facts, volume),
        **_schedule(facts, volume),
        "volume": volume.label,
        "officers_span": f"{volume.span} of {len(facts.calculation.result.officers):,}",
        "sums": _sums(outcomes, facts),
        "by_sums": BY_SUMS if any(map(is_explained_by_sums, officers)) else "",
        "lines_file": LINES_FILE,
        "explanations_file": EXPLANATIONS_FILE,
    }


def _in_one(facts: PacketFacts) -> dict[str, Any]:
    claim, result = facts.calculation.claim, facts.calculation.result
    return {
        **overtime.context(facts),
        **_schedule(facts),
        "lines": schedule_of_lines(claim.officers, result.officers),
    }


def _in_volumes(facts: PacketFacts, volumes: Iterable[VolumeFile]) -> dict[str, Any]:
    result, officers = facts.calculation.result, facts.calculation.claim.officers
    return {
        "volumes": [
            {
                "number": file.volume.number,
                "span": file.volume.span,
                "first": officers[file.volume.first - 1].name,
                "last": officers[file.volume.last - 1].name,
                "sums": _sums(result.officers[file.volume.places], facts),
                "pages": f"{file.pages:,}",
                "filename": file.filename,
                "sha256": file.sha256,
            }
            for file in volumes
        ],
        "volumes_total": _sums(result.officers, facts),
        "has_allowed": facts.taken_by_officer() is not None,
        "is_denied": facts.is_denied,
    }


def _schedule(facts: PacketFacts, volume: Volume | None = None) -> dict[str, Any]:
    """The rows of the schedule, with what people left of them where they took anything."""
    places, first = (volume.places, volume.first) if volume else (slice(None), 1)
    claim, outcomes = facts.calculation.claim, facts.calculation.result.officers[places]
    taken = facts.taken_by_officer()

    def taken_from(outcome: OfficerResult) -> int | None:
        return None if taken is None else taken.get(outcome.officer_id, 0)

    rows = [
        officer_row(
            place, officer, outcome, taken_from(outcome), not_payable(claim, officer, outcome)
        )
        for place, (officer, outcome) in enumerate(
            zip(claim.officers[places], outcomes, strict=True), first
        )
    ]
    label = f"Officers {volume.span}" if volume else "All officers"
    return {
        "officers": rows,
        "officer_totals": total_row(label, outcomes, _taken(outcomes, taken)),
        "has_allowed": taken is not None,
        "is_decided": facts.snapshot.edition is Edition.DECIDED,
        "is_denied": facts.is_denied,
    }


def _taken(outcomes: Sequence[OfficerResult], taken: Mapping[str, int] | None) -> int | None:
    if taken is None:
        return None
    return sum(taken.get(outcome.officer_id, 0) for outcome in outcomes)


def _sums(outcomes: Sequence[OfficerResult], facts: PacketFacts) -> list[str]:
    """Regular pay, benefits, overtime submitted, disallowed and allowed, the total, what people left."""
    total = sum(outcome.total for outcome in outcomes)
    taken = _taken(outcomes, facts.taken_by_officer())
    return [
        writing.amount(cents)
        for cents in (
            sum(outcome.regular for outcome in outcomes),
            sum(outcome.benefits for outcome in outcomes),
            sum(outcome.overtime_submitted for outcome in outcomes),
            sum(outcome.overtime_disallowed for outcome in outcomes),
            sum(outcome.overtime_allowed for outcome in outcomes),
            total,
            *([] if taken is None else [total + taken]),
        )
    ]

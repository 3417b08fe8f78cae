"""Counts in words: the share they give, and the report of each quarter that counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from awards.models import CountsConfirmation, PerformanceMeasure
from awards.rules import Counts, rules_on, tier_of
from portal.kernel.quarter import Quarter


class Report(NamedTuple):
    """The report of a quarter that counts, what it earns per officer, and how many it replaced."""

    measure: PerformanceMeasure
    share: str
    per_officer: int
    replaced: int


def share(referred: int | None, located: int | None) -> str:
    """Located of referred in percent, cut after one decimal: no share looks like the next tier."""
    if not referred or located is None:
        return ""
    tenths = 1000 * located // referred
    return f"{tenths // 10}.{tenths % 10}%"


def counted(measures: Iterable[PerformanceMeasure]) -> Iterator[Report]:
    """The latest confirmed report of each quarter, out of reports sorted newest first."""
    by_quarter: dict[Quarter, list[PerformanceMeasure]] = {}
    for measure in measures:
        if measure.verdict == CountsConfirmation.Verdict.CONFIRMED:
            by_quarter.setdefault(measure.quarter, []).append(measure)
    for quarter, (latest, *replaced) in by_quarter.items():
        counts = Counts(latest.referred, latest.located)
        tier = tier_of(counts, rules_on(quarter.start)) if latest.referred else None
        yield Report(
            latest,
            share(latest.referred, latest.located),
            tier.amount if tier else 0,
            len(replaced),
        )


def waiting(measures: Iterable[PerformanceMeasure]) -> list[PerformanceMeasure]:
    """The latest report of each quarter where nobody has decided it, out of reports newest first."""
    latest: dict[Quarter, PerformanceMeasure] = {}
    for measure in measures:
        latest.setdefault(measure.quarter, measure)
    return [measure for measure in latest.values() if not measure.verdict]

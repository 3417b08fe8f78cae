"""Which days are payable and why others are not, told in runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from agreements.rules import Eligibility, NotPayable, RosterRow
from claims.rules.explain.shapes import Belongs, Days
from claims.rules.facts import Allocation, ClaimInput, OfficerFacts, PayrollLine

_DAY = timedelta(days=1)


class Calendar:
    """The days of one officer, of the quarter and of pay periods that reach beyond it."""

    def __init__(self, claim: ClaimInput, facts: OfficerFacts) -> None:
        rules = claim.rules
        self._claim = claim
        self._roster = facts.roster
        self._eligibility = Eligibility(
            claim.agreements, rules.reimbursable_models, rules.program_start_on
        )
        self._turns = _turns(claim, facts.roster)
        self._known: dict[tuple[date, date], tuple[Days, ...]] = {}

    def of_quarter(self) -> tuple[Days, ...]:
        """The days of the claim's quarter."""
        quarter = self._claim.quarter
        return tuple(self._runs(quarter.start, quarter.end, Belongs.HERE))

    def of_line(self, line: PayrollLine) -> tuple[Days, ...]:
        """All days of a line's period, each said to which quarter it belongs.

        Where the payday decides, all of them belong to the claim's.
        """
        period = (line.period_start, line.period_end)
        if period not in self._known:
            self._known[period] = tuple(self._of_period(*period))
        return self._known[period]

    def _of_period(self, first: date, last: date) -> Iterator[Days]:
        if self._claim.rules.allocation is Allocation.PAY_DATE:
            yield from self._runs(first, last, Belongs.HERE)
            return
        start, end = self._claim.quarter.start, self._claim.quarter.end
        yield from self._runs(first, min(last, start - _DAY), Belongs.EARLIER)
        yield from self._runs(max(first, start), min(last, end), Belongs.HERE)
        yield from self._runs(max(first, end + _DAY), last, Belongs.LATER)

    def _runs(self, first: date, last: date, belongs: Belongs) -> Iterator[Days]:
        if last < first:
            return
        begin, reason = first, self._why_not(first)
        for turn in self._turns:
            if first < turn <= last and (found := self._why_not(turn)) is not reason:
                yield Days(begin, turn - _DAY, reason, belongs)
                begin, reason = turn, found
        yield Days(begin, last, reason, belongs)

    def _why_not(self, day: date) -> NotPayable | None:
        return self._eligibility.why_not(day, self._roster)


def _turns(claim: ClaimInput, roster: tuple[RosterRow, ...]) -> list[date]:
    """The days on which an answer may change, in order: first days, and those after last ones."""
    turns = {claim.rules.program_start_on}
    for hired, separated, _, authorized_from, authorized_to in roster:
        turns.update(_ends(hired, separated))
        turns.update(_ends(authorized_from, authorized_to))
    for _, first, last in claim.agreements:
        turns.update(_ends(first, last))
    return sorted(turns)


def _ends(first: date | None, last: date | None) -> Iterator[date]:
    if first is not None:
        yield first
    if last is not None and last < date.max:
        yield last + _DAY

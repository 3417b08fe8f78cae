"""How far the federal list bears out what an agency says about an officer's authorization."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

ONE_DAY = timedelta(days=1)


class Confirmation(enum.StrEnum):
    """What the federal list says about one authorization on a roster."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    CONTRADICTED = "contradicted"


class Statement(NamedTuple):
    """An authorization as the agency states it; an end of None is open."""

    credential_number: str
    model: str
    authorized_from: date
    authorized_to: date | None
    separated_on: date | None


class FederalStatement(NamedTuple):
    """An authorization as the federal list states it; from `revoked_on` on there is none."""

    model: str
    authorized_from: date
    authorized_to: date | None
    revoked_on: date | None

    @property
    def last(self) -> date:
        """The last day with the authorization."""
        ends = [self.authorized_to or date.max]
        if self.revoked_on is not None:
            ends.append(self.revoked_on - ONE_DAY)
        return min(ends)


class Mark(NamedTuple):
    """A confirmation and, unless it is confirmed, why in one sentence."""

    confirmation: Confirmation
    why: str = ""


def credential_key(number: str) -> str:
    """A credential number as it is compared: without spaces, whatever its capitals."""
    return "".join(number.split()).casefold()


def mark_of(statement: Statement, listed: Iterable[FederalStatement], on: date) -> Mark:
    """What the list says about a statement; `listed` is all it says about the credential.

    Confirmed is a statement whose every day the list covers too. Days the agency does not claim are no
    contradiction, and an open end claims the days up to `on`.
    """
    if not credential_key(statement.credential_number):
        return Mark(Confirmation.UNCONFIRMED, "The roster gives no credential number.")
    every = sorted(listed, key=lambda item: item.authorized_from)
    if not every:
        return Mark(Confirmation.UNCONFIRMED, "The federal list does not have this credential.")
    same = [item for item in every if item.model == statement.model]
    if not same:
        return Mark(
            Confirmation.CONTRADICTED,
            f"The federal list has this credential for {every[0].model}, not {statement.model}.",
        )
    reason = _not_covered(statement, same, on)
    return Mark(Confirmation.CONTRADICTED, reason) if reason else Mark(Confirmation.CONFIRMED)


def _not_covered(statement: Statement, same: list[FederalStatement], on: date) -> str:
    """Why the list leaves some of the stated days uncovered, or nothing."""
    last = statement.authorized_to or max(on, statement.authorized_from)
    if statement.separated_on is not None:
        last = min(last, statement.separated_on)
    day = statement.authorized_from
    if last < day:
        return ""  # A separation before the first day leaves nothing to confirm.
    ended: FederalStatement | None = None
    for item in same:
        if item.authorized_from > day:
            break
        if item.last >= day:
            if item.last >= last:
                return ""
            day, ended = item.last + ONE_DAY, item
    if ended is None:
        return f"By the federal list this credential was not authorized on {_words(day)}."
    if ended.revoked_on is not None and ended.last < (ended.authorized_to or date.max):
        return f"By the federal list this credential was revoked on {_words(ended.revoked_on)}."
    return f"By the federal list this authorization ended on {_words(ended.last)}."


def _words(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"

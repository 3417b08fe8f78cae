"""An agency's quarters as its home page and its list of claims tell them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims.models import Claim, Decision
from claims.presentation import turn
from claims.rules.lifecycle import SETTLED, State
from claims.selectors.claims import claims_for
from claims.selectors.deadlines import Due, due_of
from claims.selectors.quarters import Standing, standings
from claims.selectors.recipients import why_nobody_signs
from claims.views.deadlines import when
from claims.views.turns import nobody_signs
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.kernel import clock
from portal.kernel.counting import counted
from portal.kernel.quarter import Quarter

DECIDES = ("approve", "approve_partly", "deny")
"""Decisions that end a claim."""


@dataclass(frozen=True, slots=True)
class OwnQuarter:
    """A quarter as its agency sees it: what is due of it, and for whom it waits since when.

    `name` is what its last claim is called; `waits` is empty when nobody's turn it is.
    `earlier` are the claims of the quarter that came before its last one.
    """

    standing: Standing
    name: str
    due: Due | None
    when: str
    overdue: bool
    whose: str
    waits: str
    earlier: tuple[Claim, ...] = ()

    @property
    def is_with_federal_side(self) -> bool:
        """Whether its claim waits for the federal side."""
        version = self.standing.version
        return version is not None and not self.standing.is_open and version.state not in SETTLED


def own_quarters(actor: Actor, agency: Agency) -> list[OwnQuarter]:
    """Every quarter the agency can claim, the newest first."""
    today = clock.today(agency.time_zone)
    return [_own(standing, today) for standing in standings(actor, agency)]


def with_earlier_claims(actor: Actor, quarters: list[OwnQuarter]) -> list[OwnQuarter]:
    """The same quarters, each with the claims that came before its last one."""
    of_quarter: dict[Quarter, list[Claim]] = defaultdict(list)
    for claim in claims_for(actor).order_by("sequence"):
        of_quarter[claim.quarter].append(claim)
    return [replace(own, earlier=tuple(of_quarter[own.standing.quarter][:-1])) for own in quarters]


def last_decided(actor: Actor) -> Decision | None:
    """The decision on a claim of the actor's agency that came last."""
    rows = actor.scope(Decision.objects.filter(action__in=DECIDES), "version__claim__agency")
    rows = rows.select_related("version__claim", "version__calculation")
    return rows.defer("version__calculation__content").order_by("-id").first()


def for_how_long(since: datetime, zone: str, today: date) -> str:
    """How long something has waited, in days of a time zone: `since today`, `for 5 days`."""
    days = (today - since.astimezone(ZoneInfo(zone)).date()).days
    return f"for {counted(days, 'day')}" if days > 0 else "since today"


def _own(standing: Standing, today: date) -> OwnQuarter:
    version = standing.version
    due = due_of(version, standing.deadline)
    whose, waits = "", ""
    if version is not None:
        zone = version.claim.agency.time_zone
        is_stuck = version.state == State.READY and why_nobody_signs(version)
        now = nobody_signs("") if is_stuck else turn(version.state, (), nil=version.nil)
        whose = now.whose.replace("the agency's", "your")
        waits = for_how_long(version.changed_at, zone, today) if whose else ""
    return OwnQuarter(
        standing=standing,
        name=version.claim.kind_word if version else "claim",
        due=due,
        when=when(due.on, today) if due else "",
        overdue=due is not None and due.on < today,
        whose=whose,
        waits=waits,
    )

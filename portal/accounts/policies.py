"""Who acts, and whether they may. Every page, API call and command asks here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from portal.accounts.models import Agency, ApiKey, Membership, User
from portal.accounts.roles import CAPABILITIES, Capability, Role, Side
from portal.kernel.errors import NotAllowed, NotFound

M = TypeVar("M", bound=Model)

DOING = (
    Capability.PREPARE,
    Capability.CERTIFY,
    Capability.MANAGE_PEOPLE,
    Capability.REVIEW,
    Capability.APPROVE,
    Capability.REPORT_COUNTS,
    Capability.MANAGE_AGENCIES,
)
"""What gives a person work that waits for them in an inbox."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity: for one agency, or for the federal or system side.

    `agency` is None off the agency side. `key` is the API key they act through, if any, and `limit` what
    its scopes leave of the person's capabilities. `proved_at` is when the person last gave their password
    in this session, in real time; None when nobody knows.
    """

    user: User
    side: str
    roles: frozenset[Role]
    agency: Agency | None = None
    key: ApiKey | None = None
    limit: frozenset[Capability] | None = None
    proved_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.user.name} (key {self.key.name})" if self.key else self.user.name

    def can(self, capability: Capability) -> bool:
        if self.limit is not None and capability not in self.limit:
            return False
        return any(capability in CAPABILITIES[role] for role in self.roles)

    def require(self, capability: Capability, agency: Agency | None = None) -> None:
        """Refuse unless the actor has the capability and, if given, acts for that agency or all of them."""
        if agency is not None and not self.sees(agency.pk):
            raise NotFound("agency")
        if not self.can(capability):
            raise NotAllowed(
                "not_allowed",
                f"Your role ({self.roles_text}) does not include this.",
                "Ask your administrator who can do it, or ask them for the role.",
            )

    @property
    def takes_names(self) -> bool:
        """Whether the actor may take files that name officers out of the portal."""
        return self.can(Capability.TAKE_NAMES)

    def require_names(self, what: str, instead: str = "Read it on the portal's pages") -> None:
        """Refuse to hand out `what`, a file that names officers, to those who may not take names."""
        if not self.takes_names:
            raise NotAllowed(
                "names_not_allowed",
                f"{what} names officers, and your role ({self.roles_text}) does not take them "
                "out of the portal.",
                f"{instead}, or ask somebody who prepares, certifies, reviews or audits claims.",
            )

    def sees(self, agency_id: int | None) -> bool:
        """Whether things of this agency exist for the actor."""
        if not self.can(Capability.READ_AGENCY):
            return False
        if self.side == Side.FEDERAL:
            return True
        return self.agency is not None and self.agency.pk == agency_id

    def scope(self, rows: QuerySet[M], path: str = "agency") -> QuerySet[M]:
        """The rows of `rows` that exist for the actor; `path` leads from them to their agency."""
        if not self.can(Capability.READ_AGENCY):
            return rows.none()
        if self.side == Side.FEDERAL:
            return rows
        return rows.filter(**{path: self.agency})

    @property
    def roles_text(self) -> str:
        return ", ".join(sorted(role.label for role in self.roles)) or "none yet"


def found(rows: QuerySet[M], what: str, **lookup: Any) -> M:
    """The one row that matches, or the 404 that a stranger gets too."""
    row = rows.filter(**lookup).first()
    if row is None:
        raise NotFound(what)
    return row


def actor_for(user: User, agency_id: int | None = None) -> Actor:
    """The user acting for the agency they chose, or for the one they have served longest."""
    active = list(
        Membership.objects.filter(user=user, ended_at=None, user__is_active=True)
        .select_related("agency")
        .order_by("granted_at", "pk")
    )
    if not active:
        return Actor(user, Side.AGENCY, frozenset())
    agencies = {m.agency_id: m.agency for m in active}
    chosen = agency_id if agency_id in agencies else next(iter(agencies))
    return Actor(
        user=user,
        side=active[0].side,
        roles=frozenset(Role(m.role) for m in active if m.agency_id == chosen),
        agency=agencies[chosen],
    )


def agencies_of(user: User) -> QuerySet[Agency]:
    """The agencies a person serves, by name."""
    return (
        Agency.objects.filter(memberships__user=user, memberships__ended_at=None)
        .distinct()
        .order_by("name")
    )


def navigation(actor: Actor) -> list[tuple[str, str]]:
    """The main menu: labels and URL names, by what the actor may do."""
    if actor.side == Side.AGENCY and actor.can(Capability.READ_AGENCY):
        items = [
            ("Home", "home"),
            *_inbox(actor),
            ("Claims", "claims:list"),
            ("Payroll", "claims:batches"),
            ("Officers", "agreements:officers"),
            ("Agency", "agreements:own_agency"),
        ]
        if actor.can(Capability.MANAGE_PEOPLE):
            items.append(("People", "accounts:people"))
        return items
    items = [("Home", "home"), *_inbox(actor)]
    if actor.can(Capability.READ_AGENCY):
        items += [
            ("Claims", "claims:list"),
            ("Agencies", "agreements:agencies"),
            ("Program", "agreements:program"),
        ]
    if actor.can(Capability.READ_AUDIT):
        items.append(("Archives", "claims:archives"))
    if actor.can(Capability.REPORT_COUNTS):
        items.append(("Counts", "awards:counts"))
    if actor.can(Capability.MANAGE_AGENCIES):
        items.append(("Authorizations", "agreements:federal_lists"))
    if actor.can(Capability.MANAGE_USERS):
        items.append(("People", "accounts:people"))
    return items


def _inbox(actor: Actor) -> list[tuple[str, str]]:
    """Only for those who have something to do; who merely reads finds everything elsewhere."""
    return [("Inbox", "claims:inbox")] if any(map(actor.can, DOING)) else []

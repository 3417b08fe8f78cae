"""Who there is: roles and their sides, and the one table of what each role may do."""

from __future__ import annotations

import enum

from django.db import models


class Side(models.TextChoices):
    AGENCY = "agency", "Agency"
    FEDERAL = "federal", "Federal"
    SYSTEM = "system", "System"


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "Agency administrator"
    PREPARER = "preparer", "Preparer"
    CERTIFIER = "certifier", "Certifier"
    VIEWER = "viewer", "Viewer"
    PROGRAM_MANAGER = "program_manager", "Program manager"
    REVIEWER = "reviewer", "Reviewer"
    PAYMENT_APPROVER = "payment_approver", "Payment approver"
    AUDITOR = "auditor", "Auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"

    @property
    def side(self) -> Side:
        if self in _AGENCY_ROLES:
            return Side.AGENCY
        return Side.SYSTEM if self is Role.SYSTEM_ADMINISTRATOR else Side.FEDERAL


_AGENCY_ROLES = frozenset({Role.ADMINISTRATOR, Role.PREPARER, Role.CERTIFIER, Role.VIEWER})


class Capability(enum.StrEnum):
    """One thing a role may do. Pages, API and commands ask for these, never for roles."""

    READ_AGENCY = "read_agency"
    """Read the agency's roster, payroll and claims; for federal roles, every agency's."""
    TAKE_NAMES = "take_names"
    """Take packets and other files that name officers out of the portal."""
    REMAKE_PACKETS = "remake_packets"
    """Have a packet made again that could not be made."""
    PREPARE = "prepare"
    """Upload and edit, justify, mark a claim ready."""
    CERTIFY = "certify"
    """Certify a claim prepared by others."""
    MANAGE_PEOPLE = "manage_people"
    """Invite and remove the agency's people, and its API keys."""
    MANAGE_AGENCIES = "manage_agencies"
    """Agencies, their agreements and their first administrator."""
    REPORT_COUNTS = "report_counts"
    """Enter referred and located counts."""
    REVIEW = "review"
    """Review, return and recommend claims."""
    APPROVE = "approve"
    """Approve, deny or return claims others reviewed."""
    READ_AUDIT = "read_audit"
    """Read the record of who did what, across agencies."""
    MANAGE_USERS = "manage_users"
    """People of every side, and settings; no money action."""


_WITH_PACKETS = frozenset(
    {Capability.READ_AGENCY, Capability.TAKE_NAMES, Capability.REMAKE_PACKETS}
)
"""Of everybody who works on claims."""

CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.ADMINISTRATOR: _WITH_PACKETS | {Capability.MANAGE_PEOPLE},
    Role.PREPARER: _WITH_PACKETS | {Capability.PREPARE},
    Role.CERTIFIER: _WITH_PACKETS | {Capability.CERTIFY},
    Role.VIEWER: frozenset({Capability.READ_AGENCY}),
    Role.PROGRAM_MANAGER: frozenset(
        {Capability.READ_AGENCY, Capability.MANAGE_AGENCIES, Capability.REPORT_COUNTS}
    ),
    Role.REVIEWER: _WITH_PACKETS | {Capability.REVIEW},
    Role.PAYMENT_APPROVER: _WITH_PACKETS | {Capability.APPROVE},
    Role.AUDITOR: frozenset({Capability.READ_AGENCY, Capability.TAKE_NAMES, Capability.READ_AUDIT}),
    Role.SYSTEM_ADMINISTRATOR: frozenset({Capability.MANAGE_USERS}),
}

SCOPES: dict[str, tuple[str, frozenset[Capability]]] = {
    "roster:write": (
        "Send rosters and read them",
        frozenset({Capability.READ_AGENCY, Capability.PREPARE}),
    ),
    "payroll:write": (
        "Send payroll and read what came of it",
        frozenset({Capability.READ_AGENCY, Capability.PREPARE}),
    ),
    "claims:read": (
        "Read claims and their packets",
        frozenset({Capability.READ_AGENCY, Capability.TAKE_NAMES}),
    ),
}
"""What an API key may do, by scope. The person who owns the key must still be allowed to do it."""

"""Reading agreements, officers and rosters through the eyes of an actor."""

from __future__ import annotations

from django.db.models import QuerySet

from agreements.models import Agreement, Officer, RosterUpload
from portal.accounts.models import Agency
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side


def agencies_for(actor: Actor) -> QuerySet[Agency]:
    """The agencies the actor may see."""
    return actor.scope(Agency.objects.all(), "pk") if actor.side == Side.FEDERAL else (
        Agency.objects.filter(pk=actor.agency.pk if actor.agency else None)
    )


def agency_for(actor: Actor, number: str) -> Agency:
    """The agency with this portal number; NotFound for strangers."""
    return found(agencies_for(actor), "agency", number=number)


def officers_for(actor: Actor) -> QuerySet[Officer]:
    """The officers the actor may see, with their roster entries."""
    return actor.scope(Officer.objects.select_related("agency")).prefetch_related("entries")


def officer_for(actor: Actor, pk: int) -> Officer:
    """One officer; NotFound for strangers."""
    return found(officers_for(actor), "officer", pk=pk)


def agreements_of(agency: Agency) -> QuerySet[Agreement]:
    """An agency's agreements, by model and time."""
    return Agreement.objects.filter(agency=agency).order_by("model", "active_from")


def uploads_for(actor: Actor) -> QuerySet[RosterUpload]:
    """The roster uploads the actor may see, without their content."""
    return actor.scope(
        RosterUpload.objects.select_related(
            "agency", "document", "uploaded_by", "confirmed_by", "job", "key"
        )
    ).defer("content")


def upload_for(actor: Actor, pk: object) -> RosterUpload:
    """One roster upload; NotFound for strangers."""
    return found(uploads_for(actor), "roster file", pk=pk)

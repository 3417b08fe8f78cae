"""Merging two records of one agency. It stands here because claims decide whether it may be done."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from agreements.agency_names import name_key
from agreements.models import ActivePeriod, AgencyName, Agreement, Officer
from claims.models import Claim, PayrollBatch
from claims.rules.lifecycle import SETTLED, STATE_LABELS, State
from claims.selectors.linked import was_dropped
from portal.accounts.models import Agency, ApiKey, Membership
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import announce
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.records import audit


@transaction.atomic
def merge_agencies(*, actor: Actor, merged: Agency, kept: Agency, note: str) -> Agency:
    """Let the record `merged` become part of `kept`: its names, agreements and officers move there.

    Claims, files and counts stay under the number they were made for. A duplicate agreement, on days
    the kept record has too, ends without days, if nothing was ever calculated from it.
    """
    for agency in (merged, kept):
        actor.require(Capability.MANAGE_AGENCIES, agency)
    locked = Agency.objects.select_for_update(no_key=True).filter(pk__in=[merged.pk, kept.pk])
    agencies = {agency.pk: agency for agency in locked.order_by("pk")}
    merged, kept = agencies[merged.pk], agencies[kept.pk]
    _refuse_wrong_pair(merged, kept)
    _refuse_people(merged)
    _refuse_claims(merged, kept)
    dropped = _drop_duplicates(merged, kept)
    _move_agreements(merged, kept)
    Officer.objects.filter(agency=merged).update(agency=kept)
    _move_names(merged, kept)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    for agency, other in ((merged, kept), (kept, merged)):
        audit.record(
            "agency.merge",
            subject=f"agency/{agency.number}",
            actor=actor,
            agency_id=agency.pk,
            note=note,
            merged=merged.number,
            kept=kept.number,
            other_name=other.name,
            duplicates=dropped,
        )
    announce("agency.facts_changed", kept.pk)
    return kept


def _refuse_wrong_pair(merged: Agency, kept: Agency) -> None:
    if merged.pk == kept.pk:
        raise Refused("same_agency", "This is the same record.", "Enter the other record’s number.")
    for agency in (merged, kept):
        if agency.merged_into_id:
            raise Refused(
                "already_merged",
                f"{agency.number} was merged into another record before.",
                "Choose the record it was merged into.",
            )


def _refuse_people(merged: Agency) -> None:
    people = Membership.objects.filter(agency=merged, ended_at=None).count()
    keys = ApiKey.objects.filter(agency=merged, revoked_at=None).count()
    if people or keys:
        raise Refused(
            "agency_has_people",
            f"{merged.number} still has {people} roles of people and {keys} API keys.",
            "Keep this record and merge the other one into it, or have its administrator end them.",
        )


def _refuse_claims(merged: Agency, kept: Agency) -> None:
    claims = Claim.objects.filter(agency=merged).select_related("version")
    for claim in claims:
        if claim.version.state not in SETTLED and not was_dropped(claim):
            label = STATE_LABELS[State(claim.version.state)].lower()
            raise Refused(
                "claim_open",
                f"The claim {claim.number} is “{label}”; its officers cannot leave it now.",
                "Merge the records when the claim is decided.",
            )
    both = set(claims.values_list("quarter", flat=True)) & set(
        Claim.objects.filter(agency=kept).values_list("quarter", flat=True)
    )
    if both:
        quarters = ", ".join(sorted(map(str, both)))
        raise Refused(
            "claims_of_one_quarter",
            f"Both records have a claim for {quarters}; one agency has one claim a quarter.",
            "Find out which claim is right before the records are merged.",
        )
    same = set(Officer.objects.filter(agency=merged).values_list("payroll_id", flat=True)) & set(
        Officer.objects.filter(agency=kept).values_list("payroll_id", flat=True)
    )
    if same:
        raise Refused(
            "same_payroll_ids",
            f"Both rosters have the payroll ids {', '.join(sorted(same)[:5])}.",
            "Find out whether they are the same officers before the records are merged.",
        )


def _drop_duplicates(merged: Agency, kept: Agency) -> list[dict[str, Any]]:
    """End the agreements of the merged record that the kept one has too; what they were, for audit."""
    alive = Agreement.objects.exclude(status=Agreement.Status.ENDED)
    kept_alive = set(alive.filter(agency=kept).values_list("model", flat=True))
    own = list(ActivePeriod.objects.filter(agency=kept))
    dropped: list[dict[str, Any]] = []
    for agreement in Agreement.objects.filter(agency=merged).prefetch_related("periods"):
        periods = list(agreement.periods.all())
        overlapping = any(_overlap(one, other) for one in periods for other in own)
        both_alive = agreement.status != Agreement.Status.ENDED and agreement.model in kept_alive
        if not overlapping and not both_alive:
            continue
        _refuse_if_used(merged, agreement.model)
        dropped += [
            {"model": one.model, "active_from": one.active_from, "active_to": one.active_to}
            for one in periods
        ]
        if overlapping:
            agreement.periods.all().delete()
        agreement.status = Agreement.Status.ENDED
        agreement.save(update_fields=["status"])
    return dropped


def _refuse_if_used(merged: Agency, model: str) -> None:
    used = Officer.objects.filter(agency=merged).exists()
    if used or PayrollBatch.objects.filter(agency=merged).exists():
        raise Refused(
            "agreements_overlap",
            f"Both records have a {model} agreement on the same days, and {merged.number} has "
            "officers or payroll that go by it.",
            "End one of the two agreements so that no day is in both, then merge the records.",
        )


def _overlap(one: ActivePeriod, other: ActivePeriod) -> bool:
    return (
        one.model == other.model
        and (one.active_to is None or other.active_from <= one.active_to)
        and (other.active_to is None or one.active_from <= other.active_to)
    )


def _move_agreements(merged: Agency, kept: Agency) -> None:
    ActivePeriod.objects.filter(agency=merged).update(agency=kept)
    Agreement.objects.filter(agency=merged).update(agency=kept)


def _move_names(merged: Agency, kept: Agency) -> None:
    AgencyName.objects.filter(agency=merged).update(agency=kept)
    if merged.state:
        AgencyName.objects.get_or_create(
            state=merged.state,
            key=name_key(merged.name)[:200],
            defaults={"agency": kept, "name": merged.name, "since_on": clock.today()},
        )

"""Saying that there is nothing to claim for a quarter, and taking it back."""

from __future__ import annotations

from django.db import transaction

from claims.models import Claim, ClaimVersion
from claims.nil import SAID
from claims.pipeline.calculation import Computed, compute, lock_agency, recalculate
from claims.pipeline.gathering import gather
from claims.pipeline.opening import add_preparer, open_claim
from claims.policies import not_the_time
from claims.rules.lifecycle import STATE_LABELS, State
from claims.rules.nil import counting_files
from claims.selectors.linked import current_claim
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.money import format_cents
from portal.kernel.own_words import refuse_personal_numbers
from portal.kernel.quarter import Quarter
from portal.records import audit

_FIRST = {
    State.READY: "Take it back to draft first.",
    State.RETURNED: "Start its correction first, with “Correct this claim” on its page.",
    State.WITHDRAWN: "Start its correction first, with “Correct this claim” on its page.",
}
"""What must happen before a claim that is no draft can say so."""


def obstacle(agency: Agency, quarter: Quarter) -> Refused | None:
    """Why the agency cannot say now that it has nothing to claim for the quarter, or None when it can."""
    claim = current_claim(agency, quarter)
    state = State(claim.version.state) if claim else State.DRAFT
    if state is not State.DRAFT:
        return Refused(
            "wrong_state",
            f"The claim of {quarter} is “{STATE_LABELS[state]}” by now.",
            _FIRST.get(state, "Look at the page of the claim to see where it stands."),
        )
    return not_the_time(agency, quarter) or _something_to_claim(
        compute(gather(agency, quarter, clock.today(agency.time_zone)))
    )


def declare_nil(*, actor: Actor, agency: Agency, quarter: Quarter, reason: str) -> Claim:
    """Say that the agency has nothing to claim for the quarter, and why; said twice, it is said once."""
    actor.require(Capability.PREPARE, agency)
    reason = reason.strip()
    if not reason:
        raise BadInput(
            "reason_required",
            "The reason is missing.",
            "Write in a sentence why there is nothing to claim for the quarter.",
        )
    refuse_personal_numbers(reason, what="reason")
    with transaction.atomic():
        lock_agency(agency.pk)
        refusal = obstacle(agency, quarter)
        if refusal is not None:
            raise refusal
        claim = open_claim(agency, quarter, actor)
        if not claim.version.nil:
            _turn(claim, actor, nil=True, event=SAID, note=reason)
    recalculate(agency.pk)
    claim.refresh_from_db()
    return claim


@transaction.atomic
def take_back_nil(*, actor: Actor, version: ClaimVersion) -> Claim:
    """Make a nil draft an ordinary draft again; one that is ordinary already stays as it is."""
    agency = version.claim.agency
    actor.require(Capability.PREPARE, agency)
    lock_agency(agency.pk)
    claim = Claim.objects.select_related("version").get(pk=version.claim_id)
    if claim.version_id != version.pk or claim.version.state != State.DRAFT:
        raise Refused(
            "wrong_state",
            f"The claim of {claim.quarter} is no draft, so what it says stays.",
            _FIRST.get(State(claim.version.state), "Reload the page to see where it stands."),
        )
    if claim.version.nil:
        _turn(claim, actor, nil=False, event="claim.nil_take_back")
    return claim


def _something_to_claim(computed: Computed) -> Refused | None:
    quarter = computed.claim.quarter
    if files := counting_files(computed.claim):
        named = ", ".join(files[:5]) + (" and more" if len(files) > 5 else "")
        return Refused(
            "payroll_counts",
            f"Payroll lines of {quarter} count already, from file {named}.",
            "If they should not, take those files back first; otherwise there is something to claim.",
        )
    if total := computed.result.total:
        return Refused(
            "amount_due",
            f"A performance award of {format_cents(total)} is due for {quarter}.",
            "So there is something to claim: mark the claim ready as it is. It needs no payroll.",
        )
    return None


def _turn(claim: Claim, actor: Actor, *, nil: bool, event: str, note: str = "") -> None:
    version = claim.version
    version.nil = nil
    version.changed_at = clock.now()
    version.save(update_fields=["nil", "changed_at"])
    add_preparer(version, actor.user)
    audit.record(
        event,
        subject=claim.subject,
        thread=claim.thread,
        actor=actor,
        agency_id=claim.agency_id,
        note=note,
        version=version.number,
    )

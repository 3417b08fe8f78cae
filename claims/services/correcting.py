"""What follows from a decision: entries of the ledger, and corrections of quarters decided before."""

from __future__ import annotations

from claims import tasks
from claims.models import Adjustment, Appeal, ClaimVersion, LedgerEntry
from claims.pipeline.opening import open_linked
from claims.rules.lifecycle import Kind
from claims.rules.lines import Reason
from claims.selectors.ledger import balance_of, entered_for
from claims.selectors.lines import allowed_total
from claims.selectors.linked import base_of, claim_in_force, claims_of, inherited_adjustments
from claims.selectors.overtime import no_longer_follows
from claims.services.telling import tell
from portal.accounts.policies import Actor
from portal.jobs.queue import enqueue
from portal.kernel.money import format_cents
from portal.records import audit


def settle(actor: Actor, version: ClaimVersion, *, appeal: Appeal | None = None) -> None:
    """Draw the consequences of a decision, a withdrawal or an appeal, in the transaction that makes it.

    The ledger gets what the quarter is now entitled to more or less. Decided claims of the fiscal
    year whose overtime no longer follows get a linked correction; open ones are calculated anew. The
    caller holds the agency's lock.
    """
    claim = version.claim
    _enter(actor, version, appeal)
    for decided in list(no_longer_follows(claim.agency, claim.quarter)):
        why = f"The overtime used before changed with the claim {claim.number}."
        opened = open_linked(decided, Kind.AMENDMENT, None, because=why)
        tell("claim.open_linked", opened.claim)
    enqueue(tasks.RECALCULATE, claim.agency_id)


def carry_over(actor: Actor, version: ClaimVersion) -> None:
    """Disallow of a linked claim whose review starts what was disallowed of the claim it corrects.

    The reviewer may give it back. In the transaction that starts the review.
    """
    base = base_of(version.claim)
    inherited = inherited_adjustments(version)
    if base is None or not inherited:
        return
    Adjustment.objects.bulk_create(
        Adjustment(
            version=version,
            officer_id=officer_id,
            category=category,
            amount=amount,
            reason=Reason.CARRIED,
            rule=Reason.CARRIED.rule,
            note=f"Disallowed in claim {base.number}; the reasons stand there.",
            author=actor.user,
        )
        for (officer_id, category), amount in inherited.items()
    )
    audit.record(
        "claim.carry_over",
        subject=version.claim.subject,
        thread=f"{version.claim.thread}/federal",
        actor=actor,
        agency_id=version.claim.agency_id,
        version=version.number,
        claim=base.number,
        lines=len(inherited),
    )


def _enter(actor: Actor, version: ClaimVersion, appeal: Appeal | None) -> None:
    claim = version.claim
    in_force = claim_in_force(claims_of(claim.agency, claim.quarter))
    entitled = allowed_total(in_force.version) if in_force else 0
    amount = entitled - entered_for(claim.agency, claim.quarter)
    if not amount:
        return
    balance = balance_of(claim.agency).amount + amount
    LedgerEntry.objects.create(
        agency=claim.agency,
        quarter=claim.quarter,
        version=version,
        appeal=appeal,
        amount=amount,
        balance=balance,
    )
    audit.record(
        "claim.enter",
        subject=claim.subject,
        thread=claim.thread,
        actor=actor,
        agency_id=claim.agency_id,
        version=version.number,
        amount=format_cents(amount),
        balance=format_cents(balance),
    )

"""Opening a claim and moving it through its life."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims import tasks
from claims.certification import signed_words
from claims.models import Appeal, Certification, Claim, ClaimVersion, Decision, Lateness, Packet
from claims.pipeline.calculation import is_up_to_date, lock_agency, recalculate
from claims.pipeline.opening import add_preparer, open_linked, open_version
from claims.pipeline.opening import open_claim as open_claim_in_transaction
from claims.policies import refusal_of
from claims.rules.lifecycle import ACTIONS, SETTLED, Action, Kind, State
from claims.selectors.assignments import ON_THE_DESK
from claims.selectors.lines import shown_hash
from claims.services.adjusting import disallow_everything
from claims.services.assigning import end_assignment, take_if_free
from claims.services.correcting import carry_over, settle
from claims.services.guarded import guarded
from claims.services.signing import Words, sign
from claims.services.telling import send_written, tell
from claims.services.under_lock import version_under_lock
from portal.accounts.fresh import not_fresh
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import enqueue
from portal.kernel import clock
from portal.kernel.errors import BadInput, Refused
from portal.kernel.quarter import Quarter
from portal.records import audit


class OutOfDate(Refused):
    """The amounts are not those the person saw, or not those the facts give now."""

    def __init__(self) -> None:
        super().__init__(
            "amounts_changed",
            "The amounts are no longer those you were shown.",
            "Reload the page, look at the amounts again, then repeat the step.",
        )


def open_claim(*, actor: Actor, agency: Agency, quarter: Quarter) -> Claim:
    """The agency's claim of the quarter, opened as a draft and calculated if it was not there yet."""
    actor.require(Capability.PREPARE, agency)
    with transaction.atomic():
        lock_agency(agency.pk)
        claim = open_claim_in_transaction(agency, quarter, actor)
    recalculate(agency.pk)
    claim.refresh_from_db()
    return claim


def perform(
    *,
    actor: Actor,
    version: ClaimVersion,
    code: str,
    shown_sha256: str = "",
    note: str = "",
    title: str = "",
    late_why: str = "",
    late_note: str = "",
) -> ClaimVersion:
    """Do one action of the lifecycle; the version it leaves behind, a new one after a correction.

    `shown_sha256` is `claims.selectors.lines.shown_hash` of what the person saw: where the action decides
    about amounts, others than those shown are refused. Certifying needs the signer's `title`, and after the
    due date a reason of `Lateness.Why`.
    """
    action = ACTIONS.get(code)
    if action is None or not action.by_button:
        raise BadInput("unknown_action", f"There is no action “{code[:40]}”.")
    actor.require(Capability(action.capability), version.claim.agency)
    words = Words(note, title, late_why, late_note, shown_sha256).checked()
    try:
        after = _perform(actor, version.pk, action, words)
    except OutOfDate:
        # Outside the transaction that failed: what the facts say now stays, for the person to see.
        recalculate(version.claim.agency_id)
        send_written(version.claim.agency)
        raise
    if after.pk != version.pk:
        recalculate(after.claim.agency_id)
        after.refresh_from_db()
    return after


@transaction.atomic
def _perform(actor: Actor, version_id: int, action: Action, words: Words) -> ClaimVersion:
    version = version_under_lock(version_id)
    _refuse(action, version, actor)
    if action.note_required and not words.note:
        raise BadInput(
            "note_required",
            f"“{action.label}” needs a note.",
            "Write in a sentence or two why, and what is to be done.",
        )
    if action.shows_hash and (
        version.calculation is None or shown_hash(version) != words.shown_sha256
    ):
        raise OutOfDate
    if action.to in (State.READY, State.SUBMITTED) and not is_up_to_date(version.claim, version):
        raise OutOfDate
    return _move(actor, version, action, words)


def move(
    actor: Actor, version: ClaimVersion, code: str, note: str = "", *, appeal: Appeal | None = None
) -> ClaimVersion:
    """Do a step that follows from something else, such as granting an `appeal`.

    In the transaction of whoever does that; `version` is one of `version_under_lock`.
    """
    action = ACTIONS[code]
    _refuse(action, version, actor)
    return _move(actor, version, action, Words(note).checked(), appeal)


def _refuse(action: Action, version: ClaimVersion, actor: Actor) -> None:
    refusal = refusal_of(action, version, actor)
    if refusal is None and action.fresh:
        refusal = not_fresh(actor)
    if refusal is not None:
        raise refusal


def _move(
    actor: Actor,
    version: ClaimVersion,
    action: Action,
    words: Words,
    appeal: Appeal | None = None,
) -> ClaimVersion:
    claim = version.claim
    with guarded(actor):
        if action.code == "deny":
            disallow_everything(actor=actor, version=version)
        signed = sign(actor, version, action, words)
    _record(actor, version, action, words, signed)
    if action.code == "start_review":
        take_if_free(actor, claim)
    after = _next(actor, version, action)
    if after is None:
        with guarded(actor):
            _arrive(actor, version, action.to, appeal)
    if action.code == "start_review":
        carry_over(actor, version)
    tell(f"claim.{action.code}", claim, actor=actor, version=version, note=words.note)
    return after or version


def _record(
    actor: Actor,
    version: ClaimVersion,
    action: Action,
    words: Words,
    signed: Certification | Decision | None,
) -> None:
    claim, calculation = version.claim, version.calculation
    if action.code == "drop":
        # The federal side reads that a correction ended, not what came of a draft that nobody signed.
        calculation = None
    facts: dict[str, Any] = {
        "version": version.number,
        "calculation": calculation.sha256 if calculation else "",
        "total": calculation.total if calculation else 0,
    }
    if version.nil:
        facts["nil"] = True
    if isinstance(signed, Certification):
        facts["signed"] = signed_words(signed)
        late = Lateness.objects.filter(version=version).first()
        if late is not None:
            facts["late_why"] = late.why
    if isinstance(signed, Decision) and signed.shown_sha256:
        facts["shown"] = signed.shown_sha256
    if action.code == "approve_partly" and isinstance(signed, Decision):
        facts["allowed"] = signed.allowed
    common = {"subject": claim.subject, "actor": actor, "agency_id": claim.agency_id, **facts}
    if action.internal:
        # The agency reads that it happened; why is between the federal side's people.
        audit.record("claim.review_again", thread=claim.thread, **common)
    thread = f"{claim.thread}/federal" if action.internal else claim.thread
    audit.record(f"claim.{action.code}", thread=thread, note=words.note, **common)


def _next(actor: Actor, version: ClaimVersion, action: Action) -> ClaimVersion | None:
    """The draft that an action opens: the next version of the claim, or a linked claim's first."""
    if action.opens_version:
        return open_version(version.claim, actor)
    if not action.opens_claim:
        return None
    kind = Kind.AMENDMENT if action.code == "amend" else Kind.SUPPLEMENT
    linked = open_linked(version.claim, kind, actor)
    add_preparer(linked, actor.user)
    return linked


def _arrive(actor: Actor, version: ClaimVersion, state: State, appeal: Appeal | None) -> None:
    version.state = state
    version.changed_at = clock.now()
    version.save(update_fields=["state", "changed_at"])
    if state not in ON_THE_DESK:
        end_assignment(version.claim)
    edition = EDITIONS.get(state)
    if edition is not None:
        tasks.request_packet(version, edition)
    if state in SETTLED or state is State.WITHDRAWN:
        settle(actor, version, appeal=appeal)
    elif state is State.RETURNED:
        # From now on what the reviewer took counts for later quarters.
        enqueue(tasks.RECALCULATE, version.claim.agency_id)


EDITIONS = {
    State.SUBMITTED: Packet.Edition.CERTIFIED,
    State.APPROVED: Packet.Edition.DECIDED,
    State.PARTLY_APPROVED: Packet.Edition.DECIDED,
    State.DENIED: Packet.Edition.DECIDED,
}


def retry_packet(*, actor: Actor, packet: Packet) -> Packet:
    """Make a packet again whose making was given up; the files that are there stay."""
    claim = packet.version.claim
    actor.require(Capability.REMAKE_PACKETS, claim.agency)
    with transaction.atomic():
        packet = (
            Packet.objects.select_for_update(of=("self",)).select_related("job").get(pk=packet.pk)
        )
        if not packet.is_made and packet.job is not None and packet.job.is_finished:
            packet.job = enqueue(tasks.RENDER_PACKET, packet.pk)
            packet.reason = ""
            packet.save(update_fields=["job", "reason"])
            audit.record(
                "packet.retry",
                subject=f"packet/{packet.pk}",
                thread=claim.thread,
                actor=actor,
                agency_id=claim.agency_id,
                edition=packet.slug,
            )
    return packet

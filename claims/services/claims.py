"""Opening a claim and moving it through its life."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from claims import tasks
from claims.certification import signed_words, words_to_sign
from claims.models import Certification, Claim, ClaimVersion, Decision, Packet
from claims.pipeline.calculation import is_up_to_date, lock_agency, recalculate
from claims.pipeline.opening import add_preparer, open_version
from claims.pipeline.opening import open_claim as open_claim_in_transaction
from claims.policies import refusal_of
from claims.rules.lifecycle import ACTIONS, ALLOWS_NOTHING, Action, Part, State
from claims.selectors import contributors
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.jobs.queue import enqueue
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.own_words import refuse_personal_numbers
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
) -> ClaimVersion:
    """Do one action of the lifecycle; the version it leaves behind, a new one after a correction.

    `shown_sha256` is the hash of the calculation the person saw: where the action decides about amounts,
    others than those shown are refused. Certifying needs the signer's `title`.
    """
    action = ACTIONS.get(code)
    if action is None:
        raise BadInput("unknown_action", f"There is no action “{code[:40]}”.")
    actor.require(Capability(action.capability), version.claim.agency)
    refuse_personal_numbers(note, what="note")
    refuse_personal_numbers(title, what="title")
    try:
        after = _perform(actor, version.pk, action, shown_sha256, note.strip(), title.strip())
    except OutOfDate:
        # Outside the transaction that failed: what the facts say now stays, for the person to see.
        recalculate(version.claim.agency_id)
        raise
    if action.opens_version:
        recalculate(after.claim.agency_id)
        after.refresh_from_db()
    return after


@transaction.atomic
def _perform(
    actor: Actor, version_id: int, action: Action, shown_sha256: str, note: str, title: str
) -> ClaimVersion:
    claim = Claim.objects.select_related("agency").get(versions=version_id)
    lock_agency(claim.agency_id)
    version = ClaimVersion.objects.select_for_update().get(pk=version_id)
    version.claim = claim
    refusal = refusal_of(action, version, actor)
    if refusal is not None:
        raise refusal
    if action.note_required and not note:
        raise BadInput(
            "note_required",
            f"“{action.label}” needs a note.",
            "Write in a sentence or two what is wrong and what the agency should do.",
        )
    calculation = version.calculation
    if action.shows_hash and (calculation is None or calculation.sha256 != shown_sha256):
        raise OutOfDate
    if action.to in (State.READY, State.SUBMITTED) and not is_up_to_date(claim, version):
        raise OutOfDate
    sha256 = calculation.sha256 if calculation else ""
    try:
        signature = _sign(actor, version, action, sha256, note, title)
    except IntegrityError as error:
        # The database's own four eyes; the policy above normally answers first.
        raise NotAllowed(
            "own_work",
            "You already have another part in this version, so somebody else has to do this.",
            "Nobody signs off their own work. Ask a colleague with the role.",
        ) from error
    audit.record(
        f"claim.{action.code}",
        subject=f"claim/{claim.number}",
        thread=claim.thread,
        actor=actor,
        agency_id=claim.agency_id,
        note=note,
        version=version.number,
        calculation=sha256,
        total=calculation.total if calculation else 0,
        **({"nil": True} if version.nil else {}),
        **({"signed": signed_words(signature)} if signature else {}),
    )
    if action.opens_version:
        return open_version(claim, actor)
    version.state = action.to
    version.changed_at = clock.now()
    version.save(update_fields=["state", "changed_at"])
    _request_packet(version)
    if version.state in ALLOWS_NOTHING:
        # The overtime it had used up is free again for later quarters of the year.
        enqueue(tasks.RECALCULATE, claim.agency_id)
    return version


def _sign(
    actor: Actor, version: ClaimVersion, action: Action, sha256: str, note: str, title: str
) -> Certification | None:
    """Put the person's name to the action: the rows that the database's guards look for."""
    if action.code == "certify":
        if not title:
            raise BadInput(
                "title_required",
                "Your title is missing.",
                "Write the title under which you may bind the agency, such as Sheriff.",
            )
        # Work that was added after the version was marked ready, such as an answer, counts as well.
        for user in contributors(version):
            add_preparer(version, user)
        wording_version, wording = words_to_sign(nil=version.nil)
        return Certification.objects.create(
            version=version,
            user=actor.user,
            name=actor.user.name,
            title=title,
            wording_version=wording_version,
            wording=wording,
            sha256=sha256,
        )
    if action.part in (Part.REVIEWER, Part.APPROVER):
        Decision.objects.create(
            version=version, user=actor.user, action=action.code, note=note, sha256=sha256
        )
    elif action.part is Part.PREPARER and not action.opens_version:
        add_preparer(version, actor.user)
        if action.to is State.READY:
            for user in contributors(version):
                add_preparer(version, user)
    return None


EDITIONS = {
    State.SUBMITTED: Packet.Edition.CERTIFIED,
    State.APPROVED: Packet.Edition.DECIDED,
    State.DENIED: Packet.Edition.DECIDED,
}


def _request_packet(version: ClaimVersion) -> None:
    edition = EDITIONS.get(State(version.state))
    if edition is not None:
        packet = Packet.objects.create(version=version, edition=edition)
        packet.job = enqueue(tasks.RENDER_PACKET, packet.pk)
        packet.save(update_fields=["job"])


def retry_packet(*, actor: Actor, packet: Packet) -> Packet:
    """Render a packet again whose rendering was given up."""
    actor.require(Capability.READ_AGENCY, packet.version.claim.agency)
    with transaction.atomic():
        packet = (
            Packet.objects.select_for_update(of=("self",)).select_related("job").get(pk=packet.pk)
        )
        if packet.document_id is None and packet.job is not None and packet.job.is_finished:
            packet.job = enqueue(tasks.RENDER_PACKET, packet.pk)
            packet.reason = ""
            packet.save(update_fields=["job", "reason"])
    return packet

"""What waits for the people of an agency: claims to sign and to prepare, questions, files, people."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.selectors import uploads_for
from claims.rules.lifecycle import State
from claims.selectors.agencies import takes_part
from claims.selectors.appeals import APPEALABLE, appeal_until, not_appealable
from claims.selectors.claims import current_versions, in_queue, to_sign
from claims.selectors.corrections import to_supplement
from claims.selectors.deadlines import deadline_of, deadlines_of, due_of
from claims.selectors.inbox import Pile, Waiting, about, pile
from claims.selectors.payroll import batches_for
from claims.selectors.quarters import claimable_quarters
from claims.selectors.questions import questions_to_answer
from claims.selectors.recipients import people_with, why_nobody_signs
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Role
from portal.accounts.selectors import keys_ending_soon, not_yet_here
from portal.intake.models import Batch
from portal.kernel import clock

TO_PREPARE = {
    State.DRAFT: "Finish the draft and mark it ready",
    State.RETURNED: "Correct the returned claim",
    State.WITHDRAWN: "Correct the withdrawn claim",
}


def piles_of_agency(actor: Actor, agency: Agency) -> Iterator[Pile]:
    """The agency's piles that belong to the actor's roles."""
    prepares, certifies = actor.can(Capability.PREPARE), actor.can(Capability.CERTIFY)
    if certifies:
        yield from pile("Claims to certify", _to_sign(actor))
        yield from pile("Decisions you can appeal", _to_appeal(actor))
    if prepares or certifies:
        yield from pile("Questions to answer", _questions(agency))
    if prepares:
        yield from pile("Claims to prepare", _to_prepare(actor, agency))
        yield from pile("Files that wait for you", _files(actor))
    if actor.can(Capability.MANAGE_PEOPLE):
        yield from pile("People and keys", _people(actor, agency))


def _to_sign(actor: Actor) -> Iterator[Waiting]:
    for version in to_sign(actor):
        due = due_of(version, deadline_of(version.claim.agency, version.claim.quarter))
        yield Waiting(
            "Check the amounts and certify",
            about(version),
            version.changed_at,
            due.on if due else None,
            "claims:certify",
            (version.claim.number, version.number),
        )


def _to_appeal(actor: Actor) -> Iterator[Waiting]:
    """The decisions of which nothing was appealed yet and something still can be."""
    decided = current_versions(actor).filter(state__in=APPEALABLE, appeals=None)
    for version in decided.order_by("changed_at", "pk"):
        if not_appealable(version) is None:
            yield Waiting(
                "Appeal what was disallowed, or leave it as it is",
                about(version),
                version.changed_at,
                appeal_until(version),
                "claims:version",
                (version.claim.number, version.number),
            )


def _questions(agency: Agency) -> Iterator[Waiting]:
    for question in questions_to_answer(agency):
        version = question.version
        yield Waiting(
            "Answer the reviewer's question",
            about(version),
            question.asked_at,
            question.due_on,
            "claims:question",
            (version.claim.number, version.number, question.pk),
        )


def _to_prepare(actor: Actor, agency: Agency) -> Iterator[Waiting]:
    today = clock.today(agency.time_zone)
    over = [quarter for quarter in claimable_quarters(today) if quarter.end < today]
    deadlines = deadlines_of(agency, over)
    versions = list(current_versions(actor).filter(claim__agency=agency))
    begun = {version.claim.quarter for version in versions}
    for version in versions:
        quarter = version.claim.quarter
        if version.state in TO_PREPARE and quarter in deadlines:
            due = due_of(version, deadlines[quarter])
            yield Waiting(
                TO_PREPARE[State(version.state)],
                about(version),
                version.changed_at,
                due.on if due else None,
                "claims:version",
                (version.claim.number, version.number),
            )
    for claim in to_supplement(Agency.objects.filter(pk=agency.pk)):
        yield Waiting(
            "Claim what came later",
            about(claim.version),
            None,
            None,
            "claims:claim",
            (claim.number,),
        )
    for quarter in over:
        mine = Agency.objects.filter(takes_part(quarter), pk=agency.pk)
        if quarter not in begun and mine.exists():
            yield Waiting(
                "Start the claim", str(quarter), None, deadlines[quarter].due_on, "claims:list"
            )


def _files(actor: Actor) -> Iterator[Waiting]:
    for door, files in (
        ("agreements:upload", uploads_for(actor)),
        ("claims:batch", batches_for(actor)),
    ):
        waiting = files.filter(state=Batch.State.PROPOSED)
        for file in waiting.defer("sample", "faulty", "patch").order_by("received_at"):
            yield Waiting(
                "Match the columns" if file.needs_columns else "Confirm what the roster changes",
                f"{file.sent_name}, {file.reference}",
                file.received_at,
                None,
                f"{door}_columns" if file.needs_columns else door,
                (file.pk,),
            )


def _people(actor: Actor, agency: Agency) -> Iterator[Waiting]:
    if not people_with((Role.CERTIFIER,), agency).exists():
        yield Waiting(
            "Name a certifier: until then no claim can be signed",
            agency.name,
            None,
            None,
            "accounts:people",
        )
    else:
        for version in in_queue(actor, State.READY):
            if why := why_nobody_signs(version):
                yield Waiting(
                    f"Name another certifier. {why}",
                    about(version),
                    version.changed_at,
                    None,
                    "accounts:people",
                )
    for person in not_yet_here(actor):
        yield Waiting(
            "Invited, not yet signed in: send the invitation again, or ask them",
            person.name,
            person.joined_at,
            None,
            "accounts:person",
            (person.pk,),
        )
    for key in keys_ending_soon(actor):
        yield Waiting(
            "Rotate the API key",
            key.name,
            None,
            key.expires_at.date(),
            "accounts:rotate_key",
            (key.pk,),
        )

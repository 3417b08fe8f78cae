"""Putting a person's name to a step: the rows that the database's guards look for."""

from __future__ import annotations

from typing import NamedTuple

from claims.certification import words_to_sign
from claims.models import Certification, ClaimVersion, Decision, Lateness
from claims.pipeline.opening import add_preparer
from claims.rules.lifecycle import Action, Part, State
from claims.selectors.contributors import contributors
from claims.selectors.deadlines import is_late
from claims.selectors.decisions import GRANTS, approvers_needed
from claims.selectors.lines import allowed_total
from portal.accounts.policies import Actor
from portal.kernel.errors import BadInput
from portal.kernel.own_words import refuse_personal_numbers


class Words(NamedTuple):
    """What a person brings to a step; `late_why` is of `Lateness.Why`, `shown_sha256` the hash they saw."""

    note: str = ""
    title: str = ""
    late_why: str = ""
    late_note: str = ""
    shown_sha256: str = ""

    def checked(self) -> Words:
        """The same without blanks around it; BadInput when a personal number is in it."""
        refuse_personal_numbers(self.title, what="title")
        for text in (self.note, self.late_note):
            refuse_personal_numbers(text, what="note")
        return Words(*(text.strip() for text in self))


def sign(
    actor: Actor, version: ClaimVersion, action: Action, words: Words
) -> Certification | Decision | None:
    """Write down who does this: a certification, a decision, or that the person prepared the version."""
    if action.code == "certify":
        return _certify(actor, version, words)
    if action.part in (Part.REVIEWER, Part.APPROVER) or action.code == "withdraw":
        return _decide(actor, version, action, words)
    if not action.stays:
        add_preparer(version, actor.user)
        if action.to is State.READY:
            _add_contributors(version)
    return None


def _certify(actor: Actor, version: ClaimVersion, words: Words) -> Certification:
    if not words.title:
        raise BadInput(
            "title_required",
            "Your title is missing.",
            "Write the title under which you may bind the agency, such as Sheriff.",
        )
    _explain_lateness(actor, version, words)
    # Work that was added after the version was marked ready, such as an answer, counts as well.
    _add_contributors(version)
    wording_version, wording = words_to_sign(nil=version.nil)
    assert version.calculation is not None
    return Certification.objects.create(
        version=version,
        user=actor.user,
        name=actor.user.name,
        title=words.title,
        wording_version=wording_version,
        wording=wording,
        sha256=version.calculation.sha256,
    )


def _explain_lateness(actor: Actor, version: ClaimVersion, words: Words) -> None:
    if not is_late(version):
        return
    if words.late_why not in Lateness.Why:
        raise BadInput(
            "late_reason_required",
            "This claim is signed after its due date, and nobody says why.",
            "Choose why it is late; then sign it.",
        )
    Lateness.objects.create(
        version=version, why=words.late_why, note=words.late_note, said_by=actor.user
    )


def _decide(actor: Actor, version: ClaimVersion, action: Action, words: Words) -> Decision:
    allowed = allowed_total(version)
    counts = action.code in ("recommend", *GRANTS)
    return Decision.objects.create(
        version=version,
        user=actor.user,
        action=action.code,
        note=words.note,
        sha256=version.calculation.sha256 if version.calculation else "",
        shown_sha256=words.shown_sha256 if action.shows_hash else "",
        allowed=allowed,
        approvers=approvers_needed(version, allowed) if counts else 1,
    )


def _add_contributors(version: ClaimVersion) -> None:
    for user in contributors(version):
        add_preparer(version, user)

"""Appeals: filed by the agency, proposed on by another reviewer, decided by a payment approver."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction

from claims.models import Adjustment, Appeal, ClaimVersion, Decision
from claims.rules.lifecycle import State
from claims.rules.lines import Category, Reason
from claims.selectors.appeals import (
    LineKey,
    contestable_lines,
    not_appealable,
    not_deciding,
    not_proposing,
)
from claims.selectors.decisions import (
    approvers_needed,
    approvers_on_appeal,
    first_grant_of,
    is_adjusted,
)
from claims.selectors.lines import allowed_total
from claims.services.claims import move
from claims.services.guarded import guarded
from claims.services.telling import tell
from claims.services.under_lock import version_under_lock
from portal.accounts.fresh import not_fresh
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.money import format_cents
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit

BATCH = 1000
"""Rows per statement: a denied claim of 5,000 officers has 15,000 lines."""


@transaction.atomic
def file_appeals(
    *,
    actor: Actor,
    version: ClaimVersion,
    asked: Mapping[LineKey, int],
    grounds: str,
    token: UUID,
) -> list[Appeal]:
    """Contest lines of a decided claim: by officer and category, the cents asked back of what was taken.

    A line is appealed once. The same form sent twice appeals once.
    """
    actor.require(Capability.CERTIFY, version.claim.agency)
    grounds = _words(grounds, "grounds", "Write why the line should be paid.")
    version = version_under_lock(version.pk)
    tokens = {uuid5(token, "/".join((str(version.pk), *key))): key for key in asked}
    known = list(Appeal.objects.filter(version=version, token__in=tokens, filed_by=actor.user))
    if known:
        return known
    refusal = not_appealable(version)
    if refusal is not None:
        raise refusal
    if not asked:
        raise BadInput("no_line", "No line is chosen.", "Choose at least one line to appeal.")
    taken = contestable_lines(version)
    for key, amount in asked.items():
        _check_asked(key, amount, taken)
    with guarded(actor):
        appeals = Appeal.objects.bulk_create(
            (
                Appeal(
                    version=version,
                    officer_id=officer_id,
                    category=category,
                    asked=asked[officer_id, category],
                    grounds=grounds,
                    filed_by=actor.user,
                    token=own,
                )
                for own, (officer_id, category) in tokens.items()
            ),
            batch_size=BATCH,
        )
    _record("appeal.file", version, actor, appeals, sum(asked.values()), grounds)
    return appeals


@transaction.atomic
def propose_on_appeals(
    *, actor: Actor, version: ClaimVersion, amounts: Mapping[int, int], proposal: str
) -> list[Appeal]:
    """Propose what is granted of appeals, by their keys in cents; done once, by another reviewer.

    The proposal is for the federal side; the agency reads the ruling.
    """
    actor.require(Capability.REVIEW, version.claim.agency)
    proposal = _words(proposal, "proposal", "Write what you found, for the payment approver.")
    version = version_under_lock(version.pk)
    refusal = not_proposing(actor, version)
    if refusal is not None:
        raise refusal
    appeals = _chosen(version, amounts)
    if all(appeal.proposed_by_id == actor.user.pk for appeal in appeals):
        return appeals
    if any(appeal.proposed_at for appeal in appeals):
        raise _not_waiting("Another reviewer has proposed on one of these lines meanwhile.")
    now = clock.now()
    for appeal in appeals:
        appeal.proposed, appeal.proposal = amounts[appeal.pk], proposal
        appeal.proposed_by, appeal.proposed_at = actor.user, now
    _save(_PROPOSE, appeals, amounts, proposal, actor, now)
    _record("appeal.propose", version, actor, appeals, sum(amounts.values()), proposal)
    return appeals


@transaction.atomic
def decide_appeals(
    *, actor: Actor, version: ClaimVersion, amounts: Mapping[int, int], ruling: str
) -> ClaimVersion:
    """Decide appeals that were proposed on: what is granted, by their keys in cents, and why; it is final.

    What is granted is given back to its line and approved for payment. Where nothing is, the claim stays
    as it was decided. Where it makes a large amount payable that nobody else has approved, this is the
    first of two approvals: the appeals stay open until another payment approver grants the same.
    """
    actor.require(Capability.APPROVE, version.claim.agency)
    ruling = _words(ruling, "ruling", "Write why; the agency reads it.")
    version = version_under_lock(version.pk)
    granted_sha256 = _hash(amounts)
    first = first_grant_of(version)
    if first and (first.user_id, first.shown_sha256) == (actor.user.pk, granted_sha256):
        return version
    refusal = not_deciding(actor, version) or not_fresh(actor)
    if refusal is not None:
        raise refusal
    appeals = _chosen(version, amounts)
    if all(appeal.decided_by_id == actor.user.pk for appeal in appeals):
        return version
    if any(appeal.decided_at for appeal in appeals):
        raise _not_waiting("Another payment approver has decided one of these lines meanwhile.")
    if not all(appeal.proposed_at for appeal in appeals):
        raise Refused(
            "proposal_missing",
            "A reviewer has not proposed yet what becomes of one of these lines.",
            "Wait for the proposal, or decide the other lines.",
        )
    allowed = allowed_total(version) + sum(amounts.values())
    approvers = approvers_on_appeal(version, granted_sha256) | {actor.user.pk}
    if any(amounts.values()) and len(approvers) < approvers_needed(version, allowed):
        return _endorse(actor, version, allowed, granted_sha256)
    now = clock.now()
    for appeal in appeals:
        appeal.granted, appeal.ruling = amounts[appeal.pk], ruling
        appeal.decided_by, appeal.decided_at = actor.user, now
    _save(_DECIDE, appeals, amounts, ruling, actor, now)
    granted = [appeal for appeal in appeals if appeal.granted]
    _record("appeal.decide", version, actor, appeals, sum(amounts.values()), ruling)
    if granted:
        _give_back(actor, version, granted)
        code = "grant_appeal_partly" if is_adjusted(version) else "grant_appeal"
        only = granted[0] if len(granted) == 1 else None
        version = move(actor, version, code, appeal=only)
    return version


def _endorse(
    actor: Actor, version: ClaimVersion, allowed: int, granted_sha256: str
) -> ClaimVersion:
    if version.state != State.DENIED:
        raise NotAllowed(
            "own_endorsement",
            "An amount this large is approved by two people, and only you have approved of it so far.",
            "Another payment approver has to decide this. Ask a colleague with the role.",
        )
    calculated = version.calculation.sha256 if version.calculation else ""
    with guarded(actor):
        Decision.objects.create(
            version=version,
            user=actor.user,
            action="endorse_appeal",
            sha256=calculated,
            shown_sha256=granted_sha256,
            allowed=allowed,
            approvers=2,
        )
    audit.record(
        "claim.endorse_appeal",
        subject=version.claim.subject,
        thread=f"{version.claim.thread}/federal",
        actor=actor,
        agency_id=version.claim.agency_id,
        version=version.number,
        calculation=calculated,
        shown=granted_sha256,
        allowed=allowed,
    )
    return version


def _hash(amounts: Mapping[int, int]) -> str:
    """The hash of what is granted, line by line."""
    rows = "".join(f"{pk} {cents}\n" for pk, cents in sorted(amounts.items()))
    return sha256(rows.encode()).hexdigest()


def _give_back(actor: Actor, version: ClaimVersion, granted: Collection[Appeal]) -> None:
    Adjustment.objects.bulk_create(
        (
            Adjustment(
                version=version,
                officer_id=appeal.officer_id,
                category=appeal.category,
                amount=appeal.granted or 0,
                reason=Reason.APPEAL,
                rule=Reason.APPEAL.rule,
                note=appeal.ruling,
                author=actor.user,
                appeal=appeal,
            )
            for appeal in granted
        ),
        batch_size=BATCH,
    )


def _chosen(version: ClaimVersion, amounts: Mapping[int, int]) -> list[Appeal]:
    """The appeals of a version that are named, each with an amount that is possible."""
    appeals = list(Appeal.objects.filter(version=version, pk__in=amounts).order_by("pk"))
    if not appeals or len(appeals) != len(amounts):
        raise BadInput("no_line", "No line is chosen.", "Choose at least one appealed line.")
    for appeal in appeals:
        if not 0 <= amounts[appeal.pk] <= appeal.asked:
            raise BadInput(
                "more_than_asked",
                f"Between nothing and {format_cents(appeal.asked)} can be granted of this line.",
                "Correct the amount.",
            )
    return appeals


def _check_asked(key: LineKey, amount: int, taken: Mapping[LineKey, int]) -> None:
    if key not in taken:
        raise Refused(
            "line_not_appealable",
            "Nothing was taken from this line, or it is appealed already.",
            "Reload the page to see what can be appealed.",
        )
    if not 0 < amount <= taken[key]:
        raise BadInput(
            "more_than_taken",
            f"{format_cents(taken[key])} were taken from {Category(key[1]).label.lower()}; "
            "only that can be asked back.",
            f"Enter an amount up to {format_cents(taken[key])}.",
        )


_PROPOSE = """
UPDATE claims_appeal a SET proposed = said.cents, proposal = %(words)s,
    proposed_by_id = %(user)s, proposed_at = %(now)s
FROM unnest(%(appeals)s::bigint[], %(cents)s::bigint[]) AS said (id, cents) WHERE a.id = said.id
"""
_DECIDE = """
UPDATE claims_appeal a SET granted = said.cents, ruling = %(words)s,
    decided_by_id = %(user)s, decided_at = %(now)s
FROM unnest(%(appeals)s::bigint[], %(cents)s::bigint[]) AS said (id, cents) WHERE a.id = said.id
"""


def _save(
    update: str,
    appeals: list[Appeal],
    amounts: Mapping[int, int],
    words: str,
    actor: Actor,
    now: datetime,
) -> None:
    said: dict[str, Any] = {
        "words": words,
        "user": actor.user.pk,
        "now": now,
        "appeals": [appeal.pk for appeal in appeals],
        "cents": [amounts[appeal.pk] for appeal in appeals],
    }
    with guarded(actor), connection.cursor() as cursor:
        # One statement: of a denied claim of 5,000 officers 15,000 lines may be appealed.
        cursor.execute(update, said)


def _not_waiting(message: str) -> Refused:
    return Refused("appeal_not_waiting", message, "Reload the page to see which lines wait.")


def _words(text: str, what: str, fix: str) -> str:
    refuse_personal_numbers(text, what=what)
    if not text.strip():
        raise BadInput("words_missing", "An appeal is about reasons.", fix)
    return text.strip()


def _record(
    action: str,
    version: ClaimVersion,
    actor: Actor,
    appeals: Collection[Appeal],
    total: int,
    note: str,
) -> None:
    claim = version.claim
    # What is proposed is between the federal side's people until it is decided.
    internal = action == "appeal.propose"
    audit.record(
        action,
        subject=claim.subject,
        thread=f"{claim.thread}/federal" if internal else claim.thread,
        actor=actor,
        agency_id=claim.agency_id,
        note=note,
        version=version.number,
        lines=len(appeals),
        total=total,
    )
    tell(action, claim, actor=actor, version=version, note="" if internal else note)

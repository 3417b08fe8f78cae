"""Taking something away from the lines of a claim, and giving it back: by a reviewer, with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.db import connection, transaction

from claims.models import Adjustment, ClaimVersion
from claims.rules.lifecycle import STATE_LABELS, Part, State
from claims.rules.lines import CHOSEN, REVERSIBLE, Category, Line, Reason
from claims.selectors import lines
from claims.selectors.assignments import taken_by_other
from claims.selectors.parts import has_another_part
from claims.services.guarded import guarded
from claims.services.once import made_before
from claims.services.under_lock import version_under_lock
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.money import format_cents
from portal.kernel.own_words import refuse_personal_numbers
from portal.records import audit

LineKey = tuple[str, str]
"""A line as it is addressed: officer and category."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line that was to be disallowed: its adjustment, or why there is none."""

    key: LineKey
    adjustment: Adjustment | None
    refusal: Refused | None = None


def not_adjustable(version: ClaimVersion, actor: Actor) -> Refused | None:
    """Why `actor` may not change what is allowed of the version's lines now, or None when they may."""
    if not actor.can(Capability.REVIEW) or actor.key is not None:
        return NotAllowed(
            "not_allowed",
            "Only a reviewer changes what is allowed of a line.",
            "Ask the reviewer of this claim.",
        )
    if version.claim.version_id != version.pk:
        return Refused(
            "not_current",
            f"Version {version.number} of this claim has been followed by another one.",
            "Go to the current version of the claim.",
        )
    if version.state != State.IN_REVIEW:
        return Refused(
            "wrong_state",
            f"This version is “{STATE_LABELS[State(version.state)]}”, and lines change only in review.",
            "Start the review first, or ask the payment approver to send the claim back to you.",
        )
    if has_another_part(actor, version, Part.REVIEWER):
        return NotAllowed(
            "own_work",
            "You have another part in this version, so somebody else has to review it.",
            "Nobody judges their own work. Ask a colleague with the role.",
        )
    return taken_by_other(version.claim, actor)


@transaction.atomic
def adjust(
    *,
    actor: Actor,
    version: ClaimVersion,
    officer_id: str,
    category: str,
    amount: int,
    reason: str,
    note: str,
    token: UUID,
) -> Adjustment:
    """Take `amount` cents away from a line; the same form sent twice takes it once."""
    actor.require(Capability.REVIEW, version.claim.agency)
    note = _note(note)
    chosen = _chosen(reason)
    version = version_under_lock(version.pk)
    own = {"version_id": version.pk, "officer_id": officer_id, "category": category}
    made = made_before(Adjustment, token, author_id=actor.user.pk, **own)
    if made is not None:
        return made
    if (refusal := not_adjustable(version, actor)) is not None:
        raise refusal
    line = lines.line(version, officer_id, category)
    if (wrong := _cannot_take(line, amount)) is not None:
        raise wrong
    made = _taken(version, line, amount, chosen, note, actor, token)
    with guarded(actor):
        made.save()
    _tell(
        "claim.adjust",
        version,
        actor,
        note,
        officer=officer_id,
        category=line.category.label,
        amount=made.amount,
        reason=chosen.label,
    )
    return made


@transaction.atomic
def disallow(
    *,
    actor: Actor,
    version: ClaimVersion,
    keys: Iterable[LineKey],
    reason: str,
    note: str,
    token: UUID,
) -> list[Outcome]:
    """Disallow many lines in full for one reason, with a result for each; sent twice, it is done once."""
    actor.require(Capability.REVIEW, version.claim.agency)
    note = _note(note)
    chosen = _chosen(reason)
    version = version_under_lock(version.pk)
    if (refusal := not_adjustable(version, actor)) is not None:
        raise refusal
    wanted = list(dict.fromkeys(keys))
    there = {(line.officer_id, line.category.value): line for line in lines.lines_of(version)}
    tokens = {key: uuid5(token, "/".join((str(version.pk), *key))) for key in wanted}
    known = {row.token: row for row in Adjustment.objects.filter(token__in=tokens.values())}
    outcomes = [
        _outcome(version, key, there.get(key), known, chosen, note, actor, tokens[key])
        for key in wanted
    ]
    rows = [outcome.adjustment for outcome in outcomes if outcome.adjustment is not None]
    fresh = [row for row in rows if row.pk is None]
    if fresh:
        taken = sum(row.amount for row in fresh)
        with guarded(actor):
            Adjustment.objects.bulk_create(fresh)
        _tell(
            "claim.adjust_many",
            version,
            actor,
            note,
            lines=len(fresh),
            amount=taken,
            reason=chosen.label,
        )
    return outcomes


@transaction.atomic
def reverse(*, actor: Actor, adjustment: Adjustment, note: str) -> Adjustment:
    """Give back what an adjustment took; given back before, that row is returned."""
    actor.require(Capability.REVIEW, adjustment.version.claim.agency)
    note = _note(note)
    version = version_under_lock(adjustment.version_id)
    token = lines.reversal_token(adjustment)
    made = Adjustment.objects.filter(token=token).first()
    if made is not None:
        return made
    if (refusal := not_adjustable(version, actor)) is not None:
        raise refusal
    if adjustment.reason not in REVERSIBLE:
        raise Refused(
            "not_reversible",
            "Only what a reviewer took away can be given back here.",
            "Take it away anew, with a reason, if it should not be paid.",
        )
    with guarded(actor):
        made = Adjustment.objects.create(
            version=version,
            officer_id=adjustment.officer_id,
            category=adjustment.category,
            amount=-adjustment.amount,
            reason=Reason.REVERSED,
            rule=Reason.REVERSED.rule,
            note=note,
            author=actor.user,
            token=token,
        )
    _tell(
        "claim.adjust_back",
        version,
        actor,
        note,
        officer=made.officer_id,
        category=Category(made.category).label,
        amount=made.amount,
    )
    return made


def disallow_everything(*, actor: Actor, version: ClaimVersion) -> int:
    """Take all that is left of every line of a claim that is denied; how many lines that were.

    For the transaction in which a payment approver denies the claim.
    """
    actor.require(Capability.APPROVE, version.claim.agency)
    with connection.cursor() as cursor:
        cursor.execute(
            _DISALLOW_EVERYTHING,
            {
                "version": version.pk,
                "calculation": version.calculation_id,
                "author": actor.user.pk,
                "reason": Reason.DENIED.value,
                "rule": Reason.DENIED.rule,
                "now": clock.now(),
            },
        )
        return cursor.rowcount


_DISALLOW_EVERYTHING = """
INSERT INTO claims_adjustment
    (version_id, officer_id, category, amount, reason, rule, note, author_id, made_at, token)
SELECT %(version)s, line.officer_id, line.category, -(line.computed + coalesce(taken.cents, 0)),
    %(reason)s, %(rule)s, '', %(author)s, %(now)s, gen_random_uuid()
FROM (
    SELECT r.position, r.officer_id, c.category, c.computed
    FROM claims_officerresult r CROSS JOIN LATERAL (VALUES
        ('regular', r.regular), ('benefits', r.benefits), ('overtime', r.overtime_allowed)
    ) AS c (category, computed)
    WHERE r.calculation_id = %(calculation)s
    UNION ALL
    SELECT NULL, '', 'award', k.award_amount FROM claims_calculation k
    WHERE k.id = %(calculation)s
) AS line
LEFT JOIN (
    SELECT officer_id, category, sum(amount) AS cents FROM claims_adjustment
    WHERE version_id = %(version)s GROUP BY officer_id, category
) AS taken USING (officer_id, category)
WHERE line.computed + coalesce(taken.cents, 0) > 0
ORDER BY line.position NULLS LAST, line.category
"""


def _outcome(
    version: ClaimVersion,
    key: LineKey,
    line: Line | None,
    known: dict[UUID, Adjustment],
    reason: Reason,
    note: str,
    actor: Actor,
    token: UUID,
) -> Outcome:
    if token in known:
        return Outcome(key, known[token])
    if line is None:
        return Outcome(key, None, BadInput("unknown_line", "The claim has no such line."))
    if not line.allowed:
        return Outcome(key, None, Refused("nothing_left", "Nothing of it is allowed any more."))
    return Outcome(key, _taken(version, line, line.allowed, reason, note, actor, token))


def _taken(
    version: ClaimVersion,
    line: Line,
    amount: int,
    reason: Reason,
    note: str,
    actor: Actor,
    token: UUID,
) -> Adjustment:
    return Adjustment(
        version=version,
        officer_id=line.officer_id,
        category=line.category,
        amount=-amount,
        reason=reason,
        rule=reason.rule,
        note=note,
        author=actor.user,
        token=token,
    )


def _cannot_take(line: Line, amount: int) -> BadInput | None:
    if not line.allowed:
        return BadInput(
            "nothing_left",
            "Nothing of this line is allowed any more.",
            "Give an earlier adjustment back first if it was wrong.",
        )
    if not 0 < amount <= line.allowed:
        return BadInput(
            "bad_amount",
            f"{format_cents(amount)} cannot be taken away from {format_cents(line.allowed)}.",
            f"Write an amount from $0.01 to {format_cents(line.allowed)}.",
        )
    return None


def _chosen(reason: str) -> Reason:
    if reason not in CHOSEN:
        raise BadInput(
            "reason_required", "The reason is missing.", "Choose one of the reasons of the list."
        )
    return Reason(reason)


def _note(note: str) -> str:
    note = note.strip()
    if not note:
        raise BadInput(
            "note_required",
            "The note is missing.",
            "Write in a sentence what you found; the agency reads it with the decision.",
        )
    refuse_personal_numbers(note, what="note")
    return note


def _tell(event: str, version: ClaimVersion, actor: Actor, note: str, **facts: object) -> None:
    # Until it is decided this is a draft of the federal side: the agency's history does not tell it.
    audit.record(
        event,
        subject=version.claim.subject,
        thread=f"{version.claim.thread}/federal",
        actor=actor,
        agency_id=version.claim.agency_id,
        note=note,
        version=version.number,
        **facts,
    )

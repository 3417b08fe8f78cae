"""What the database refuses of a person, in words; policies and selectors normally answer first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import IntegrityError, transaction
from psycopg.errors import CheckViolation, UniqueViolation

from portal.accounts.policies import Actor, actor_for
from portal.kernel.errors import NotAllowed


@contextmanager
def guarded(actor: Actor) -> Iterator[None]:
    """Do something of which the database looks at who does it: `own_work`, or `not_allowed` of a role.

    Whatever else it refuses is a mistake of ours and stays an IntegrityError.
    """
    try:
        # A savepoint: after the refusal the caller's transaction still answers questions.
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = _in_words(actor, error.__cause__)
        if refusal is None:
            raise
        raise refusal from error


def _in_words(actor: Actor, cause: BaseException | None) -> NotAllowed | None:
    if isinstance(cause, UniqueViolation) and _is_about_parts(cause):
        return NotAllowed(
            "own_work",
            "You already have another part in this version, so somebody else has to do this.",
            "Nobody signs off their own work. Ask a colleague with the role.",
        )
    if isinstance(cause, CheckViolation) and _has_left(actor):
        return NotAllowed(
            "not_allowed",
            "Your role has ended meanwhile, so you cannot do this any more.",
            "Ask your administrator if you should still have the role.",
        )
    return None


def _is_about_parts(cause: psycopg.Error) -> bool:
    # A guard that speaks itself names no constraint.
    return cause.diag.constraint_name in (None, "participant_one_part")


def _has_left(actor: Actor) -> bool:
    today = actor_for(actor.user, actor.agency.pk if actor.agency else None)
    return (today.side, today.agency) != (actor.side, actor.agency) or not (
        actor.roles <= today.roles
    )

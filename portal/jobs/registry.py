"""The kinds of job there are. Apps register theirs in their `tasks` module."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.jobs.running import Progress

Work = Callable[[str, "Progress"], None]
GiveUp = Callable[[str, str], None]


class Fruitless(Exception):
    """Work ended as it will end every time: the job is given up at once instead of tried again."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`work(subject, progress)` may run twice; `gave_up(subject, reason)` ends the subject's waiting.

    A patient kind is begun when nothing of another kind waits.
    """

    name: str
    work: Work
    gave_up: GiveUp | None
    follows: frozenset[str]
    is_patient: bool = False


KINDS: dict[str, Kind] = {}


def job(
    name: str,
    *,
    gave_up: GiveUp | None = None,
    follows: Iterable[str] = (),
    is_patient: bool = False,
) -> Callable[[Work], Work]:
    """Register a function as the work of the job kind `name`.

    `follows` names announcements (`queue.announce`) that queue such a job: that is how a lower floor
    sets work of a higher one going without knowing it. `is_patient`: it takes long and nobody waits at a
    screen for it, so that what people have just sent goes first.
    """

    def register(work: Work) -> Work:
        if name in KINDS:
            raise ValueError(f"job kind {name} is registered twice")
        KINDS[name] = Kind(name, work, gave_up, frozenset(follows), is_patient)
        return work

    return register

"""What several parts of one page want to know: asked once while the page is put together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within this block each question is asked once: around reading only, never around a change."""
    outside = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(outside)


def asked_once(question: Callable[P, R]) -> Callable[P, R]:
    """Let a question keep its answer within `asking_once`; what it is about must be hashable.

    Elsewhere it is asked anew each time, so that whoever decides under a lock sees what is stored now.
    """

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return question(*args, **kwargs)
        key = (question, args, *kwargs.items())
        if key not in answers:
            answers[key] = question(*args, **kwargs)
        answer: R = answers[key]
        return answer

    return ask

"""Forms as they are sent: what came with one, and how one that was sent twice is done once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, QueryDict

REMEMBER_SECONDS = 60 * 60


def posted(request: HttpRequest) -> QueryDict | None:
    """What was filled in, even if it is nothing at all; None when the form is only asked for."""
    return request.POST if request.method == "POST" else None


class Sending:
    """One filled-in form on its way; `token` is the hidden field that came with the empty form."""

    def __init__(self, what: str, user_pk: Any, token: object) -> None:
        self._key = f"sending/{what}/{user_pk}/{token}"

    def begin(self) -> bool:
        """Whether this is the first sending; of two at once, one is."""
        return cache.add(self._key, "", REMEMBER_SECONDS)

    def ended(self, result: object) -> None:
        """Note what came of it, for a second sending to be led to."""
        cache.set(self._key, str(result), REMEMBER_SECONDS)

    def failed(self) -> None:
        """Let the form be sent again."""
        cache.delete(self._key)

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Whatever stops the sending, an outage too, the form can be sent again."""
        try:
            yield
        except BaseException:
            self.failed()
            raise

    @property
    def result(self) -> str:
        """What came of the first sending; empty while it is still under way."""
        return cache.get(self._key) or ""

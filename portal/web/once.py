"""A form that was sent twice is done once: the second sending is shown what came of the first."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache

REMEMBER_SECONDS = 60 * 60


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

    @property
    def result(self) -> str:
        """What came of the first sending; empty while it is still under way."""
        return cache.get(self._key) or ""

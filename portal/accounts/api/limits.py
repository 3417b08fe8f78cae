"""How often somebody may ask: counted by the minute in Valkey, and not at all while that is away."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Sequence
from typing import NamedTuple

import redis
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.kernel.errors import Refused

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
PATIENCE_SECONDS = 0.2
RESTS_SECONDS = 1
WARNS_EVERY_SECONDS = 60


class TooMany(Refused):
    """The minute's requests are used up."""

    status = 429

    def __init__(self, limit: int, wait_seconds: int) -> None:
        super().__init__(
            "too_many_requests",
            f"These are more than {limit:,} requests in a minute.",
            "Wait as long as the Retry-After header says, then send the request again.",
        )
        self.retry_after = wait_seconds


class Budget(NamedTuple):
    """Requests a minute, of a kind named in `PORTAL_API_LIMITS`, for whom they are counted together."""

    kind: str
    whose: object


class Standing(NamedTuple):
    """How far the tightest of the budgets is used up."""

    limit: int
    remaining: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """What every answer says about it."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.remaining, 0)),
            "RateLimit-Reset": str(self.reset_seconds),
        }

    def refuse_more(self) -> None:
        """TooMany when nothing was left."""
        if self.remaining < 0:
            raise TooMany(self.limit, self.reset_seconds)


def address_of(request: HttpRequest) -> str:
    """From where a request comes, for those who have no key; `unknown` where nobody can tell."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return "unknown"
    return address


def spend(budgets: Sequence[Budget]) -> Standing | None:
    """Count a request in each of the budgets; None where nothing is limited or counted."""
    limits = settings.PORTAL_API_LIMITS
    limited = [budget for budget in budgets if budget.kind in limits]
    window, passed = divmod(int(time.time()), WINDOW_SECONDS)
    names = [f"portal:api:{budget.kind}:{budget.whose}:{window}" for budget in limited]
    used = _counters().add(names) if names else None
    if used is None:
        return None
    left = [
        Standing(limits[budget.kind], limits[budget.kind] - count, WINDOW_SECONDS - passed)
        for budget, count in zip(limited, used, strict=True)
    ]
    return min(left, key=lambda standing: standing.remaining)


class Counters:
    """Counters in Valkey. While that is away requests go on uncounted, which a warning says."""

    def __init__(self, url: str) -> None:
        self._valkey = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._rests_until = 0.0
        self._warned_at = -float(WARNS_EVERY_SECONDS)

    def add(self, names: Sequence[str]) -> list[int] | None:
        """Add one to each counter; what they stand at now, or None when nobody knows."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            with self._valkey.pipeline(transaction=True) as pipeline:
                for name in names:
                    pipeline.incr(name)
                    pipeline.expire(name, 2 * WINDOW_SECONDS)
                return [int(count) for count in pipeline.execute()[::2]]
        except (redis.RedisError, OSError) as error:
            self._rest(error)
            return None

    def _rest(self, error: Exception) -> None:
        """Nobody waits for Valkey with every request, and nobody reads the same warning all day."""
        now = time.monotonic()
        self._rests_until = now + RESTS_SECONDS
        if now - self._warned_at >= WARNS_EVERY_SECONDS:
            self._warned_at = now
            logger.warning("API requests are not counted, Valkey is away: %s", error)


@functools.cache
def _counters() -> Counters:
    return Counters(settings.PORTAL_COUNTERS)

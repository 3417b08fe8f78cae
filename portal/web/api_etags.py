"""Entity tags: what a client has seen of a thing, said again when it asks or acts (RFC 9110, section 13)."""

from __future__ import annotations

import hashlib
from typing import Any

from rest_framework.renderers import JSONRenderer

from portal.kernel.errors import Refused


class Stale(Refused):
    """It has changed since the client saw it."""

    status = 412


class NotSeen(Refused):
    """The client does not say what it saw."""

    status = 428


def tag_of(data: Any) -> str:
    """The strong entity tag of what an answer says."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has the answer already; a proxy may have weakened its tag."""
    if if_none_match is None:
        return False
    named = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return tag in named or "*" in named


def refuse_unseen(if_match: str | None) -> None:
    """Refuse a request that does not say which state it means to change."""
    if if_match is None:
        raise NotSeen(
            "if_match_required",
            "The request has no If-Match header, so nobody knows which state it means to change.",
            "Fetch it first, and send the ETag of that answer as If-Match.",
        )


def refuse_stale(tag: str, if_match: str) -> None:
    """Refuse a request that means another state than the present one."""
    named = {one.strip() for one in if_match.split(",")}
    if tag not in named and "*" not in named:
        raise Stale(
            "stale",
            "It has changed since you fetched it; nothing was done.",
            "Fetch it again, look at what changed, and send the new ETag, with its quotes, as If-Match.",
        )

"""Telling people by mail that something is theirs to do, or that something happened to their claim."""

from __future__ import annotations

from typing import Any

from claims.models import Claim


def tell(event: str, claim: Claim, **facts: Any) -> None:
    """Write the mails that an event causes, inside the transaction of whoever caused it.

    `event` is the code of the audit event, such as `claim.certify`; an event nobody waits for causes none.
    """

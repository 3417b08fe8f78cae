"""Holding a claim, and releasing it."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern

from claims.models import ClaimVersion
from portal.accounts.policies import Actor


def panel(actor: Actor, version: ClaimVersion) -> dict[str, Any] | None:
    """What the claim's page shows of it to this reader; None when there is nothing."""
    return None


paths: list[URLPattern] = []

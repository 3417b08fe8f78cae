"""What the accounts throw away once a day, by real time, like sessions and tokens themselves."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.db.models.functions import Now
from oauth2_provider.models import clear_expired

from portal.accounts.models import IdempotentRequest


def clear_sessions() -> None:
    """Sessions that have ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def clear_tokens() -> None:
    """The API's access tokens that have expired."""
    clear_expired()


def clear_requests() -> None:
    """Idempotent requests, with their answers, that are old enough to be forgotten."""
    IdempotentRequest.objects.filter(at__lt=Now() - IdempotentRequest.REMEMBERED).delete()

"""What the accounts do once a day: throw away what has ended, and say which keys end soon.

Sessions and tokens go by real time, keys by the program's.
"""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from oauth2_provider.models import clear_expired

from portal.accounts.models import ApiKey, IdempotentRequest
from portal.accounts.selectors import administrators_of
from portal.kernel import clock


def clear_sessions() -> None:
    """Sessions that have ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def clear_tokens() -> None:
    """The API's access tokens that have expired."""
    clear_expired()


def clear_requests() -> None:
    """Idempotent requests, with their answers, that are old enough to be forgotten."""
    IdempotentRequest.objects.filter(at__lt=Now() - IdempotentRequest.REMEMBERED).delete()


def warn_of_ending_keys() -> None:
    """Mail an agency's administrators before one of its keys ends, once for each of the warnings.

    OSError when the mail server is away: what was not sent is tried again with the chore.
    """
    now = clock.now()
    for days in sorted(ApiKey.WARNED_DAYS):
        due = ApiKey.objects.filter(
            Q(warned_days=None) | Q(warned_days__gt=days),
            revoked_at=None,
            expires_at__gt=now,
            expires_at__lte=now + timedelta(days),
        )
        for pk in due.values_list("pk", flat=True):
            _warn(pk, days)


@transaction.atomic
def _warn(pk: int, days: int) -> None:
    """One key's warning. It is noted with the mail: a mail that fails leaves no note behind."""
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
    if key.warned_days is not None and key.warned_days <= days:
        return
    key.warned_days = days
    key.save(update_fields=["warned_days"])
    said = {"key": key, "days": max((key.expires_at.date() - clock.now().date()).days, 1)}
    for person in administrators_of(key.agency):
        send_mail(
            render_to_string("account/email/key_ends_subject.txt", said).strip(),
            render_to_string("account/email/key_ends_message.txt", {**said, "person": person}),
            None,
            [person.email],
        )

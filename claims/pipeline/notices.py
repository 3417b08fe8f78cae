"""Mails to people: rows that are written with what causes them, and sent one by one by a job."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from claims.models import Notice
from portal.accounts.adapter import DAY, password_path
from portal.kernel import clock

log = logging.getLogger(__name__)

PER_RUN = 200
"""How many mails a job sends before it hands on to the next, well within the time a job may take."""
GOES_STALE = timedelta(days=7)
"""How old an unsent mail may be: later it says what is no longer so, and the inbox says it better."""


def write(notices: Iterable[Notice]) -> bool:
    """Keep notices in the caller's transaction; whether there are any. Who had one gets no second."""
    return bool(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def wait_for(agency_id: int) -> bool:
    """Whether mails about an agency's claims are still to be sent."""
    return Notice.objects.filter(agency=agency_id, sent_at=None).exists()


def send() -> bool:
    """Send what is unsent, the oldest first; whether some is left.

    OSError when the mail server is away: nothing is lost, for what was not sent is still unsent. Each mail
    is marked in the transaction that holds its row, so that two jobs at once do not send it twice.
    """
    unsent = Notice.objects.filter(
        sent_at=None, written_at__gt=clock.now() - GOES_STALE, user__is_active=True
    ).order_by("pk")
    if not unsent.exists():
        return False
    last = 0
    with get_connection() as server:
        for _ in range(PER_RUN):
            with transaction.atomic():
                free = unsent.filter(pk__gt=last).select_related("user")
                notice = free.select_for_update(skip_locked=True, of=("self",)).first()
                if notice is None:
                    return False
                last = notice.pk
                if _delivered(message_of(notice, server)):
                    notice.sent_at = clock.now()
                    notice.save(update_fields=["sent_at"])
    return True


def message_of(notice: Notice, server: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail of a notice. Who has no password yet gets a link to choose one, which is kept nowhere."""
    person = notice.user
    is_new = not person.has_usable_password()
    text = render_to_string(
        "claims/email/notice.txt",
        {
            "notice": notice,
            "person": person,
            "password_url": settings.PORTAL_ADDRESS + password_path(person) if is_new else "",
            "days": settings.PASSWORD_RESET_TIMEOUT // DAY,
        },
    )
    return EmailMessage(notice.subject, text, None, [person.email], connection=server)


def _delivered(message: EmailMessage) -> bool:
    """Whether the server took the mail; an address it refuses keeps nobody else's mail back."""
    try:
        message.send()
    except SMTPRecipientsRefused:
        log.warning("the mail server refuses a recipient")
        return False
    return True

"""What claims have done once a day: reminders, news, the digest, mails left unsent, packets not asked for."""

from __future__ import annotations

from django.db import transaction

from claims.models import Packet
from claims.pipeline import digests, ended_holds, reminders, supplements
from claims.selectors.packets import versions_without_packet
from claims.tasks import FIRST_TRY, SEND_NOTICES, request_packet
from portal.accounts.models import Agency
from portal.jobs.queue import enqueue


@transaction.atomic
def remind() -> None:
    """Write the reminders of what is due soon or overdue, and which holds are over; a job sends them."""
    if any([reminders.write(), ended_holds.write()]):
        enqueue(SEND_NOTICES, FIRST_TRY)


@transaction.atomic
def send_digests() -> None:
    """Write what has come to each person of the federal side since the day before; a job sends it."""
    if digests.write():
        enqueue(SEND_NOTICES, FIRST_TRY)


def tell_of_supplements() -> None:
    """Tell agencies what came with the day, such as payments that a decided claim waited for."""
    for agency in supplements.agencies_to_look_at().order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            if supplements.write(Agency.objects.filter(pk=agency)):
                enqueue(SEND_NOTICES, FIRST_TRY)


def send_unsent() -> None:
    """Send what a mail server that was away for long has left."""
    enqueue(SEND_NOTICES, FIRST_TRY)


@transaction.atomic
def request_missing_packets() -> None:
    """Have packets made of decisions that asked for none, as appeals granted before each had its own."""
    for version in versions_without_packet():
        request_packet(version, Packet.Edition.DECIDED)

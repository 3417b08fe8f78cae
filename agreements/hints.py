"""Hints for federal readers: what rosters of two agencies share. No agency sees another's side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.functions import Lower

from agreements.federal_list import credential_key
from agreements.models import Officer, RosterEntry
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Capability, Side
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class SharedCredential:
    """An officer of one agency and one of another with the same credential `number`.

    Without a number they have only the name in common, which says little: people share names, and move.
    """

    own: Officer
    other: Officer
    number: str = ""


def shared_credentials(actor: Actor, agency: Agency) -> list[SharedCredential]:
    """The agency's officers whose credential or name another agency's officer has; credentials first.

    For federal readers alone; to all others it does not exist.
    """
    if actor.side != Side.FEDERAL or not actor.can(Capability.READ_AGENCY):
        raise NotFound
    by_credential = sorted(_by_credential(agency), key=_order)
    told = {(hint.own.pk, hint.other.pk) for hint in by_credential}
    by_name = [hint for hint in _by_name(agency) if (hint.own.pk, hint.other.pk) not in told]
    return by_credential + sorted(by_name, key=_order)


def _order(hint: SharedCredential) -> tuple[str, str, str]:
    return hint.own.payroll_id, hint.other.agency.name, hint.other.payroll_id


def _by_credential(agency: Agency) -> Iterator[SharedCredential]:
    entries = RosterEntry.objects.exclude(credential_number="").select_related("officer__agency")
    own: dict[str, dict[int, RosterEntry]] = defaultdict(dict)
    for entry in entries.filter(officer__agency=agency):
        own[credential_key(entry.credential_number)][entry.officer_id] = entry
    told = set()
    for other in entries.exclude(officer__agency=agency).iterator(chunk_size=5000):
        for entry in own.get(credential_key(other.credential_number), {}).values():
            if (entry.officer_id, other.officer_id) not in told:
                told.add((entry.officer_id, other.officer_id))
                yield SharedCredential(entry.officer, other.officer, entry.credential_number)


def _by_name(agency: Agency) -> Iterator[SharedCredential]:
    officers = Officer.objects.select_related("agency").annotate(last=Lower("last_name"))
    own: dict[tuple[str, str], list[Officer]] = defaultdict(list)
    for officer in officers.filter(agency=agency):
        own[_name(officer)].append(officer)
    others = officers.exclude(agency=agency).filter(last__in={last for last, _ in own})
    for other in others:
        for namesake in own.get(_name(other), ()):
            yield SharedCredential(namesake, other)


def _name(officer: Officer) -> tuple[str, str]:
    return officer.last_name.lower(), officer.first_name.lower()

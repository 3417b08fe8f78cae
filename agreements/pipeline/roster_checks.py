"""What the rows of a roster look like beside the rosters of other agencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from agreements.federal_list import credential_key
from agreements.models import RosterEntry, RosterUpload
from agreements.roster_file import RosterFileRow, about_row
from portal.kernel.findings import Finding


def check_all(upload: RosterUpload, rows: Sequence[RosterFileRow]) -> list[Finding]:
    """What a person should look at in a roster that could be read."""
    return list(_credentials_elsewhere(upload.agency_id, rows))


def _credentials_elsewhere(agency_id: int, rows: Sequence[RosterFileRow]) -> Iterator[Finding]:
    """Credentials authorized at two agencies on one day. The other agency and its officer stay unnamed."""
    own = [row for row in rows if row.credential_number and row.authorized_from]
    if not own:
        return
    keys = {credential_key(row.credential_number) for row in own}
    elsewhere: dict[str, list[tuple[date, date]]] = defaultdict(list)
    others = RosterEntry.objects.exclude(credential_number="").exclude(authorized_from=None)
    for number, *days in others.exclude(officer__agency=agency_id).values_list(
        "credential_number", "authorized_from", "authorized_to", "separated_on"
    ):
        if (key := credential_key(number)) in keys:
            elsewhere[key].append(_days(*days))
    told: set[tuple[str, str]] = set()
    for row in own:
        key = credential_key(row.credential_number)
        first, last = _days(row.authorized_from, row.authorized_to, row.separated_on)
        is_shared = any(begin <= last and first <= end for begin, end in elsewhere[key])
        if is_shared and (row.officer_id, key) not in told:
            told.add((row.officer_id, key))
            yield about_row("credential_elsewhere", row, "credential_number", row.credential_number)


def _days(
    authorized_from: date | None, authorized_to: date | None, separated_on: date | None
) -> tuple[date, date]:
    """First and last day of an authorization; it ends with the employment."""
    last = min(authorized_to or date.max, separated_on or date.max)
    return authorized_from or date.max, last

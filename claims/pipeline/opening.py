"""Claims and versions come into being, inside the transaction of whoever needs them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from claims.models import Claim, ClaimVersion, Participant, PayrollBatch, PayrollLine
from claims.rules.lifecycle import OPEN_TO_AGENCY, Kind, Part
from claims.selectors.linked import current_claim
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor
from portal.kernel.quarter import Quarter
from portal.records import audit


def open_claim(agency: Agency, quarter: Quarter, actor: Actor | None) -> Claim:
    """The agency's last claim of the quarter, opened with a first draft if there is none yet.

    The caller holds the agency's lock.
    """
    claim = current_claim(agency, quarter)
    if claim is not None:
        return claim
    # Claim and first version point at each other; the foreign keys are checked at commit.
    first = _next_version_key()
    claim = Claim.objects.create(
        agency=agency, quarter=quarter, number=f"{agency.number}-{quarter}", version_id=first
    )
    ClaimVersion.objects.create(pk=first, claim=claim)
    audit.record(
        "claim.open",
        subject=f"claim/{claim.number}",
        thread=claim.thread,
        actor=actor,
        agency_id=agency.pk,
    )
    return claim


def open_linked(
    claim: Claim, kind: Kind, actor: Actor | None, *, because: str = ""
) -> ClaimVersion:
    """The first draft of a claim that corrects `claim`; it is the last of its quarter.

    `actor` is None when the portal opens it, `because` an earlier quarter changed. The caller holds the
    agency's lock.
    """
    last = current_claim(claim.agency_id, claim.quarter)
    assert last is not None
    first, sequence = _next_version_key(), last.sequence + 1
    linked = Claim.objects.create(
        agency=claim.agency,
        quarter=claim.quarter,
        number=f"{claim.agency.number}-{claim.quarter}-{sequence}",
        kind=kind,
        sequence=sequence,
        follows=last,
        version_id=first,
    )
    version = ClaimVersion.objects.create(pk=first, claim=linked)
    audit.record(
        "claim.open_linked",
        subject=linked.subject,
        thread=linked.thread,
        actor=actor,
        agency_id=linked.agency_id,
        note=because,
        kind=kind.value.capitalize(),
        claim=linked.number,
        corrects=claim.number,
    )
    return version


def open_version(claim: Claim, actor: Actor) -> ClaimVersion:
    """The next version of a claim, a draft. Whose work is in the last one also prepared this one."""
    before = claim.version
    version = ClaimVersion.objects.create(claim=claim, number=before.number + 1)
    # A trigger carries the preparers over.
    add_preparer(version, actor.user)
    claim.version = version
    claim.save(update_fields=["version"])
    return version


def add_preparer(version: ClaimVersion, user: User) -> None:
    """Note that the person's work is in this version, so that they cannot certify it."""
    Participant.objects.get_or_create(version=version, user=user, defaults={"part": Part.PREPARER})


def add_preparers_where_counted(batch: PayrollBatch, people: Iterable[User]) -> None:
    """Note that people took a file's lines away, in every open claim that has days of them.

    What is missing from a claim is somebody's work too, and lines at its edge may be another quarter's.
    """
    people = list(people)
    claims = Claim.objects.filter(agency=batch.agency_id, version__state__in=OPEN_TO_AGENCY)
    for claim in claims.select_related("version"):
        lines = PayrollLine.objects.filter(
            batch=batch, period_start__lte=claim.quarter.end, period_end__gte=claim.quarter.start
        )
        if lines.exists():
            for person in people:
                add_preparer(claim.version, person)


def _next_version_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('claims_claimversion', 'id'))")
        (key,) = cursor.fetchone()
    return int(key)

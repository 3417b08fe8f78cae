"""Reading how far an agency is with each quarter it can claim."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from agreements.models import ActivePeriod, Officer
from awards.models import PerformanceMeasure
from awards.selectors import confirmed_measures
from claims.models import ClaimVersion, PayrollBatch
from claims.rules.facts import rules_on
from claims.rules.lifecycle import OPEN_TO_AGENCY
from claims.selectors.claims import current_versions
from claims.selectors.deadlines import Deadline, deadlines_of
from claims.selectors.linked import DROPPED
from claims.selectors.payroll import batches_for
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.kernel import clock
from portal.kernel.quarter import Quarter


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an agency is with a quarter. `counts` is None until they are confirmed.

    `version` is the current one of the quarter's last claim, `latest_file` the payroll file sent last.
    """

    quarter: Quarter
    is_over: bool
    has_agreement: bool
    officers: int
    files: int
    counts: PerformanceMeasure | None
    version: ClaimVersion | None
    deadline: Deadline
    latest_file: PayrollBatch | None

    @property
    def is_open(self) -> bool:
        """Whether the agency still has to do something for the quarter."""
        return self.version is None or self.version.state in OPEN_TO_AGENCY

    @property
    def has_begun(self) -> bool:
        """Whether the agency has done anything for the quarter yet."""
        return self.version is not None or self.latest_file is not None


def standings(actor: Actor, agency: Agency) -> list[Standing]:
    """Every quarter the agency can claim, the newest first."""
    today = clock.today(agency.time_zone)
    agreements = list(
        ActivePeriod.objects.filter(agency=agency, model__in=rules_on(today).reimbursable_models)
    )
    officers = Officer.objects.filter(agency=agency).count()
    accepted = actor.scope(PayrollBatch.objects.all()).filter(
        agency=agency, state=PayrollBatch.State.ACCEPTED, dry_run=False
    )
    files = Counter(accepted.values_list("quarter", flat=True))
    sent = batches_for(actor).filter(agency=agency, dry_run=False).order_by("quarter", "-number")
    latest = {file.quarter: file for file in sent.distinct("quarter")}
    measures = confirmed_measures().filter(agency=agency).order_by("id")
    counts = {measure.quarter: measure for measure in measures}
    versions = {version.claim.quarter: version for version in last_versions(actor, agency)}
    quarters = claimable_quarters(today)[::-1]
    deadlines = deadlines_of(agency, quarters)
    return [
        Standing(
            quarter=quarter,
            is_over=today > quarter.end,
            has_agreement=any(
                quarter.overlaps(item.active_from, item.active_to or date.max)
                for item in agreements
            ),
            officers=officers,
            files=files[quarter],
            counts=counts.get(quarter),
            version=versions.get(quarter),
            deadline=deadlines[quarter],
            latest_file=latest.get(quarter),
        )
        for quarter in quarters
    ]


def last_versions(actor: Actor, agency: Agency) -> QuerySet[ClaimVersion]:
    """The current versions of an agency's claims in order, without corrections that were given up.

    The last one of a quarter is where the quarter stands.
    """
    rows = current_versions(actor).filter(claim__agency=agency).exclude(DROPPED)
    return rows.order_by("claim__quarter", "claim__sequence")


def claimable_quarters(today: date) -> list[Quarter]:
    """The quarters a claim can be opened for, from the program's first to today's."""
    quarter, quarters = Quarter.of(rules_on(today).program_start_on), []
    while quarter.start <= today:
        quarters.append(quarter)
        quarter = quarter.next
    return quarters

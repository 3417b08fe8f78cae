"""Reading claims and payroll, always through the eyes of an actor: what they may not see does not exist."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from agreements.models import ActivePeriod, Officer, RosterUpload
from agreements.selectors import agencies_for, hand_editors
from awards.models import PerformanceMeasure
from awards.selectors import confirmed_measures, measures_to_confirm
from claims.models import (
    Calculation,
    Claim,
    ClaimVersion,
    Decision,
    OfficerResult,
    Packet,
    Participant,
    PayrollBatch,
    PayrollFinding,
    PayrollLine,
)
from claims.rules.explain import Explanation, Section, explain_award, explain_officer
from claims.rules.facts import rules_on
from claims.rules.lifecycle import OPEN_TO_AGENCY, Action, State
from claims.rules.record import read_input, read_result
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor, found
from portal.accounts.roles import Side
from portal.intake.models import Justification
from portal.intake.people import people_behind
from portal.kernel import clock
from portal.kernel.findings import Severity
from portal.kernel.parameters import Citation
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent

NOT_YET_FEDERAL = (State.DRAFT, State.READY)
"""A claim is the agency's own affair until it has been submitted once."""
FEDERAL_FILES = (
    PayrollBatch.State.ACCEPTED,
    PayrollBatch.State.SUPERSEDED,
    PayrollBatch.State.WITHDRAWN,
)
"""Payroll files the federal side reads: those that count, and those that did."""


def claims_for(actor: Actor) -> QuerySet[Claim]:
    """The claims the actor may see; the federal side sees those that were submitted at least once."""
    rows = actor.scope(
        Claim.objects.select_related("agency", "version__calculation", "version__certification")
    )
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(version__number=1, version__state__in=NOT_YET_FEDERAL)
    return rows


def claim_for(actor: Actor, number: str) -> Claim:
    """The claim with this number; NotFound for strangers."""
    return found(claims_for(actor), "claim", number=number)


def version_for(actor: Actor, number: str, version: int | None = None) -> ClaimVersion:
    """One version of a claim, by default the current one as the actor may see it.

    While the agency works on a correction the federal side still reads the version it returned.
    """
    claim = claim_for(actor, number)
    rows = ClaimVersion.objects.filter(claim=claim).select_related(
        "claim__agency", "calculation", "certification"
    )
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(state__in=NOT_YET_FEDERAL)
    if version is not None:
        return found(rows, "version of this claim", number=version)
    return found(rows.order_by("-number"), "claim")


def batches_for(actor: Actor) -> QuerySet[PayrollBatch]:
    """The payroll batches the actor may see, what is bulky left for later.

    The federal side sees accepted ones and their successors.
    """
    rows = actor.scope(
        PayrollBatch.objects.select_related(
            "agency", "document", "mapping", "uploaded_by", "job", "key"
        )
    ).defer(*PayrollBatch.BULKY)
    if actor.side == Side.FEDERAL:
        rows = rows.filter(dry_run=False, state__in=FEDERAL_FILES)
    return rows


def batch_for(actor: Actor, pk: object) -> PayrollBatch:
    """One payroll batch; NotFound for strangers."""
    return found(batches_for(actor), "payroll file", pk=pk)


def results_of(version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers of a version's calculation, without the bulky detail."""
    return OfficerResult.objects.filter(calculation=version.calculation).defer("detail")


def result_for(actor: Actor, number: str, version: int, position: int) -> OfficerResult:
    """One officer of one version's calculation."""
    stored = version_for(actor, number, version)
    return found(
        OfficerResult.objects.select_related("calculation"),
        "officer in this claim",
        calculation_id=stored.calculation_id,
        position=position,
    )


def packet_for(actor: Actor, number: str, version: int, edition: str) -> Packet:
    """One edition of a version's packet."""
    stored = version_for(actor, number, version)
    return found(
        Packet.objects.select_related("document", "job"), "packet", version=stored, edition=edition
    )


def signed_claim_with(batch: PayrollBatch) -> Claim | None:
    """A claim of another quarter that is out of its agency's hands and counts lines of this batch."""
    claims = Claim.objects.filter(agency=batch.agency).exclude(quarter=batch.quarter)
    for claim in claims.exclude(version__state__in=OPEN_TO_AGENCY).select_related("version"):
        counted = OfficerResult.objects.filter(
            calculation=claim.version.calculation, detail__contains=f'["{batch.reference}",'
        )
        if counted.exists():
            return claim
    return None


def contributors(version: ClaimVersion) -> QuerySet[User]:
    """Whose work is in a version: who sent, corrected, matched or answered for payroll of its quarter;
    and for rosters, or changed them by hand, since it opened."""
    claim = version.claim
    in_quarter = PayrollLine.objects.filter(
        batch_id=OuterRef("pk"),
        period_start__lte=claim.quarter.end,
        period_end__gte=claim.quarter.start,
    )
    payroll = PayrollBatch.objects.filter(
        Exists(in_quarter), agency=claim.agency, state=PayrollBatch.State.ACCEPTED
    )
    rosters = RosterUpload.objects.filter(agency=claim.agency, confirmed_at__gte=version.opened_at)
    files = [
        file
        for kind in (payroll, rosters)
        for file in kind.select_related(
            "uploaded_by", "mapping__created_by", "corrects__uploaded_by"
        )
    ]
    behind = {person.pk for file in files for person in people_behind(file)}
    warnings = PayrollFinding.objects.filter(batch__in=payroll, severity=Severity.WARNING)
    # An answer speaks for every file with the same warning, whichever it was first given for.
    answers = Justification.objects.filter(
        agency=claim.agency, fingerprint__in=warnings.values("fingerprint")
    )
    return User.objects.filter(
        Q(pk__in=behind)
        | Q(pk__in=answers.values("user"))
        | Q(pk__in=rosters.values("confirmed_by"))
        | Q(pk__in=hand_editors(claim.agency, version.opened_at))
    )


def timeline(claim: Claim) -> QuerySet[AuditEvent]:
    """Everything that happened to a claim and its uploads, in order."""
    return AuditEvent.objects.filter(thread=claim.thread).select_related("actor").order_by("id")


def current_versions(actor: Actor) -> QuerySet[ClaimVersion]:
    """One version per claim: the current one, as the actor may see it (see `version_for`)."""
    rows = actor.scope(
        ClaimVersion.objects.select_related("claim__agency", "calculation").defer(
            "calculation__content"
        ),
        "claim__agency",
    )
    current = Q(claim__version=F("pk"))
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(state__in=NOT_YET_FEDERAL)
        current |= Q(
            claim__version__state__in=NOT_YET_FEDERAL, number=F("claim__version__number") - 1
        )
    return rows.filter(current)


def versions_of(actor: Actor, claim: Claim) -> QuerySet[ClaimVersion]:
    """The versions of a claim that the actor may see, the newest first."""
    rows = ClaimVersion.objects.filter(claim=claim).select_related("calculation")
    if actor.side == Side.FEDERAL:
        rows = rows.exclude(state__in=NOT_YET_FEDERAL)
    return rows.defer("calculation__content").order_by("-number")


def story_of(actor: Actor, version: ClaimVersion) -> QuerySet[AuditEvent]:
    """The history of a version's claim, the newest first.

    The federal side reads nothing of a correction before it is submitted.
    """
    events = timeline(version.claim).reverse()
    if actor.side == Side.FEDERAL and version.claim.version.state in NOT_YET_FEDERAL:
        events = events.filter(at__lte=version.changed_at)
    return events


def last_word_on(version: ClaimVersion) -> Decision | None:
    """What the federal side wrote last: to a version it returned or denied, and to the correction of it."""
    told = version
    if version.state in NOT_YET_FEDERAL and version.number > 1:
        told = ClaimVersion.objects.get(claim=version.claim_id, number=version.number - 1)
    if told.state not in (State.RETURNED, State.DENIED):
        return None
    return told.decisions.exclude(note="").select_related("user").order_by("-id").first()


def did_last(actor: Actor, version: ClaimVersion, action: Action) -> bool:
    """Whether this very person did this action to the version, and nothing followed it."""
    last = (
        AuditEvent.objects.filter(subject=version.claim.thread, action__startswith="claim.")
        .exclude(actor=None)
        .order_by("-id")
        .first()
    )
    return (
        last is not None
        and last.action == f"claim.{action.code}"
        and last.actor_id == actor.user.pk
    )


def waiting_of(version: ClaimVersion) -> QuerySet[OfficerResult]:
    """The officers of a version with payroll lines that wait to be paid."""
    # The record's keys are sorted, so that the list of waiting lines stands at its end.
    return results_of(version).defer(None).exclude(detail__endswith='"waiting":[]}')


def explanation_of(result: OfficerResult, calculation: Calculation) -> Explanation:
    """How one officer's stored amounts came about."""
    content, detail = json.loads(calculation.content), json.loads(result.detail)
    claim, outcome = read_input(content, [detail]), read_result(content, [detail])
    return explain_officer(claim, claim.officers[0], outcome.officers[0])


def award_explanation_of(calculation: Calculation) -> Section:
    """How the stored award came about."""
    content = json.loads(calculation.content)
    return explain_award(read_input(content, []), read_result(content, []))


def award_rules_of(calculation: Calculation) -> tuple[Citation, ...]:
    """The rules the stored award went by."""
    return read_input(json.loads(calculation.content), []).award_rules.citations


def findings_of(batch: PayrollBatch) -> QuerySet[PayrollFinding]:
    """What the checks found in a payroll file, errors first."""
    return PayrollFinding.objects.filter(batch=batch)


def events_of(batch: PayrollBatch) -> QuerySet[AuditEvent]:
    """What happened to a payroll file, and who read it as it came in, the newest first."""
    subjects = [f"payroll/{batch.pk}", f"document/{batch.document_id}"]
    return AuditEvent.objects.filter(subject__in=subjects).order_by("-id")


def claimable_quarters(today: date) -> list[Quarter]:
    """The quarters a claim can be opened for, from the program's first to today's."""
    quarter, quarters = Quarter.of(rules_on(today).program_start_on), []
    while quarter.start <= today:
        quarters.append(quarter)
        quarter = quarter.next
    return quarters


def accepted_files(actor: Actor, quarter: Quarter) -> QuerySet[PayrollBatch]:
    """The payroll files of a quarter that count for the actor's agency."""
    return (
        batches_for(actor)
        .filter(quarter=quarter, state=PayrollBatch.State.ACCEPTED, dry_run=False)
        .order_by("number")
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an agency is with a quarter. `counts` is None until they are confirmed."""

    quarter: Quarter
    is_over: bool
    has_agreement: bool
    officers: int
    files: int
    counts: PerformanceMeasure | None
    version: ClaimVersion | None

    @property
    def is_open(self) -> bool:
        """Whether the agency still has to do something for the quarter."""
        return self.version is None or self.version.state in OPEN_TO_AGENCY


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
    measures = confirmed_measures().filter(agency=agency).order_by("id")
    counts = {measure.quarter: measure for measure in measures}
    versions = {
        version.claim.quarter: version
        for version in current_versions(actor).filter(claim__agency=agency)
    }
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
        )
        for quarter in reversed(claimable_quarters(today))
    ]


def to_sign(actor: Actor) -> QuerySet[ClaimVersion]:
    """The claims of the actor's agency that they can certify: ready, and prepared by others."""
    own = Participant.objects.filter(version=OuterRef("pk"), user=actor.user)
    return current_versions(actor).filter(~Exists(own), state=State.READY).order_by("changed_at")


def in_queue(actor: Actor, *states: State) -> QuerySet[ClaimVersion]:
    """Claims that stand in one of the states, the longest waiting first."""
    return current_versions(actor).filter(state__in=states).order_by("changed_at", "pk")


def agencies_taking_part(actor: Actor, quarter: Quarter) -> QuerySet[Agency]:
    """The agencies with an agreement in a quarter that pays for its officers."""
    models = rules_on(quarter.start).reimbursable_models
    active = ActivePeriod.objects.filter(
        Q(active_to=None) | Q(active_to__gte=quarter.start),
        agency=OuterRef("pk"),
        model__in=models,
        active_from__lte=quarter.end,
    )
    return agencies_for(actor).filter(Exists(active)).order_by("name")


def without_agreement(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies that have no agreement of any model active today."""
    today = clock.today()
    active = ActivePeriod.objects.filter(
        Q(active_to=None) | Q(active_to__gte=today), agency=OuterRef("pk"), active_from__lte=today
    )
    return agencies.filter(~Exists(active))


def without_roster(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies that have no officer yet."""
    return agencies.filter(~Exists(Officer.objects.filter(agency=OuterRef("pk"))))


def without_counts(agencies: QuerySet[Agency], quarter: Quarter) -> QuerySet[Agency]:
    """Those of the agencies for which nobody has reported counts of a quarter, confirmed or not."""
    reported = PerformanceMeasure.objects.filter(agency=OuterRef("pk"), quarter=quarter)
    return agencies.filter(~Exists(reported))


def with_counts_to_confirm(actor: Actor, agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Those of the agencies with counts that somebody else reported and the actor may confirm."""
    theirs = measures_to_confirm(actor).exclude(reported_by=actor.user)
    return agencies.filter(pk__in=theirs.values("agency"))

"""Counts count when a second federal person has confirmed them, and the database sees to it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from awards.models import CountsConfirmation
from awards.selectors import agencies_with_counts, confirmed_measures
from awards.services import confirm_counts, reject_counts, report_counts
from claims.models import Claim
from portal.accounts.models import Agency, Membership
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.factories import QUARTER, make_agency, make_draft, make_person, propose, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

CONFIRMED = CountsConfirmation.Verdict.CONFIRMED


def test_reported_counts_reach_the_award_when_they_are_confirmed():
    _, claim = make_draft()
    measure = propose(claim.agency, 10, 9)
    assert not Job.objects.filter(state="queued").exists()
    run_due()
    before = claim.version.calculation
    assert not confirmed_measures().exists()
    confirm_counts(actor=make_person(Role.PROGRAM_MANAGER), measure=measure)
    run_due()
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.version.calculation.sha256 != before.sha256
    assert claim.version.calculation.award_amount > before.award_amount == 0


def test_until_a_correction_is_confirmed_the_earlier_counts_stay():
    _, claim = make_draft()
    report(claim.agency, 10, 9)
    agency = claim.agency
    before = Claim.objects.get(pk=claim.pk).version.calculation
    measure = propose(agency, 10, 0)
    run_due()
    assert Claim.objects.get(pk=claim.pk).version.calculation == before
    reject_counts(actor=make_person(Role.PROGRAM_MANAGER), measure=measure, note="Not so.")
    run_due()
    assert Claim.objects.get(pk=claim.pk).version.calculation == before
    assert [m.located for m in confirmed_measures()] == [9]


def test_nobody_confirms_or_rejects_their_own():
    manager, agency = make_person(Role.PROGRAM_MANAGER), make_agency()
    measure = report_counts(actor=manager, agency=agency, quarter=QUARTER, referred=3, located=2)
    for decide in (
        lambda: confirm_counts(actor=manager, measure=measure),
        lambda: reject_counts(actor=manager, measure=measure, note="Mine."),
    ):
        with pytest.raises(NotAllowed) as refusal:
            decide()
        assert refusal.value.code == "own_counts"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PAYMENT_APPROVER, Role.AUDITOR])
def test_only_a_program_manager_confirms(role):
    measure = propose(make_agency(), 3, 2)
    with pytest.raises(NotAllowed):
        confirm_counts(actor=make_person(role), measure=measure)


def test_an_agency_never_confirms():
    agency, other = make_agency(), make_agency("Other County")
    measure = propose(agency, 3, 2)
    with pytest.raises(NotAllowed):
        confirm_counts(actor=make_person(Role.ADMINISTRATOR, agency), measure=measure)
    with pytest.raises(NotFound):
        confirm_counts(actor=make_person(Role.ADMINISTRATOR, other), measure=measure)


def test_a_decision_is_made_once_and_not_about_what_was_replaced():
    agency, second = make_agency(), make_person(Role.PROGRAM_MANAGER)
    first = propose(agency, 3, 2)
    later = propose(agency, 3, 3)
    for measure in (first, later, later):
        if measure is later and not confirmed_measures().exists():
            confirm_counts(actor=second, measure=later)
            continue
        with pytest.raises(Refused) as refusal:
            confirm_counts(actor=second, measure=measure)
        assert refusal.value.code == "counts_not_waiting"


def test_a_rejection_says_why():
    measure = propose(make_agency(), 3, 2)
    with pytest.raises(BadInput):
        reject_counts(actor=make_person(Role.PROGRAM_MANAGER), measure=measure, note="  ")


def test_nothing_is_reported_for_a_record_that_was_merged():
    agency, kept = make_agency("Old County"), make_agency("New County")
    Agency.objects.filter(pk=agency.pk).update(merged_into=kept)
    with pytest.raises(Refused) as refusal:
        propose(agency, 3, 2)
    assert refusal.value.code == "agency_merged"
    listed = agencies_with_counts(make_person(Role.PROGRAM_MANAGER), QUARTER)
    assert [one.name for one in listed] == ["New County"]


def test_both_persons_are_on_record():
    agency = make_agency()
    report(agency, 3, 2)
    events = AuditEvent.objects.filter(thread=f"claim/{agency.number}-{QUARTER}").order_by("id")
    assert [event.action for event in events] == ["counts.report", "counts.confirm"]
    assert events[0].actor_id != events[1].actor_id


def refused_by_the_database(**row: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        CountsConfirmation.objects.create(**row)
    return str(error.value)


def test_the_database_refuses_the_reporter():
    measure = propose(make_agency(), 3, 2)
    said = refused_by_the_database(measure=measure, verdict=CONFIRMED, user=measure.reported_by)
    assert "nobody confirms the counts they reported" in said


def test_the_database_refuses_other_roles_and_former_managers():
    measure = propose(make_agency(), 3, 2)
    former = make_person(Role.PROGRAM_MANAGER).user
    Membership.objects.filter(user=former).update(ended_at=clock.now())
    for user in (make_person(Role.REVIEWER).user, former):
        said = refused_by_the_database(measure=measure, verdict=CONFIRMED, user=user)
        assert "only a federal program_manager" in said


def test_the_database_refuses_what_was_replaced_and_a_rejection_without_a_note():
    agency, second = make_agency(), make_person(Role.PROGRAM_MANAGER).user
    first, later = propose(agency, 3, 2), propose(agency, 3, 3)
    said = refused_by_the_database(measure=first, verdict=CONFIRMED, user=second)
    assert "a later report has replaced" in said
    said = refused_by_the_database(measure=later, verdict="rejected", user=second)
    assert "countsconfirmation_rejected_with_note" in said


def test_a_confirmation_is_never_changed(owner_cursor):
    report(make_agency(), 3, 2)
    for statement in (
        "UPDATE awards_countsconfirmation SET verdict = 'rejected', note = 'x'",
        "DELETE FROM awards_countsconfirmation",
        "TRUNCATE awards_countsconfirmation",
    ):
        with pytest.raises(Exception, match="evidence"):
            owner_cursor.execute(statement)

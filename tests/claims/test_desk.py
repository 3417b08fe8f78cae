"""The federal desk: how long a claim has waited, which one is next, and what is marked on it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from claims.models import Adjustment, Answer, Claim, Decision, Hold, Question
from claims.selectors.desk import marks_of, next_claim, queue
from claims.selectors.holds import held
from claims.services.assigning import give_back, take
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.factories import PAYROLL, act, load_payroll, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db

SIGNED_AT = datetime(2026, 1, 5, 15, tzinfo=UTC)
FURTHER_PERIOD = "\n0042,2025-10-26,2025-11-08,2025-11-13,72280.00,2780.00,0,392.31\n"


def submitted(name: str = "Ash Police", *, days: int = 0) -> Claim:
    """A claim that was signed some days after 5 January."""
    with clock.clock_at(SIGNED_AT + timedelta(days)):
        preparer, claim = make_draft(make_agency(name))
        act(preparer, claim, "ready")
        act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    claim.refresh_from_db()
    return claim


def on_day(days: int):
    """A block that runs so many days (and an hour) after 5 January."""
    return clock.clock_at(SIGNED_AT + timedelta(days, hours=1))


def age(actor, claim) -> int:
    return queue(actor).get(claim=claim).age


@pytest.fixture
def reviewer():
    return make_person(Role.REVIEWER)


@pytest.fixture
def approver():
    return make_person(Role.PAYMENT_APPROVER)


# Age


def test_the_age_counts_the_days_since_it_was_signed(reviewer):
    claim = submitted()
    with on_day(0):
        assert age(reviewer, claim) == 0
    with on_day(12):
        assert age(reviewer, claim) == 12


def test_the_clock_stops_while_the_agency_corrects_the_claim(reviewer):
    claim = submitted()
    preparer = make_person(Role.PREPARER, claim.agency)
    with on_day(4):
        act(reviewer, claim, "start_review")
        act(reviewer, claim, "return")
        assert age(reviewer, claim) == 0, "it is not on the desk"
    with on_day(10):
        act(preparer, claim, "correct")
        load_payroll(preparer, PAYROLL.partition("\n")[0] + FURTHER_PERIOD)
        act(preparer, claim, "ready")
        act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    with on_day(13):
        assert age(reviewer, claim) == 4 + 3


def test_the_clock_stops_while_a_claim_is_held(reviewer):
    claim = submitted()
    with on_day(2):
        hold = Hold.objects.create(
            claim=claim,
            why="funds",
            note="No funds.",
            placed_by=reviewer.user,
            until_on=(SIGNED_AT + timedelta(7)).date(),
            token=uuid.uuid4(),
        )
    with on_day(6):
        assert age(reviewer, claim) == 2
        hold.released_by, hold.released_at = reviewer.user, clock.now()
        hold.save()
    with on_day(9):
        assert age(reviewer, claim) == 2 + 3


def test_a_hold_that_has_ended_by_itself_stops_no_clock_any_more(reviewer):
    claim = submitted()
    with on_day(2):
        Hold.objects.create(
            claim=claim,
            why="funds",
            note="No funds.",
            placed_by=reviewer.user,
            until_on=(SIGNED_AT + timedelta(3)).date(),
            token=uuid.uuid4(),
        )
    with on_day(10):
        # Held from the second day's afternoon to the end of the third.
        assert age(reviewer, claim) == 8


def test_a_hold_ends_on_the_desk_when_it_ends_for_the_claim(reviewer):
    claim = submitted()
    with on_day(1):
        Hold.objects.create(
            claim=claim,
            why="funds",
            note="No funds.",
            placed_by=reviewer.user,
            until_on=(SIGNED_AT + timedelta(3)).date(),
            token=uuid.uuid4(),
        )
    # Midnight in Texas is 06:00 UTC in winter.
    for hour, is_held in ((5, True), (7, False)):
        with clock.clock_at((SIGNED_AT + timedelta(4)).replace(hour=hour)):
            assert queue(reviewer).get(claim=claim).held is is_held
            assert (held(claim) is not None) is is_held
            assert (
                bool(marks_of(reviewer, [claim.version])[claim.version_id].held_until_on) is is_held
            )
            assert age(reviewer, claim) == 1


# The next claim


def test_the_next_claim_goes_round_by_the_day_of_signature(reviewer):
    young, old, middle = (submitted(name, days=day) for name, day in (("A", 9), ("B", 1), ("C", 4)))
    assert next_claim(reviewer).claim == old
    assert next_claim(reviewer, old.number).claim == middle
    assert next_claim(reviewer, middle.number).claim == young
    assert next_claim(reviewer, young.number).claim == old
    assert next_claim(reviewer, "no such claim").claim == old


def test_the_only_claim_is_not_its_own_next(reviewer):
    claim = submitted()
    assert next_claim(reviewer, claim.number) is None


def test_what_a_colleague_has_is_passed_over(reviewer):
    claim = submitted()
    colleague = make_person(Role.REVIEWER)
    take(actor=colleague, claim=claim)
    assert next_claim(reviewer) is None
    assert next_claim(colleague).claim == claim
    give_back(actor=colleague, claim=claim)
    assert next_claim(reviewer).claim == claim


def test_what_is_held_is_passed_over(reviewer):
    claim = submitted()
    with on_day(1):
        Hold.objects.create(
            claim=claim,
            why="funds",
            note="No funds.",
            placed_by=reviewer.user,
            until_on=clock.today(),
            token=uuid.uuid4(),
        )
        assert next_claim(reviewer) is None
    with on_day(2):
        assert next_claim(reviewer).claim == claim


def test_an_approver_gets_what_others_recommended_and_reviewers_do_not(reviewer, approver):
    claim = submitted()
    assert next_claim(approver) is None
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    assert next_claim(reviewer) is None
    assert next_claim(approver).claim == claim
    assert next_claim(make_person(Role.AUDITOR)) is None


def test_an_approver_who_gave_the_first_approval_is_not_asked_again(reviewer, approver):
    claim = submitted()
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    claim.refresh_from_db()
    version = claim.version
    Decision.objects.create(
        version=version,
        user=approver.user,
        action="endorse",
        sha256=version.calculation.sha256,
        allowed=version.calculation.total,
        approvers=2,
    )
    assert next_claim(approver) is None
    assert next_claim(make_person(Role.PAYMENT_APPROVER)).claim == claim
    assert marks_of(approver, [version])[version.pk].is_endorsed


# Marks


def test_marks_tell_questions_and_adjustments(reviewer):
    claim = submitted()
    act(reviewer, claim, "start_review")
    claim.refresh_from_db()
    version = claim.version
    for answered in (False, True):
        question = Question.objects.create(
            version=version, text="Why?", asked_by=reviewer.user, due_on=clock.today()
        )
        if answered:
            preparer = make_person(Role.PREPARER, claim.agency)
            Answer.objects.create(
                question=question, text="So.", author=preparer.user, side="agency"
            )
    Adjustment.objects.create(
        version=version,
        officer_id="0042",
        category="regular",
        amount=-100_00,
        reason="unsupported",
        rule="2 CFR 200.403(g)",
        note="No timesheet.",
        author=reviewer.user,
    )
    marks = marks_of(reviewer, [version])[version.pk]
    assert (marks.questions, marks.answered) == (2, 1)
    assert (marks.adjustments, marks.taken) == (1, -100_00)
    assert marks.is_mine
    assert marks.reviewer == reviewer.name
    assert not marks_of(make_person(Role.AUDITOR), [version])[version.pk].is_mine


def test_marks_of_many_take_no_more_queries_than_of_one(reviewer, django_assert_max_num_queries):
    for name in ("Ash Police", "Birch", "Cedar"):
        submitted(name)
    versions = list(queue(reviewer))
    with django_assert_max_num_queries(8):
        marks_of(reviewer, versions)

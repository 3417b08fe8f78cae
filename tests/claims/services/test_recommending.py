"""Many clean claims recommended at once, each by the same guards as one."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from claims.models import Claim, Decision, Hold, Question
from claims.rules.lifecycle import State
from claims.selectors.clean import doubts_of
from claims.services.assigning import take
from claims.services.recommending import MOST, Shown, recommend_clean
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed
from portal.kernel.quarter import Quarter
from tests.factories import (
    PAYROLL,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def january():
    with clock.clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


def submit(preparer, claim) -> Claim:
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    claim.refresh_from_db()
    return claim


def submitted(name: str) -> Claim:
    """A clean submitted claim."""
    return submit(*make_draft(make_agency(name)))


def shown(claim: Claim) -> Shown:
    claim.refresh_from_db()
    return Shown(claim.number, claim.version.calculation.sha256)


def doubts(actor, claim) -> str:
    claim.refresh_from_db()
    return "; ".join(doubts_of(actor, [claim.version])[claim.version_id])


@pytest.fixture
def reviewer():
    return make_person(Role.REVIEWER, name="Ann Reviewer")


def test_clean_claims_are_reviewed_and_recommended_and_the_others_say_why_not(reviewer):
    clean, asked, stale = (submitted(name) for name in ("Ash Police", "Birch", "Cedar"))
    Question.objects.create(
        version=asked.version, text="Why?", asked_by=reviewer.user, due_on=date(2026, 2, 1)
    )
    outcomes = recommend_clean(
        actor=reviewer,
        claims=[
            shown(clean),
            shown(asked),
            Shown(stale.number, "0" * 64),
            Shown("A00000-FY2026Q1", ""),
        ],
    )
    assert [one.refusal and one.refusal.code for one in outcomes] == [
        None,
        "not_clean",
        "amounts_changed",
        "not_found",
    ]
    stale.refresh_from_db()
    assert stale.version.state == State.SUBMITTED, "no review was begun that nobody goes on with"
    clean.refresh_from_db()
    assert clean.version.state == State.RECOMMENDED
    assert set(Decision.objects.filter(version=clean.version).values_list("action", flat=True)) == {
        "start_review",
        "recommend",
    }
    assert "1 question is open" in outcomes[1].refusal.message
    asked.refresh_from_db()
    assert asked.version.state == State.SUBMITTED


def test_sent_twice_it_is_done_once(reviewer):
    claim = submitted("Ash Police")
    chosen = [shown(claim)]
    assert recommend_clean(actor=reviewer, claims=chosen)[0].refusal is None
    assert recommend_clean(actor=reviewer, claims=chosen)[0].refusal is None
    assert Decision.objects.filter(action="recommend").count() == 1


def test_none_or_too_many_are_refused_as_a_whole(reviewer):
    with pytest.raises(BadInput, match="No claim is chosen"):
        recommend_clean(actor=reviewer, claims=[])
    with pytest.raises(BadInput, match="101 claims"):
        recommend_clean(actor=reviewer, claims=[Shown("A", "")] * (MOST + 1))
    with pytest.raises(NotAllowed):
        recommend_clean(actor=make_person(Role.PAYMENT_APPROVER), claims=[Shown("A", "")])


def test_a_claim_is_not_clean_on_hold_or_with_a_colleague(reviewer):
    claim = submitted("Ash Police")
    assert doubts(reviewer, claim) == ""
    colleague = make_person(Role.REVIEWER, name="Bob Reviewer")
    take(actor=colleague, claim=claim)
    Hold.objects.create(
        claim=claim,
        why="funds",
        note="No funds.",
        placed_by=colleague.user,
        until_on=clock.today() + timedelta(5),
        token=uuid.uuid4(),
    )
    assert doubts(reviewer, claim) == "it is on hold; Bob Reviewer reviews it"
    assert doubts(colleague, claim) == "it is on hold"


def test_a_warning_without_an_answer_is_a_doubt(reviewer):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    load_payroll(preparer, PAYROLL.replace("72280.00,2780.00", "0,2780.00", 1))
    claim = Claim.objects.get(agency=preparer.agency)
    assert "1 warning has no answer" in doubts(reviewer, claim)


def test_a_correction_is_looked_at_by_itself(reviewer):
    preparer, claim = make_draft()
    submit(preparer, claim)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return")
    act(preparer, claim, "correct")
    assert "it is a correction" in doubts(reviewer, claim)


def second_quarter(preparer, factor: int) -> Claim:
    """The same agency's claim of the next quarter: pay periods 13 weeks later, `factor` times."""
    rows = PAYROLL.splitlines()
    later = [rows[0]]
    for row in rows[1:]:
        cells = row.split(",")
        days = [str(date.fromisoformat(day) + timedelta(91)) for day in cells[1:4]]
        later.append(",".join([cells[0], *days, *cells[4:]]))
    quarter = Quarter(2026, 2)
    for _ in range(factor):
        load_payroll(preparer, "\n".join(later) + "\n", quarter=quarter)
        later = later[:1] + [
            ",".join(
                [
                    row.split(",")[0],
                    *(str(date.fromisoformat(day) + timedelta(14)) for day in row.split(",")[1:4]),
                    *row.split(",")[4:],
                ]
            )
            for row in later[1:]
        ]
    return Claim.objects.get(agency=preparer.agency, quarter=quarter)


@pytest.mark.parametrize(("factor", "alike"), [(1, True), (3, False)])
def test_a_claim_far_from_the_quarter_before_is_looked_at(reviewer, factor, alike):
    preparer, claim = make_draft()
    submit(preparer, claim)
    with clock.clock_at(datetime(2026, 4, 20, 15, tzinfo=UTC)):
        later = submit(preparer, second_quarter(preparer, factor))
        told = doubts(reviewer, later)
    assert ("more than 30% from FY2026Q1" in told) is not alike, told

"""Whoever had a hand in a claim cannot certify it, whatever kind of hand it was."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from agreements.models import RosterUpload
from agreements.services.rosters import (
    confirm_roster,
    correct_roster,
    match_roster_columns,
    receive_roster,
)
from claims.models import Claim, PayrollBatch
from claims.selectors.contributors import contributors
from claims.services.nil import declare_nil, take_back_nil
from claims.services.payroll import (
    answer_payroll_warnings,
    correct_payroll,
    match_payroll_columns,
    receive_payroll,
    withdraw_payroll,
)
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.intake.justifying import justify
from portal.intake.uploads import Upload
from portal.kernel.errors import NotAllowed
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import Edit
from tests.factories import (
    PAYROLL,
    QUARTER,
    ROSTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_person,
    settle,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER, FIRST, *OTHERS = PAYROLL.splitlines(keepends=True)
WRONG = PAYROLL.replace("2780.00,589.37", "27x80,589.37", 1)
ADVANCE = PAYROLL.replace("2025-10-30", "2025-10-10")
OWN = PAYROLL.replace(HEADER, "Empl No,From,To,Check Dt,Yearly,Base,OT,Medical\n")
OWN_ROSTER = ROSTER.replace("officer_id,last_name", "Empl No,Surname")
PAYROLL_COLUMNS = Mapping(
    (
        ("Empl No", "officer_id"),
        ("From", "period_start"),
        ("To", "period_end"),
        ("Check Dt", "paid_on"),
        ("Yearly", "annual_salary"),
        ("Base", "regular_pay"),
        ("OT", "overtime_pay"),
        ("Medical", "benefit:health"),
    )
)
ROSTER_COLUMNS = Mapping(
    (
        ("Empl No", "officer_id"),
        ("Surname", "last_name"),
        *((name, name) for name in ROSTER.splitlines()[0].split(",")[2:]),
    )
)
WHY = "Paid in advance because of the holiday."


def read(batch: PayrollBatch | RosterUpload):
    settle()
    batch.refresh_from_db()
    return batch


def send_roster(actor: Actor, content: str) -> RosterUpload:
    upload = Upload("roster.csv", "text/csv", [content.encode()])
    return read(receive_roster(actor=actor, agency=actor.agency, quarter=QUARTER, upload=upload))


def warnings_of(batch: PayrollBatch):
    return list(batch.findings.filter(severity="warning"))


def sends(hand: Actor, other: Actor) -> None:
    load_payroll(hand)


def fills_in_a_page(hand: Actor, other: Actor) -> None:
    row = dict(zip(HEADER.strip().split(","), FIRST.strip().split(","), strict=True))
    body = json.dumps({"quarter": str(QUARTER), "rows": [row]}).encode()
    receive_payroll(actor=hand, agency=hand.agency, quarter=QUARTER, upload=Upload.of_json(body))


def corrects(hand: Actor, other: Actor) -> None:
    edit = Edit(2, "regular_pay", "27x80", "2780.00")
    correct_payroll(actor=hand, batch=load_payroll(other, WRONG), edits=[edit])


def corrects_what_is_corrected_again(hand: Actor, other: Actor) -> None:
    edit = Edit(2, "regular_pay", "27x80", "27y80")
    still = read(correct_payroll(actor=hand, batch=load_payroll(other, WRONG), edits=[edit]))
    correct_payroll(actor=other, batch=still, edits=[Edit(2, "regular_pay", "27y80", "2780.00")])


def matches(hand: Actor, other: Actor) -> None:
    match_payroll_columns(actor=hand, batch=load_payroll(other, OWN), mapping=PAYROLL_COLUMNS)


def answers(hand: Actor, other: Actor) -> None:
    batch = load_payroll(other, ADVANCE)
    answer_payroll_warnings(actor=hand, batch=batch, findings=warnings_of(batch), text=WHY)


def answered_it_for_another_quarter(hand: Actor, other: Actor) -> None:
    batch = load_payroll(other, ADVANCE)
    justify(
        actor=hand,
        agency=other.agency,
        reference="FY2025Q4-1",
        findings=warnings_of(batch),
        text=WHY,
    )


def takes_a_file_back(hand: Actor, other: Actor) -> None:
    load_payroll(other, HEADER + FIRST)
    withdraw_payroll(
        actor=hand, batch=load_payroll(other, HEADER + "".join(OTHERS)), reason="Sent too early."
    )


def says_there_is_nothing(hand: Actor, other: Actor) -> None:
    declare_nil(actor=hand, agency=hand.agency, quarter=QUARTER, reason="No officer worked.")


def takes_that_back(hand: Actor, other: Actor) -> None:
    claim = declare_nil(actor=other, agency=hand.agency, quarter=QUARTER, reason="Nobody worked.")
    take_back_nil(actor=hand, version=claim.version)
    load_payroll(other)


def sends_a_roster(hand: Actor, other: Actor) -> None:
    load_payroll(other)
    confirm_roster(actor=other, upload=send_roster(hand, ROSTER.replace("Ben", "Benjamin")))


def confirms_a_roster(hand: Actor, other: Actor) -> None:
    load_payroll(other)
    confirm_roster(actor=hand, upload=send_roster(other, ROSTER.replace("Ben", "Benjamin")))


def corrects_a_roster_that_is_corrected_again(hand: Actor, other: Actor) -> None:
    load_payroll(other)
    wrong = send_roster(other, ROSTER.replace("2015-01-01", "2015-13-01"))
    edit = Edit(2, "hired_on", "2015-13-01", "2015-14-01")
    still = read(correct_roster(actor=hand, batch=wrong, edits=[edit]))
    edit = Edit(2, "hired_on", "2015-14-01", "2015-01-02")
    right = read(correct_roster(actor=other, batch=still, edits=[edit]))
    confirm_roster(actor=other, upload=right)


def matches_a_roster(hand: Actor, other: Actor) -> None:
    load_payroll(other)
    upload = send_roster(other, OWN_ROSTER.replace("Ben", "Benjamin"))
    upload = read(match_roster_columns(actor=hand, batch=upload, mapping=ROSTER_COLUMNS))
    confirm_roster(actor=other, upload=upload)


HANDS = (
    sends,
    fills_in_a_page,
    corrects,
    corrects_what_is_corrected_again,
    matches,
    answers,
    answered_it_for_another_quarter,
    takes_a_file_back,
    says_there_is_nothing,
    takes_that_back,
    sends_a_roster,
    confirms_a_roster,
    corrects_a_roster_that_is_corrected_again,
    matches_a_roster,
)


@pytest.fixture
def other() -> Actor:
    """A colleague who does the rest; the agency's roster was there before."""
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person


def with_both_roles(agency) -> Actor:
    person = make_person(Role.PREPARER, agency)
    grant_role(actor=None, user=person.user, role=Role.CERTIFIER, agency=agency)
    return actor_for(person.user, agency.pk)


def refused(actor: Actor, claim: Claim) -> str:
    with pytest.raises(NotAllowed) as refusal:
        act(actor, claim, "certify")
    return refusal.value.code


@pytest.mark.parametrize("does", HANDS)
def test_every_kind_of_hand_in_a_claim_makes_somebody_a_preparer(
    other: Actor, does: Callable[[Actor, Actor], None]
) -> None:
    hand, bystander = with_both_roles(other.agency), with_both_roles(other.agency)
    does(hand, other)
    settle()
    claim = Claim.objects.get()
    act(other, claim, "ready")
    assert refused(hand, claim) == "own_work"
    assert bystander.user not in contributors(claim.version)
    act(bystander, claim, "certify")


def test_an_answer_after_the_claim_was_ready_counts_too(other: Actor) -> None:
    hand = with_both_roles(other.agency)
    batch = load_payroll(other, ADVANCE)
    claim = Claim.objects.get()
    act(other, claim, "ready")
    answer_payroll_warnings(actor=hand, batch=batch, findings=warnings_of(batch), text=WHY)
    assert refused(hand, claim) == "own_work"

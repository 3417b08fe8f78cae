"""Reminders: before and after a due date, once each, only where something is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from claims.chores import remind, send_digests
from claims.models import Answer, Extension, Notice, Question
from claims.selectors.deadlines import deadline_of, due_of
from portal.accounts.roles import Role, Side
from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, Office, row
from tests.factories import QUARTER, act, make_agency, make_draft, make_person, settle

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 1, 30, 15, tzinfo=UTC)
"""The day on which a claim of the quarter is due."""


def reminded(days: int) -> list[str]:
    """The subjects of the reminders that go out so many days after the due date."""
    mail.outbox.clear()
    with clock_at(DUE + timedelta(days)):
        remind()
        settle()
    return [message.subject.partition(":")[0] for message in mail.outbox]


@pytest.fixture
def office():
    agency = make_agency()
    return make_person(Role.PREPARER, agency)


def test_a_claim_that_nobody_has_started_is_reminded_of_before_and_after(office):
    assert [reminded(days) for days in (-15, -14, -13, -3, -2, 0, 1, 2, 13, 14, 15, 30)] == [
        [],
        ["Claim due soon"],
        [],
        ["Claim due soon"],
        [],
        [],
        ["Claim overdue"],
        [],
        [],
        ["Claim overdue"],
        [],
        [],
    ]
    assert len(set(Notice.objects.values_list("key", flat=True))) == 4


def test_a_day_on_which_the_portal_stood_still_is_made_up_for(office):
    assert reminded(-12) == ["Claim due soon"]
    assert reminded(-3 + 3) == ["Claim due soon"]


def test_a_portal_that_is_new_does_not_remind_of_what_is_long_past(office):
    assert reminded(60) == []


def test_an_extension_moves_the_reminders(office):
    manager = make_person(Role.PROGRAM_MANAGER)
    Extension.objects.create(
        agency=office.agency,
        quarter=QUARTER,
        due_on=date(2026, 2, 28),
        reason="Flood.",
        granted_by=manager.user,
    )
    assert reminded(1) == []
    assert reminded(29 - 3) == ["Claim due soon"]
    assert "due on February 28, 2026" in mail.outbox[0].body


def test_only_agencies_that_take_part_are_reminded():
    make_person(Role.PREPARER, make_agency(agreement=""))
    make_person(Role.PREPARER, make_agency(agreement="WSO"))
    assert reminded(-3) == []


def test_where_nobody_prepares_the_administrators_are_reminded():
    administrator = make_person(Role.ADMINISTRATOR, make_agency())
    assert reminded(-3) == ["Claim due soon"]
    assert mail.outbox[0].to == [administrator.user.email]


def test_a_submitted_claim_is_not_reminded_of_and_a_returned_one_by_its_own_date():
    with clock_at(DUE - timedelta(10)):
        preparer, claim = make_draft()
        certifier = make_person(Role.CERTIFIER, claim.agency)
        reviewer = make_person(Role.REVIEWER)
        act(preparer, claim, "ready")
        act(certifier, claim, "certify")
        settle()
    assert reminded(1) == []
    with clock_at(DUE + timedelta(1)):
        act(reviewer, claim, "start_review")
        act(reviewer, claim, "return")
        settle()
    assert reminded(1 + 11) == ["Correction due soon"] * 2
    assert reminded(1 + 15) == ["Correction overdue"] * 2


def test_a_question_without_an_answer_is_reminded_of_once_for_its_date():
    with clock_at(DUE - timedelta(10)):
        preparer, claim = make_draft()
        act(preparer, claim, "ready")
        act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
        settle()
    asked = [
        Question.objects.create(
            version=claim.version,
            text="Which shift?",
            asked_by=make_person(Role.REVIEWER).user,
            due_on=date(2026, 2, 6),
        )
        for _ in range(2)
    ]
    assert reminded(4) == ["Answer due soon"] * 2
    for question in asked:
        Answer.objects.create(
            question=question, text="Nights.", author=preparer.user, side=Side.AGENCY
        )
    assert reminded(8) == []


def test_the_federal_side_hears_once_a_day_what_has_come(after_quarter):
    preparer, claim = make_draft()
    reviewer = make_person(Role.REVIEWER)
    make_person(Role.AUDITOR)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    settle()
    mail.outbox.clear()
    for _ in range(2):
        send_digests()
        settle()
    assert [message.to for message in mail.outbox] == [[reviewer.user.email]]
    assert mail.outbox[0].subject == "Your inbox of January 20, 2026"
    assert "Claims nobody reviews yet: 1" in mail.outbox[0].body
    with clock_at(datetime(2026, 1, 23, 15, tzinfo=UTC)):
        send_digests()
        settle()
    assert len(mail.outbox) == 1


def corrected_quarters() -> Office:
    """Two decided quarters whose first is amended, so that the portal opens a correction of the second."""
    office = Office()
    with clock_at(AMENDED - timedelta(days=40)):
        for quarter in (FIRST, SECOND):
            office.send(quarter, row(quarter))
            office.walk(quarter, *TO_APPROVE)
    with clock_at(AMENDED):
        office.walk(FIRST, "amend")
        office.replace(FIRST, row(FIRST, overtime="4000.00"))
        office.walk(FIRST, "ready", "certify", "start_review")
    return office


AMENDED = datetime(2026, 6, 10, 15, tzinfo=UTC)


def corrections_reminded(after_days: int) -> list[str]:
    mail.outbox.clear()
    with clock_at(AMENDED + timedelta(after_days)):
        remind()
        settle()
    return [m.body.split("\n\n")[1] for m in mail.outbox if "orrection" in m.subject]


def test_a_returned_amendment_is_reminded_of():
    office = corrected_quarters()
    assert corrections_reminded(11) == []
    with clock_at(AMENDED):
        office.walk(FIRST, "return")
    told = corrections_reminded(11)
    assert len(told) == 2
    assert "returned to you" in mail.outbox[0].body


def test_a_correction_that_the_portal_opened_is_due_and_reminded_of():
    office = corrected_quarters()
    with clock_at(AMENDED):
        office.walk(FIRST, "recommend", "approve")
    assert office.claim(SECOND).sequence == 2
    due = due_of(office.claim(SECOND).version, deadline_of(office.agency, SECOND))
    assert due.is_correction
    assert due.on == AMENDED.date() + timedelta(days=14)
    assert len(corrections_reminded(11)) == 2
    assert "An earlier quarter changed" in mail.outbox[0].body
    assert len(corrections_reminded(15)) == 2

"""A program manager grants a later due date, with a reason, and once."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime

import pytest
from django.core import mail

from claims.models import Extension
from claims.services.extending import grant_extension
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.kernel.quarter import Quarter
from portal.records.models import AuditEvent
from tests.factories import QUARTER, act, make_agency, make_draft, make_person, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def extend(agency, due_on=date(2026, 2, 27), **changes) -> Extension:
    given = {
        "actor": changes.pop("actor", None) or make_person(Role.PROGRAM_MANAGER),
        "agency": agency,
        "quarter": QUARTER,
        "due_on": due_on,
        "reason": "A storm closed the office.",
        "token": uuid.uuid4(),
    }
    return grant_extension(**{**given, **changes})


def test_an_extension_stands_in_the_quarters_history():
    agency = make_agency()
    extend(agency)
    event = AuditEvent.objects.get(action="claim.extend")
    assert event.thread == f"claim/{agency.number}-FY2026Q1"
    content = json.loads(event.content)
    assert content["facts"] == {"due_on": "2026-02-27"}
    assert content["note"] == "A storm closed the office."


def test_a_form_sent_twice_grants_once():
    agency, token = make_agency(), uuid.uuid4()
    assert extend(agency, token=token) == extend(agency, token=token)
    assert AuditEvent.objects.filter(action="claim.extend").count() == 1


@pytest.mark.parametrize(
    ("due_on", "code"),
    [
        (date(2026, 1, 29), "not_later"),
        (date(2026, 1, 30), "not_later"),
        (date(2027, 2, 1), "too_late"),
    ],
)
def test_a_day_that_makes_no_extension_is_refused(due_on, code):
    with pytest.raises(BadInput) as refused:
        extend(make_agency(), due_on)
    assert refused.value.code == code
    assert not Extension.objects.exists()


def test_the_days_at_the_bounds_are_granted():
    agency = make_agency()
    extend(agency, date(2026, 1, 31))
    extend(agency, date(2027, 2, 1))


def test_after_the_window_a_day_that_has_passed_is_refused_and_a_later_one_granted():
    agency = make_agency()
    with clock_at(datetime(2027, 3, 1, 15, tzinfo=UTC)):
        with pytest.raises(BadInput) as refused:
            extend(agency, date(2027, 2, 28))
        assert refused.value.code == "in_the_past"
        extend(agency, date(2027, 3, 1))


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PAYMENT_APPROVER, Role.AUDITOR])
def test_other_federal_roles_cannot_extend(role):
    with pytest.raises(NotAllowed):
        extend(make_agency(), actor=make_person(role))


def test_an_agency_cannot_extend_its_own_due_date_nor_find_anothers():
    agency = make_agency()
    with pytest.raises(NotAllowed):
        extend(agency, actor=make_person(Role.PREPARER, agency))
    with pytest.raises(NotFound):
        extend(agency, actor=make_person(Role.PREPARER, make_agency("Ash Police")))


@pytest.mark.parametrize("reason", ["", "  ", "For 123-45-6789"])
def test_a_reason_is_needed_and_holds_no_personal_number(reason):
    with pytest.raises(BadInput):
        extend(make_agency(), reason=reason)


@pytest.mark.parametrize("quarter", [Quarter(2025, 4), Quarter(2026, 3)])
def test_nothing_is_due_before_the_program_or_for_a_quarter_to_come(quarter):
    with pytest.raises(Refused) as refused:
        extend(make_agency(), date(2026, 12, 1), quarter=quarter)
    assert refused.value.code == "not_claimable"


def test_a_certified_claim_needs_no_extension():
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    with pytest.raises(Refused) as refused:
        extend(claim.agency)
    assert refused.value.code == "already_certified"


def test_the_office_is_told_of_its_new_date_claim_or_none():
    for agency in (make_agency("Ash Police"), make_draft()[1].agency):
        preparer = make_person(Role.PREPARER, agency)
        mail.outbox.clear()
        extend(agency)
        settle()
        mails = [message for message in mail.outbox if message.to == [preparer.user.email]]
        assert "Due date extended" in mails[0].subject
        assert "February 27, 2026" in mails[0].body

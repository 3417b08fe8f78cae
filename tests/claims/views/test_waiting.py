"""Home, inbox and the claim's page name what waits: appeals, supplements, disputes, late answers."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from awards.services import dispute_counts
from claims.selectors.appeals import contestable_lines
from claims.services.appealing import file_appeals
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.claims.office import TO_PARTLY_RECOMMENDED, TO_RECOMMENDED, make_office
from tests.claims.reviewing import asked_about, in_review
from tests.factories import make_person, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def read(browse):
    def page(actor, path="/") -> str:
        answer = browse(actor).get(path)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return page


def test_a_decision_can_be_appealed_until_it_is(read):
    office = make_office()
    version = office.walk(*TO_PARTLY_RECOMMENDED, "approve_partly")
    certifier = office.people["certifier"]
    assert "you may appeal the rest" in read(certifier)
    waiting = read(certifier, "/claims/inbox/")
    assert "Decisions you can appeal: 1" in waiting
    assert "Feb 19, 2026" in waiting, "the last day to appeal"
    assert "you can appeal" not in read(office.people["preparer"], "/claims/inbox/")
    file_appeals(
        actor=certifier,
        version=version,
        asked=contestable_lines(version),
        grounds="It was worked.",
        token=uuid4(),
    )
    home = read(certifier)
    assert "your appeal is being looked at" in home
    assert "you may appeal" not in home
    assert "you can appeal" not in read(certifier, "/claims/inbox/")


def test_after_the_last_day_nobody_is_told_to_appeal(read):
    office = make_office()
    office.walk(*TO_PARTLY_RECOMMENDED, "approve_partly")
    with clock_at(datetime(2026, 2, 25, 15, tzinfo=UTC)):
        assert "you may appeal" not in read(office.people["certifier"])


def test_home_says_that_something_came_later(read):
    office = make_office()
    office.walk(*TO_RECOMMENDED, "approve")
    assert "Something came later" not in read(office.people["preparer"])
    report(office.claim.agency, 10, 10)
    assert "Something came later that you can claim for FY2026Q1" in read(office.people["preparer"])
    assert "Something came later" not in read(office.people["certifier"])


def test_home_names_disputes_to_program_managers(read):
    office = make_office()
    measure = report(office.claim.agency, 10, 5)
    manager = make_person(Role.PROGRAM_MANAGER)
    assert "disputes its counts" not in read(manager)
    dispute = dispute_counts(
        actor=office.people["preparer"],
        measure=measure,
        reason="other",
        referred=10,
        located=9,
        grounds="Four are missing.",
        token=uuid4(),
    )
    assert reverse("awards:dispute", args=[dispute.pk]) in read(manager)
    assert "disputes its counts" not in read(make_person(Role.REVIEWER))


def test_an_answer_that_is_overdue_waits_for_whoever_asked(read):
    reviewed = in_review()
    asked_about(reviewed)
    assert "Answers overdue" not in read(reviewed.reviewer, "/claims/inbox/")
    with clock_at(datetime(2026, 1, 28, 15, tzinfo=UTC)):
        assert "Answers overdue: 1" in read(reviewed.reviewer, "/claims/inbox/")
        assert "Answers overdue" not in read(make_person(Role.REVIEWER), "/claims/inbox/")


def test_a_linked_claim_says_why_the_agency_began_it(read):
    office = make_office()
    base = office.walk(*TO_RECOMMENDED, "approve")
    office.walk("amend")
    event_note = read(office.people["preparer"], f"/claims/{office.claim.number}/")
    assert office.claim != base.claim
    panel = event_note.partition("It corrects claim")[2].partition("</section>")[0]
    assert "<blockquote" in panel
    assert office.people["preparer"].name in panel


def test_steps_of_other_roles_are_told_in_one_sentence(read):
    office = make_office()
    office.walk(*TO_RECOMMENDED, "approve", "count", "supplement")
    shown = read(office.people["certifier"], f"/claims/{office.claim.number}/")
    assert shown.count("does not include") == 1

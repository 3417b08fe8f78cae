"""Due dates on pages: days left, extensions, the calendar file."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from claims.models import Extension
from claims.services.extending import grant_extension
from claims.views.calendar_file import calendar
from claims.views.deadlines import when
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.factories import QUARTER, act, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def claim_page(client, claim) -> str:
    return page(client, f"/claims/{claim.number}/")


def extension_page(agency) -> str:
    return reverse("claims:extension", args=[agency.number, QUARTER])


def form(**changes) -> dict[str, object]:
    return {
        "due_on": "2026-02-27",
        "reason": "A storm closed the office.",
        "token": str(uuid.uuid4()),
        **changes,
    }


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 1, 30), "in 10 days"),
        (date(2026, 1, 21), "tomorrow"),
        (date(2026, 1, 20), "today"),
        (date(2026, 1, 19), "yesterday"),
        (date(2026, 1, 15), "5 days ago"),
    ],
)
def test_how_far_a_day_is_away_is_said_in_words(due_on, words):
    assert when(due_on, date(2026, 1, 20)) == words


def test_a_draft_says_when_it_is_due(browse):
    preparer, claim = make_draft()
    shown = claim_page(browse(preparer), claim)
    assert "The claim is due" in shown
    assert "in 10 days" in shown
    assert "Dec 31, 2026" in shown
    assert "Grant an extension" not in shown
    due_dates = reverse("claims:due_dates", args=[claim.agency.number])
    assert due_dates in shown
    assert "an interpretation" in page(browse(preparer), due_dates)


def test_an_overdue_draft_says_until_when_it_is_accepted(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    with clock_at(datetime(2026, 2, 4, 15, tzinfo=UTC)):
        shown = claim_page(client, claim)
    assert "The claim was due" in shown
    assert "5 days ago" in shown
    assert "It is accepted with a reason until" in shown
    with clock_at(datetime(2027, 1, 4, 15, tzinfo=UTC)):
        assert "Ask the program office for an extension" in claim_page(client, claim)


def test_a_returned_claim_says_when_its_correction_is_due(browse):
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    assert "is due" not in claim_page(browse(preparer), claim)
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return")
    assert "The correction is due" in claim_page(browse(preparer), claim)
    assert "in 14 days" in claim_page(browse(reviewer), claim)


def test_a_manager_extends_on_the_quarters_own_page(browse):
    agency = make_agency()
    client = browse(make_person(Role.PROGRAM_MANAGER))
    assert extension_page(agency) in page(client, reverse("claims:due_dates", args=[agency.number]))
    response = client.post(extension_page(agency), form(), follow=True)
    assert "is now due on February 27, 2026" in response.content.decode()
    assert "A storm closed the office." in response.content.decode()
    preparer, claim = make_draft(agency)
    shown = claim_page(browse(preparer), claim)
    assert "Feb 27, 2026" in shown
    assert "See the extensions" in shown
    assert "A storm closed the office." in shown
    history = page(browse(preparer), f"/claims/{claim.number}/history/")
    assert "Due date extended to February 27, 2026" in history


def test_what_cannot_be_granted_is_said_beside_the_form(browse):
    agency = make_agency()
    client = browse(make_person(Role.PROGRAM_MANAGER))
    for changes, words in (
        ({"due_on": "2026-01-30"}, "is due on January 30, 2026 already"),
        ({"due_on": "soon"}, "year-month-day"),
        ({"reason": ""}, "Write in a sentence"),
    ):
        response = client.post(extension_page(agency), form(**changes))
        assert response.status_code == 422
        assert words in response.content.decode()
    assert not Extension.objects.exists()


def test_agencies_read_their_extensions_and_nobody_elses(browse):
    agency = make_agency()
    preparer = make_person(Role.PREPARER, agency)
    shown = page(browse(preparer), extension_page(agency))
    assert "<textarea" not in shown
    assert browse(preparer).post(extension_page(agency), form()).status_code == 403
    stranger = browse(make_person(Role.PREPARER, make_agency("Ash Police")))
    assert stranger.get(extension_page(agency)).status_code == 404
    assert stranger.post(extension_page(agency), form()).status_code == 404
    assert stranger.get(reverse("claims:due_dates", args=[agency.number])).status_code == 404


@pytest.mark.parametrize("quarter", ["FY2026Q9", "nothing"])
def test_a_quarter_that_is_none_is_not_found(browse, quarter):
    agency = make_agency()
    address = f"/claims/extensions/{agency.number}/{quarter}/"
    assert browse(make_person(Role.PROGRAM_MANAGER)).get(address).status_code == 404


def test_the_federal_side_is_not_told_of_a_draft_among_the_due_dates(browse):
    _, claim = make_draft()
    reviewer = browse(make_person(Role.REVIEWER))
    shown = page(reviewer, reverse("claims:due_dates", args=[claim.agency.number]))
    assert claim.number not in shown
    assert "Not submitted" in shown
    assert claim.number not in page(reviewer, extension_page(claim.agency))


def test_due_dates_go_into_a_calendar(browse):
    preparer, _ = make_draft()
    response = browse(preparer).get("/claims/due-dates.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    lines = response.content.decode().split("\r\n")
    assert "DTSTART;VALUE=DATE:20260130" in lines
    assert "DTEND;VALUE=DATE:20260131" in lines
    assert "SUMMARY:287(g) claim of FY2026Q1 is due" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_the_federal_side_has_no_calendar_of_its_own(browse):
    assert browse(make_person(Role.REVIEWER)).get("/claims/due-dates.ics").status_code == 404


def test_an_extension_moves_the_day_in_the_calendar(browse):
    preparer, claim = make_draft()
    grant_extension(
        actor=make_person(Role.PROGRAM_MANAGER),
        agency=claim.agency,
        quarter=QUARTER,
        due_on=date(2026, 2, 27),
        reason="A storm.",
        token=uuid.uuid4(),
    )
    content = browse(preparer).get("/claims/due-dates.ics").content
    assert b"DTSTART;VALUE=DATE:20260227" in content
    assert b"20260130" not in content


def test_long_lines_of_a_calendar_are_folded_between_characters_and_signs_escaped():
    words = "Überstunden, " * 20
    content = calendar([("one", date(2026, 1, 30), words)], datetime(2026, 1, 1, tzinfo=UTC))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:" + words.replace(",", "\\,") in unfolded
    assert b"DTSTAMP:20260101T000000Z" in content

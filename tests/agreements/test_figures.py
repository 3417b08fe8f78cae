"""The program in numbers: who counts on which day, once, and for whom."""

from __future__ import annotations

from datetime import date

import pytest

from agreements import figures
from agreements.figures import Moved, Spread, grown
from agreements.models import Agreement, Officer, RosterEntry
from agreements.selectors import lost_to_federal
from agreements.services.agreements import add_agreement, end_period
from portal.accounts.roles import Role
from portal.kernel.quarter import Quarter
from tests.factories import make_agency, make_person

ON, SINCE = date(2026, 1, 20), date(2025, 2, 1)


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [(135, 958, 609), (135, 1001, 641), (10, 10, 0), (10, 5, -50), (3, 2, -33), (0, 7, None)],
)
def test_growth_is_what_was_announced(before, after, percent):
    assert grown(before, after) == percent


@pytest.fixture
def manager(db):
    return make_person(Role.PROGRAM_MANAGER)


def make_officer(agency, payroll_id, **entry) -> Officer:
    officer = Officer.objects.create(
        agency=agency, payroll_id=payroll_id, last_name="A", first_name="B"
    )
    add_entry(officer, **entry)
    return officer


def add_entry(officer, **entry) -> None:
    values = {"hired_on": date(2015, 1, 1), "model": "TFM", **entry}
    RosterEntry.objects.create(officer=officer, **values)


def trained(on: date, **more) -> dict:
    return {"trained_on": on, "authorized_from": on, **more}


def test_agreements_and_agencies_count_on_both_days(manager):
    agency = make_agency()  # TFM since 1 March 2025
    add_agreement(actor=manager, agency=agency, model="JEM", active_from=date(2020, 1, 1))
    assert sorted(figures.active_agreements(manager, ON, SINCE)) == [
        Spread("TX", "JEM", 1, 1),
        Spread("TX", "TFM", 1, 0),
    ]
    assert figures.active_agencies(manager, ON, SINCE) == [Spread("TX", "", 1, 1)]


def test_an_agreement_counts_on_its_last_day_and_not_after(manager):
    agency = make_agency()
    period = agency.active_periods.get()
    end_period(actor=manager, period=period, active_to=ON, note="It ends.")
    assert figures.total(figures.active_agreements(manager, ON, date(2025, 3, 1))) == (1, 1)
    assert figures.total(figures.active_agreements(manager, date(2026, 1, 21), SINCE)) == (0, 0)
    assert figures.begun_by_month(manager, ON) == [Moved(date(2025, 3, 1), "TFM", 1)]
    assert figures.ended_by_month(manager, ON) == []
    assert figures.ended_by_month(manager, date(2026, 1, 21)) == [Moved(date(2026, 1, 1), "TFM", 1)]


def test_an_agreement_over_with_a_month_is_gone_from_the_next(manager):
    period = make_agency().active_periods.get()
    end_period(actor=manager, period=period, active_to=date(2025, 12, 31), note="It ends.")
    assert figures.ended_by_month(manager, ON) == [Moved(date(2026, 1, 1), "TFM", 1)]


def test_pending_agreements_are_not_signed_ones(manager):
    agency = make_agency()
    Agreement.objects.create(agency=agency, model="WSO", status="pending")
    Agreement.objects.create(agency=agency, model="TFM", status="ended", signed_on=SINCE)
    assert figures.pending_agreements(manager) == [Spread("TX", "WSO", 1)]
    assert figures.signed_by_month(manager, ON) == [Moved(date(2025, 3, 1), "TFM", 1)]


def test_an_officer_counts_once_under_their_first_training(manager):
    agency = make_agency()
    officer = make_officer(agency, "1", model="WSO", **trained(date(2025, 1, 10)))
    add_entry(officer, **trained(date(2025, 6, 10)))
    make_officer(agency, "2", **trained(date(2025, 6, 20)))
    make_officer(agency, "3", **trained(date(2026, 6, 20)))
    found = figures.trained_officers(manager, ON, SINCE)
    assert figures.total(found.spread) == (2, 1)
    assert figures.by("model", found.spread) == {"WSO": 1, "TFM": 1}
    assert sorted(found.by_month) == [
        Moved(date(2025, 1, 1), "WSO", 1),
        Moved(date(2025, 6, 1), "TFM", 1),
    ]


def test_in_training_is_who_is_employed_and_was_never_trained(manager):
    agency = make_agency()
    make_officer(agency, "1", model="")
    make_officer(agency, "2", separated_on=date(2025, 12, 1))
    make_officer(agency, "3", **trained(date(2025, 6, 20)))
    make_officer(agency, "4", **trained(date(2026, 6, 20)))
    assert sorted(figures.officers_in_training(manager, ON)) == [
        Spread("TX", "", 1),
        Spread("TX", "TFM", 1),
    ]


def test_of_the_trained_some_left_and_some_are_authorized(manager):
    agency = make_agency()
    make_officer(agency, "1", **trained(date(2025, 6, 1), separated_on=date(2025, 12, 1)))
    make_officer(agency, "2", **trained(date(2025, 6, 1), authorized_to=date(2025, 12, 1)))
    make_officer(agency, "3", **trained(date(2025, 6, 1)))
    assert figures.roster_of_trained(manager, ON) == figures.Roster(left=1, authorized=1)


def test_officers_lost_to_federal_employers_by_quarter(manager):
    agency = make_agency()
    gone = {"separated_on": date(2025, 12, 31), "separation_reason": "federal_hire"}
    officer = make_officer(agency, "1", **trained(date(2025, 6, 1)), **gone)
    add_entry(officer, **trained(date(2025, 9, 1)), **gone)
    make_officer(agency, "2", separated_on=date(2025, 12, 1), separation_reason="other")
    lost = lost_to_federal(manager, Quarter(2025, 4), Quarter(2026, 2))
    assert lost == {Quarter(2025, 4): 0, Quarter(2026, 1): 1, Quarter(2026, 2): 0}


def test_counties_are_those_that_are_named(manager):
    named, unnamed = make_agency("Cedar"), make_agency("Elm")
    named.county = "Harris County"
    named.save()
    add_agreement(actor=manager, agency=named, model="JEM", active_from=date(2025, 1, 1))
    assert figures.counties(manager, ON) == [figures.CountyFigures("TX", "Harris County", 1, 2)]
    unnamed.state, unnamed.county = "AL", "Lee County"
    unnamed.save()
    alaskan = make_agency("Fir")
    alaskan.state, alaskan.county = "AK", "Juneau"
    alaskan.save()
    states = [one.state_name for one in figures.counties(manager, ON)]
    assert states == ["Alabama", "Alaska", "Texas"]


def test_an_agency_sees_its_own_part_alone(manager):
    agency, other = make_agency("Cedar"), make_agency("Elm")
    viewer = make_person(Role.VIEWER, agency)
    gone = {"separated_on": date(2025, 12, 31), "separation_reason": "federal_hire"}
    make_officer(other, "1", **trained(date(2025, 6, 1)), **gone)
    assert figures.total(figures.active_agreements(viewer, ON, SINCE)) == (1, 0)
    assert figures.total(figures.trained_officers(viewer, ON, SINCE).spread) == (0, 0)
    assert sum(lost_to_federal(viewer, Quarter(2026, 1), Quarter(2026, 1)).values()) == 0
    stranger = make_person(Role.SYSTEM_ADMINISTRATOR)
    assert figures.active_agreements(stranger, ON, SINCE) == []

"""The program page: for the federal side, with the table behind every picture."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command

from agreements.models import Agreement, Officer, RosterEntry
from agreements.views.program_charts import CHARTS, TABLES, Program
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db

FEDERAL = (Role.PROGRAM_MANAGER, Role.REVIEWER, Role.PAYMENT_APPROVER, Role.AUDITOR)
NAMES = [*CHARTS, *TABLES]


def text(response) -> str:
    return response.content.decode()


def rows(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(response))))


@pytest.fixture
def manager(db):
    return make_person(Role.PROGRAM_MANAGER)


@pytest.fixture
def nation(manager):
    """An agency with an agreement, another that waits for one, two officers and one who left."""
    agency = make_agency()
    agency.county = "Harris County"
    agency.save()
    Agreement.objects.create(
        agency=make_agency("Elm Police", agreement=""), model="WSO", status="pending"
    )
    for number, entry in enumerate(
        (
            {"trained_on": date(2025, 6, 1), "authorized_from": date(2025, 6, 1)},
            {},
            {
                "trained_on": date(2025, 6, 1),
                "authorized_from": date(2025, 6, 1),
                "separated_on": date(2025, 12, 1),
                "separation_reason": "federal_hire",
            },
        )
    ):
        officer = Officer.objects.create(
            agency=agency, payroll_id=str(number), last_name="Reyes", first_name="Ana"
        )
        RosterEntry.objects.create(officer=officer, hired_on=date(2015, 1, 1), model="TFM", **entry)


@pytest.mark.parametrize("role", FEDERAL)
def test_the_federal_side_sees_the_whole_program(browse, nation, role):
    page = text(browse(make_person(role)).get("/program/"))
    assert "and 1 pending" in page
    assert "in 1 state and 1 named county" in page
    assert "1 authorized today; 1 left since" in page
    assert 'href="/program/" aria-current="page"' in page
    assert page.count('<svg class="chart__drawing') == len(CHARTS)
    assert "Reyes" not in page


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PREPARER, Role.VIEWER])
def test_an_agency_is_told_that_it_is_not_for_them(browse, role):
    client = browse(make_person(role, make_agency()))
    for address in ("/program/", "/program/counties/", "/program/states.csv"):
        assert client.get(address).status_code == 403
    assert "/program/" not in text(client.get("/"))


def test_the_system_side_does_not_see_it_either(browse):
    assert browse(make_person(Role.SYSTEM_ADMINISTRATOR)).get("/program/").status_code == 403


def test_an_empty_portal_has_a_page_without_drawings_of_nothing(browse, manager):
    answer = browse(manager).get("/program/")
    assert answer.status_code == 200
    assert "No agreement and no officer is on record yet" in text(answer)


def test_growth_is_counted_from_the_day_chosen(browse, manager, nation):
    client = browse(manager)
    assert "+0%" in text(client.get("/program/?since=2025-03-01"))
    found = rows(client.get("/program/growth.csv?since=2025-02-01"))
    assert found[0][1:3] == ["2025-02-01", clock.today().isoformat()]
    assert found[1] == ["Active agreements", "0", "1", "'+1", ""]
    assert rows(client.get("/program/growth.csv?since=2025-03-01"))[1][1:] == [
        "1",
        "1",
        "'+0",
        "'+0%",
    ]


@pytest.mark.parametrize("since", ["tomorrow", "2025-02-30", "2099-01-01", "1800-01-01", ""])
def test_a_day_that_makes_no_sense_is_said_and_the_usual_one_taken(browse, manager, since):
    client = browse(manager)
    answer = client.get("/program/", {"since": since})
    assert answer.status_code == 422
    assert "error-summary" in text(answer)
    assert rows(client.get("/program/growth.csv", {"since": since}))[0][1] == "2025-01-20"


def test_from_a_day_long_ago_the_last_sixty_months_are_drawn(browse, manager, nation):
    assert browse(manager).get("/program/?since=1950-01-01").status_code == 200
    labels = CHARTS["signed-by-month"](Program.read(manager, date(2026, 1, 20), date(1950, 1, 1)))
    assert len(labels.numbers.labels) == 60
    assert labels.numbers.labels[0] == "February 2021"


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_and_table_is_there_as_a_file(browse, manager, nation, name):
    client = browse(manager)
    answer = client.get(f"/program/{name}.csv?since=2025-01-20")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    assert f"{name}-{clock.today().isoformat()}.csv" in answer["Content-Disposition"]
    assert len({len(row) for row in rows(answer)}) == 1
    page = "/program/counties/" if name == "counties" else "/program/"
    assert f"/program/{name}.csv" in text(client.get(page))


def test_a_file_that_is_not_there_is_not_found(browse, manager):
    assert browse(manager).get("/program/ranking.csv").status_code == 404


def test_no_spreadsheet_takes_a_county_for_a_formula(browse, manager, nation):
    agency = make_agency("Oak")
    agency.county = "=HYPERLINK(1)"
    agency.save()
    client = browse(manager)
    assert ["Texas", "'=HYPERLINK(1)", "1", "1"] in rows(client.get("/program/counties.csv"))
    assert "=HYPERLINK(1)" in text(client.get("/program/counties/"))


def test_counties_are_searched_by_name_and_state(browse, manager, nation):
    client = browse(manager)
    assert "Harris County" in text(client.get("/program/counties/?q=texas"))
    assert "Harris County" not in text(client.get("/program/counties/?q=florida"))
    fragment = client.get("/program/counties/?q=har", headers={"HX-Request": "true"})
    assert "<html" not in text(fragment)


def test_months_run_from_the_day_chosen_and_carry_what_was_there_before(manager, nation):
    program = Program.read(manager, date(2026, 1, 20), date(2025, 11, 5))
    chart = CHARTS["active-by-month"](program)
    assert list(chart.numbers.labels) == ["November 2025", "December 2025", "January 2026"]
    assert [list(one.values) for one in chart.numbers.series] == [[1, 1, 1], [0, 0, 0], [0, 0, 0]]


def test_each_chart_is_found_by_its_own_key(manager):
    program = Program.read(manager, date(2026, 1, 20), date(2025, 1, 20))
    assert [make(program).key for make in CHARTS.values()] == list(CHARTS)


def test_nothing_is_ranked_and_nothing_says_how_many_were_located(browse, manager, nation):
    page = text(browse(manager).get("/program/")).lower()
    assert "located" not in page
    assert "sort=" not in page


def test_the_page_takes_as_many_queries_for_a_nation_as_for_nobody(
    browse, manager, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    call_command("make_nation", "--agencies=60", "--trained=200", "--in-training=40")
    client = browse(manager)
    with django_assert_max_num_queries(16):
        client.get("/program/")
    with django_assert_max_num_queries(6):
        client.get("/program/counties/")


@pytest.mark.parametrize("address", ["/", "/agencies/", "/claims/", "/counts/"])
def test_lists_take_as_many_queries_for_a_nation(
    browse, manager, settings, django_assert_max_num_queries, address
):
    settings.DEMO = True
    call_command("make_nation", "--agencies=120", "--trained=300", "--in-training=60")
    client = browse(manager)
    with django_assert_max_num_queries(13):
        assert client.get(address).status_code == 200

"""Counts: entered by the program office, read by the agency they are of, never overwritten."""

import pytest

from awards.models import PerformanceMeasure
from awards.views import share
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from tests.factories import make_agency, make_person, report

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def manager(db):
    return make_person(Role.PROGRAM_MANAGER)


def test_the_last_quarter_that_is_over_comes_first(browse, manager):
    page = text(browse(manager).get("/counts/"))
    assert "Counts of FY2026Q1" in page
    assert '<option value="FY2026Q2">' in page
    assert "FY2025Q4" not in page


def test_missing_counts_are_found_and_entered(browse, manager):
    agency = make_agency()
    client = browse(manager)
    listed = text(client.get("/counts/?quarter=FY2026Q1&reported=no"))
    assert "Missing" in listed
    assert f"/counts/{agency.number}/FY2026Q1/" in listed
    answer = client.post(
        f"/counts/{agency.number}/FY2026Q1/", {"referred": "60", "located": "49"}, follow=True
    )
    assert "are recorded" in text(answer)
    assert "81.6%" in text(answer)
    assert "Nothing found" in text(client.get("/counts/?quarter=FY2026Q1&reported=no"))


def test_a_correction_keeps_what_was_reported_before(browse, manager):
    agency = make_agency()
    report(agency, 60, 49)
    client = browse(manager)
    address = f"/counts/{agency.number}/FY2026Q1/"
    form = text(client.get(address))
    assert 'value="60"' in form
    assert "Replace the counts" in form
    client.post(address, {"referred": "60", "located": "54"})
    assert PerformanceMeasure.objects.count() == 2
    page = text(client.get(f"/counts/{agency.number}/"))
    assert "90.0%" in page
    assert "$1,000.00" in page
    assert "replaces 1 earlier report" in page


@pytest.mark.parametrize(
    ("referred", "located", "words"),
    [
        ("10", "11", "11 located is more than 10 referred"),
        ("-1", "0", "greater than or equal to 0"),
        ("x", "0", "Enter a whole number"),
        ("1.5", "1", "Enter a whole number"),
        ("", "", "Enter a number; 0 is one."),
        ("99999999999999999999", "0", "less than or equal to"),
    ],
)
def test_wrong_numbers_are_said_beside_the_field(browse, manager, referred, located, words):
    agency = make_agency()
    answer = browse(manager).post(
        f"/counts/{agency.number}/FY2026Q1/", {"referred": referred, "located": located}
    )
    assert answer.status_code == 422
    assert words in text(answer)
    assert not PerformanceMeasure.objects.exists()


def test_an_agency_reads_its_own_counts_with_their_source(browse, manager):
    agency, other = make_agency("Own County"), make_agency("Other County")
    report(agency, 0, 0)
    client = browse(make_person(Role.VIEWER, agency))
    page = text(client.get(f"/counts/{agency.number}/"))
    assert "Program manager" in page
    assert "$0.00" in page
    part = text(client.get(f"/counts/{agency.number}/", headers={"HX-Request": "true"}))
    assert "<h1>" not in part
    assert client.get(f"/counts/{other.number}/").status_code == 404
    assert client.get("/counts/").status_code == 403
    assert client.post(f"/counts/{agency.number}/FY2026Q1/").status_code == 403


@pytest.mark.parametrize("quarter", ["FY2025Q4", "FY2030Q1", "FY2026Q9", "x"])
def test_counts_of_other_quarters_do_not_exist(browse, manager, quarter):
    agency = make_agency()
    assert browse(manager).get(f"/counts/{agency.number}/{quarter}/").status_code == 404


def test_many_agencies_take_as_many_queries_as_one(browse, manager, django_assert_max_num_queries):
    Agency.objects.bulk_create(Agency(number=f"N{n}", name=f"Agency {n}") for n in range(120))
    client = browse(manager)
    with django_assert_max_num_queries(9):
        client.get("/counts/")


@pytest.mark.parametrize(
    ("referred", "located", "words"),
    [
        (1000, 899, "89.9%"),
        (10_000, 8_999, "89.9%"),
        (3, 3, "100.0%"),
        (0, 0, ""),
        (None, None, ""),
    ],
)
def test_a_share_is_never_rounded_up_to_the_next_tier(referred, located, words):
    assert share(referred, located) == words

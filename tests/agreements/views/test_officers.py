"""Officers: who sees whom, which days are payable, and what is said when one is not."""

import pytest

from agreements.models import Officer
from portal.accounts.roles import Role
from tests.factories import load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

HEADER = (
    "officer_id,last_name,first_name,title,hired_on,separated_on,model,trained_on,"
    "authorized_from,authorized_to\n"
)
ROSTER = (
    HEADER
    + """\
001,Garza,Dana,Deputy,2015-01-05,,TFM,2025-06-01,2025-06-10,2025-11-15
001,Garza,Dana,Deputy,2015-01-05,,TFM,2025-06-01,2025-12-01,2027-11-30
002,Okafor,Ben,Sergeant,2018-05-01,,,,,
003,Reyes,Ana,Deputy,2018-05-01,2025-12-31,TFM,2025-06-01,2025-06-10,2027-06-09
004,Stone,Kim,Deputy,2018-05-01,,WSO,2025-06-01,2025-06-10,2027-06-09
"""
)


@pytest.fixture
def preparer(db):
    actor = make_person(Role.PREPARER, make_agency())
    load_roster(actor, ROSTER)
    return actor


def text(response) -> str:
    return response.content.decode()


def test_the_list_says_for_whom_today_is_payable(browse, preparer):
    page = text(browse(preparer).get("/officers/"))
    for words in ("Garza, Dana", "In training", "Not employed", "Model not covered"):
        assert words in page
    assert page.count(">Payable<") == 1


def test_the_list_is_searched_and_filtered(browse, preparer):
    client = browse(preparer)
    found = text(client.get("/officers/?q=sergeant"))
    assert "Okafor" in found
    assert "Garza" not in found
    training = text(client.get("/officers/?standing=in_training"))
    assert "Okafor" in training
    assert "Reyes" not in training
    assert "Reyes" in text(client.get("/officers/?standing=ended"))


@pytest.mark.parametrize(
    "query", ["q=%00", "page=99", "sort=nothing", "standing=x", "q=" + "a" * 999]
)
def test_no_address_of_the_list_is_an_error(browse, preparer, query):
    assert browse(preparer).get(f"/officers/?{query}").status_code == 200


def test_the_list_takes_as_many_queries_for_many_officers(
    browse, preparer, django_assert_max_num_queries
):
    rows = "".join(
        f"X{n},Many,Officer{n},,2018-05-01,,TFM,2025-06-01,2025-06-10,2027-06-09\n"
        for n in range(200)
    )
    load_roster(preparer, HEADER + rows)
    client = browse(preparer)
    with django_assert_max_num_queries(10):
        page = text(client.get("/officers/"))
    assert "of 204" in page


def test_an_officers_page_shows_entries_payable_days_and_the_gap(browse, preparer):
    officer = Officer.objects.get(payroll_id="001")
    page = text(browse(preparer).get(f"/officers/{officer.pk}/"))
    assert "Today, " in page
    for words in ("Nov 15, 2025", "Gap", "Nov 30, 2027", "Task Force Model (TFM)", "FY2026Q1-1"):
        assert words in page


@pytest.mark.parametrize(
    ("payroll_id", "on", "words"),
    [
        ("001", "2025-11-20", "The authorization has ended"),
        ("001", "2025-09-30", "The program had not begun"),
        ("002", "2026-01-10", "No authorization has begun"),
        ("003", "2026-01-10", "not employed"),
        ("004", "2026-01-10", "whose pay is not reimbursed"),
        ("001", "2025-12-24", "Payable"),
    ],
)
def test_any_day_can_be_asked_for_and_is_explained(browse, preparer, payroll_id, on, words):
    officer = Officer.objects.get(payroll_id=payroll_id)
    assert words in text(browse(preparer).get(f"/officers/{officer.pk}/?on={on}"))


def test_without_an_agreement_the_page_says_so(browse):
    actor = make_person(Role.PREPARER, make_agency("Elm Police Department", agreement=""))
    load_roster(actor, ROSTER)
    officer = Officer.objects.get(payroll_id="001")
    assert "no active agreement" in text(browse(actor).get(f"/officers/{officer.pk}/"))


@pytest.mark.parametrize("on", ["x", "", "2026-02-30", "0001-01-01", "9999-12-31", "%00"])
def test_a_day_that_is_none_is_said_beside_the_field(browse, preparer, on):
    officer = Officer.objects.get(payroll_id="001")
    answer = browse(preparer).get(f"/officers/{officer.pk}/?on={on}")
    assert answer.status_code == 422
    assert 'id="id_on_error"' in text(answer)


def test_strangers_get_the_same_404_as_for_nobody(browse, preparer):
    stranger = make_person(Role.PREPARER, make_agency("Other Police Department"))
    officer = Officer.objects.get(payroll_id="001")
    client = browse(stranger)
    assert client.get(f"/officers/{officer.pk}/").status_code == 404
    assert client.get("/officers/99999999999999999999/").status_code == 404
    assert client.get(f"/agencies/{preparer.agency.number}/officers/").status_code == 404
    assert "Garza" not in text(client.get("/officers/"))


def test_the_federal_side_finds_officers_inside_an_agency(browse, preparer):
    client = browse(make_person(Role.REVIEWER))
    assert client.get("/officers/").url == "/agencies/"
    page = text(client.get(f"/agencies/{preparer.agency.number}/officers/"))
    assert "Garza, Dana" in page
    assert "Upload a roster" not in page


def test_an_empty_roster_says_what_to_do(browse):
    actor = make_person(Role.PREPARER, make_agency())
    page = text(browse(actor).get("/officers/"))
    assert "No officers yet" in page
    assert "/officers/rosters/new/" in page

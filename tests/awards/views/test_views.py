"""Counts: reported by one program manager, confirmed by another, read by the agency they are of."""

import pytest

from awards.models import PerformanceMeasure
from awards.presentation import share
from awards.selectors import measures_to_confirm
from awards.services import confirm_counts
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from tests.factories import QUARTER, make_agency, make_person, propose, report

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
    listed = text(client.get("/counts/?quarter=FY2026Q1&standing=missing"))
    assert "Missing" in listed
    assert f"/counts/{agency.number}/FY2026Q1/" in listed
    answer = client.post(
        f"/counts/{agency.number}/FY2026Q1/", {"referred": "60", "located": "49"}, follow=True
    )
    assert "are recorded" in text(answer)
    assert "Nothing found" in text(client.get("/counts/?quarter=FY2026Q1&standing=missing"))
    waiting = text(client.get("/counts/?quarter=FY2026Q1&standing=waiting"))
    assert "Waiting for confirmation" in waiting
    assert "81.6%" not in waiting


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
    assert "81.6%" in page
    assert "54 located of 60 referred" in page
    correction = PerformanceMeasure.objects.latest("pk")
    confirm_counts(actor=make_person(Role.PROGRAM_MANAGER), measure=correction)
    page = text(client.get(f"/counts/{agency.number}/"))
    assert "90.0%" in page
    assert "$1,000.00" in page
    assert "Replaces 1 earlier report" in page


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
    assert "Reported by Program manager" in page
    assert "; confirmed by Program manager" in page
    assert "$0.00" in page
    part = text(client.get(f"/counts/{agency.number}/", headers={"HX-Request": "true"}))
    assert "<h1>" not in part
    assert client.get(f"/counts/{other.number}/").status_code == 404
    assert client.get("/counts/").status_code == 403
    assert client.post(f"/counts/{agency.number}/FY2026Q1/").status_code == 403


def test_an_agency_reads_nothing_that_is_not_confirmed(browse):
    agency = make_agency()
    propose(agency, 31, 29)
    page = text(browse(make_person(Role.VIEWER, agency)).get(f"/counts/{agency.number}/"))
    assert "No counts have been confirmed yet" in page
    assert "29" not in page.partition("<main")[2]


def test_a_second_program_manager_confirms_with_one_click(browse, manager):
    agency = make_agency()
    measure = propose(agency, 60, 54)
    client = browse(manager)
    assert "Counts to confirm: 1" in text(client.get("/"))
    assert "Confirm counts (1)" in text(client.get("/counts/"))
    assert f"/counts/waiting/{measure.pk}/confirm/" in text(client.get("/counts/waiting/"))
    answer = client.post(f"/counts/waiting/{measure.pk}/confirm/", follow=True)
    assert "for FY2026Q1 count now" in text(answer)
    assert "Nothing waits for confirmation" in text(answer)
    assert "90.0%" in text(client.get("/counts/?quarter=FY2026Q1&standing=confirmed"))
    again = text(client.post(f"/counts/waiting/{measure.pk}/confirm/", follow=True))
    assert "do not wait any more" in again
    assert client.get(f"/counts/waiting/{measure.pk}/confirm/").status_code == 405


def test_the_reporter_is_told_that_another_decides(browse, manager):
    agency = make_agency()
    client = browse(manager)
    client.post(f"/counts/{agency.number}/FY2026Q1/", {"referred": "60", "located": "49"})
    measure = PerformanceMeasure.objects.get()
    page = text(client.get("/counts/waiting/"))
    assert "another program manager decides" in page
    assert "Confirm<" not in page
    assert "Counts to confirm: 0" in text(client.get("/"))
    answer = text(client.post(f"/counts/waiting/{measure.pk}/confirm/", follow=True))
    assert "a second program manager confirms or rejects them" in answer
    assert measures_to_confirm(manager).exists()


def test_counts_are_rejected_with_a_note_that_the_reporter_reads(browse, manager):
    agency = make_agency()
    measure = propose(agency, 60, 54)
    client = browse(manager)
    address = f"/counts/waiting/{measure.pk}/reject/"
    assert "54 located of 60 referred" in text(client.get(address))
    empty = client.post(address, {"note": "  "})
    assert (empty.status_code, "Write in a few words" in text(empty)) == (422, True)
    answer = text(client.post(address, {"note": "The list says 45."}, follow=True))
    assert "are rejected" in answer
    page = text(client.get(f"/counts/{agency.number}/FY2026Q1/"))
    assert "rejected by" in page
    assert "The list says 45." in page
    late = client.post(address, {"note": "Once more."})
    assert (late.status_code, "do not wait any more" in text(late)) == (422, True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.PAYMENT_APPROVER])
def test_only_program_managers_confirm(browse, role):
    measure = propose(make_agency(), 60, 54)
    client = browse(make_person(role))
    assert client.get("/counts/waiting/").status_code == 403
    for verb in ("confirm", "reject"):
        answer = client.post(f"/counts/waiting/{measure.pk}/{verb}/", {"note": "No."})
        assert answer.status_code == 404


def test_agencies_confirm_nothing(browse):
    agency = make_agency()
    measure = propose(agency, 60, 54)
    client = browse(make_person(Role.CERTIFIER, agency))
    assert client.get("/counts/waiting/").status_code == 403
    assert client.post(f"/counts/waiting/{measure.pk}/confirm/").status_code == 404


@pytest.mark.parametrize("quarter", ["FY2025Q4", "FY2030Q1", "FY2026Q9", "x"])
def test_counts_of_other_quarters_do_not_exist(browse, manager, quarter):
    agency = make_agency()
    assert browse(manager).get(f"/counts/{agency.number}/{quarter}/").status_code == 404


def test_many_agencies_take_as_many_queries_as_one(browse, manager, django_assert_max_num_queries):
    Agency.objects.bulk_create(Agency(number=f"N{n}", name=f"Agency {n}") for n in range(120))
    client = browse(manager)
    reporter = make_person(Role.PROGRAM_MANAGER).user
    PerformanceMeasure.objects.bulk_create(
        PerformanceMeasure(
            agency=agency, quarter=QUARTER, referred=9, located=7, reported_by=reporter
        )
        for agency in Agency.objects.all()
    )
    with django_assert_max_num_queries(10):
        client.get("/counts/")
    with django_assert_max_num_queries(9):
        client.get("/counts/waiting/")


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

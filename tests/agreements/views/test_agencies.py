"""Agencies and agreements: what the program office keeps, and what an agency sees of itself."""

from datetime import date

import pytest
from django.core import mail

from agreements.models import ActivePeriod, AgencyName, Agreement
from portal.accounts.models import Agency, Membership, User
from portal.accounts.roles import Role
from portal.records.models import AuditEvent
from tests.factories import make_agency, make_person, report

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def manager(db):
    return make_person(Role.PROGRAM_MANAGER)


def test_the_list_is_searched_filtered_and_sorted(browse, manager):
    make_agency("Cedar County")
    make_agency("Elm Police", agreement="")
    client = browse(manager)
    page = text(client.get("/agencies/"))
    assert "No agreement" in page
    assert ">TFM<" in page
    assert "Elm Police" not in text(client.get("/agencies/?q=cedar"))
    assert "Nothing found" in text(client.get("/agencies/?state=FL"))
    assert client.get("/agencies/?sort=-officers").status_code == 200


def test_the_list_takes_as_many_queries_for_many_agencies(
    browse, manager, django_assert_max_num_queries
):
    Agency.objects.bulk_create(Agency(number=f"N{n}", name=f"Agency {n}") for n in range(120))
    client = browse(manager)
    with django_assert_max_num_queries(9):
        client.get("/agencies/")


def test_an_agency_is_added_and_gets_its_agreement_and_administrator(browse, manager):
    client = browse(manager)
    sent = {"name": "Hill County", "state": "TX", "time_zone": "America/Chicago"}
    page = client.post("/agencies/new/", sent, follow=True)
    agency = Agency.objects.get(name="Hill County")
    assert agency.number in text(page)
    assert "Record the agency’s agreement" in text(page)
    base = f"/agencies/{agency.number}"
    answer = client.post(
        f"{base}/agreements/new/", {"model": "TFM", "active_from": "2025-10-15"}, follow=True
    )
    assert "Appoint the agency’s first administrator" in text(answer)
    person = {"email": "Chief@Hill.example", "name": "Chief Hill", "role": "administrator"}
    answer = client.post(f"{base}/administrator/", person, follow=True)
    assert "chief@hill.example" in text(answer)
    user = User.objects.get(email="chief@hill.example")
    assert Membership.objects.get(user=user).role == Role.ADMINISTRATOR
    assert "Hill County" in mail.outbox[0].subject


def test_an_agreement_ends_and_overlaps_are_refused_beside_the_form(browse, manager):
    agency = make_agency()
    agreement = ActivePeriod.objects.get(agency=agency)
    client = browse(manager)
    base = f"/agencies/{agency.number}/agreements"
    overlap = client.post(f"{base}/new/", {"model": "TFM", "active_from": "2026-01-01"})
    assert overlap.status_code == 422
    assert "End the earlier one first" in text(overlap)
    reversed_days = client.post(
        f"{base}/{agreement.pk}/end/", {"active_to": "2024-01-01", "note": "no", "because": "other"}
    )
    assert "is before the first" in text(reversed_days)
    assert (
        client.post(f"{base}/{agreement.pk}/end/", {"active_to": "2025-12-31"}).status_code == 422
    )
    ended = client.post(
        f"{base}/{agreement.pk}/end/",
        {"active_to": "2025-12-31", "note": "An investigation.", "because": "suspended"},
        follow=True,
    )
    assert "Suspended" in text(ended)
    assert Agreement.objects.get(agency=agency).status == "signed"
    again = client.post(f"{base}/new/", {"model": "TFM", "active_from": "2026-01-10"}, follow=True)
    assert "agreement is recorded" in text(again)
    assert Agreement.objects.get(agency=agency).periods.count() == 2
    agreement.refresh_from_db()
    assert agreement.active_to == date(2025, 12, 31)


def test_a_terminated_agreement_has_ended_and_another_may_follow(browse, manager):
    agency = make_agency()
    base = f"/agencies/{agency.number}/agreements"
    period = ActivePeriod.objects.get(agency=agency)
    sent = {"active_to": "2025-12-31", "note": "In writing.", "because": "terminated"}
    client = browse(manager)
    assert "Terminated" in text(client.post(f"{base}/{period.pk}/end/", sent, follow=True))
    assert Agreement.objects.get().status == "ended"
    client.post(f"{base}/new/", {"model": "TFM", "active_from": "2026-01-10"})
    assert [a.status for a in Agreement.objects.order_by("pk")] == ["ended", "signed"]


def test_facts_are_corrected_and_an_old_name_stays_a_name(browse, manager):
    agency = make_agency()
    sent = {
        "name": "Cedar County Sheriff",
        "state": "TX",
        "county": "Cedar County",
        "kind": "county",
        "ori": "tx0850000",
        "uei": "",
        "sworn_officers": "1200",
        "time_zone": "America/Chicago",
    }
    client = browse(manager)
    address = f"/agencies/{agency.number}/facts/"
    page = text(client.post(address, sent, follow=True))
    assert "TX0850000" in page
    assert "1,200" in page
    assert "Also called" in page
    assert AgencyName.objects.get().name == "Cedar County Sheriff's Office"
    event = AuditEvent.objects.get(action="agency.edit")
    assert '"before":{"county":""' in event.content
    for wrong in ({"ori": "TX1"}, {"uei": "x"}, {"sworn_officers": "-1"}, {"name": " "}):
        assert client.post(address, {**sent, **wrong}).status_code == 422


def test_an_agency_without_a_task_force_sees_why_nothing_is_payable(browse):
    agency = make_agency(agreement="WSO")
    page = text(browse(make_person(Role.VIEWER, agency)).get("/agency/"))
    assert "Nothing is payable under Warrant Service Officer" in page
    task_force = make_agency("Elm County")
    page = text(browse(make_person(Role.VIEWER, task_force)).get("/agency/"))
    assert "Nothing is payable" not in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"name": " ", "state": "TX", "time_zone": "America/Chicago"},
        {"name": "X", "state": "XX", "time_zone": "America/Chicago"},
        {"name": "X", "state": "TX", "time_zone": "Mars/Base"},
        {"name": "X" * 201, "state": "TX", "time_zone": "America/Chicago"},
        {"name": "X\0", "state": "TX", "time_zone": "America/Chicago"},
    ],
)
def test_wrong_values_are_said_beside_the_form(browse, manager, sent):
    assert browse(manager).post("/agencies/new/", sent).status_code == 422
    assert not Agency.objects.exists()


def test_an_agency_sees_its_own_page_and_no_other(browse):
    agency, other = make_agency("Own County"), make_agency("Other County")
    client = browse(make_person(Role.VIEWER, agency))
    page = text(client.get("/agency/"))
    assert "Own County" in page
    assert "Add an agreement" not in page
    assert client.get("/agencies/").url == "/agency/"
    assert client.get(f"/agencies/{other.number}/").status_code == 404
    assert client.get(f"/agencies/{agency.number}/").status_code == 200


def test_only_program_managers_change_agencies(browse):
    agency = make_agency()
    agreement = ActivePeriod.objects.get(agency=agency)
    addresses = (
        "/agencies/new/",
        f"/agencies/{agency.number}/facts/",
        f"/agencies/{agency.number}/agreements/new/",
        f"/agencies/{agency.number}/agreements/{agreement.pk}/end/",
        f"/agencies/{agency.number}/administrator/",
    )
    for role in (Role.REVIEWER, Role.AUDITOR, Role.PAYMENT_APPROVER):
        client = browse(make_person(role))
        assert client.get(f"/agencies/{agency.number}/").status_code == 200
        assert {client.get(address).status_code for address in addresses} == {403}
        assert {client.post(address).status_code for address in addresses} == {403}
    for role in (Role.ADMINISTRATOR, Role.PREPARER):
        client = browse(make_person(role, agency))
        assert {client.post(address).status_code for address in addresses} == {403}


def test_an_agreement_is_found_only_under_its_own_agency(browse, manager):
    agency, other = make_agency("Own County"), make_agency("Other County")
    agreement = ActivePeriod.objects.get(agency=agency)
    address = f"/agencies/{other.number}/agreements/{agreement.pk}/end/"
    assert browse(manager).get(address).status_code == 404


def test_the_page_loads_the_counts_and_works_without_scripts(browse, manager):
    agency = make_agency()
    report(agency, 60, 49)
    client = browse(manager)
    page = text(client.get(f"/agencies/{agency.number}/"))
    assert f'href="/counts/{agency.number}/"' in page

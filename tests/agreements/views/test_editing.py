"""The roster by hand in the browser: two people at one officer, wrong input, wrong people."""

from __future__ import annotations

import html
import re

import pytest

from agreements.models import Officer, RosterEntry
from portal.accounts.roles import Role
from tests.factories import load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

NEW = {
    "payroll_id": "77",
    "last_name": "Stone",
    "first_name": "Kim",
    "hired_on": "2019-04-01",
    "model": "TFM",
    "trained_on": "2025-09-01",
    "authorized_from": "2025-09-10",
    "authorized_to": "2027-09-09",
}


@pytest.fixture
def preparer(db):
    actor = make_person(Role.PREPARER, make_agency())
    load_roster(actor)
    return actor


@pytest.fixture
def entry(preparer):
    return RosterEntry.objects.select_related("officer").get(officer__payroll_id="0042")


def text(response) -> str:
    return response.content.decode()


def filled(response) -> dict[str, str]:
    """What a browser would send back if nobody touched the form."""
    page = text(response).partition('<form class="usa-form"')[2]
    values = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            values[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


def test_an_officer_is_added_by_hand(browse, preparer):
    client = browse(preparer)
    assert "/officers/new/" in text(client.get("/officers/"))
    answer = client.post("/officers/new/", NEW, follow=True)
    page = text(answer)
    assert "Stone, Kim is on the roster." in page
    assert "By hand" in page
    assert "Added to the roster" in page
    again = client.post("/officers/new/", NEW)
    assert again.status_code == 422
    assert "is on the roster with the payroll id 77 already" in text(again)
    assert Officer.objects.filter(payroll_id="77").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"payroll_id": ""}, "Enter the id that your payroll uses."),
        ({"hired_on": "someday"}, "Enter a day such as 2026-01-20."),
        ({"hired_on": "1812-01-01"}, "between 1950 and 2100"),
        ({"authorized_to": "2025-01-01"}, "before it starts"),
        ({"model": "XYZ"}, "XYZ is not one of the available choices"),
        ({"model": ""}, "needed in every row with authorized_from"),
        ({"last_name": "123-45-6789"}, "social security number"),
        ({"last_name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_wrong_input_is_said_beside_the_field(browse, preparer, wrong, words):
    answer = browse(preparer).post("/officers/new/", {**NEW, **wrong})
    assert answer.status_code == 422
    assert words in html.unescape(text(answer))
    assert not Officer.objects.filter(payroll_id="77").exists()


def test_two_browsers_at_one_officer_lose_nothing(browse, preparer, entry):
    colleague = make_person(Role.PREPARER, preparer.agency, name="Rosa Colleague")
    address = f"/officers/{entry.officer_id}/authorizations/{entry.pk}/"
    first, second = browse(preparer), browse(colleague)
    mine, theirs = filled(first.get(address)), filled(second.get(address))

    theirs |= {"credential_number": "TX-7", "authorized_to": "2027-05-31"}
    assert second.post(address, theirs).status_code == 302

    mine |= {"authorized_to": "2026-12-31", "end_reason": "expired"}
    answer = first.post(address, mine)
    assert answer.status_code == 409
    page = text(answer)
    for words in (
        "Rosa Colleague changed",
        "Credential",
        "TX-7",
        "nothing new",
        "May 31, 2027",
        "Dec 31, 2026",
    ):
        assert words in page
    entry.refresh_from_db()
    assert (str(entry.authorized_to), entry.credential_number) == ("2027-05-31", "TX-7")

    # The form now holds what stands, and over it only what this person had changed.
    merged = filled(answer)
    assert merged["credential_number"] == "TX-7"
    assert merged["authorized_to"] == "2026-12-31"
    assert merged["end_reason"] == "expired"
    assert first.post(address, merged).status_code == 302
    entry.refresh_from_db()
    assert (str(entry.authorized_to), entry.credential_number) == ("2026-12-31", "TX-7")


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"last_name": 1}', "null", "[" * 9999])
def test_a_form_that_forgot_what_it_showed_saves_nothing(browse, preparer, entry, seen):
    answer = browse(preparer).post(
        f"/officers/{entry.officer_id}/name/",
        {"last_name": "Other", "first_name": "Name", "title": "", "seen": seen},
    )
    assert answer.status_code == 409
    assert Officer.objects.get(pk=entry.officer_id).last_name == "Reyes"


def test_a_name_is_corrected_and_an_authorization_ended(browse, preparer, entry):
    client = browse(preparer)
    for matter, changes in (
        ("name", {"last_name": "Reyes-Lopez"}),
        (
            f"authorizations/{entry.pk}/end",
            {"authorized_to": "2026-01-05", "end_reason": "revoked"},
        ),
        (
            f"employments/{entry.pk}",
            {"separated_on": "2026-01-09", "separation_reason": "federal_hire"},
        ),
    ):
        address = f"/officers/{entry.officer_id}/{matter}/"
        answer = client.post(address, {**filled(client.get(address)), **changes}, follow=True)
        assert answer.redirect_chain, matter
    page = text(answer)
    for words in ("Reyes-Lopez", "Jan 5, 2026", "(revoked)", "Jan 9, 2026", "Changed by hand"):
        assert words in page
    assert "Separated: Jan 9, 2026; Reason of separation: federal hire" in page


def test_the_end_is_not_the_last_day_that_was_planned(browse, preparer, entry):
    entry.authorized_to = "2027-05-31"
    entry.save()
    address = f"/officers/{entry.officer_id}/authorizations/{entry.pk}/end/"
    assert filled(browse(preparer).get(address))["authorized_to"] == ""


def test_a_second_authorization_is_added_in_the_same_employment(browse, preparer, entry):
    client = browse(preparer)
    address = f"/officers/{entry.officer_id}/authorizations/new/"
    values = filled(client.get(address))
    assert values["hired_on"] == "2015-01-01"
    values |= {
        "model": "TFM",
        "trained_on": "2025-06-01",
        "authorized_from": "2027-07-01",
        "authorized_to": "2029-06-30",
    }
    assert client.post(address, values).status_code == 302
    assert client.post(address, values).status_code == 422
    assert RosterEntry.objects.filter(officer=entry.officer_id).count() == 2


def addresses(entry) -> list[str]:
    matters = ("name", "authorizations/new", f"authorizations/{entry.pk}")
    matters += (f"authorizations/{entry.pk}/end", f"employments/{entry.pk}")
    return [f"/officers/{entry.officer_id}/{matter}/" for matter in matters]


def test_strangers_find_no_form(browse, preparer, entry):
    client = browse(make_person(Role.PREPARER, make_agency("Other Police Department")))
    for address in addresses(entry):
        assert client.get(address).status_code == 404
        assert client.post(address, {}).status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CERTIFIER, Role.PROGRAM_MANAGER, Role.AUDITOR])
def test_who_only_reads_gets_no_form_and_no_link(browse, preparer, entry, role):
    client = browse(make_person(role, preparer.agency if role.side == "agency" else None))
    page = text(client.get(f"/officers/{entry.officer_id}/"))
    for address in addresses(entry):
        assert address not in page
        assert client.get(address).status_code == 403
        assert client.post(address, {}).status_code == 403


def test_an_entry_belongs_to_its_officer(browse, preparer, entry):
    other = RosterEntry.objects.get(officer__payroll_id="A-7")
    address = f"/officers/{entry.officer_id}/authorizations/{other.pk}/"
    assert browse(preparer).get(address).status_code == 404

"""The pages of a dispute about counts, for both sides."""

import uuid

import pytest

from awards.models import CountsDispute, PerformanceMeasure
from portal.accounts.roles import Role
from tests.factories import QUARTER, make_agency, make_person, propose, report

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def agency(db):
    return make_agency()


@pytest.fixture
def address(agency):
    return f"/counts/{agency.number}/{QUARTER}/dispute/"


FIELDS = {
    "reason": "located_not_counted",
    "referred": "10",
    "located": "9",
    "grounds": "Two came back.",
}


def test_an_agency_finds_the_form_sends_it_twice_and_reads_the_answer(browse, agency, address):
    report(agency, 10, 7)
    client = browse(make_person(Role.PREPARER, agency))
    assert address in text(client.get(f"/counts/{agency.number}/"))
    assert "Write nothing about any person" in text(client.get(address))
    fields = {**FIELDS, "token": str(uuid.uuid4())}
    answer = client.post(address, fields, follow=True)
    assert "does not wait for it" in text(answer)
    client.post(address, fields)
    made = CountsDispute.objects.get()
    assert "disputes these counts already" in text(client.get(address))
    manager = browse(make_person(Role.PROGRAM_MANAGER))
    assert "Disputes of counts: 1 open" in text(manager.get("/counts/"))
    page = text(manager.get("/counts/disputes/?standing=True"))
    assert agency.number in page
    shown = f"/counts/disputes/{made.pk}/"
    assert "Keep the counts" in text(manager.get(shown))
    manager.post(shown, {"answer": "They were located in January."})
    read = text(client.get(shown))
    assert "They were located in January." in read
    assert "Counts kept" in text(client.get(f"/counts/{agency.number}/"))
    assert "Keep the counts" not in read


def test_the_managers_change_goes_the_usual_way_and_is_hidden_until_confirmed(
    browse, agency, address
):
    report(agency, 10, 7)
    client = browse(make_person(Role.CERTIFIER, agency))
    client.post(address, {**FIELDS, "token": str(uuid.uuid4())})
    made = CountsDispute.objects.get()
    manager = browse(make_person(Role.PROGRAM_MANAGER))
    shown = f"/counts/disputes/{made.pk}/"
    assert 'value="9"' in text(manager.get(shown))
    manager.post(f"/counts/{agency.number}/{QUARTER}/", {"referred": "10", "located": "9"})
    assert PerformanceMeasure.objects.count() == 2
    assert "New counts are reported" in text(manager.get(shown))
    assert "New counts are reported" not in text(client.get(shown))


def test_the_reporter_is_told_that_another_one_answers(browse, agency, address):
    measure = report(agency, 10, 7)
    browse(make_person(Role.PREPARER, agency)).post(address, {**FIELDS, "token": str(uuid.uuid4())})
    reporter = browse(type("Somebody", (), {"user": measure.reported_by}))
    page = text(reporter.get(f"/counts/disputes/{CountsDispute.objects.get().pk}/"))
    assert "another program manager decides" in page


def test_a_number_of_a_person_is_refused_on_the_form(browse, agency, address):
    report(agency, 10, 7)
    client = browse(make_person(Role.PREPARER, agency))
    fields = {**FIELDS, "grounds": "See 123-45-6789.", "token": str(uuid.uuid4())}
    answer = client.post(address, fields)
    assert answer.status_code == 422
    assert "123-45-6789" not in text(answer)
    assert not CountsDispute.objects.exists()


def test_without_counts_that_count_or_for_others_there_is_no_form(browse, agency, address):
    propose(agency, 10, 7)
    assert browse(make_person(Role.PREPARER, agency)).get(address).status_code == 404
    report(agency, 10, 7)
    stranger = make_person(Role.PREPARER, make_agency("Other County"))
    assert browse(stranger).get(address).status_code == 404
    assert browse(make_person(Role.PROGRAM_MANAGER)).get(address).status_code == 404
    assert "can dispute the counts" in text(browse(make_person(Role.VIEWER, agency)).get(address))

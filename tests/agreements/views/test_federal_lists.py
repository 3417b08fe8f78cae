"""The federal list of authorizations in the browser, and its marks on officers."""

from __future__ import annotations

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import FederalList, Officer
from portal.accounts.roles import Role
from portal.kernel.tabular import write_xlsx
from tests.factories import load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

LIST = """credential_number,model,authorized_from,authorized_to,revoked_on
TX-1,TFM,2025-06-10,2027-06-09,
TX-2,TFM,2025-06-10,2027-06-09,2026-01-02
"""
ROSTER = """\
officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from,credential_number
1,Garza,Dana,2015-01-05,TFM,2025-06-01,2025-06-10,tx-1
2,Okafor,Ben,2018-05-01,TFM,2025-06-01,2025-06-10,TX-2
3,Reyes,Ana,2018-05-01,TFM,2025-06-01,2025-06-10,
"""


@pytest.fixture
def preparer(db):
    actor = make_person(Role.PREPARER, make_agency())
    load_roster(actor, ROSTER)
    return actor


@pytest.fixture
def manager(db):
    return make_person(Role.PROGRAM_MANAGER)


def text(response) -> str:
    return html.unescape(response.content.decode())


def send(client, content: bytes | str = LIST, name: str = "list.csv"):
    data = content.encode() if isinstance(content, str) else content
    return client.post("/authorizations/new/", {"file": SimpleUploadedFile(name, data)})


def test_a_list_is_sent_and_counts(browse, manager, preparer):
    client = browse(manager)
    assert "No list yet" in text(client.get("/authorizations/"))
    assert send(client).url == "/authorizations/"
    page = text(client.get("/authorizations/"))
    assert "The list counts now: 2 authorizations" in page
    assert "list.csv" in page
    taken = FederalList.objects.get()
    original = client.get(f"/authorizations/{taken.pk}/original/")
    assert original.content.decode() == LIST


def test_officers_are_marked_on_their_list_and_page(browse, manager, preparer):
    client = browse(preparer)
    assert "nconfirmed" not in text(client.get("/officers/"))
    send(browse(manager))
    page = text(client.get("/officers/"))
    assert page.count(">Unconfirmed<") == 1
    assert page.count(">Contradicted<") == 1
    assert ">Confirmed<" not in page  # Only what asks for attention is marked in the list.
    for payroll_id, words in (
        ("1", ">Confirmed<"),
        ("2", "revoked on Jan 2, 2026"),
        ("3", "The roster gives no credential number."),
    ):
        officer = Officer.objects.get(payroll_id=payroll_id)
        assert words in text(client.get(f"/officers/{officer.pk}/"))


def test_a_workbook_is_a_list_too(browse, manager):
    rows = [line.split(",") for line in LIST.splitlines()]
    assert send(browse(manager), write_xlsx("Sheet", rows[0], rows[1:]), "list.xlsx").url


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("credential_number,model,authorized_from\nTX-1,TFM,someday\n", "Row 2"),
        ("credential_number,model,authorized_from\n", "has no rows"),
        ("credential_number\nTX-1\n", "model"),
        (LIST.replace("revoked_on", "alien number"), "persons other than officers"),
        ("<html>", "not an Excel workbook"),
        ("", "empty"),
    ],
)
def test_a_wrong_list_is_explained_and_not_kept(browse, manager, content, words):
    answer = send(browse(manager), content)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not FederalList.objects.exists()


def test_a_list_with_very_many_errors_shows_the_first(browse, manager):
    rows = "".join(f"TX-{n},TFM,someday\n" for n in range(300))
    answer = send(browse(manager), "credential_number,model,authorized_from\n" + rows)
    assert answer.status_code == 422
    assert text(answer).count("<li>Row ") <= 50


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PROGRAM_MANAGER])
def test_others_send_no_list_and_agencies_see_none(browse, role):
    client = browse(make_person(role, make_agency() if role.side == "agency" else None))
    assert client.get("/authorizations/new/").status_code == 403
    assert send(client).status_code == 403
    sees = client.get("/authorizations/").status_code
    assert sees == (200 if role.side == "federal" else 404)
    assert client.get("/authorizations/1/original/").status_code == 404


def test_marks_cost_the_list_of_officers_no_query_per_row(
    browse, manager, preparer, django_assert_max_num_queries
):
    send(browse(manager))
    header, *rows = ROSTER.splitlines()
    more = [rows[0].replace("1,Garza", f"X{n},Garza") for n in range(60)]
    load_roster(preparer, "\n".join([header, *more]) + "\n")
    client = browse(preparer)
    with django_assert_max_num_queries(12):
        assert "of 63" in text(client.get("/officers/"))

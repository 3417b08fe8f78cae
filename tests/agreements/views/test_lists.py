"""ICE's lists in the browser: uploaded, looked at, confirmed as they were shown."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement, ListImport
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from portal.records.models import Document
from tests.agreements.ice_lists import NAME, book, row
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def client(browse):
    return browse(make_person(Role.PROGRAM_MANAGER))


def upload(client, *rows, name=NAME, **sent):
    file = SimpleUploadedFile(name, book(*rows))
    return client.post("/agencies/lists/new/", {"file": file, **sent}, follow=True)


def confirm(client, page, **more):
    address = page.request["PATH_INFO"]
    fields = dict(re.findall(r'name="(shown_sha256|as_of)" value="([^"]*)"', text(page)))
    return client.post(f"{address}import/", {**fields, **more}, follow=True)


def test_a_list_is_shown_then_imported(client):
    assert "No list was imported yet" in text(client.get("/agencies/lists/"))
    page = upload(client, row(), row(agency="Waco Police"))
    assert "Participating agencies, Sep 2, 2025" in text(page)
    assert "new agency" in text(page)
    assert not Agency.objects.exists()
    done = confirm(client, page)
    assert "The list is imported" in text(done)
    assert "Waco Police" in text(done)
    assert Agreement.objects.count() == 2
    listed = text(client.get("/agencies/lists/"))
    assert "2 created" in listed
    made = ListImport.objects.get()
    original = client.get(f"/agencies/lists/{made.document_id}/original/")
    assert original.content.startswith(b"PK")
    agency = Agency.objects.get(name="Waco Police")
    page = text(client.get(f"/agencies/{agency.number}/"))
    assert NAME in page
    assert "row 3" in page


def test_endings_are_confirmed_apart(client):
    confirm(client, upload(client, row(), row(agency="Waco Police")))
    page = upload(client, row(), as_of="2025-10-02")
    assert "No longer listed" in text(page)
    assert "Also end the 1 agreement" in text(page)
    confirm(client, page)
    assert not Agreement.objects.filter(status="ended").exists()
    page = upload(client, row(), as_of="2025-10-02")
    done = confirm(client, page, end_missing="on")
    assert "1 of them end" in text(done)
    assert Agreement.objects.get(status="ended").agency.name == "Waco Police"


def test_what_was_not_shown_is_not_imported(client):
    page = upload(client, row())
    confirm(client, page)
    stale = confirm(client, page)
    assert "while you were looking" in text(stale)
    assert ListImport.objects.count() == 1
    unseen = confirm(client, page, shown_sha256="")
    assert "while you were looking" in text(unseen)


def test_wrong_files_are_refused_beside_the_form(client):
    assert client.post("/agencies/lists/new/", {}).status_code == 422
    for content in (b"", b"\0\1", b"STATE,AGENCY\nTX,Waco"):
        file = SimpleUploadedFile("list.xlsx", content)
        answer = client.post("/agencies/lists/new/", {"file": file})
        assert answer.status_code == 422
    assert upload(client, row(), as_of="2030-01-01").status_code == 422
    assert upload(client, row(), as_of="soon").status_code == 422
    assert not Document.objects.exists()


def test_an_older_list_is_explained(client):
    page = upload(client, row())
    confirm(client, upload(client, row(), as_of="2025-11-24"))
    address = page.request["PATH_INFO"]
    refused = client.get(address)
    assert refused.status_code == 409
    assert "in the order of their days" in text(refused)
    assert client.get(f"{address}?as_of=2025-12-01").status_code == 200


def test_changes_are_searched_in_as_many_queries(client, django_assert_max_num_queries):
    rows = [row(agency=f"Agency {n}") for n in range(120)]
    page = upload(client, *rows)
    address = page.request["PATH_INFO"]
    part = client.get(f"{address}?q=119", headers={"HX-Request": "true"})
    assert "Agency 119" in text(part)
    assert "<html" not in text(part)
    confirm(client, page)
    with django_assert_max_num_queries(9):
        shown = client.get(f"/agencies/lists/imports/{ListImport.objects.get().pk}/?what=created")
    assert "Agency 1" in text(shown)


def test_lists_are_for_the_federal_side_and_imported_by_program_managers(browse, client):
    page = upload(client, row())
    address = page.request["PATH_INFO"]
    confirm(client, page)
    made = ListImport.objects.get()
    read = ("/agencies/lists/", f"/agencies/lists/imports/{made.pk}/", f"{address}original/")
    change = ("/agencies/lists/new/", address, f"{address}import/")
    auditor = browse(make_person(Role.AUDITOR))
    assert {auditor.get(one).status_code for one in read} == {200}
    assert {auditor.post(one).status_code for one in change} == {403}
    preparer = browse(make_person(Role.PREPARER, make_agency("Own")))
    assert {preparer.get(one).status_code for one in read} == {404}
    assert {preparer.post(one).status_code for one in change} <= {403, 404}
    assert made.as_of == date(2025, 9, 2)

"""Pages of the files of counts."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from awards.models import CountsUpload, PerformanceMeasure
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from tests.factories import make_agency, make_person, report

pytestmark = pytest.mark.django_db

HEADER = "agency,quarter,referred,located\n"
TOKEN = "7d4d6f4e-4f7a-4c39-9a3d-0d1d1c1b1a19"


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def manager(db):
    return make_person(Role.PROGRAM_MANAGER)


def send(client, content: str, **fields):
    file = SimpleUploadedFile("counts.csv", content.encode(), "text/csv")
    return client.post("/counts/files/new/", {"file": file, **fields}, follow=True)


def test_a_file_shows_what_it_changes_and_a_colleague_confirms_it(browse, manager):
    known, new = make_agency("Known County"), make_agency("New County")
    report(known, 60, 49)
    client = browse(manager)
    assert "one file" in text(client.get("/counts/files/new/")).lower()
    rows = f"{known.number},FY2026Q1,60,54\n{new.number},FY2026Q1,5,5\n"
    page = text(send(client, HEADER + rows))
    assert "<del>49</del> becomes <ins>54</ins>" in page
    assert "Another program manager confirms these counts" in page
    assert "Confirm 2 reports" not in page
    upload = CountsUpload.objects.get()
    own = client.post(f"/counts/files/{upload.pk}/confirm/", follow=True)
    assert "a second program manager confirms or rejects them" in text(own)
    second = browse(make_person(Role.PROGRAM_MANAGER))
    assert "Confirm 2 reports" in text(second.get(f"/counts/files/{upload.pk}/"))
    answer = text(second.post(f"/counts/files/{upload.pk}/confirm/", follow=True))
    assert "2 reports of this file count now" in answer
    assert "Confirmed by" in answer
    page = text(client.get(f"/counts/{known.number}/"))
    assert "file counts.csv, row 2" in page
    assert "counts.csv" in text(client.get("/counts/files/"))
    original = client.get(f"/counts/files/{upload.pk}/original/")
    assert original.content.decode() == HEADER + rows


def test_a_wrong_file_says_what_to_correct(browse, manager):
    page = text(send(browse(manager), HEADER + "A99999,FY2026Q1,1,2\n"))
    assert "Correct the file and send it again" in page
    assert "2 errors keep this file from counting" in page
    assert "unknown_agency" in page
    assert "Download" not in page
    upload = CountsUpload.objects.get()
    refused = browse(manager).get(f"/counts/files/{upload.pk}/original/")
    assert refused.status_code == 409
    assert not PerformanceMeasure.objects.exists()


def test_a_form_sent_twice_is_one_file(browse, manager):
    agency = make_agency()
    client = browse(manager)
    for _ in range(2):
        send(client, f"{HEADER}{agency.number},FY2026Q1,9,8\n", token=TOKEN)
    assert CountsUpload.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "This file is empty"), ("x" * (2 * 1024 * 1024 + 1), "larger than 2 MB")],
)
def test_a_file_of_the_wrong_size_is_refused_at_the_door(browse, manager, content, words):
    answer = send(browse(manager), content)
    assert (answer.status_code, words in text(answer)) == (422, True)
    assert not CountsUpload.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REVIEWER, Role.SYSTEM_ADMINISTRATOR])
def test_files_are_the_program_managers_alone(browse, manager, role):
    send(browse(manager), f"{HEADER}{make_agency().number},FY2026Q1,9,8\n")
    upload = CountsUpload.objects.get()
    client = browse(make_person(role))
    assert client.get("/counts/files/").status_code == 403
    assert client.get("/counts/files/new/").status_code == 403
    for address in ("", "original/"):
        assert client.get(f"/counts/files/{upload.pk}/{address}").status_code == 404
    assert client.post(f"/counts/files/{upload.pk}/confirm/").status_code == 404


def test_an_agency_sees_no_file(browse, manager):
    agency = make_agency()
    send(browse(manager), f"{HEADER}{agency.number},FY2026Q1,9,8\n")
    client = browse(make_person(Role.ADMINISTRATOR, agency))
    assert client.get(f"/counts/files/{CountsUpload.objects.get().pk}/").status_code == 404


def test_a_thousand_rows_take_as_many_queries_as_one(
    browse, manager, django_assert_max_num_queries
):
    Agency.objects.bulk_create(Agency(number=f"N{n}", name=f"Agency {n}") for n in range(1000))
    rows = "".join(f"N{n},FY2026Q1,10,{n % 10}\n" for n in range(1000))
    client = browse(manager)
    page = text(send(client, HEADER + rows))
    assert "1,000 reports wait" in page
    with django_assert_max_num_queries(10):
        client.get(f"/counts/files/{CountsUpload.objects.get().pk}/")

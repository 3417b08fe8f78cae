"""A roster's findings by page: corrected in place, its columns matched, closed to others."""

from __future__ import annotations

import json

import pytest

from agreements.models import RosterUpload
from agreements.services.rosters import receive_roster
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from tests.factories import QUARTER, ROSTER, make_agency, make_person

pytestmark = pytest.mark.django_db

WRONG = ROSTER.replace("2015-01-01", "soon")
OWN = ROSTER.replace(
    "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from",
    "Empl,Family,Given,Appointed on,Program,Course done,Commissioned",
)
ROLES = (
    "officer_id",
    "last_name",
    "first_name",
    "hired_on",
    "model",
    "trained_on",
    "authorized_from",
)


@pytest.fixture
def preparer():
    return make_person(Role.PREPARER, make_agency())


def sent(preparer, content: str) -> RosterUpload:
    upload = receive_roster(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("roster.csv", "text/csv", [content.encode()]),
    )
    run_due()
    upload.refresh_from_db()
    return upload


def address(upload: RosterUpload, part: str = "") -> str:
    return f"/officers/rosters/{upload.pk}/{part}"


def text(response) -> str:
    return response.content.decode()


def test_a_corrected_roster_is_proposed_anew(browse, preparer):
    upload = sent(preparer, WRONG)
    client = browse(preparer)
    page = text(client.get(address(upload)))
    assert "Correct the rows below, then check again" in page
    assert "hired_on" in page
    place = json.loads(upload.faulty)["header"].index("hired_on")
    answer = client.post(address(upload, "fix/"), {f"cell-2-{place}": "2015-01-01"})
    run_due()
    corrected = RosterUpload.objects.latest("number")
    assert answer.url == address(corrected)
    assert corrected.state == "proposed"
    assert "with 1 correction" in text(client.get(answer.url))


def test_columns_are_matched_and_remembered(browse, preparer):
    upload = sent(preparer, OWN)
    client = browse(preparer)
    assert upload.needs_columns
    assert "Confirm these changes" not in text(client.get(address(upload)))
    fields = {f"role-{place}": role for place, role in enumerate(ROLES)}
    answer = client.post(address(upload, "columns/"), fields)
    assert answer.status_code == 302, text(answer)
    run_due()
    upload.refresh_from_db()
    assert (upload.state, upload.needs_columns) == ("proposed", False)
    assert "Commissioned" in text(client.get("/officers/rosters/columns/"))


@pytest.mark.parametrize("part", ["fix/", "answer/", "returned/", "rows/2/", "columns/"])
def test_only_preparers_of_the_agency_correct(browse, preparer, part):
    upload = sent(preparer, WRONG)
    viewer = browse(make_person(Role.VIEWER, preparer.agency))
    assert viewer.post(address(upload, part), {"out-2": "yes"}).status_code == 403
    for stranger in (
        make_person(Role.PREPARER, make_agency("Birch Police")),
        make_person(Role.REVIEWER),
    ):
        assert browse(stranger).post(address(upload, part), {}).status_code == 404


def test_the_list_of_rosters_leads_to_the_matched_columns(browse, preparer):
    sent(preparer, OWN)
    page = text(browse(preparer).get("/officers/rosters/"))
    assert "/officers/rosters/columns/" in page
    assert "Columns to be matched" in page


def test_a_roster_whose_columns_wait_was_not_checked_yet(browse, preparer):
    page = text(browse(preparer).get(address(sent(preparer, OWN))))
    assert "Nothing to report" not in page
    assert "Rows read" not in page

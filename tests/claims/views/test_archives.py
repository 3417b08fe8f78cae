"""The pages of archives: asked for, watched, downloaded and tried again by auditors, unknown to others."""

from __future__ import annotations

import zipfile
from io import BytesIO
from uuid import uuid4

import pytest

from claims.models import Archive
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.records import storage
from portal.records.models import AuditEvent
from tests.factories import QUARTER, act, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def claim():
    """A claim that was submitted."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    run_due()
    return claim


@pytest.fixture
def auditor(browse):
    return browse(make_person(Role.AUDITOR))


def text(response) -> str:
    return response.content.decode()


def form(claim, **changed: str) -> dict[str, str]:
    asked = {"agency": claim.agency.number, "quarter": str(QUARTER), "sample": ""}
    return {**asked, "token": str(uuid4()), **changed}


def test_an_auditor_asks_waits_and_downloads(claim, auditor):
    assert 'href="/archives/"' in text(auditor.get("/"))
    page = text(auditor.get(f"/archives/?agency={claim.agency.number}&quarter={QUARTER}"))
    assert f'value="{claim.agency.number}"' in page
    sent = form(claim)
    address = auditor.post("/archives/", sent).url
    assert auditor.post("/archives/", sent).url == address, "sent twice, asked once"
    assert "The archive is being made" in text(auditor.get(address))
    assert auditor.get(f"{address}file/").status_code == 404
    assert auditor.get(f"{address}progress/").status_code == 200
    run_due()
    ended = auditor.get(f"{address}progress/")
    assert ended.status_code == 286
    assert "It is ready." in text(ended)
    page = text(auditor.get(address))
    assert Archive.objects.get().manifest_sha256 in page
    answer = auditor.get(f"{address}file/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["Cache-Control"] == "private, no-store"
    assert zipfile.ZipFile(BytesIO(answer.getvalue())).testzip() is None
    assert AuditEvent.objects.filter(action="document.read").count() == 1
    listed = text(auditor.get("/archives/"))
    assert f"{claim.agency.number}, {QUARTER}" in listed


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_for_everybody_else_there_are_none(claim, auditor, browse, role):
    address = auditor.post("/archives/", form(claim)).url
    run_due()
    stranger = browse(make_person(role, claim.agency if role.side == "agency" else None))
    for path in ("/archives/", address, f"{address}file/", f"{address}progress/"):
        assert stranger.get(path).status_code == 404
    for path in ("/archives/", f"{address}retry/"):
        assert stranger.post(path, form(claim)).status_code == 404
    assert Archive.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"agency": "A99999"}, "There is no agency with this number."),
        ({"agency": "", "quarter": ""}, "Choose an agency, a quarter, or both."),
        ({"sample": "0"}, "greater than or equal to 1"),
        ({"token": "1"}, ""),
        ({"agency": "\x00"}, "Null characters"),
    ],
)
def test_what_is_wrong_with_the_form_is_said(claim, auditor, changed, words):
    answer = auditor.post("/archives/", form(claim, **changed))
    assert answer.status_code == 422
    assert words in text(answer)


def test_an_agency_that_submitted_nothing_is_told(auditor):
    claim = make_draft()[1]
    answer = auditor.post("/archives/", form(claim))
    assert answer.status_code == 409
    assert "No claim was submitted there yet." in text(answer)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("SoftTimeLimitExceeded", "It took longer than"),
        ("Abandoned", "ended by force"),
        ("OSError", "failed each time (OSError)"),
    ],
)
def test_why_it_could_not_be_made_is_said_and_it_is_tried_again(claim, auditor, reason, words):
    address = auditor.post("/archives/", form(claim)).url
    Job.objects.filter(kind="claims.build_archive").update(state=Job.State.FAILED, attempts=3)
    Archive.objects.update(reason=reason)
    assert words in text(auditor.get(address))
    ended = auditor.get(f"{address}progress/")
    assert (ended.status_code, words in text(ended)) == (286, True)
    assert "failed" in text(auditor.get("/archives/"))
    assert auditor.post(f"{address}retry/").url == address
    run_due()
    assert "Download the archive" in text(auditor.get(address))


def test_an_archive_whose_file_is_lost_is_not_told_to_have_held_forbidden_data(claim, auditor):
    address = auditor.post("/archives/", form(claim)).url
    run_due()
    storage.path_of(Archive.objects.get().document.sha256).unlink()
    answer = auditor.get(f"{address}file/")
    assert answer.status_code == 409
    assert "is missing from the portal’s storage" in text(answer)
    assert "must not have" not in text(answer)

"""Rosters: sent, looked at, confirmed exactly as shown, or dropped."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Officer, RosterEntry, RosterUpload
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.records.models import AuditEvent
from tests.factories import ROSTER, load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

HEADER = "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from\n"


@pytest.fixture
def preparer(db):
    return make_person(Role.PREPARER, make_agency())


def text(response) -> str:
    return response.content.decode()


def send(client, content: str = ROSTER, **fields):
    file = SimpleUploadedFile("roster.csv", content.encode(), "text/csv")
    return client.post("/officers/rosters/new/", {"file": file, "quarter": "FY2026Q1", **fields})


def proposed(client, content: str = ROSTER) -> str:
    """The address of an uploaded roster that was read."""
    url = send(client, content).url
    run_due()
    return url


def shown_hash(page: str) -> str:
    found = re.search(r'name="shown_sha256" value="(\w{64})"', page)
    assert found
    return found[1]


def test_a_roster_is_sent_looked_at_and_confirmed(browse, preparer):
    client = browse(preparer)
    url = send(client).url
    waiting = text(client.get(url))
    assert "data-progress" in waiting
    assert client.get(f"{url}progress/").status_code == 200
    run_due()
    assert client.get(f"{url}progress/").status_code == 286
    page = text(client.get(url))
    assert "New officer" in page
    assert "Reyes, Ana" in page
    assert not Officer.objects.exists()
    answer = client.post(f"{url}confirm/", {"shown_sha256": shown_hash(page)}, follow=True)
    assert "now counts" in text(answer)
    assert Officer.objects.count() == 2
    assert f"{preparer.user.name} confirmed this roster" in text(answer)


def test_a_change_is_shown_before_and_after(browse, preparer):
    load_roster(preparer)
    client = browse(preparer)
    changed = ROSTER.replace("Hollis", "Hollis-Bright").replace(
        "2025-06-01,2025-06-01", "2025-05-01,2025-06-01"
    )
    page = text(client.get(proposed(client, changed)))
    assert "<del>Hollis</del> becomes <ins>Hollis-Bright</ins>" in page
    assert "<del>Jun 1, 2025</del> becomes <ins>May 1, 2025</ins>" in page


def test_only_what_was_shown_is_confirmed(browse, preparer):
    client = browse(preparer)
    url = proposed(client)
    shown = shown_hash(text(client.get(url)))
    load_roster(preparer)
    page = text(client.post(f"{url}confirm/", {"shown_sha256": shown}, follow=True))
    assert "Look at the new differences" in page
    assert RosterUpload.objects.get(pk=url.split("/")[3]).state == "proposed"


@pytest.mark.parametrize("fields", [{}, {"shown_sha256": ""}, {"shown_sha256": "x"}])
def test_nothing_is_confirmed_unseen(browse, preparer, fields):
    client = browse(preparer)
    url = proposed(client)
    assert client.post(f"{url}confirm/", fields).status_code == 302
    assert not RosterEntry.objects.exists()


def test_a_second_confirmation_changes_nothing_and_says_so(browse, preparer):
    client = browse(preparer)
    url = proposed(client)
    shown = {"shown_sha256": shown_hash(text(client.get(url)))}
    client.post(f"{url}confirm/", shown)
    page = text(client.post(f"{url}confirm/", shown, follow=True))
    assert "nothing to confirm or drop" in page
    assert RosterEntry.objects.count() == 2


def test_a_dropped_roster_changes_nothing(browse, preparer):
    client = browse(preparer)
    url = proposed(client)
    page = text(client.post(f"{url}drop/", {"reason": "wrong file"}, follow=True))
    assert "Reason: wrong file" in page
    assert not Officer.objects.exists()
    assert client.post(f"{url}drop/", {"reason": "x" * 501}).status_code == 422


def test_a_rejected_file_says_what_is_wrong_and_where(browse, preparer):
    client = browse(preparer)
    page = text(client.get(proposed(client, HEADER + "1,A,B,soon,TFM,2025-06-01,2025-06-01\n")))
    for words in ("Rejected", "Correct the rows below, then check again", "bad_date", "hired_on"):
        assert words in page
    assert "Confirm" not in page


def test_findings_are_searched_in_place(browse, preparer):
    client = browse(preparer)
    url = proposed(client, HEADER + "1,A,B,soon,TFM,2025-06-01,2025-06-01\n")
    part = client.get(
        f"{url}?severity=notice", headers={"HX-Request": "true", "HX-Target": "findings"}
    )
    assert "Nothing found" in text(part)
    assert "<h1>" not in text(part)


def test_a_large_roster_is_paged_and_searched(browse, preparer, django_assert_max_num_queries):
    rows = "".join(
        f"X{n:04},Many,Officer{n},2018-05-01,TFM,2025-06-01,2025-06-01\n" for n in range(3000)
    )
    client = browse(preparer)
    url = proposed(client, HEADER + rows)
    with django_assert_max_num_queries(20):
        page = text(client.get(url))
    assert "of 3,000" in page
    part = text(
        client.get(
            f"{url}?d-q=officer2999", headers={"HX-Request": "true", "HX-Target": "differences"}
        )
    )
    assert "X2999" in part
    assert "X0001" not in part


def test_the_same_form_sent_twice_is_one_roster(browse, preparer):
    client = browse(preparer)
    token = str(uuid.uuid4())
    first, second = send(client, token=token), send(client, token=token)
    assert first.url == second.url
    assert RosterUpload.objects.count() == 1


def test_what_is_missing_is_said_beside_the_field(browse, preparer):
    client = browse(preparer)
    answer = client.post("/officers/rosters/new/", {"quarter": "FY2031Q9"})
    assert answer.status_code == 422
    assert "Choose the file to upload." in text(answer)
    assert send(client, "").status_code == 422
    assert send(client, quarter="FY2025Q4").status_code == 422
    assert not RosterUpload.objects.exists()


def test_the_original_comes_back_as_a_file_and_the_reading_is_on_record(browse, preparer):
    client = browse(preparer)
    url = proposed(client)
    answer = client.get(f"{url}original/")
    assert answer.content.decode() == ROSTER
    assert answer["Content-Disposition"] == 'attachment; filename="roster.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    event = AuditEvent.objects.get(action="document.read")
    assert event.actor_id == preparer.user.pk


def test_a_file_with_data_that_must_not_be_kept_is_gone(browse, preparer):
    client = browse(preparer)
    url = proposed(client, "officer_id,last_name,note\n1,Reyes,123-45-6789\n")
    assert "Nothing of it was kept." in text(client.get(url))
    answer = client.get(f"{url}original/")
    assert answer.status_code == 409
    assert "did not keep this file" in text(answer)


def test_strangers_and_readers(browse, preparer):
    url = proposed(browse(preparer))
    stranger = browse(make_person(Role.PREPARER, make_agency("Other Police Department")))
    for address in (url, f"{url}progress/", f"{url}original/"):
        assert stranger.get(address).status_code == 404
    for address in (f"{url}confirm/", f"{url}drop/"):
        assert stranger.post(address).status_code == 404
        assert stranger.get(address).status_code == 405
    viewer = browse(make_person(Role.VIEWER, preparer.agency))
    page = text(viewer.get(url))
    assert "Confirm these changes" not in page
    assert viewer.get("/officers/rosters/new/").status_code == 403
    assert "does not include" in text(viewer.post(f"{url}confirm/", follow=True))
    reviewer = browse(make_person(Role.REVIEWER))
    listing = f"/agencies/{preparer.agency.number}/rosters/"
    assert reviewer.get(url).status_code == 404, "what was never confirmed is the agency's own"
    assert "roster.csv" not in text(reviewer.get(listing))
    load_roster(preparer)
    assert "roster.csv" in text(reviewer.get(listing))
    assert "roster.csv" in text(viewer.get("/officers/rosters/"))

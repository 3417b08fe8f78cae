"""Rosters and officers over the API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from agreements.models import Officer, RosterUpload
from agreements.services.federal_lists import take_federal_list
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from tests.api.client import Machine, make_machine
from tests.factories import ROSTER, load_roster, make_person

UPLOADS = "/api/v1/roster-uploads/"


def proposed(machine: Machine, content: str = ROSTER) -> dict[str, Any]:
    """A roster that was read."""
    answer = machine.send_file(UPLOADS, content)
    assert answer.status_code == 202
    assert answer["Location"] == answer.json()["url"]
    run_due()
    upload: dict[str, Any] = machine.get(answer.json()["url"]).json()
    return upload


def test_a_roster_waits_until_it_is_confirmed(machine: Machine) -> None:
    upload = proposed(machine)
    assert upload["state"] == "proposed"
    assert upload["rows"] == 2
    assert upload["changes"]["new_officers"] == 2
    assert not Officer.objects.exists()

    sha256 = upload["changes"]["sha256"]
    answer = machine.post(f"{upload['url']}confirm/", {"changes_sha256": sha256})
    assert answer.status_code == 200
    assert answer.json()["state"] == "accepted"
    assert Officer.objects.filter(agency=machine.agency).count() == 2
    assert machine.get(upload["url"]).json()["changes"] is None
    stored = RosterUpload.objects.get(pk=upload["id"])
    assert (stored.key, stored.confirmed_by) == (machine.key, machine.owner.user)

    answer = machine.post(f"{upload['url']}confirm/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_proposed")


def test_rows_as_json_make_a_roster(machine: Machine) -> None:
    row = {
        "officer_id": "0042",
        "last_name": "Reyes",
        "first_name": "Ana",
        "hired_on": "2015-01-01",
    }
    answer = machine.post(UPLOADS, {"quarter": "FY2026Q1", "rows": [row]})
    run_due()
    assert machine.get(answer.json()["url"]).json()["state"] == "proposed"
    # An empty body confirms whatever the file changes now.
    assert machine.post(f"{answer.json()['url']}confirm/", b"").status_code == 200


def test_other_changes_than_those_shown_are_not_confirmed(machine: Machine) -> None:
    upload = proposed(machine)
    answer = machine.post(f"{upload['url']}confirm/", {"changes_sha256": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (409, "roster_changed")
    for body in ({"changes_sha256": "x"}, {"sha256": "0" * 64}, [1]):
        assert machine.post(f"{upload['url']}confirm/", body).status_code == 400


def test_a_roster_can_be_dropped(machine: Machine) -> None:
    upload = proposed(machine)
    answer = machine.post(f"{upload['url']}withdraw/", {"reason": "Old file"})
    assert answer.json()["state"] == "withdrawn"
    assert not Officer.objects.exists()
    answer = machine.post(f"{upload['url']}withdraw/", {"reason": "Old file"})
    assert answer.json()["code"] == "not_proposed"


def test_a_roster_with_errors_is_rejected(machine: Machine) -> None:
    upload = proposed(machine, "officer_id,last_name\n0042,Reyes\n")
    assert upload["state"] == "rejected"
    assert upload["errors"] > 0
    findings = machine.get(upload["findings_url"]).json()["results"]
    # The columns are not ours: which are missing, and that a person may match them in the browser.
    codes = {finding["code"] for finding in findings}
    assert codes == {"missing_column", "columns_not_matched"}
    assert any("in the browser" in finding["fix"] for finding in findings)
    assert [item["id"] for item in machine.get(UPLOADS).json()["results"]] == [upload["id"]]


def test_a_dry_run_cannot_be_confirmed(machine: Machine) -> None:
    answer = machine.send_file(f"{UPLOADS}?dry_run=true", ROSTER)
    run_due()
    upload = machine.get(answer.json()["url"]).json()
    assert upload["dry_run"] is True
    answer = machine.post(f"{upload['url']}confirm/")
    assert answer.json()["code"] == "not_proposed"


def test_officers_are_listed_with_their_entries(
    machine: Machine, stranger: Machine, django_assert_max_num_queries: Any
) -> None:
    load_roster(machine.owner)
    with django_assert_max_num_queries(8):
        page = machine.get("/api/v1/officers/?page_size=1").json()
    (officer,) = page["results"]
    assert officer["officer_id"] == "0042"
    assert officer["last_name"] == "Reyes"
    (entry,) = officer["entries"]
    assert (entry["model"], entry["authorized_from"]) == ("TFM", "2025-06-01")
    rest = machine.get(page["next"]).json()
    assert [officer["officer_id"] for officer in rest["results"]] == ["A-7"]
    assert rest["next"] is None
    page = stranger.get("/api/v1/officers/").json()
    assert (page["results"], page["next"]) == ([], None)


def test_strangers_and_unknown_ids_get_the_same_answer(machine: Machine, stranger: Machine) -> None:
    upload = proposed(machine)
    for tail in ("", "findings/"):
        foreign = stranger.get(f"{UPLOADS}{upload['id']}/{tail}")
        nothing = stranger.get(f"{UPLOADS}{uuid.uuid4()}/{tail}")
        assert foreign.status_code == nothing.status_code == 404
        assert foreign.content == nothing.content
    for tail, body in (("confirm/", {}), ("withdraw/", {"reason": "x"})):
        foreign = stranger.post(f"{UPLOADS}{upload['id']}/{tail}", body)
        nothing = stranger.post(f"{UPLOADS}{uuid.uuid4()}/{tail}", body)
        assert foreign.status_code == nothing.status_code == 404
        assert foreign.content == nothing.content


@pytest.mark.parametrize("scopes", ["payroll:write", "claims:read"])
def test_rosters_need_their_scope(machine: Machine, scopes: str) -> None:
    other = make_machine(machine.agency, scopes)
    upload = proposed(machine)
    for answer in (
        other.get(UPLOADS),
        other.send_file(UPLOADS, ROSTER),
        other.get(f"{UPLOADS}{upload['id']}/"),
        other.get(f"{UPLOADS}{upload['id']}/findings/"),
        other.post(f"{UPLOADS}{upload['id']}/confirm/"),
        other.post(f"{UPLOADS}{upload['id']}/withdraw/", {"reason": "x"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    expected = 200 if scopes == "claims:read" else 403
    assert other.get("/api/v1/officers/").status_code == expected


def test_officers_say_what_the_federal_list_says(machine: Machine) -> None:
    load_roster(
        machine.owner,
        "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from,"
        "credential_number\n"
        "1,Garza,Dana,2015-01-05,TFM,2025-06-01,2025-06-10,TX-1\n"
        "2,Okafor,Ben,2018-05-01,TFM,2025-06-01,2025-06-10,\n"
        "3,Reyes,Ana,2018-05-01,,,,\n",
    )

    def marks() -> list[Any]:
        officers = machine.get("/api/v1/officers/").json()["results"]
        return [entry["confirmation"] for officer in officers for entry in officer["entries"]]

    assert marks() == [None, None, None]
    take_federal_list(
        actor=make_person(Role.PROGRAM_MANAGER),
        upload=Upload(
            "list.csv",
            "text/csv",
            [b"credential_number,model,authorized_from\nTX-1,TFM,2025-06-10\n"],
        ),
    )
    assert marks() == ["confirmed", "unconfirmed", None]

"""ETag, If-None-Match and If-Match: what was seen is said again."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from agreements.models import RosterUpload
from claims.models import PayrollBatch
from tests.api.client import Machine, make_machine
from tests.factories import PAYROLL, ROSTER, load_roster, make_agency, make_draft, settle

BATCHES = "/api/v1/payroll-batches/"
UPLOADS = "/api/v1/roster-uploads/"


@pytest.fixture
def batch(machine: Machine) -> dict[str, Any]:
    """An accepted payroll file."""
    load_roster(machine.owner)
    return sent(machine, BATCHES, PAYROLL)


def sent(machine: Machine, path: str, content: str) -> dict[str, Any]:
    answer = machine.send_file(path, content)
    settle()
    told: dict[str, Any] = machine.get(answer.json()["url"]).json()
    return told


def test_what_is_known_is_not_sent_again(machine: Machine, batch: dict[str, Any]) -> None:
    answer = machine.get(batch["url"])
    tag = answer["ETag"]
    assert tag.startswith('"')
    assert answer["Cache-Control"] == "private, no-cache"
    for named in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        again = machine.get(batch["url"], if_none_match=named)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == tag
    assert machine.get(batch["url"], if_none_match='"x"').status_code == 200
    assert machine._ask("HEAD", batch["url"], {})["ETag"] == tag
    machine.post(f"{batch['url']}withdraw/", {"reason": "Wrong."})
    assert machine.get(batch["url"], if_none_match=tag).status_code == 200


def test_claims_have_tags(machine: Machine) -> None:
    _, claim = make_draft(machine.agency)
    address = f"/api/v1/claims/{claim.number}/"
    tag = machine.get(address)["ETag"]
    assert machine.get(address, if_none_match=tag).status_code == 304


def test_a_stale_request_does_nothing(machine: Machine, batch: dict[str, Any]) -> None:
    tag = machine.get(batch["url"])["ETag"]
    path, body = f"{batch['url']}withdraw/", {"reason": "Wrong."}
    for wrong in ('"x"', f"W/{tag}", tag.strip('"'), ""):
        answer = machine.post(path, body, if_match=wrong)
        assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert PayrollBatch.objects.get(pk=batch["id"]).state == "accepted"
    assert machine.post(path, body, if_match=f'"x", {tag}').status_code == 200


def test_who_confirms_may_say_what_they_saw(machine: Machine) -> None:
    upload = sent(machine, UPLOADS, ROSTER)
    tag = machine.get(upload["url"])["ETag"]
    load_roster(machine.owner, ROSTER.replace("Ben", "Benjamin"))
    answer = machine.post(f"{upload['url']}confirm/", {}, if_match=tag)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert machine.post(f"{upload['url']}confirm/", {}).status_code == 200


def test_corrections_must_say_what_was_seen(machine: Machine, batch: dict[str, Any]) -> None:
    for step in ("corrections/", "columns/"):
        answer = machine.post(batch["url"] + step, {"leave_out": [2]})
        assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


def test_a_repeated_request_gets_its_answer_though_things_changed(
    machine: Machine, batch: dict[str, Any]
) -> None:
    tag = machine.get(batch["url"])["ETag"]
    path, body = f"{batch['url']}withdraw/", {"reason": "Wrong."}
    first = machine.post(path, body, if_match=tag, idempotency_key="a")
    again = machine.post(path, body, if_match=tag, idempotency_key="a")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotent-Replayed"] == "true"
    assert machine.post(path, body, if_match=tag, idempotency_key="b").status_code == 412


def test_of_two_who_saw_the_same_one_wins(transactional_db: None) -> None:
    machine = make_machine(make_agency())
    upload = sent(machine, UPLOADS, ROSTER)
    tag = machine.get(upload["url"])["ETag"]
    answers: list[Any] = []
    start = threading.Barrier(4)

    def confirm(step: str, body: dict[str, str]) -> None:
        try:
            start.wait(10)
            answers.append(machine.post(f"{upload['url']}{step}/", body, if_match=tag))
        finally:
            connection.close()

    steps: list[tuple[str, dict[str, str]]] = [("confirm", {}), ("withdraw", {"reason": "No."})] * 2
    threads = [threading.Thread(target=confirm, args=step) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert RosterUpload.objects.get().state in ("accepted", "withdrawn")

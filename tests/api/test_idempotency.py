"""Idempotency-Key: done once, however often it is sent."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from claims.models import PayrollBatch
from portal.accounts.models import ApiKey, IdempotentRequest
from portal.accounts.roles import Role
from portal.accounts.services import revoke_key
from portal.jobs.running import run_due
from portal.records.models import AuditEvent, Document
from tests.api.client import ROWS, Machine, make_machine
from tests.factories import ROSTER, load_roster, make_agency, make_person

BATCHES = "/api/v1/payroll-batches/"
NAME = {"HTTP_IDEMPOTENCY_KEY": "7f3c"}
BODY = {"quarter": "FY2026Q1", "rows": ROWS}


def test_a_repeated_request_gets_the_first_answer(machine: Machine) -> None:
    first = machine.send_file(BATCHES, **NAME)
    run_due()
    again = machine.send_file(BATCHES, **NAME)
    assert again.status_code == first.status_code == 202
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert PayrollBatch.objects.count() == Document.objects.count() == 1
    assert AuditEvent.objects.filter(action="payroll.receive").count() == 1


def test_json_rows_are_recognised_too(machine: Machine) -> None:
    first = machine.post(BATCHES, BODY, idempotency_key="a")
    assert machine.post(BATCHES, BODY, idempotency_key="a").json() == first.json()
    assert machine.post(BATCHES, BODY, idempotency_key="b").json() != first.json()
    assert PayrollBatch.objects.count() == 2


def test_another_request_with_the_key_is_refused(machine: Machine) -> None:
    machine.send_file(BATCHES, **NAME)
    others = [
        machine.send_file(BATCHES, "other,content\n1,2\n", **NAME),
        machine.send_file(BATCHES, quarter="FY2026Q2", **NAME),
        machine.send_file(f"{BATCHES}?dry_run=true", **NAME),
        machine.send_file("/api/v1/roster-uploads/", **NAME),
        machine.post(BATCHES, BODY, idempotency_key="7f3c"),
    ]
    for answer in others:
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert PayrollBatch.objects.count() == 1


def test_names_belong_to_the_key_that_used_them(machine: Machine, stranger: Machine) -> None:
    mine = machine.send_file(BATCHES, **NAME).json()
    theirs = stranger.send_file(BATCHES, **NAME).json()
    sister = make_machine(machine.agency, "payroll:write").send_file(BATCHES, **NAME).json()
    assert len({mine["id"], theirs["id"], sister["id"]}) == 3


def test_a_refused_request_is_judged_anew(machine: Machine) -> None:
    unknown = str(uuid.uuid4())
    assert machine.send_file(BATCHES, replaces=unknown, **NAME).status_code == 404
    assert not IdempotentRequest.objects.exists()
    assert machine.send_file(BATCHES, **NAME).status_code == 202


def test_a_step_is_taken_once(machine: Machine) -> None:
    roster = "/api/v1/roster-uploads/"
    row = {"officer_id": "7", "last_name": "A", "first_name": "B", "hired_on": "2015-01-01"}
    upload = machine.post(roster, {"quarter": "FY2026Q1", "rows": [row]}).json()
    run_due()
    first = machine.post(f"{upload['url']}confirm/", idempotency_key="c")
    again = machine.post(f"{upload['url']}confirm/", idempotency_key="c")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert AuditEvent.objects.filter(action="roster.confirm").count() == 1


def test_a_revoked_key_gets_no_stored_answer(machine: Machine) -> None:
    machine.send_file(BATCHES, **NAME)
    revoke_key(actor=make_person(Role.ADMINISTRATOR, machine.agency), key=machine.key)
    assert machine.send_file(BATCHES, **NAME).status_code == 401


def test_an_expired_key_gets_no_stored_answer(machine: Machine) -> None:
    assert machine.send_file(BATCHES, **NAME).status_code == 202
    past = timezone.now() - timedelta(days=1000)
    ApiKey.objects.filter(pk=machine.key.pk).update(expires_at=past)
    assert machine.send_file(BATCHES, **NAME).status_code == 401


@pytest.mark.parametrize("name", ["", "x" * 256, "é", "a\tb"])
def test_a_name_must_be_plain(machine: Machine, name: str) -> None:
    answer = machine.send_file(BATCHES, HTTP_IDEMPOTENCY_KEY=name)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")
    assert not PayrollBatch.objects.exists()


def test_names_are_forgotten_after_their_time(machine: Machine) -> None:
    machine.send_file(BATCHES, **NAME)
    old = timezone.now() - IdempotentRequest.REMEMBERED - timedelta(hours=1)
    IdempotentRequest.objects.update(at=old)
    machine.send_file(BATCHES, HTTP_IDEMPOTENCY_KEY="another")
    assert [stored.name for stored in IdempotentRequest.objects.all()] == ["another"]


def test_parallel_requests_make_one_file(transactional_db: None) -> None:
    machine = make_machine(make_agency())
    answers = in_parallel(lambda: machine.send_file(BATCHES, **NAME))
    assert {answer.status_code for answer in answers} <= {202, 409}
    taken = [answer.json()["id"] for answer in answers if answer.status_code == 202]
    assert len(set(taken)) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_key_in_flight"
            assert answer["Retry-After"] == "1"
    assert PayrollBatch.objects.count() == 1
    assert machine.send_file(BATCHES, **NAME).json()["id"] == taken[0]


@pytest.mark.parametrize("step", ["confirm", "withdraw"])
def test_parallel_steps_are_taken_once(transactional_db: None, step: str) -> None:
    machine = make_machine(make_agency())
    address = machine.send_file("/api/v1/roster-uploads/", ROSTER).json()["url"]
    run_due()
    body = {"reason": "Wrong."} if step == "withdraw" else {}
    answers = in_parallel(lambda: machine.post(f"{address}{step}/", body, idempotency_key="a"))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert 200 in {answer.status_code for answer in answers}
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes <= {"idempotency_key_in_flight"}
    assert AuditEvent.objects.filter(action=f"roster.{step}").count() == 1


def test_parallel_corrections_make_one_file(transactional_db: None) -> None:
    machine = make_machine(make_agency())
    load_roster(machine.owner)
    address = machine.send_file(BATCHES).json()["url"]
    run_due()
    tag = machine.get(address)["ETag"]
    answers = in_parallel(
        lambda: machine.post(f"{address}corrections/", {"leave_out": [2]}, if_match=tag)
    )
    taken = {answer.json().get("id") for answer in answers if answer.status_code == 202}
    assert len(taken) == 1
    assert {answer.status_code for answer in answers} <= {202, 412}
    assert PayrollBatch.objects.count() == 2


def in_parallel(send: Callable[[], Any], times: int = 6) -> list[Any]:
    """The answers to the same request, sent at once by as many clients."""
    answers: list[Any] = []
    start = threading.Barrier(times)

    def one() -> None:
        try:
            start.wait(10)
            answers.append(send())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == times
    return answers


def test_a_request_in_flight_is_not_waited_for(transactional_db: None) -> None:
    machine = make_machine(make_agency())
    with connection.cursor() as cursor:
        # Held by this session, as another request would hold it.
        lock = [f"{machine.key.pk}/7f3c"]
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 287))", lock)
    answers: list[Any] = []

    def send() -> None:
        try:
            answers.append(machine.send_file(BATCHES, **NAME))
        finally:
            connection.close()

    thread = threading.Thread(target=send)
    thread.start()
    thread.join(30)
    (answer,) = answers
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_in_flight")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 287))", lock)
    assert machine.send_file(BATCHES, **NAME).status_code == 202

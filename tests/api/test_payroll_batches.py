"""Payroll over the API, from the first byte to the draft claim."""

from __future__ import annotations

import hashlib
import uuid

from claims.models import Claim, PayrollBatch
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.records import storage
from portal.records.models import AuditEvent
from tests.api.client import ROWS, Machine, make_machine
from tests.factories import PAYROLL, act, load_roster, make_draft, make_person

BATCHES = "/api/v1/payroll-batches/"


def read(machine: Machine, answer: object) -> dict[str, object]:
    """The batch after the jobs have run."""
    run_due()
    return machine.get(answer.json()["url"]).json()  # type: ignore[attr-defined]  # the framework's answer


def test_a_file_becomes_a_draft_claim(machine: Machine) -> None:
    load_roster(machine.owner)
    answer = machine.send_file(BATCHES)
    assert answer.status_code == 202
    received = answer.json()
    assert received["state"] == "received"
    assert answer["Location"] == received["url"]
    assert received["url"].endswith(f"{BATCHES}{received['id']}/")
    assert machine.get(received["url"])["Retry-After"] == "2"
    assert (received["sha256"], received["kept_sha256"]) == (
        hashlib.sha256(PAYROLL.encode()).hexdigest(),
        None,
    )

    batch = read(machine, answer)
    assert batch["state"] == "accepted"
    assert batch["quarter"] == "FY2026Q1"
    assert batch["reference"] == "FY2026Q1-1"
    assert batch["filename"] == "rows.csv"
    assert (batch["rows"], batch["errors"]) == (3, 0)
    assert batch["totals"] == {
        "regular_pay": "8190.77",
        "benefits": "1085.72",
        "overtime_pay": "1178.74",
    }
    assert batch["sha256"] == batch["kept_sha256"] == hashlib.sha256(PAYROLL.encode()).hexdigest()
    assert (batch["corrects"], batch["needs_columns"], batch["mapping"]) == (None, False, None)
    assert Claim.objects.get(agency=machine.agency).version.calculation.total > 0
    stored = PayrollBatch.objects.get(pk=batch["id"])
    assert (stored.key, stored.uploaded_by) == (machine.key, machine.owner.user)


def test_rows_as_json_are_kept_as_they_were_sent(machine: Machine) -> None:
    load_roster(machine.owner)
    body = b'{"rows": [], "quarter": "FY2026Q1"}'.replace(
        b"[]", str(ROWS).replace("'", '"').encode()
    )
    answer = machine.post(BATCHES, body)
    assert answer.status_code == 202
    batch = read(machine, answer)
    assert batch["state"] == "accepted"
    assert batch["totals"]["regular_pay"] == "2780.00"
    stored = PayrollBatch.objects.get(pk=batch["id"])
    assert storage.read(stored.document) == body


def test_what_is_wrong_in_a_file_comes_as_findings(machine: Machine) -> None:
    load_roster(machine.owner)
    answer = machine.post(
        BATCHES,
        {
            "quarter": "FY2026Q1",
            "rows": [
                {**ROWS[0], "regular_pay": 2780.10, "ext_site": "North"},
                {**ROWS[0], "paid_on": "2025-02-30"},
                "nonsense",
            ],
        },
    )
    batch = read(machine, answer)
    assert batch["state"] == "rejected"
    page = machine.get(batch["findings_url"]).json()
    assert page["next"] is None
    assert len(page["results"]) == batch["errors"] + batch["warnings"] + batch["notices"]
    assert {finding["column"] for finding in page["results"]} >= {"regular_pay", "paid_on"}
    first = page["results"][0]
    assert first["severity"] == "error"
    assert first["message"]
    assert first["fix"]
    errors = machine.get(f"{batch['findings_url']}?severity=warning").json()
    assert all(finding["severity"] == "warning" for finding in errors["results"])
    assert not Claim.objects.exists()


def test_a_refused_file_leaves_its_name_and_hash(machine: Machine) -> None:
    batch = read(machine, machine.send_file(BATCHES, content=b"%PDF-1.7"))
    assert batch["state"] == "rejected"
    assert batch["sha256"] == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert (batch["filename"], batch["kept_sha256"]) == ("rows.csv", None)


def test_dropped_columns_leave_two_hashes(machine: Machine) -> None:
    load_roster(machine.owner)
    header, *rows = PAYROLL.splitlines()
    lines = [f"{header},ssn", *(f"{row},123-45-6789" for row in rows)]
    batch = read(machine, machine.send_file(BATCHES, content="\n".join(lines).encode()))
    assert batch["state"] == "accepted"
    assert batch["kept_sha256"] not in (None, batch["sha256"])


def test_findings_come_in_pages_without_gaps(machine: Machine) -> None:
    load_roster(machine.owner)
    rows = [{**ROWS[0], "paid_on": f"bad {number}"} for number in range(7)]
    batch = read(machine, machine.post(BATCHES, {"quarter": "FY2026Q1", "rows": rows}))
    seen, address = [], f"{batch['findings_url']}?page_size=3&severity=error"
    while address:
        page = machine.get(address).json()
        assert len(page["results"]) <= 3
        seen += [finding["number"] for finding in page["results"]]
        address = page["next"]
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 7


def test_a_dry_run_only_checks(machine: Machine) -> None:
    load_roster(machine.owner)
    batch = read(machine, machine.send_file(f"{BATCHES}?dry_run=true"))
    assert batch["dry_run"] is True
    assert batch["state"] == "accepted"
    assert batch["rows"] == 3
    assert not Claim.objects.exists()


def test_a_file_may_replace_another(machine: Machine) -> None:
    load_roster(machine.owner)
    first = read(machine, machine.send_file(BATCHES))
    second = read(machine, machine.send_file(BATCHES, replaces=first["id"]))
    assert second["replaces"] == first["id"]
    assert second["state"] == "accepted"
    assert machine.get(first["url"]).json()["state"] == "superseded"
    answer = machine.send_file(BATCHES, replaces=first["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_replaceable")
    answer = machine.send_file(BATCHES, replaces=str(uuid.uuid4()))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_file_can_be_taken_back(machine: Machine) -> None:
    load_roster(machine.owner)
    batch = read(machine, machine.send_file(BATCHES))
    answer = machine.post(f"{batch['url']}withdraw/", {"reason": "Wrong month"})
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["reason"]) == ("withdrawn", "Wrong month")
    answer = machine.post(f"{batch['url']}withdraw/", {"reason": "Again"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_accepted")
    for body in ({}, {"reason": ""}, {"reason": 5, "x": 1}, {"reason": "x" * 501}, []):
        assert machine.post(f"{batch['url']}withdraw/", body).status_code == 400


def test_payroll_needs_no_confirmation(machine: Machine) -> None:
    load_roster(machine.owner)
    batch = read(machine, machine.send_file(BATCHES))
    answer = machine.post(f"{batch['url']}confirm/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_proposed")


def test_the_files_are_listed_by_quarter(machine: Machine) -> None:
    load_roster(machine.owner)
    for _ in range(3):
        machine.send_file(f"{BATCHES}?dry_run=true")
    machine.send_file(f"{BATCHES}?dry_run=true", quarter="FY2026Q2")
    page = machine.get(f"{BATCHES}?page_size=2").json()
    rest = machine.get(page["next"]).json()
    references = [batch["reference"] for batch in page["results"] + rest["results"]]
    assert references == ["FY2026Q1-1", "FY2026Q1-2", "FY2026Q1-3", "FY2026Q2-1"]
    only = machine.get(f"{BATCHES}?quarter=FY2026Q2").json()["results"]
    assert [batch["quarter"] for batch in only] == ["FY2026Q2"]


def test_payroll_of_a_submitted_claim_is_fixed(machine: Machine) -> None:
    preparer, claim = make_draft(machine.agency)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, machine.agency), claim, "certify")
    answer = machine.send_file(BATCHES)
    assert (answer.status_code, answer.json()["code"]) == (409, "claim_submitted")
    batch = PayrollBatch.objects.get(agency=machine.agency)
    answer = machine.post(f"{BATCHES}{batch.pk}/withdraw/", {"reason": "Late"})
    assert answer.json()["code"] == "claim_submitted"


def test_strangers_and_unknown_ids_get_the_same_answer(machine: Machine, stranger: Machine) -> None:
    batch = machine.send_file(BATCHES).json()
    unknown = uuid.uuid4()
    for tail in ("", "findings/"):
        foreign = stranger.get(f"{BATCHES}{batch['id']}/{tail}")
        nothing = stranger.get(f"{BATCHES}{unknown}/{tail}")
        assert foreign.status_code == nothing.status_code == 404
        assert foreign.content == nothing.content
    for tail in ("confirm/", "withdraw/"):
        body = {"reason": "Mine"} if tail == "withdraw/" else {}
        foreign = stranger.post(f"{BATCHES}{batch['id']}/{tail}", body)
        nothing = stranger.post(f"{BATCHES}{unknown}/{tail}", body)
        assert foreign.status_code == nothing.status_code == 404
        assert foreign.content == nothing.content
    foreign = stranger.send_file(BATCHES, replaces=batch["id"])
    nothing = stranger.send_file(BATCHES, replaces=str(unknown))
    assert foreign.status_code == nothing.status_code == 404
    assert foreign.content == nothing.content
    assert stranger.get(BATCHES).json()["results"] == []


def test_payroll_needs_its_scope(machine: Machine) -> None:
    reader = make_machine(machine.agency, "roster:write claims:read")
    batch = machine.send_file(BATCHES).json()
    answers = [
        reader.get(BATCHES),
        reader.send_file(BATCHES),
        reader.get(f"{BATCHES}{batch['id']}/"),
        reader.get(f"{BATCHES}{batch['id']}/findings/"),
        reader.post(f"{BATCHES}{batch['id']}/confirm/"),
        reader.post(f"{BATCHES}{batch['id']}/withdraw/", {"reason": "x"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
        assert 'scope="payroll:write"' in answer["WWW-Authenticate"]


def test_the_machine_is_named_in_the_record(machine: Machine) -> None:
    machine.send_file(BATCHES)
    event = AuditEvent.objects.get(action="payroll.receive")
    assert event.actor == machine.owner.user
    assert '"key":"System for' in event.content

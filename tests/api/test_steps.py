"""What a machine does with a file it sent: correct it, match its columns, answer for it."""

from __future__ import annotations

from typing import Any

import pytest

from agreements.models import RosterUpload
from claims.models import Claim, Participant, PayrollBatch
from portal.accounts.roles import Role
from portal.intake.models import ColumnMapping, Justification
from portal.jobs.running import run_due
from tests.api.client import Machine
from tests.factories import PAYROLL, ROSTER, load_payroll, load_roster, make_person

BATCHES = "/api/v1/payroll-batches/"
UPLOADS = "/api/v1/roster-uploads/"
WRONG = PAYROLL.replace("2025-10-30", "2025-02-30").replace("2630.77", "26x0.77")
MATCHED = {
    "Badge No": "officer_id",
    "Period From": "period_start",
    "Period Through": "period_end",
    "Check Date": "paid_on",
    "Yearly Rate": "annual_salary",
    "Straight Time": "regular_pay",
    "OT Amount": "overtime_pay",
    "Health Share": "benefit:health",
}
OWN = "\n".join([",".join(MATCHED), *PAYROLL.splitlines()[1:]])
UNUSUAL = PAYROLL.replace("72280.00,2780.00", "72280.00,5780.00", 1)


def sent(machine: Machine, content: str = PAYROLL, path: str = BATCHES) -> dict[str, Any]:
    answer = machine.send_file(path, content)
    assert answer.status_code == 202, answer.content
    return read(machine, answer)


def read(machine: Machine, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 202, answer.content
    assert answer["Location"] == answer.json()["url"]
    run_due()
    told: dict[str, Any] = machine.get(answer["Location"]).json()
    return told


def step(machine: Machine, batch: dict[str, Any], name: str, body: Any, **headers: str) -> Any:
    """A step taken with a file as it stands."""
    seen = machine.get(batch["url"])["ETag"]
    return machine.post(f"{batch['url']}{name}/", body, **{"if_match": seen, **headers})


def results(machine: Machine, batch: dict[str, Any], name: str) -> list[dict[str, Any]]:
    answer = machine.get(f"{batch['url']}{name}/")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


@pytest.fixture
def roster(machine: Machine) -> None:
    load_roster(machine.owner)


def test_errors_are_corrected_until_the_file_counts(machine: Machine, roster: None) -> None:
    batch = sent(machine, WRONG)
    assert batch["state"] == "rejected"
    errors = [f for f in results(machine, batch, "findings") if f["severity"] == "error"]
    assert all("why" in finding for finding in errors)
    faulty = {row["row"]: row["cells"] for row in results(machine, batch, "faulty-rows")}
    mended = {(3, "paid_on"): "2025-10-30", (4, "regular_pay"): "2630.77"}
    edits = [
        {"row": f["row"], "column": f["column"], "was": faulty[f["row"]][f["column"]], "now": now}
        for f in errors
        if (now := mended.get((f["row"], f["column"])))
    ]
    assert len(edits) == 2
    answer = step(machine, batch, "corrections", {"edits": edits}, idempotency_key="a")
    corrected = read(machine, answer)
    assert corrected["state"] == "accepted"
    assert corrected["corrects"] == batch["id"]
    assert corrected["totals"]["regular_pay"] == "8190.77"
    again = step(machine, batch, "corrections", {"edits": edits}, idempotency_key="a")
    assert again.json()["id"] == corrected["id"]
    assert PayrollBatch.objects.count() == 2


def test_a_correction_takes_the_place_of_what_counted(machine: Machine, roster: None) -> None:
    batch = sent(machine)
    corrected = read(machine, step(machine, batch, "corrections", {"leave_out": [4, 4]}))
    assert (corrected["state"], corrected["rows"]) == ("accepted", 2)
    assert corrected["replaces"] == batch["id"]
    assert machine.get(batch["url"]).json()["state"] == "superseded"
    answer = step(machine, batch, "corrections", {"leave_out": [3]})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_correctable")


def test_a_correction_of_something_else_is_found_out(machine: Machine, roster: None) -> None:
    batch = sent(machine, WRONG)
    edits = [{"row": 3, "column": "paid_on", "was": "other", "now": "2025-10-30"}]
    corrected = read(machine, step(machine, batch, "corrections", {"edits": edits}))
    assert corrected["state"] == "rejected"
    codes = {finding["code"] for finding in results(machine, corrected, "findings")}
    assert "patch_does_not_fit" in codes


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "nothing_corrected"),
        ({"edits": []}, "invalid"),
        ({"edits": {}}, "invalid"),
        ({"edits": [{"row": 3, "column": "paid_on", "now": "x"}]}, "invalid"),
        ({"edits": [{"row": "3", "column": "paid_on", "was": "", "now": "x"}]}, "invalid"),
        ({"edits": [{"row": 3.0, "column": "paid_on", "was": "", "now": "x"}]}, "invalid"),
        ({"edits": [{"row": True, "column": "paid_on", "was": "", "now": "x"}]}, "invalid"),
        ({"edits": [{"row": 3, "column": "regular_pay", "was": "", "now": 27.5}]}, "invalid"),
        (
            {"edits": [{"row": 3, "column": "paid_on", "was": "", "now": "x", "by": "me"}]},
            "invalid",
        ),
        ({"edits": [{"row": 10**30, "column": "a", "was": "", "now": "x"}]}, "invalid"),
        ({"edits": [{"row": 3, "column": "a", "was": "", "now": "x" * 501}]}, "invalid"),
        ({"leave_out": [0]}, "invalid"),
        ({"leave_out": ["2"]}, "invalid"),
        ({"leave_out": [2] * 5001}, "invalid"),
        ({"leave_out": [2], "reason": "x"}, "invalid"),
        (
            {"edits": [{"row": 3, "column": "a", "was": "", "now": "123-45-6789"}]},
            "personal_number",
        ),
        (
            {"edits": [{"row": 3, "column": "a", "was": "123-45-6789", "now": "x"}]},
            "personal_number",
        ),
        (
            {"edits": [{"row": 3, "column": "123-45-6789", "was": "", "now": "x"}]},
            "personal_number",
        ),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(
    machine: Machine, roster: None, body: Any, code: str
) -> None:
    batch = sent(machine, WRONG)
    answer = step(machine, batch, "corrections", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert "123-45-6789" not in answer.content.decode()
    assert "123-45-6789" not in answer.content.decode()
    assert PayrollBatch.objects.count() == 1


def test_a_file_that_waits_for_its_columns_is_read_on(machine: Machine, roster: None) -> None:
    waiting = load_payroll(machine.owner, OWN)
    batch = machine.get(f"{BATCHES}{waiting.pk}/").json()
    assert (batch["state"], batch["needs_columns"]) == ("proposed", True)
    known = machine.get(f"{batch['url']}columns/").json()
    assert [column["name"] for column in known["columns"]][:2] == ["Badge No", "Period From"]
    assert known["columns"][0]["values"] == ["0042", "A-7"]
    assert "officer_id" in {role["role"] for role in known["roles"]}
    accepted = read(machine, step(machine, batch, "columns", {"columns": MATCHED}))
    assert (accepted["id"], accepted["state"]) == (batch["id"], "accepted")
    (mapping,) = machine.get("/api/v1/column-mappings/?kind=payroll").json()["results"]
    assert (mapping["kind"], mapping["number"]) == ("payroll", accepted["mapping"])
    assert mapping["columns"] == MATCHED
    # The next file with these columns needs nothing more.
    assert sent(machine, OWN.replace("2780.00", "2781.00"))["mapping"] == mapping["number"]


def test_a_rejected_file_is_read_again_with_its_columns(machine: Machine, roster: None) -> None:
    batch = sent(machine, OWN)
    assert batch["state"] == "rejected"
    codes = {finding["code"] for finding in results(machine, batch, "findings")}
    assert "columns_not_matched" in codes
    accepted = read(machine, step(machine, batch, "columns", {"columns": MATCHED}))
    assert (accepted["state"], accepted["corrects"]) == ("accepted", batch["id"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"columns": {}}, "invalid"),
        ({"columns": []}, "invalid"),
        ({"columns": {"Badge No": 1}}, "invalid"),
        ({"columns": {"Badge No": "officer_id"}, "other": 1}, "invalid"),
        ({"columns": {"No such column": "officer_id"}}, "invalid"),
        ({"columns": {"Badge No": "nonsense"}}, "mapping_incomplete"),
        ({"columns": {"Badge No": "officer_id"}}, "mapping_incomplete"),
        ({"columns": MATCHED, "codes": {"a": "regular_pay", "A": "ext"}}, "invalid"),
        ({"columns": MATCHED, "fixed": {"nonsense": "x"}}, "mapping_incomplete"),
        ({"columns": {f"c{number}": "" for number in range(201)}}, "invalid"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(
    machine: Machine, roster: None, body: Any, code: str
) -> None:
    waiting = load_payroll(machine.owner, OWN)
    batch = machine.get(f"{BATCHES}{waiting.pk}/").json()
    answer = step(machine, batch, "columns", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not ColumnMapping.objects.exists()


def test_the_template_needs_no_matching(machine: Machine, roster: None) -> None:
    answer = machine.get(f"{BATCHES}{load_payroll(machine.owner).pk}/columns/")
    assert (answer.status_code, answer.json()["code"]) == (409, "columns_not_at_hand")


def test_warnings_are_answered_by_number_and_by_code(machine: Machine, roster: None) -> None:
    batch = sent(machine, UNUSUAL)
    warnings = [f for f in results(machine, batch, "findings") if f["severity"] == "warning"]
    assert warnings
    assert all(warning["answer"] is None for warning in warnings)
    first = warnings[0]
    body = {"findings": [first["number"]], "text": "A retroactive raise."}
    answer = machine.post(f"{batch['url']}answers/", body, idempotency_key="a")
    assert answer.json() == {"answered": 1, "open": len(warnings) - 1}
    assert (
        machine.post(f"{batch['url']}answers/", body, idempotency_key="a").json()["answered"] == 1
    )
    assert machine.post(f"{batch['url']}answers/", body).json()["answered"] == 0
    told = results(machine, batch, "findings")[first["number"] - 1]["answer"]
    assert told["text"] == "A retroactive raise."
    assert told["reference"] == batch["reference"]
    for code in {warning["code"] for warning in warnings[1:]}:
        machine.post(f"{batch['url']}answers/", {"code": code, "text": "So it is."})
    again = {"code": first["code"], "text": "Again."}
    answer = machine.post(f"{batch['url']}answers/", again)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    claim = Claim.objects.get(agency=machine.agency)
    part = Participant.objects.get(version=claim.version, user=machine.owner.user)
    assert part.part == "preparer"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "x"}, 400, "invalid"),
        ({"findings": [1], "code": "a", "text": "x"}, 400, "invalid"),
        ({"findings": [], "text": "x"}, 400, "invalid"),
        ({"findings": ["1"], "text": "x"}, 400, "invalid"),
        ({"findings": [1]}, 400, "invalid"),
        ({"findings": [1], "text": 5}, 400, "invalid"),
        ({"findings": [1], "text": "x" * 1001}, 400, "invalid"),
        ({"findings": [9999], "text": "x"}, 404, "not_found"),
        ({"findings": [1], "text": "x"}, 400, "not_a_warning"),
        ({"findings": [1], "text": " "}, 400, "justification_required"),
        ({"code": "no_such", "text": "x"}, 404, "not_found"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    machine: Machine, roster: None, body: Any, status: int, code: str
) -> None:
    batch = sent(machine, WRONG)
    answer = machine.post(f"{batch['url']}answers/", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Justification.objects.exists()


def test_a_roster_is_corrected_and_its_changes_read(machine: Machine) -> None:
    upload = sent(machine, ROSTER.replace("2018-05-01", "2018-15-01"), UPLOADS)
    assert upload["state"] == "rejected"
    answer = machine.get(f"{upload['url']}changes/")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_proposed")
    (row,) = (row for row in results(machine, upload, "faulty-rows") if row["row"] == 3)
    edit = {"row": row["row"], "column": "hired_on", "was": row["cells"]["hired_on"]}
    edits = {"edits": [{**edit, "now": "2018-05-01"}]}
    proposed = read(machine, step(machine, upload, "corrections", edits))
    assert proposed["state"] == "proposed"
    changes = machine.get(f"{proposed['url']}changes/").json()
    assert changes["sha256"] == proposed["changes"]["sha256"]
    assert [change["officer_id"] for change in changes["officers"]] == ["0042", "A-7"]
    assert changes["officers"][0]["before"] is None
    assert changes["entries"][1]["after"]["hired_on"] == "2018-05-01"
    confirmed = step(machine, proposed, "confirm", {"changes_sha256": changes["sha256"]})
    assert confirmed.status_code == 200


def test_a_roster_has_columns_and_answers_too(machine: Machine) -> None:
    own = ROSTER.replace("officer_id", "Badge No", 1).replace("hired_on", "Start Of Service", 1)
    upload = sent(machine, own, UPLOADS)
    roles = {name: name for name in ROSTER.splitlines()[0].split(",")}
    roles = {
        "Badge No": roles.pop("officer_id"),
        "Start Of Service": roles.pop("hired_on"),
        **roles,
    }
    proposed = read(machine, step(machine, upload, "columns", {"columns": roles}))
    assert proposed["state"] == "proposed"
    assert machine.get(f"{proposed['url']}columns/").status_code == 200
    warnings = [f for f in results(machine, proposed, "findings") if f["severity"] == "warning"]
    body = {"findings": [f["number"] for f in warnings], "text": "Two years, as usual."}
    assert machine.post(f"{proposed['url']}answers/", body).json()["open"] == 0
    assert RosterUpload.objects.count() == 2


def test_a_stranger_finds_nothing(machine: Machine, stranger: Machine, roster: None) -> None:
    batch, upload = sent(machine), sent(machine, ROSTER, UPLOADS)
    for thing, steps in (
        (batch, ("rows", "faulty-rows", "columns", "findings")),
        (upload, ("changes", "faulty-rows", "columns", "findings")),
    ):
        for name in steps:
            assert stranger.get(f"{thing['url']}{name}/").status_code == 404
        for name in ("corrections", "columns", "answers", "withdraw", "confirm"):
            assert stranger.post(f"{thing['url']}{name}/", {}, if_match="*").status_code == 404
    assert stranger.get("/api/v1/column-mappings/").json()["results"] == []


def test_who_only_reads_changes_nothing(machine: Machine, roster: None) -> None:
    batch = sent(machine, WRONG)
    machine.key.user = make_person(Role.VIEWER, machine.agency).user
    machine.key.save(update_fields=["user"])
    for name, body in (
        ("corrections", {"leave_out": [2]}),
        ("columns", {"columns": MATCHED}),
        ("answers", {"findings": [1], "text": "x"}),
    ):
        answer = step(machine, batch, name, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

"""Every file in samples/ does in the portal what its README says."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from agreements.services.rosters import (
    changes_proposed,
    confirm_roster,
    match_roster_columns,
    receive_roster,
)
from claims.demo_faults import TWENTY, plant
from claims.demo_files import files_of
from claims.demo_office import Office, make_person
from claims.demo_plans import FEDERAL, PLANS, QUARTER
from claims.models import Claim, PayrollBatch
from claims.services.payroll import correct_payroll, match_payroll_columns, receive_payroll
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.tabular import read_table
from portal.kernel.tabular.mapping import Mapping
from samples.make import samples

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "samples"
README = (FOLDER / "README.md").read_text(encoding="utf-8")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def open_office(slug: str) -> Office:
    """An agency of the demonstration, as far as its plan has come."""
    plan = next(plan for plan in PLANS if plan.slug == slug)
    federal = {email: make_person(email, name, role, None, []) for email, name, role in FEDERAL}
    office = Office.set_up(plan, federal["manager@program.example"], [], [])
    office.work(federal, clock.now() - timedelta(days=9))
    return office


@pytest.fixture
def cedar() -> Office:
    return open_office("cedar")


@pytest.fixture
def willow() -> Office:
    return open_office("willow")


def of_form(name: str) -> Upload:
    return Upload(name, "application/octet-stream", [(FOLDER / name).read_bytes()])


def send(office: Office, name: str) -> PayrollBatch:
    batch = receive_payroll(
        actor=office.preparer, agency=office.agency, quarter=QUARTER, upload=of_form(name)
    )
    run_due()
    batch.refresh_from_db()
    return batch


def match(
    office: Office, batch: PayrollBatch, change: Callable[[Mapping], Mapping] = lambda same: same
) -> PayrollBatch:
    """The suggested columns, with what the README tells the clerk to change."""
    assert batch.state == "proposed" and batch.needs_columns
    batch = match_payroll_columns(
        actor=office.preparer, batch=batch, mapping=change(suggested(batch))
    )
    run_due()
    batch.refresh_from_db()
    return batch


def suggested(batch) -> Mapping:
    return Mapping.of_json(json.dumps(json.loads(batch.sample)["suggested"]))


def codes_of(batch) -> Counter[str]:
    return Counter(batch.findings.values_list("code", flat=True))


def total_of(office: Office) -> int:
    return Claim.objects.get(agency=office.agency, quarter=QUARTER).version.calculation.total


def test_the_files_are_those_the_script_writes():
    made = samples()
    for name, content in made.items():
        kept = (FOLDER / name).read_bytes()
        if name.endswith(".xlsx"):
            # A workbook holds the time it was made at.
            kept, content = read_table(kept).table, read_table(content).table
        assert kept == content, f"{name} is out of date"
    others = {path.name for path in FOLDER.iterdir() if path.is_file()} - {"README.md", "make.py"}
    assert others == set(made)
    assert sorted(re.findall(r"^\| `(.+?)` \|", README, re.MULTILINE)) == sorted(made)


def test_a_column_per_kind_of_pay_is_matched_as_suggested(cedar):
    batch = match(cedar, send(cedar, "pay-columns.csv"))
    assert (batch.state, batch.rows, batch.warnings) == ("accepted", 28, 0)
    assert codes_of(batch) == {
        "sensitive_column_dropped": 1,
        "title_rows_skipped": 1,
        "total_row_skipped": 1,
        "excluded_pay": 2,
        "columns_not_needed": 1,
    }
    left_out = batch.findings.filter(code="excluded_pay").values_list("message", flat=True)
    assert any("$640.00" in message for message in left_out)


def test_pay_codes_become_one_line_per_period(cedar):
    def sort(mapping: Mapping) -> Mapping:
        benefits = ((code, "benefit:") for code in ("ER-HEA", "ER-PEN", "ER-MED"))
        codes = (("K9", "regular_pay"), *benefits)
        return Mapping(mapping.columns, (*mapping.codes, *codes), mapping.fixed)

    batch = match(cedar, send(cedar, "pay-codes.csv"), sort)
    assert (batch.state, batch.rows, batch.warnings) == ("accepted", 28, 0)
    combined = batch.findings.get(code="rows_combined")
    assert "161 rows were added up to 28" in combined.message


def test_pay_codes_nobody_has_sorted_are_errors(cedar):
    batch = match(cedar, send(cedar, "pay-codes.csv"))
    assert (batch.state, codes_of(batch)["unknown_pay_code"]) == ("rejected", 4)


def test_paychecks_find_their_officers_by_name(cedar):
    def pay_every_two_weeks(mapping: Mapping) -> Mapping:
        return Mapping(mapping.columns, mapping.codes, (*mapping.fixed, ("frequency", "biweekly")))

    batch = match(cedar, send(cedar, "paychecks.csv"), pay_every_two_weeks)
    assert (batch.state, batch.rows, batch.warnings) == ("accepted", 28, 0)
    assert codes_of(batch)["names_matched"] == 1


def test_all_forms_hold_the_same_pay(cedar):
    match(cedar, send(cedar, "pay-columns.csv"))
    total = total_of(cedar)
    again = send(cedar, "printed-pages.csv")
    assert again.state == "accepted"
    assert codes_of(again)["counted_once"] == 28
    assert total_of(cedar) == total > 0


def test_printed_pages_are_accepted_at_once(cedar):
    batch = send(cedar, "printed-pages.csv")
    assert (batch.state, batch.rows, batch.warnings) == ("accepted", 28, 0)
    codes = codes_of(batch)
    assert (codes["total_row_skipped"], codes["header_repeated"]) == (7, 6)


def test_a_file_with_a_personal_number_leaves_nothing_but_its_facts(cedar):
    batch = send(cedar, "personal-numbers.csv")
    assert (batch.state, batch.document, batch.errors) == ("rejected", None, 1)
    assert codes_of(batch) == {"looks_like_ssn": 1}
    assert batch.sent_size == (FOLDER / "personal-numbers.csv").stat().st_size


def test_a_personnel_export_changes_the_roster(cedar):
    upload = receive_roster(
        actor=cedar.preparer,
        agency=cedar.agency,
        quarter=QUARTER,
        upload=of_form("hr-roster.xlsx"),
    )
    run_due()
    upload.refresh_from_db()
    assert (upload.state, upload.needs_columns) == ("proposed", True)
    mapping = suggested(upload)
    titles = json.loads(upload.sample)["distinct"]["Rank"]
    sorted_titles = tuple(
        (title, "leave_out" if title in ("Records Clerk", "Dispatcher") else "take")
        for title in titles
    )
    mapping = Mapping(mapping.columns, sorted_titles, mapping.fixed)
    upload = match_roster_columns(actor=cedar.preparer, batch=upload, mapping=mapping)
    run_due()
    upload.refresh_from_db()
    assert (upload.state, upload.rows, upload.errors) == ("proposed", 5, 0)
    assert codes_of(upload)["sensitive_column_dropped"] == 7
    changes = changes_proposed(upload).counts
    assert (changes["new_officers"], changes["changed_officers"]) == (1, 1)
    assert confirm_roster(actor=cedar.preparer, upload=upload).state == "accepted"


def test_twenty_errors_are_found_and_can_be_corrected_in_the_portal(willow):
    batch = send(willow, "payroll-20-errors.csv")
    lines = (FOLDER / "payroll-20-errors.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 301
    errors = Counter(batch.findings.filter(severity="error").values_list("code", flat=True))
    assert (batch.state, batch.errors) == ("rejected", 20)
    assert errors == Counter(fault.code for fault in TWENTY)
    _, edits = plant(files_of(willow.plan)[1], TWENTY)
    corrected = correct_payroll(actor=willow.preparer, batch=batch, edits=edits)
    run_due()
    corrected.refresh_from_db()
    assert (corrected.state, corrected.rows, corrected.warnings) == ("accepted", 297, 0)


def test_the_corrected_file_is_accepted(willow):
    batch = send(willow, "payroll-corrected.csv")
    assert (batch.state, batch.rows, batch.warnings) == ("accepted", 297, 0)

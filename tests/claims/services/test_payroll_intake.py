"""What is sent as payroll: read whatever it came as, summed up, and not kept with a personal number in it."""

from __future__ import annotations

import json

import pytest

from claims.models import PayrollSummary
from claims.services.payroll import receive_payroll
from portal.intake.uploads import Upload
from portal.jobs.models import Job
from tests.claims.exports import LONG, WRONG, read
from tests.factories import PAYROLL, QUARTER, ROSTER, load_payroll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.mark.parametrize(
    "rows",
    [
        [{"officer_id": "0042", "other": {"deep": ["123-45-6789"]}}],
        [{"officer_id": "0042"}, "123-45-6789"],
        [{"officer_id": "0042", "see 123-45-6789": "x"}],
        [{"officer_id": "0042", "ext_A123456789": "x"}],
        [{"officer_id": "0042", "ext_note": "123-45-6789"}],
    ],
)
def test_json_with_a_personal_number_anywhere_is_not_kept(preparer, rows):
    upload = Upload.of_json(json.dumps({"rows": rows}).encode())
    assert_not_kept(preparer, upload)


def test_a_json_value_behind_another_of_its_name_is_not_kept(preparer):
    twice = b'{"rows": [{"officer_id": "123\\u002d45-6789", "officer_id": "0042"}]}'
    assert_not_kept(preparer, Upload.of_json(twice))


def test_the_name_of_a_file_is_kept_without_a_personal_number(preparer):
    upload = Upload("Reyes 123-45-6789 A123456789.csv", "text/csv", [PAYROLL.encode()])
    batch = receive_payroll(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)
    assert batch.sent_name == "Reyes number number.csv"
    assert read(batch).document.filename == batch.sent_name


def assert_not_kept(preparer, upload):
    batch = read(
        receive_payroll(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)
    )
    assert (batch.state, batch.document, batch.faulty) == ("rejected", None, "")
    assert "6789" not in str([vars(found) for found in batch.findings.all()])


def test_the_same_file_sent_again_is_named(preparer):
    load_payroll(preparer)
    again = load_payroll(preparer)
    assert "same file as FY2026Q1-1" in again.reason


@pytest.mark.parametrize("content", [PAYROLL, WRONG])
@pytest.mark.parametrize("dry_run", [False, True])
def test_every_checked_file_is_summed_up_by_officer(preparer, content, dry_run):
    batch = load_payroll(preparer, content, dry_run=dry_run)
    summary = PayrollSummary.objects.get(batch=batch, officer_id="A-7")
    assert (summary.rows, summary.regular_pay, summary.benefits, summary.overtime_pay) == (
        1,
        2630_77,
        301_10,
        0,
    )


@pytest.mark.parametrize("content", [LONG, WRONG, PAYROLL])
def test_a_worker_that_dies_begins_again_with_the_same_result(preparer, content):
    batch = load_payroll(preparer, content)
    before = (batch.state, batch.document, batch.findings.count(), batch.sample, batch.faulty)
    Job.objects.filter(pk=batch.job_id).update(state="queued", attempts=0)
    batch = read(batch)
    assert (
        batch.state,
        batch.document,
        batch.findings.count(),
        batch.sample,
        batch.faulty,
    ) == before


def test_a_roster_sent_as_payroll_is_named_and_not_kept(preparer):
    batch = load_payroll(preparer, ROSTER)
    assert (batch.state, batch.needs_columns, batch.document) == ("rejected", False, None)
    assert batch.findings.get(severity="error").code == "wrong_kind_of_file"


def test_json_rows_of_a_form_are_read_like_a_file(preparer):
    names, *rows = [line.split(",") for line in PAYROLL.splitlines()]
    body = json.dumps({"rows": [dict(zip(names, row, strict=True)) for row in rows]}).encode()
    batch = receive_payroll(
        actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=Upload.of_json(body)
    )
    assert read(batch).state == "accepted"


def test_json_rows_have_the_names_of_the_template(preparer):
    body = json.dumps({"rows": [{"File #": "0042", "Gross": "1.00"}]}).encode()
    batch = read(
        receive_payroll(
            actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=Upload.of_json(body)
        )
    )
    assert (batch.state, batch.needs_columns) == ("rejected", False)
    assert batch.findings.filter(code="missing_column", column="officer_id").exists()

"""A payroll file corrected by page: cell by cell, a row, by workbook, for another quarter."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from claims.models import PayrollBatch
from portal.jobs.running import run_due
from portal.kernel.quarter import Quarter
from tests.claims.views.payroll_pages import WRONG, address, field, latest, text
from tests.factories import PAYROLL, load_payroll

pytestmark = pytest.mark.django_db


def test_a_correction_is_a_new_file_that_is_checked_again(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    answer = client.post(
        address(batch, "fix/"),
        {field(batch, 2, "regular_pay"): "2780.00", field(batch, 4, "paid_on"): "2025-12-25"},
    )
    corrected = latest()
    assert answer.url == address(corrected)
    run_due()
    page = text(client.get(answer.url))
    assert "The file is accepted" in page
    assert f'<a href="{address(batch)}">FY2026Q1-1</a> with 2 corrections' in page
    assert "<code>27x0</code>" in page
    assert preparer.name in page
    before = text(client.get(address(batch)))
    assert f'<a href="{address(corrected)}">FY2026Q1-2</a> corrects this one' in before
    assert "Check again" not in before


def test_a_row_can_be_left_out(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    client.post(address(batch, "fix/"), {"out-4": "yes", field(batch, 2, "regular_pay"): "2780.00"})
    run_due()
    assert (latest().state, latest().rows) == ("accepted", 2)
    assert "left out" in text(client.get(address(latest())))


def test_what_was_typed_is_kept_when_something_else_is_refused(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    answer = browse(preparer).post(
        address(batch, "fix/"),
        {field(batch, 2, "regular_pay"): "2781.11", field(batch, 4, "paid_on"): "123-45-6789"},
    )
    assert answer.status_code == 422
    assert "2781.11" in text(answer)
    assert "looks like a social security number" in text(answer)
    assert "123-45-6789" not in text(answer)
    assert PayrollBatch.objects.count() == 1


def test_who_comes_second_is_told_so_and_keeps_what_they_typed(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    name = field(batch, 2, "regular_pay")
    client.post(address(batch, "fix/"), {name: "2780.00"})
    for part in ("fix/", "rows/2/"):
        answer = client.post(address(batch, part), {name: "2790.00"})
        assert answer.status_code == 409
        assert "2790.00" in text(answer)
        assert f"Open file {latest().reference}" in text(answer)
    answer = client.get(address(batch, "rows/2/"))
    assert answer.status_code == 409
    assert "can no longer be corrected here" in text(answer)
    answer = client.post(address(batch, "fix/"), {name: "123-45-6789"})
    assert answer.status_code == 422


def test_a_field_that_is_not_on_the_page_is_kept_too(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    answer = browse(preparer).post(
        address(batch, "fix/"),
        {field(batch, 2, "paid_on"): "2025-10-17", field(batch, 4, "paid_on"): "123-45-6789"},
    )
    assert "Also typed" in text(answer)
    assert "2025-10-17" in text(answer)


def test_nothing_changed_is_said_and_sends_nothing(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    answer = browse(preparer).post(
        address(batch, "fix/"), {field(batch, 2, "regular_pay"): "27x0", "cell-9-9": "x"}
    )
    assert answer.status_code == 422
    assert "Nothing was changed." in text(answer)
    assert PayrollBatch.objects.count() == 1


def test_a_whole_row_is_corrected_on_a_page_of_its_own(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    page = text(client.get(address(batch, "rows/2/")))
    assert "2025-09-28" in page
    part = client.get(address(batch, "rows/2/"), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    answer = client.post(address(batch, "rows/2/"), {field(batch, 2, "regular_pay"): "2780.00"})
    assert answer.url == address(latest())
    assert client.get(address(batch, "rows/99/")).status_code == 404


def test_the_error_workbook_goes_out_is_corrected_and_comes_back(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    book = load_workbook(io.BytesIO(client.get(address(batch, "workbook/")).content))
    sheet = book["Fix and return"]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(2, names.index("regular_pay") + 1).value = 2780
    sheet.cell(3, names.index("Leave out (yes)") + 1).value = "yes"
    out = io.BytesIO()
    book.save(out)
    answer = client.post(
        address(batch, "returned/"), {"file": SimpleUploadedFile("findings.xlsx", out.getvalue())}
    )
    assert answer.url == address(latest())
    run_due()
    assert (latest().state, latest().rows) == ("accepted", 2)
    assert latest().document == batch.document


def test_a_workbook_without_corrections_is_refused_in_words(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    content = client.get(address(batch, "workbook/")).content
    answer = client.post(
        address(batch, "returned/"), {"file": SimpleUploadedFile("findings.xlsx", content)}
    )
    run_due()
    assert "Every row came back as it was sent out." in text(client.get(answer.url))
    assert client.post(address(batch, "returned/"), {}).status_code == 422


def test_a_file_of_another_quarter_is_sent_for_that_one(browse, preparer):
    head, _, *lines = PAYROLL.splitlines(keepends=True)
    batch = load_payroll(preparer, head + "".join(lines), quarter=Quarter(2026, 2))
    client = browse(preparer)
    assert "Send it for FY2026Q1 instead" in text(client.get(address(batch)))
    answer = client.post(address(batch, "quarter/"))
    run_due()
    again = PayrollBatch.objects.get(quarter=Quarter(2026, 1))
    assert (answer.url, again.state) == (address(again), "accepted")
    assert client.post(address(again, "quarter/")).status_code == 404


def test_a_correction_that_was_taken_back_leaves_the_file_to_be_corrected(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    client.post(
        address(batch, "fix/"),
        {field(batch, 2, "regular_pay"): "2780.00", field(batch, 4, "paid_on"): "2025-12-25"},
    )
    run_due()
    corrected = latest()
    assert "Go on there." in text(client.get(address(batch)))
    client.post(address(corrected, "take-back/"), {"reason": "It was another row."})
    page = text(client.get(address(batch)))
    assert "was taken back. Go on here." in page
    assert "Go on there." not in page

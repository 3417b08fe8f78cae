"""A clerk's 300 rows with 20 errors, from the upload to an accepted file: fixed in place and in Excel."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from claims.models import PayrollBatch, PayrollLine
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel.clock import clock_at
from tests.factories import PASSWORD, load_roster, make_agency, make_person
from tests.inspection import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay"
OFFICERS = 50
PERIODS = [date(2025, 9, 28) + timedelta(days=14 * n) for n in range(6)]
REGULAR_PAY = "2780.00"


@pytest.fixture(autouse=True)
def january():
    """The quarter is over."""
    with clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


def roster() -> str:
    header = "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from\n"
    return header + "".join(
        f"{n:04},Name{n},Ann,2015-01-01,TFM,2025-06-01,2025-06-01\n" for n in range(1, OFFICERS + 1)
    )


def rows() -> list[list[str]]:
    """300 rows in order: every officer's six periods."""
    return [
        [
            f"{n:04}",
            str(start),
            str(start + timedelta(days=13)),
            str(start + timedelta(days=18)),
            "72280.00",
            REGULAR_PAY,
            "0",
        ]
        for n in range(1, OFFICERS + 1)
        for start in PERIODS
    ]


def planted() -> list[list[str]]:
    """The same with 20 errors in 20 rows."""
    file = rows()
    for place in range(0, 160, 20):
        file[place][5] = "27x0"
    for place in range(5, 85, 20):
        file[place][3] = "soon"
    for place in range(170, 290, 20):
        file[place][5] = ""
    file[295][0] = "99O9"
    file[299] = list(file[298])
    return file


def as_csv(file: list[list[str]]) -> str:
    return "\n".join([HEADER, *(",".join(row) for row in file)]) + "\n"


def sign_in(page: Page, url: str, email: str) -> None:
    page.goto(url)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def read_result(page: Page) -> None:
    """The job is done; the page, which asks every two seconds, shows the result by itself."""
    expect(page.locator(".progress")).to_be_visible()
    run_due()
    expect(page.locator(".progress")).to_have_count(0)


def test_twenty_errors_are_fixed_in_place_and_in_excel(page, live_server, inspected, tmp_path):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer, roster())
    file = tmp_path / "october.csv"
    file.write_text(as_csv(planted()))
    sign_in(page, f"{live_server.url}/payroll/upload/?quarter=FY2026Q1", preparer.user.email)
    page.get_by_label("Payroll file").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    read_result(page)
    sent = PayrollBatch.objects.get()
    assert sent.state == "rejected"
    expect(page.get_by_text("20 errors")).to_be_visible()
    tab = inspected()
    tab.goto(page.url)
    assert_accessible(tab)

    for place in range(0, 160, 20):
        page.get_by_label(f"regular_pay, row {place + 2}", exact=True).fill(REGULAR_PAY)
    page.get_by_label("paid_on, row 7", exact=True).fill(rows()[5][3])
    # What was typed outlives a look at it by officer, and a refusal of something else.
    page.get_by_role("link", name="By officer").click()
    expect(page.get_by_role("heading", name="Officer 0001")).to_be_visible()
    page.get_by_role("link", name="By rule").click()
    expect(page.get_by_role("heading", name="Amount that cannot be read")).to_be_visible()
    page.get_by_label("paid_on, row 7", exact=True).fill("123-45-6789")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    expect(page.get_by_label("regular_pay, row 2", exact=True)).to_have_value(REGULAR_PAY)
    page.get_by_label("paid_on, row 7", exact=True).fill(rows()[5][3])
    page.get_by_role("button", name="Check again").click()
    read_result(page)
    expect(page.get_by_text("11 errors")).to_be_visible()

    page.get_by_text("Correct the rows in Excel instead").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the error workbook").click()
    workbook = tmp_path / "findings.xlsx"
    download.value.save_as(workbook)
    corrected(workbook)
    page.get_by_label("Corrected rows").set_input_files(workbook)
    page.get_by_role("button", name="Send the corrected rows back").click()
    read_result(page)
    expect(page.get_by_text("The file is accepted")).to_be_visible()
    tab.goto(page.url)
    tab.get_by_text("corrections made in the portal").click()
    assert_accessible(tab)

    last = PayrollBatch.objects.latest("number")
    assert (last.state, last.rows, last.document) == ("accepted", 299, sent.document)
    lines = PayrollLine.objects.filter(batch=last).order_by("row")
    assert [(str(line.paid_on), line.regular_pay) for line in lines] == [
        (row[3], 2780_00) for row in rows()[:299]
    ]


def corrected(workbook: Path) -> None:
    """The rest of the errors, as a clerk corrects them in the sheet."""
    book = load_workbook(workbook)
    sheet = book["Fix and return"]
    names = [cell.value for cell in sheet[1]]
    right = rows()
    for line in range(2, sheet.max_row + 1):
        row = sheet.cell(line, names.index("Portal row") + 1).value
        if row == 301:
            sheet.cell(line, names.index("Leave out (yes)") + 1).value = "yes"
            continue
        for name, value in zip(HEADER.split(","), right[row - 2], strict=True):
            sheet.cell(line, names.index(name) + 1).value = value
    book.save(workbook)


def assert_asks_for_a_benefits_name(page: Page) -> None:
    """The field for the name is there as soon as a column is a benefit, and gone when it is none."""
    name = page.get_by_label("Name of the benefit (if not “Accrual 1”)", exact=True)
    expect(name).to_be_hidden()
    choice = page.get_by_label("What Accrual 1 is", exact=True)
    choice.select_option(value="benefit:")
    expect(name).to_be_visible()
    choice.select_option(value="")
    expect(name).to_be_hidden()


def test_an_export_of_sixty_columns_is_matched(page, live_server, inspected, tmp_path):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer, roster())
    extra = [f"Accrual {n}" for n in range(1, 49)]
    own = [
        "File #",
        "Period Begin",
        "Payroll End Date",
        "Check Dt",
        "Yearly",
        "Base Amt",
        "O/T Earnings",
    ]
    lines = [",".join([*own, *extra])]
    lines += [",".join([*row, *("1.25" for _ in extra)]) for row in rows()]
    file = tmp_path / "export.csv"
    file.write_text("\n".join(lines))
    sign_in(page, f"{live_server.url}/payroll/upload/?quarter=FY2026Q1", preparer.user.email)
    page.get_by_label("Payroll file").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    read_result(page)
    page.get_by_role("link", name="Match the columns").click()
    tab = inspected()
    tab.goto(page.url)
    assert_accessible(tab)
    assert_asks_for_a_benefits_name(page)
    for name, role in zip(own, HEADER.split(","), strict=True):
        page.get_by_label(f"What {name} is", exact=True).select_option(value=role)
    page.get_by_role("button", name="Save and read the file").click()
    read_result(page)
    expect(page.get_by_text("The file is accepted")).to_be_visible()
    assert PayrollBatch.objects.get().mapping.number == 1

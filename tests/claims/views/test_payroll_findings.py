"""A payroll file's findings by page: grouped, corrected, answered; and its columns matched."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from claims.models import PayrollBatch
from claims.services.payroll import match_payroll_columns
from portal.accounts.roles import Role
from portal.intake.models import ColumnMapping, Justification
from portal.jobs.running import run_due
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping
from portal.records.models import AuditEvent
from tests.factories import PAYROLL, load_payroll, load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

WRONG = PAYROLL.replace("2780.00,589.37", "27x0,589.37", 1).replace("2025-12-25", "25.12.")
"""Row 2 has an amount nobody can read, row 4 a date."""
WARNED = PAYROLL.replace("72280.00,2780.00", "0,2780.00", 1)
OWN = PAYROLL.replace(
    "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay,benefit_health",
    "Empl No,From,To,Check Dt,Yearly,Base,OT,Medical",
)


@pytest.fixture
def preparer():
    """A preparer whose roster is loaded."""
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person


def text(response) -> str:
    return response.content.decode()


def address(batch: PayrollBatch, part: str = "") -> str:
    return f"/payroll/{batch.pk}/{part}"


def field(batch: PayrollBatch, row: int, column: str) -> str:
    return f"cell-{row}-{json.loads(batch.faulty)['header'].index(column)}"


def latest() -> PayrollBatch:
    return PayrollBatch.objects.latest("number")


def test_findings_stand_in_groups_by_rule_and_by_officer(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    by_rule = text(client.get(address(batch)))
    assert "<strong>2 errors</strong> in 2 of 3 rows" in by_rule
    assert "Amount that cannot be read" in by_rule
    by_officer = text(client.get(address(batch, "?by=officer")))
    assert "Officer 0042" in by_officer
    part = client.get(address(batch, "?by=officer"), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "Officer A-7" in text(part)


def test_one_group_is_seen_alone(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    alone = text(browse(preparer).get(address(batch, "?of=bad_money")))
    assert "27x0" in alone
    assert "25.12." not in alone
    assert "Back to all groups" in alone


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


@pytest.mark.parametrize("rule", ["a\0", "no_such_rule", "salary_zero\0", ""])
def test_a_rule_nobody_knows_is_not_found(browse, preparer, rule):
    batch = load_payroll(preparer, WARNED)
    answer = browse(preparer).post(address(batch, "answer/"), {"rule": rule, "text": "Right."})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        ("answer/", {"rule": "salary_zero", "text": "Ask 123-45-6789 about it."}),
        ("take-back/", {"reason": "Ask 123-45-6789 about it."}),
    ],
)
def test_a_number_in_somebodys_own_words_is_refused_and_not_shown_again(
    browse, preparer, part, sent
):
    batch = load_payroll(preparer, WARNED)
    answer = browse(preparer).post(address(batch, part), sent)
    assert answer.status_code in (400, 422)
    assert "Ask number about it." in text(answer)
    assert "123-45-6789" not in text(answer)
    assert not AuditEvent.objects.filter(content__contains="123-45-6789").exists()


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


def test_a_warning_is_answered_and_the_answer_can_be_changed(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    client = browse(preparer)
    finding = batch.findings.get(code="salary_zero")
    assert "1 without an answer" in text(client.get(address(batch)))
    answer = client.post(
        address(batch, "answer/?by=officer"),
        {"finding": finding.number, "text": "Reserve deputy without a salary."},
    )
    assert answer.url == f"{address(batch)}?by=officer#findings"
    page = text(client.get(answer.url))
    assert "Reserve deputy without a salary." in page
    assert "Change the answer" in page
    client.post(address(batch, "answer/"), {"finding": finding.number, "text": "Paid by the day."})
    assert "Paid by the day." in text(client.get(address(batch)))


def test_an_answer_that_is_refused_stays_written(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    answer = browse(preparer).post(
        address(batch, "answer/"), {"rule": "salary_zero", "text": "His is 123-45-6789."}
    )
    assert answer.status_code in (400, 409, 422)
    assert "His is" in text(answer)
    assert not Justification.objects.exists()


def test_an_answer_is_carried_over_to_the_next_file(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    client = browse(preparer)
    client.post(address(batch, "answer/"), {"rule": "salary_zero", "text": "Reserve deputy."})
    again = load_payroll(preparer, WARNED, replaces=batch)
    assert "carried over from file FY2026Q1-1" in text(client.get(address(again)))


def test_columns_are_matched_once_and_remembered(browse, preparer):
    batch = load_payroll(preparer, OWN)
    client = browse(preparer)
    assert (batch.state, batch.needs_columns) == ("proposed", True)
    assert "Match the columns" in text(client.get(address(batch)))
    page = client.get(address(batch, "columns/"))
    assert "2025-09-28" in text(page)
    roles = (
        "officer_id",
        "period_start",
        "period_end",
        "paid_on",
        "annual_salary",
        "regular_pay",
        "overtime_pay",
        "benefit:",
    )
    fields = {f"role-{place}": role for place, role in enumerate(roles)} | {"name-7": "health"}
    missing = client.post(address(batch, "columns/"), {**fields, "role-3": ""})
    assert missing.status_code == 422
    assert 'href="#' in text(missing) or "Nothing says" in text(missing)
    answer = client.post(address(batch, "columns/"), fields)
    assert answer.url == address(batch)
    run_due()
    batch.refresh_from_db()
    assert batch.state == "accepted"
    assert '"benefit:health"' in ColumnMapping.objects.get().content
    page = text(client.get(address(batch)))
    assert "Match the columns again" in page
    second = load_payroll(preparer, OWN.replace("2780.00", "2790.00"), replaces=batch)
    assert second.state == "accepted"
    assert "Base" in text(client.get("/payroll/columns/"))


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


def test_a_quarter_that_is_not_open_is_said_and_not_switched_silently(browse, preparer):
    page = text(browse(preparer).get("/payroll/upload/?quarter=FY2019Q1"))
    assert "Nothing can be sent for FY2019Q1." in page


@pytest.mark.parametrize(
    "part", ["fix/", "answer/", "returned/", "rows/2/", "columns/", "quarter/"]
)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.CERTIFIER])
def test_who_does_not_prepare_corrects_nothing(browse, preparer, part, role):
    batch = load_payroll(preparer, WRONG)
    client = browse(make_person(role, preparer.agency))
    assert client.post(address(batch, part), {"out-2": "yes"}).status_code == 403
    shown = text(client.get(address(batch)))
    assert "Check again" not in shown
    assert "Say why" not in shown


@pytest.mark.parametrize(
    "part", ["fix/", "answer/", "returned/", "rows/2/", "columns/", "workbook/", "quarter/"]
)
def test_for_strangers_there_is_no_such_file(browse, preparer, part):
    batch = load_payroll(preparer, WRONG)
    for stranger in (
        make_person(Role.PREPARER, make_agency("Birch Police")),
        make_person(Role.REVIEWER),
        make_person(Role.SYSTEM_ADMINISTRATOR),
    ):
        client = browse(stranger)
        assert client.get(address(batch, part)).status_code in (404, 405)
        assert client.post(address(batch, part), {"out-2": "yes"}).status_code in (404, 405)


def test_the_federal_side_reads_answers_and_writes_none(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    browse(preparer).post(address(batch, "answer/"), {"rule": "salary_zero", "text": "Reserve."})
    client = browse(make_person(Role.REVIEWER))
    shown = text(client.get(address(batch)))
    assert "Reserve." in shown
    assert "Change the answer" not in shown
    refused = client.post(address(batch, "answer/"), {"rule": "salary_zero", "text": "Mine."})
    assert refused.status_code == 403


def test_thousands_of_findings_take_as_few_queries_as_one(
    browse, preparer, django_assert_max_num_queries
):
    line = "0042,2025-09-28,2025-10-11,2025-10-16,72280.00,x{},589.37,392.31\n"
    head = PAYROLL.splitlines(keepends=True)[0]
    batch = load_payroll(preparer, head + "".join(line.format(n) for n in range(400)))
    client = browse(preparer)
    with django_assert_max_num_queries(16):
        client.get(address(batch))


def test_the_sum_says_how_many_rows_of_how_many(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    assert "</strong> in 2 of 3 rows" in text(browse(preparer).get(address(batch)))


def test_who_downloaded_the_error_workbook_is_on_record(browse, preparer):
    batch = load_payroll(preparer, WRONG)
    client = browse(preparer)
    client.get(address(batch, "workbook/"))
    event = AuditEvent.objects.get(action="document.read")
    assert (event.actor, event.subject) == (preparer.user, f"payroll/{batch.pk}")
    page = text(client.get(address(batch)))
    assert "File downloaded: payroll-FY2026Q1-1-findings.xlsx" in page


def test_every_column_that_could_be_a_benefit_has_a_field_for_its_name(browse, preparer):
    batch = load_payroll(preparer, OWN)
    page = text(browse(preparer).get(address(batch, "columns/")))
    assert page.count('class="own-name"') == 8


def test_our_template_with_a_slip_in_its_header_is_refused_by_name_and_can_be_matched(
    browse, preparer
):
    batch = load_payroll(preparer, PAYROLL.replace("paid_on", "Paid when", 1))
    assert (batch.state, batch.needs_columns) == ("rejected", False)
    assert batch.findings.get(code="missing_column").column == "paid_on"
    client = browse(preparer)
    page = text(client.get(address(batch)))
    assert "Upload the corrected file" in page
    assert "Or match the columns" in page
    assert client.get(address(batch, "columns/")).status_code == 200


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


def test_who_may_not_take_a_file_back_is_told_so_before_the_form_is_read(browse, preparer):
    batch = load_payroll(preparer)
    viewer = make_person(Role.VIEWER, preparer.agency)
    assert browse(viewer).post(address(batch, "take-back/"), {}).status_code == 403


def test_a_pay_code_nobody_matched_leads_to_the_columns_and_not_to_another_upload(browse, preparer):
    rows = [("0042", "REG", "2780.00"), ("0042", "HLT", "100.00")]
    lines = [
        f"{who},2025-10-01,2025-10-14,2025-10-17,72280.00,{code},{pay}" for who, code, pay in rows
    ]
    header = "Empl No,From,To,Check Dt,Yearly,Pay Code,Amount"
    batch = load_payroll(preparer, "\n".join([header, *lines, ""]))
    columns = dict(
        zip(
            header.split(","),
            (
                *("officer_id", "period_start", "period_end", "paid_on"),
                *("annual_salary", "pay_code", "amount"),
            ),
            strict=True,
        )
    )
    codes = (("REG", "regular_pay"), ("HLT", "benefit:health"))
    match_payroll_columns(
        actor=preparer, batch=batch, mapping=Mapping(tuple(columns.items()), codes)
    )
    run_due()
    unknown = load_payroll(preparer, "\n".join([header, lines[0].replace("REG", "NEW"), ""]))
    assert "unknown_pay_code" in set(unknown.findings.values_list("code", flat=True))
    page = text(browse(preparer).get(address(unknown)))
    assert (
        f'<a class="usa-button" href="{address(unknown, "columns/")}">Match the columns</a>' in page
    )
    assert "usa-button--outline" in page.split("Upload the corrected file")[0]

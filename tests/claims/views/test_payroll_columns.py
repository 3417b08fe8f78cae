"""The columns of a payroll file matched by page, and remembered for the next one."""

from __future__ import annotations

import pytest

from claims.services.payroll import match_payroll_columns
from portal.intake.models import ColumnMapping
from portal.jobs.running import run_due
from portal.kernel.tabular.mapping import Mapping
from tests.claims.views.payroll_pages import OWN, address, text
from tests.factories import PAYROLL, load_payroll

pytestmark = pytest.mark.django_db


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

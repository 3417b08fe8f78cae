"""Matching columns: suggestions to begin with, pay codes in a second step, and what is still missing."""

from __future__ import annotations

import json

import pytest

from agreements.roster_roles import ROSTER_TARGET
from claims.payroll.roles import PAYROLL_TARGET
from portal.intake.matching import Matching
from portal.intake.samples import sample_of
from portal.kernel.tabular import Table
from portal.kernel.tabular.mapping import Mapping

LONG = Table(
    ("File #", "Period Begin", "Payroll End Date", "Check Dt", "Earnings Code", "Amount", "Color"),
    [
        ["0042", "2025-10-12", "2025-10-25", "2025-10-30", code, amount, "blue"]
        for code, amount in (("REG", "2780.00"), ("ZQ7", "1.00"), ("REG", "2.00"))
    ],
    [2, 3, 4],
)


def matching(table: Table = LONG, post: dict | None = None, start: Mapping | None = None):
    sample = json.loads(sample_of(PAYROLL_TARGET, table, None, []))
    return Matching(PAYROLL_TARGET, sample, start, post)


def by_header(form: Matching):
    return {column.header: column for column in form.columns}


def test_every_column_is_there_with_values_and_a_suggestion_where_its_name_is_known():
    form = matching()
    columns = by_header(form)
    assert list(columns) == list(LONG.header)
    assert (columns["File #"].role, columns["File #"].is_suggested) == ("officer_id", True)
    assert list(columns["Color"].values) == ["blue"]
    assert "Color" in [column.header for column in form.others]


def test_pay_codes_are_the_second_step_and_each_must_be_something():
    places = {header: f"role-{place}" for place, header in enumerate(LONG.header)}
    fields = {
        places["File #"]: "officer_id",
        places["Period Begin"]: "period_start",
        places["Payroll End Date"]: "period_end",
        places["Check Dt"]: "paid_on",
        places["Earnings Code"]: "pay_code",
        places["Amount"]: "amount",
        "fixed-periods_a_year": "26",
    }
    form = matching(post=fields)
    assert [(row.code, row.rows) for row in form.codes] == [("REG", 2), ("ZQ7", 1)]
    assert any("ZQ7" in gap.text for gap in form.gaps)
    answered = {row.field: "regular_pay" for row in form.codes}
    done = matching(post={**fields, **answered})
    assert done.gaps == []
    assert dict(done.mapping.codes) == {"REG": "regular_pay", "ZQ7": "regular_pay"}


def test_a_benefit_keeps_the_name_it_was_given():
    form = matching(post={"role-5": "benefit:", "name-5": " health "})
    column = by_header(form)["Amount"]
    assert (column.role, column.name, column.is_named) == ("benefit:", "health", True)
    assert ("Amount", "benefit:health") in form.mapping.columns
    again = matching(start=form.mapping)
    assert by_header(again)["Amount"].name == "health"


@pytest.mark.parametrize("role", ["nonsense", "benefit:health:x", "officer_id "])
def test_what_is_not_among_the_choices_is_not_needed(role):
    assert by_header(matching(post={"role-0": role}))["File #"].role == ""


def test_what_is_missing_leads_to_its_column():
    form = matching(post={"role-0": "officer_id", "role-1": "officer_id"})
    places = {place for place, gap in form.placed_gaps if gap.column}
    assert places <= {field.field for field in (*form.columns, *form.codes)}
    assert form.gaps


def test_what_nothing_says_leads_to_the_value_for_the_whole_file():
    none = {f"role-{place}": "" for place in range(len(LONG.header))}
    known = {"role-0": "officer_id", "role-1": "period_start", "role-2": "period_end"}
    form = matching(post={**none, **known})
    places = {gap.text: place for place, gap in form.placed_gaps}
    assert places["Nothing says when the officers were paid."] == "fixed-paid_on"
    assert places["No column holds the regular pay."] == form.others[0].field


def test_codes_nobody_has_sorted_lead_to_the_first_of_them():
    form = matching(post={"role-4": "pay_code", "role-5": "amount", "code-0": "regular_pay"})
    places = {gap.text: place for place, gap in form.placed_gaps}
    assert places["Nobody has said yet what these are: ZQ7."] == "code-1"


def test_an_earlier_mapping_is_the_beginning_of_a_new_one():
    start = Mapping(
        tuple((header, "") for header in LONG.header), fixed=(("paid_on", "2025-10-30"),)
    )
    form = matching(start=start)
    assert form.recognised == []
    assert [value.fixed.name for value in form.needed_values if value.value] == ["paid_on"]


def test_titles_of_a_roster_are_sorted_only_if_somebody_wants_to():
    table = Table(("Name", "Title"), [["Reyes, Ana", "Deputy"], ["Hollis, Ben", "Clerk"]], [2, 3])
    sample = json.loads(sample_of(ROSTER_TARGET, table, None, []))
    form = Matching(ROSTER_TARGET, sample)
    if form.code_column:
        assert {row.code for row in form.codes} == {"Deputy", "Clerk"}
        assert not form.must_sort

"""What checks say of payroll rows beside the agency's roster and agreements."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.payroll.checks import RosterIndex, check_against_roster, check_missing
from portal.kernel.findings import Severity
from tests.claims.payroll.rows import Q1, START, found, overtime, row

ROSTER = RosterIndex(
    employments={"0042": [(date(2015, 1, 1), START + timedelta(5))], "7": [(START, None)]},
    payable_days=lambda officer_id, first, last: 0 if officer_id == "7" else (last - first).days,
)


def test_an_unknown_officer_is_one_error_whatever_the_rows() -> None:
    rows = [overtime(n, START + timedelta(n), officer_id="9") for n in range(3, 6)]
    (finding,) = check_against_roster([row(), *rows], ROSTER)
    assert (finding.code, finding.row, finding.severity) == ("unknown_officer", 3, Severity.ERROR)
    assert "3 rows" in finding.message


def test_a_period_that_ends_before_it_starts_is_not_said_to_have_no_payable_day_too() -> None:
    reversed_row = row(2, "7")._replace(period_end=START - timedelta(1))
    assert "no_payable_day" not in [f.code for f in check_against_roster([reversed_row], ROSTER)]


def test_what_counts_for_nothing_is_one_notice() -> None:
    after = START + timedelta(6)
    findings = check_against_roster([overtime(2, after), row(3, "7")], ROSTER)
    assert found(findings) == [("not_employed", 2), ("no_payable_day", 3)]
    assert {finding.severity for finding in findings} == {Severity.NOTICE}


DAYS = st.integers(-5, 25)
PERIODS = st.lists(st.tuples(st.sampled_from(["0042", "7"]), DAYS, st.integers(-3, 9)), max_size=6)


@given(PERIODS, DAYS, st.none() | DAYS, st.sets(DAYS, min_size=20))
def test_a_file_says_what_its_rows_say_one_by_one(
    periods: list[tuple[str, int, int]], hired: int, separated: int | None, payable: set[int]
) -> None:
    """Officers whose days are all payable are passed over together; nothing is missed by it."""
    left_on = None if separated is None else START + timedelta(separated)
    roster = RosterIndex(
        employments={"0042": [(START + timedelta(hired), left_on)], "7": [(date.min, None)]},
        payable_days=lambda _, first, last: sum(
            first <= START + timedelta(day) <= last for day in payable
        ),
    )
    rows = []
    for number, (officer_id, first, length) in enumerate(periods, start=2):
        start = START + timedelta(first)
        end = start + timedelta(length)
        rows.append(row(number, officer_id)._replace(period_start=start, period_end=end))
    one_by_one = [finding for one in rows for finding in check_against_roster([one], roster)]
    assert check_against_roster(rows, roster) == one_by_one


def test_a_row_that_is_not_yet_paid_waits() -> None:
    one = row()
    assert found(check_against_roster([one], ROSTER, one.paid_on - timedelta(1))) == [
        ("not_yet_paid", 2)
    ]
    assert check_against_roster([one], ROSTER, one.paid_on) == []


@pytest.mark.parametrize(
    ("first", "last", "is_covered"),
    [
        (START + timedelta(13), None, True),
        (START + timedelta(14), None, False),
        (date(2025, 3, 1), START, True),
        (date(2025, 3, 1), START - timedelta(1), False),
    ],
)
def test_a_file_without_an_agreement_is_one_warning(
    first: date, last: date | None, is_covered: bool
) -> None:
    roster = RosterIndex(ROSTER.employments, lambda *_: 0, [(first, last)])
    findings = check_against_roster([row(), row(3, "7")], roster)
    if is_covered:
        assert found(findings) == [("no_payable_day", 2), ("no_payable_day", 3)]
    else:
        assert found(findings) == [("no_agreement", None)]
        assert (findings[0].severity, findings[0].dollars) == (Severity.WARNING, "5560.00")


def roster_of(officers: int) -> RosterIndex:
    """Officers 100, 101, ... employed and payable on every day of the quarter."""
    return RosterIndex(
        {str(100 + n): [(date(2015, 1, 1), None)] for n in range(officers)},
        lambda _, first, last: (min(last, Q1.end) - max(first, Q1.start)).days + 1,
    )


def test_officers_without_a_line_are_one_notice_that_names_ten() -> None:
    rows = [row(2, "100")]
    (finding,) = check_missing(rows, roster_of(13), {"101"}, Q1)
    assert (finding.code, finding.severity) == ("officer_missing", Severity.NOTICE)
    assert finding.message.startswith("11 officers of your roster")
    assert "102, 103" in finding.message
    assert "111 and 1 more" in finding.message


def test_nobody_misses_a_line_of_overtime_or_of_another_quarter() -> None:
    assert list(check_missing([overtime(2, START)], roster_of(3), (), Q1)) == []
    assert list(check_missing([], roster_of(3), (), Q1)) == []
    roster = RosterIndex(roster_of(3).employments, lambda _, first, last: int(first <= last))
    assert list(check_missing([row(2, "100")], roster, (), Q1.next)) == []
    assert list(check_missing([row(2, "100")], roster, {"101", "102"}, Q1)) == []

"""Which records a reviewer may ask for, as it follows from the amounts."""

from __future__ import annotations

from datetime import date

import pytest

from claims.models import Evidence
from claims.rules.address import Address
from claims.rules.checklist import OVERTIME, PAY_RATE, PAYMENT, TIMESHEET, checklist, salary_on_end
from claims.rules.reimbursement import OfficerResult, SalarySegment
from portal.kernel.quarter import Quarter

Q1 = Quarter(2026, 1)
WHOLE_YEAR = (SalarySegment(date(2025, 10, 1), date(2026, 9, 30), 7_300_000, 0),)


def result(**changed: object) -> OfficerResult:
    """An officer with regular pay of $1,000.00 and nothing to ask for."""
    amounts: dict[str, object] = {
        "officer_id": "1",
        "eligible_days": 92,
        "regular": 100_000,
        "benefits": 0,
        "overtime_submitted": 0,
        "overtime_cap": 1_825_000,
        "overtime_used_before": 0,
        "overtime_allowed": 0,
        "counted": True,
        "shares": (),
        "salary": WHOLE_YEAR,
        "waiting": (),
    }
    return OfficerResult(**{**amounts, **changed})  # type: ignore[arg-type]  # facts of many kinds


def asked(*officers: OfficerResult, before: dict[str, int] | None = None) -> list[tuple[str, str]]:
    return [(one.kind, one.officer_id) for one in checklist(Q1, officers, before or {})]


def test_the_kinds_are_those_of_the_records():
    assert {TIMESHEET, PAY_RATE, OVERTIME, PAYMENT} < set(Evidence.Kind.values)


def test_a_claim_of_nothing_needs_nothing():
    assert asked() == []
    assert asked(result(regular=0)) == []


def test_every_other_claim_needs_one_proof_of_payment():
    assert asked(result(), result(officer_id="2")) == [(PAYMENT, "")]


def test_overtime_needs_an_authorization_and_a_timesheet():
    found = asked(result(overtime_submitted=100, overtime_allowed=100))
    assert found == [(OVERTIME, "1"), (TIMESHEET, "1"), (PAYMENT, "")]


def test_overtime_that_is_wholly_disallowed_is_still_overtime():
    assert (TIMESHEET, "1") in asked(result(overtime_submitted=100, overtime_cap=0))


@pytest.mark.parametrize(
    ("submitted", "used", "words"),
    [
        (1_459_999, 0, ""),
        (1_460_000, 0, "at 80% of the overtime cap"),
        (460_000, 1_000_000, "at 80% of the overtime cap"),
        (2_000_000, 0, "at 109% of the overtime cap"),
    ],
)
def test_the_timesheet_says_how_near_the_cap_is(submitted, used, words):
    officer = result(overtime_submitted=submitted, overtime_used_before=used)
    whys = {one.kind: one.why for one in checklist(Q1, [officer], {})}
    assert ("cap" in whys[TIMESHEET]) == bool(words)
    assert words in whys[TIMESHEET]
    assert "cap" not in whys[OVERTIME]


def test_a_salary_that_changed_in_the_year_needs_a_letter():
    raised = (
        SalarySegment(date(2025, 10, 1), date(2025, 11, 1), 7_000_000, 0),
        SalarySegment(date(2025, 11, 2), date(2026, 9, 30), 7_300_000, 1),
    )
    found = list(checklist(Q1, [result(salary=raised)], {}))
    assert found[0].kind == PAY_RATE
    assert found[0].address == Address("1", "regular")
    assert found[0].why == "The annual salary changed on November 2, 2025."


def test_so_does_one_that_is_not_that_of_the_quarter_before():
    assert asked(result(), before={"1": 7_300_000}) == [(PAYMENT, "")]
    assert asked(result(), before={"2": 1}) == [(PAYMENT, "")]
    found = list(checklist(Q1, [result()], {"1": 7_000_000}))
    assert found[0].why == "The annual salary is not the $70,000.00 of the quarter before."


def test_an_officer_without_payroll_has_no_salary_to_compare():
    assert salary_on_end(result(salary=())) is None
    assert asked(result(salary=(), regular=0), before={"1": 7_000_000}) == []
    assert salary_on_end(result()) == 7_300_000


@pytest.mark.parametrize(
    ("officer_id", "category", "may_be", "words"),
    [
        ("", "", True, "the claim"),
        ("", "award", True, "the performance award"),
        ("", "overtime", False, None),
        ("7", "", True, "officer 7"),
        ("7", "overtime", True, "overtime of officer 7"),
        ("7", "award", False, None),
    ],
)
def test_addresses(officer_id, category, may_be, words):
    address = Address(officer_id, category)
    assert address.may_be is may_be
    if words is not None:
        assert address.words() == words


def test_an_address_names_the_officer_where_it_may():
    assert Address("7", "regular").words("Reyes, Ana") == "regular pay of Reyes, Ana (7)"

"""What the columns and pay codes of a payroll export can be, and what is computed from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claims.payroll.computing import conclude, derive
from claims.payroll.layout import PAYROLL
from claims.payroll.pay_periods import FREQUENCIES
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping import Aliases, Fixed, Gap, Mapping, Role, Target
from portal.kernel.tabular.mapping.cells import DATE_STYLES

WHO, WHEN, SALARY = "Who", "When", "Salary"
PAY, BENEFITS, LEFT_OUT = "Pay", "Benefits", "Left out"
CODES, OTHER = "One row per pay code", "Other"

REASONS = (
    ("leave_payout", "leave payout"),
    ("outside_detail", "outside detail"),
    ("bonus", "bonus"),
    ("earlier_period", "earlier period"),
    ("other_source", "paid by another source"),
    ("other", "another reason"),
)


def _role(code: str, group: str, label: str, **more: Any) -> Role:
    column = PAYROLL.column(code)
    return Role(code, label, column.help, group, column.kind, **more)


_AMOUNTS = (
    _role("regular_pay", PAY, "Regular pay", many=True),
    _role("overtime_pay", PAY, "Overtime pay", many=True),
    _role("overtime_paid_by_others", PAY, "Overtime paid by others", many=True),
    Role(
        "benefit",
        "Benefit",
        "What the agency paid for one benefit.",
        BENEFITS,
        Kind.MONEY,
        many=True,
        is_named=True,
    ),
    _role("benefit_total", BENEFITS, "All benefits together", many=True),
    Role(
        "excluded",
        "Left out",
        "Pay that is not reimbursed, such as workers' compensation. It is named in the report, with its sum.",
        LEFT_OUT,
        Kind.MONEY,
        many=True,
        choices=REASONS,
    ),
)
_ROLES = (
    _role("officer_id", WHO, "Payroll id"),
    Role(
        "officer_name",
        "Whole name",
        "Where there is no id: the name is looked up on your roster.",
        WHO,
        Kind.TEXT,
    ),
    Role("last_name", "Last name", "Where there is no id.", WHO, Kind.TEXT),
    Role("first_name", "First name", "Where there is no id.", WHO, Kind.TEXT),
    Role("middle_name", "Middle name or initial", "Where there is no id.", WHO, Kind.TEXT),
    Role("suffix", "Suffix of the name (Jr., III)", "Where there is no id.", WHO, Kind.TEXT),
    _role(
        "period_start",
        WHEN,
        "First day of the pay period",
        lacking="Nothing says when the pay periods begin. To choose how often you pay is enough.",
    ),
    _role(
        "period_end",
        WHEN,
        "Last day of the pay period",
        lacking="Nothing says when the pay periods end.",
    ),
    _role("paid_on", WHEN, "Payday", lacking="Nothing says when the officers were paid."),
    _role("annual_salary", SALARY, "Annual salary"),
    Role(
        "hourly_rate",
        "Hourly rate",
        "The annual salary is this rate times the hours a year.",
        SALARY,
        Kind.MONEY,
    ),
    *_AMOUNTS,
    _role("overtime_hours", PAY, "Overtime hours", many=True),
    Role("pay_code", "Pay code", "Says what the amount of the row is for.", CODES, Kind.TEXT),
    Role("amount", "Amount of the pay code", "What was paid.", CODES, Kind.MONEY),
    Role("hours", "Hours of the pay code", "Kept for overtime.", CODES, Kind.HOURS),
    Role("agency", "Agency", "The portal number; it is only checked.", OTHER, Kind.TEXT),
    Role("ext", "Keep as our own column", "Repeated in reports.", OTHER, Kind.TEXT, many=True),
)
_ONE_DATE = "If all rows have the same. It is asked again for every file."
_FIXED = (
    Fixed("period_start", "First day of the pay period", _ONE_DATE, Kind.DATE),
    Fixed("period_end", "Last day of the pay period", _ONE_DATE, Kind.DATE),
    Fixed("paid_on", "Payday", _ONE_DATE, Kind.DATE),
    Fixed(
        "frequency",
        "How often you pay",
        "If no column has the first day of the period: it is counted back from the last day.",
        Kind.CHOICE,
        FREQUENCIES,
    ),
    Fixed(
        "payday_after_days",
        "Days from the end of the period to the payday",
        "If the file has only one of the two dates: the other is counted from it.",
        Kind.COUNT,
    ),
    Fixed(
        "hours_a_year",
        "Hours a year",
        "With an hourly rate. 2080 is 40 hours a week.",
        Kind.COUNT,
    ),
    Fixed(
        "periods_a_year",
        "Pay periods a year",
        "If no column has a salary or rate: the annual salary is then the regular pay times this "
        "number (26 for every two weeks, 1 if a row is a whole year).",
        Kind.COUNT,
    ),
    Fixed(
        "date_style",
        "How dates are written",
        "Only if they are not written as 2025-10-31 or 10/31/2025.",
        Kind.CHOICE,
        DATE_STYLES,
    ),
    Fixed(
        "not_on_roster",
        "Persons who are not on the roster",
        "If the file lists everybody the agency pays. Without a choice they are errors.",
        Kind.CHOICE,
        (("leave_out", "Leave their rows out"),),
    ),
    Fixed(
        "combine",
        "Add up rows of one officer, period and payday",
        "Files with one row per pay code are always added up.",
        Kind.CHOICE,
        (("yes", "Yes, add them up"),),
    ),
)
_WIDE = ("regular_pay", "overtime_pay", "overtime_paid_by_others", "benefit", "benefit_total")


def _computed(mapping: Mapping) -> dict[str, str]:
    """Columns that need not stand in the file, and the role of those that give them."""
    given = {name for name in ("period_end", "paid_on") if _given(mapping, name)}
    # `_missing_salary` says what can stand for it.
    rate = mapping.headers("hourly_rate")
    columns = {"annual_salary": "hourly_rate" if rate else "regular_pay"}
    if mapping.value("payday_after_days") and len(given) == 1:
        known = given.pop()
        columns["paid_on" if known == "period_end" else "period_end"] = known
    if mapping.value("frequency"):
        columns["period_start"] = "period_end"
    return columns


def _missing(mapping: Mapping) -> Iterator[Gap]:
    if mapping.value("frequency") and _given(mapping, "period_start"):
        yield Gap(
            "The first day of the period is given, and also to be counted back from the last day.",
            "Clear “How often you pay”.",
        )
    if mapping.value("payday_after_days") and all(
        _given(mapping, name) for name in ("period_end", "paid_on")
    ):
        yield Gap(
            "The last day of the period and the payday are both given.",
            "Clear “Days from the end of the period to the payday”.",
        )
    yield from _missing_salary(mapping)
    yield from _missing_amounts(mapping)


def _missing_salary(mapping: Mapping) -> Iterator[Gap]:
    rate = mapping.headers("hourly_rate")
    ways = [mapping.headers("annual_salary"), rate, mapping.value("periods_a_year")]
    if not any(ways):
        yield Gap(
            "The annual salary is missing: the overtime cap goes by it.",
            "Match the column with it or with the hourly rate, or type the pay periods a year.",
        )
    if sum(map(bool, ways)) > 1:
        yield Gap(
            "The annual salary is given in more than one way.",
            "Keep one: a column with it, an hourly rate, or the pay periods a year.",
            rate[0] if rate else "",
        )
    if bool(rate) != bool(mapping.value("hours_a_year")):
        yield Gap(
            "An hourly rate and the hours a year belong together.",
            "Fill in both, or neither.",
            rate[0] if rate else "",
        )


def _missing_amounts(mapping: Mapping) -> Iterator[Gap]:
    codes, amounts = mapping.headers("pay_code"), mapping.headers("amount")
    wide = [header for code in _WIDE for header in mapping.headers(code)]
    if not codes and not amounts and not mapping.headers("regular_pay"):
        yield Gap(
            "No column holds the regular pay.",
            "Match it; or match the pay code and its amount, if each row is one pay code.",
        )
    if bool(codes) != bool(amounts) or (mapping.headers("hours") and not codes):
        yield Gap(
            "A pay code and its amount belong together.",
            "Match both columns, or choose “Not needed”.",
            (codes or amounts or mapping.headers("hours"))[0],
        )
    if codes and wide:
        yield Gap(
            f"Amounts come from pay codes and also from “{wide[0]}”: it would count in every row.",
            "Choose “Not needed” for one of the two.",
            wide[0],
        )
    roles = {code.partition(":")[0] for _, code in (*mapping.columns, *mapping.codes)}
    if {"benefit", "benefit_total"} <= roles:
        yield Gap(
            "Single benefits and all benefits together are both matched: they would count twice.",
            "Keep one of them, and choose “Not needed” for the other.",
            next(iter(mapping.headers("benefit_total")), ""),
        )


def _given(mapping: Mapping, name: str) -> bool:
    return bool(mapping.headers(name) or mapping.value(name))


PAYROLL_TARGET = Target(
    layout=PAYROLL,
    roles=_ROLES,
    fixed=_FIXED,
    aliases=Aliases.load(Path(__file__).with_name("aliases.toml")),
    code_column="pay_code",
    code_roles=_AMOUNTS,
    unknown_code="unknown_pay_code",
    key=("officer_id", "period_start", "period_end", "paid_on"),
    over=(
        ("officer_id", ("officer_name", "last_name", "first_name", "middle_name", "suffix")),
        ("officer_name", ("last_name", "first_name", "middle_name", "suffix")),
        ("annual_salary", ("hourly_rate",)),
        ("benefit", ("benefit_total",)),
        ("pay_code", (*_WIDE, "overtime_hours", "excluded")),
    ),
    together=(
        ("pay_code", "amount"),
        ("amount", "pay_code"),
        ("hours", "pay_code"),
        ("last_name", "first_name"),
        ("first_name", "last_name"),
        ("middle_name", "last_name"),
        ("suffix", "last_name"),
    ),
    missing=_missing,
    computed=_computed,
    derive=derive,
    conclude=conclude,
)

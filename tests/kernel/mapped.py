"""A small layout with what its columns may be matched to, and tables read by it, for tests of mappings."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kernel.tabular import Column, Layout, Table
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping import (
    Aliases,
    Fixed,
    Mapping,
    People,
    Role,
    Target,
    apply_mapping,
)
from portal.kernel.tabular.mapping.cells import DATE_STYLES
from portal.kernel.tabular.table import Cell

LAYOUT = Layout(
    slug="pay",
    title="Pay",
    columns=(
        Column("officer_id", Kind.ID, "Who.", "1", required="yes"),
        Column("paid_on", Kind.DATE, "When.", "2025-10-31", required="yes"),
        Column("salary", Kind.MONEY, "A year.", "1.00", blank="none"),
        Column("pay", Kind.MONEY, "What.", "1.00", required="yes"),
        Column("hours_over", Kind.HOURS, "How long.", "1.00", blank="none"),
        Column("extra_<name>", Kind.MONEY, "More.", "1.00", group=("extra_health",)),
    ),
)
AMOUNTS = (
    Role("pay", "Pay", "", "Pay", Kind.MONEY, many=True),
    Role("extra", "Extra", "", "Pay", Kind.MONEY, many=True, is_named=True),
    Role("excluded", "Left out", "", "Pay", Kind.MONEY, many=True, choices=(("bonus", "a bonus"),)),
)
TARGET = Target(
    layout=LAYOUT,
    roles=(
        Role("officer_id", "Id", "", "Who", Kind.ID),
        Role("officer_name", "Name", "", "Who", Kind.TEXT),
        Role("last_name", "Last name", "", "Who", Kind.TEXT),
        Role("first_name", "First name", "", "Who", Kind.TEXT),
        Role("middle_name", "Middle name", "", "Who", Kind.TEXT),
        Role("suffix", "Suffix", "", "Who", Kind.TEXT),
        Role("paid_on", "Payday", "", "When", Kind.DATE),
        Role("salary", "Salary", "", "Salary", Kind.MONEY),
        *AMOUNTS,
        Role("hours_over", "Overtime hours", "", "Pay", Kind.HOURS, many=True),
        Role("pay_code", "Code", "", "Codes", Kind.TEXT),
        Role("amount", "Amount", "", "Codes", Kind.MONEY),
        Role("hours", "Hours", "", "Codes", Kind.HOURS),
        Role("agency", "Agency", "", "Other", Kind.TEXT),
        Role("ext", "Own", "", "Other", Kind.TEXT, many=True),
    ),
    fixed=(
        Fixed("paid_on", "Payday", "", Kind.DATE),
        Fixed("date_style", "Dates", "", Kind.CHOICE, DATE_STYLES),
        Fixed("combine", "Add up", "", Kind.CHOICE, (("yes", "Yes"),)),
        Fixed("not_on_roster", "Others", "", Kind.CHOICE, (("leave_out", "Leave out"),)),
    ),
    aliases=Aliases(
        {
            "employeeid": ("officer_id", 1),
            "file": ("officer_id", 0),
            "employee": ("officer_id", 2),
            "name": ("officer_name", 0),
            "regular": ("pay", 0),
            "checkdate": ("paid_on", 0),
            "code": ("pay_code", 0),
            "amount": ("amount", 0),
            "agency": ("agency", 0),
            "department": ("", 0),
        },
        codes={"reg": "pay", "bon": "excluded:bonus"},
    ),
    code_column="pay_code",
    code_roles=AMOUNTS,
    unknown_code="unknown_pay_code",
    key=("officer_id", "paid_on"),
    over=(("officer_id", ("officer_name",)),),
    together=(("pay_code", "amount"), ("amount", "pay_code")),
)
DAY = (("paid_on", "2025-10-31"),)
PEOPLE = People(
    [
        ("1", "Garza", "Dana M"),
        ("2", "Smith", "John A"),
        ("3", "Smith", "John B"),
        ("4", "O'Néill-Wu", "Ana"),
        ("5", "De la Cruz", "Pat"),
        ("6", "King Jr", "Lee"),
        ("7", "King Sr", "Lee"),
    ]
)
LONG = "Id,Code,Amount,Hours"
LONG_ROLES = ("officer_id", "pay_code", "amount", "hours")
CODES = (("REG", "pay"), ("HLT", "extra:health"), ("BON", "excluded:bonus"))


def table(header: str, *rows: Sequence[Cell]) -> Table:
    """A table with these columns, parted by commas, and its rows numbered as in a file."""
    return Table(
        tuple(header.split(",")), [tuple(row) for row in rows], [n + 2 for n in range(len(rows))]
    )


def mapped(
    source: Table,
    *roles: str,
    codes: Sequence[tuple[str, str]] = (),
    fixed: Sequence[tuple[str, str]] = DAY,
    people: People = PEOPLE,
) -> tuple[list[dict[str, Cell]], list[tuple[str, int | None, str]], list[str]]:
    """Result rows as objects, the findings' codes, rows and columns, and their messages."""
    columns = tuple(zip(source.header, roles, strict=True))
    result, findings = apply_mapping(
        TARGET, Mapping(columns, tuple(codes), tuple(fixed)), source, people
    )
    rows = [dict(zip(result.header, row, strict=True)) for row in result.rows]
    return rows, [(f.code, f.row, f.column) for f in findings], [f.message for f in findings]

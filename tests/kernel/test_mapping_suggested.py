"""What columns probably are: suggested by their names and checked against their values."""

from __future__ import annotations

from portal.kernel.tabular.mapping import fits, preview, recognise, suggest
from tests.kernel.mapped import TARGET, table


def test_suggestions_go_by_names_and_are_checked_against_the_values() -> None:
    source = table(
        "Employee ID,File #,Name,Regular,Check Date,Agency,Department,Mystery",
        ("", "0042", "Garza, Dana", "1,000.00", "20251031", "Patrol", "x", "5"),
        ("", "0043", "Chan, Lee", "$-5.00", "20251114", "Patrol", "x", "5"),
    )
    mapping = suggest(TARGET, source)
    assert [role for _, role in mapping.columns] == [
        "",
        "officer_id",
        "",
        "pay",
        "paid_on",
        "",
        "",
        "",
    ]
    assert mapping.value("date_style") == "compact"
    wrong = table("File #,Regular,Check Date", ("1", "Full time", "soon"))
    assert [role for _, role in suggest(TARGET, wrong).columns] == ["officer_id", "", ""]


def test_a_column_called_like_an_id_may_hold_names() -> None:
    source = table("Employee,Regular", ("Garza, Dana", "1"))
    assert suggest(TARGET, source).columns[0] == ("Employee", "officer_name")


def test_a_date_style_is_suggested_only_if_no_other_fits() -> None:
    for cells, style in (
        (("13/02/2025",), "day_first"),
        (("01/02/2025",), ""),
        (("1/2/25",), "short_year"),
    ):
        source = table("File,Check Date", *(("1", cell) for cell in cells))
        assert suggest(TARGET, source).value("date_style") == style


def test_pay_codes_are_suggested_with_their_amount_only() -> None:
    source = table("File,Code,Amount", ("1", "REG", "1"), ("1", "BON", "1"), ("1", "ODD", "1"))
    mapping = suggest(TARGET, source)
    assert mapping.codes == (("BON", "excluded:bonus"), ("REG", "pay"))
    alone = suggest(TARGET, table("File,Code", ("1", "REG")))
    assert [role for _, role in alone.columns] == ["officer_id", ""]


def test_a_header_is_recognised_and_the_template_needs_no_mapping() -> None:
    known = recognise(TARGET)
    assert known(["FILE #", "Department", "Extra Dental", "?", ""]) == 3
    assert known(["0042", "12.50"]) == 0
    assert fits(TARGET, ["Officer ID", "PAID_ON", "pay", "x"])
    assert not fits(TARGET, ["Officer ID", "pay"])


def test_a_preview_shows_a_few_different_values_and_no_numbers_of_persons() -> None:
    source = table("A,B", ("x", "123-45-6789"), ("x", ""), ("y", "z"))
    assert preview(source) == [("A", ["x", "y"]), ("B", ["***-**-****", "z"])]
    assert preview(source, 1)[0] == ("A", ["x"])


def test_forms_get_their_choices_by_heading() -> None:
    groups = dict(TARGET.options("Dental"))
    assert groups["Pay"] == (
        ("pay", "Pay"),
        ("extra:", "Extra, named “Dental”"),
        ("excluded:bonus", "Left out: a bonus"),
        ("hours_over", "Overtime hours"),
    )
    assert all(TARGET.role(value) for offered in groups.values() for value, _ in offered)

"""A mapping itself: kept as JSON, found to fit or not, and what it lacks said with what to do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.tabular.mapping import (
    MAPPING_KINDS,
    Mapping,
    agencies_named,
    apply_mapping,
    codes_in,
    problems_of,
    signature_of,
    source_of,
)
from tests.kernel.mapped import CODES, DAY, LONG, LONG_ROLES, TARGET, table


def test_dates_typed_for_a_file_are_told_from_what_may_be_typed_once() -> None:
    mapping = Mapping(fixed=(*DAY, ("combine", "yes")))
    assert TARGET.typed_dates(mapping) == ["paid_on"]
    assert mapping.without(["paid_on"]).fixed == (("combine", "yes"),)


def test_a_column_is_found_again_however_it_is_spelled() -> None:
    mapping = Mapping((("FILE #", "officer_id"), ("Reg Pay", "pay")), fixed=DAY)
    result, findings = apply_mapping(TARGET, mapping, table("reg_pay,File #", ("5", "0042")))
    assert result.rows[0][0] == "0042"
    assert findings == []
    assert mapping.signature == signature_of(["reg_pay", "File #"])
    assert signature_of(["a", "b"]) != signature_of(["a"])


def test_a_mapping_that_does_not_fit_is_told_and_nothing_is_read() -> None:
    mapping = Mapping((("Id", "officer_id"), ("Gone", "pay")), fixed=DAY)
    result, findings = apply_mapping(TARGET, mapping, table("Id,Reg", ("1", "1")))
    assert result.rows == []
    assert [f.code for f in findings] == ["mapping_incomplete"]
    assert "no column “Gone”" in findings[0].message


def test_json_is_canonical_and_read_back() -> None:
    one = Mapping((("Id", "officer_id"),), (("B", "pay"), ("A", "pay")), (("x", " 1 "), ("y", "")))
    assert one == Mapping(one.columns, (("A", "pay"), ("B", "pay")), (("x", "1"),))
    assert Mapping.of_json(one.as_json()) == one
    assert (
        one.as_json()
        == '{"codes":{"A":"pay","B":"pay"},"columns":[["Id","officer_id"]],"fixed":{"x":"1"}}'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "nonsense",
        '{"columns":[],"codes":{},"fixed":{},"more":1}',
        '{"columns":[["a"]],"codes":{},"fixed":{}}',
        '{"columns":[["a",1]],"codes":{},"fixed":{}}',
        '{"columns":[1],"codes":{},"fixed":{}}',
        '{"columns":"ab","codes":{},"fixed":{}}',
        '{"columns":[["a",""],["a",""]],"codes":{},"fixed":{}}',
        '{"columns":[],"codes":[["A","pay"],["a","pay"]],"fixed":{}}',
    ],
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # whatever is wrong with it
        Mapping.of_json(text)


@pytest.mark.parametrize(
    ("columns", "fixed", "words"),
    [
        ("Id=officer_id", DAY, ""),
        ("Reg=pay", DAY, "No column says who the officer is"),
        ("L=last_name", DAY, "none with first names"),
        ("N=officer_name|L=last_name|F=first_name", DAY, "whole names"),
        ("Id=officer_id", (), "“Payday” is missing"),
        ("Id=officer_id|P=paid_on", DAY, "also matched to “P”"),
        ("Id=officer_id|B=officer_id", DAY, "takes one column"),
        ("Id=officer_id|B=nonsense", DAY, "not among the choices"),
        ("Id=officer_id|B=extra", DAY, "not among the choices"),
        ("Id=officer_id|B=extra:total", DAY, "not among the choices"),
        ("Id=officer_id|B=excluded:whim", DAY, "not among the choices"),
        ("Id=officer_id|B=pay:x", DAY, "not among the choices"),
        ("Id=officer_id|A b=ext|A_B=ext", DAY, "under a name of its own"),
        ("Id=officer_id|B=extra:", DAY, ""),
        ("Id=officer_id|%=extra:", DAY, "cannot be the name of a column"),
        ("Id=officer_id|Total=extra:", DAY, "cannot be the name of a column"),
        ("Id=officer_id|Rows=ext", DAY, "under a name of its own"),
        ("Id=officer_id", (("paid_on", "31.10.2025"),), "is not a date"),
        ("Id=officer_id", (*DAY, ("date_style", "odd")), "not among the choices"),
        ("Id=officer_id", (*DAY, ("nothing", "1")), "no value called"),
    ],
)
def test_what_a_mapping_lacks_is_said_with_what_to_do(
    columns: str, fixed: tuple[tuple[str, str], ...], words: str
) -> None:
    pairs = tuple((p.partition("=")[0], p.partition("=")[2]) for p in columns.split("|"))
    gaps = problems_of(TARGET, Mapping(pairs, fixed=fixed))
    assert (not gaps) if not words else any(words in gap.text for gap in gaps)
    assert all(gap.fix for gap in gaps)


def test_a_file_says_which_of_its_codes_are_not_sorted_yet() -> None:
    source = table(LONG, ("1", "REG", "1.50", ""), ("1", "NEW", "x", ""), ("2", "reg", "2", ""))
    mapping = Mapping(tuple(zip(source.header, LONG_ROLES, strict=True)), CODES[:1], DAY)
    assert [gap.text for gap in problems_of(TARGET, mapping, source)] == [
        "Nobody said yet what “NEW” is (1 rows)."
    ]
    assert codes_in(TARGET, mapping, source) == [("REG", 2, 350), ("NEW", 1, None)]
    many = table(LONG, *(("1", f"C{n}", "1", "") for n in range(201)))
    assert "201 different values" in problems_of(TARGET, mapping, many)[0].text
    assert len(codes_in(TARGET, mapping, many)) == 200


def test_agencies_and_sources_can_be_told() -> None:
    source = table("Agency,Id", ("A00012", "1"), ("A00013", "2"), ("", "3"))
    assert agencies_named(source) == ["A00012", "A00013"]
    mapping = Mapping((("Agency", ""), ("Id", "officer_id"), ("R", "pay"), ("S", "pay")))
    assert agencies_named(source, mapping) == []
    assert agencies_named(source, Mapping((("Agency", "agency"),))) == ["A00012", "A00013"]
    assert source_of(mapping, "pay") == "R + S (pay)"
    assert source_of(mapping, "paid_on") == "paid_on"
    by_code = Mapping((("C", "pay_code"),), (("REG", "pay"), ("HOL", "pay")))
    assert source_of(by_code, "pay") == "HOL + REG (pay)"


def test_every_finding_of_the_catalogue_says_what_to_do() -> None:
    assert len({kind.code for kind in MAPPING_KINDS}) == len(MAPPING_KINDS)
    assert all(kind.title and kind.message and kind.fix for kind in MAPPING_KINDS)


@given(
    st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=5),
    st.dictionaries(st.from_regex("[a-z]{1,4}", fullmatch=True), st.text(max_size=9), max_size=5),
)
def test_any_mapping_survives_json(columns: dict[str, str], codes: dict[str, str]) -> None:
    mapping = Mapping(tuple(columns.items()), tuple(codes.items()), tuple(codes.items()))
    assert Mapping.of_json(mapping.as_json()) == mapping

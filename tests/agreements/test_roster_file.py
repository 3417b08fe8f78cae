"""Roster files: rows as they are, and what a clerk should look at."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.roster_file import ParsedRoster, RosterFileRow, check_kind, parse_roster
from portal.kernel.findings import Severity
from portal.kernel.tabular import FILE_FINDINGS, read_table, table_from_rows

HEADER = (
    "officer_id,last_name,first_name,title,hired_on,separated_on,separation_reason,model,"
    "trained_on,authorized_from,authorized_to,end_reason,credential_number"
)
PLAIN = "0042,Garza,Dana,Deputy,2015-01-05,,,TFM,2025-06-13,2025-06-20,2027-06-19,,TX-0381"


def parse(*rows: str, header: str = HEADER) -> ParsedRoster:
    return parse_roster(read_table("\n".join([header, *rows]).encode()))


def found(parsed: ParsedRoster) -> list[tuple[str, int | None, str]]:
    return [(finding.code, finding.row, finding.column) for finding in parsed.findings]


def test_a_row_is_read_as_it_is() -> None:
    parsed = parse(PLAIN)
    assert parsed.findings == []
    assert parsed.rows == [
        RosterFileRow(
            row=2,
            officer_id="0042",
            last_name="Garza",
            first_name="Dana",
            title="Deputy",
            hired_on=date(2015, 1, 5),
            separated_on=None,
            separation_reason="",
            model="TFM",
            trained_on=date(2025, 6, 13),
            authorized_from=date(2025, 6, 20),
            authorized_to=date(2027, 6, 19),
            end_reason="",
            credential_number="TX-0381",
            ext={},
        )
    ]


def test_only_four_columns_are_needed_and_officers_in_training_are_fine() -> None:
    parsed = parse("x/1,Garza,Dana,2015-01-05", header="officer_id,last_name,first_name,hired_on")
    assert parsed.findings == []
    assert parsed.rows[0].authorized_from is None
    assert parsed.rows[0].model == ""


def test_json_rows_are_read_like_a_file() -> None:
    sent = dict(zip(HEADER.split(","), PLAIN.split(","), strict=True))
    assert parse_roster(table_from_rows([sent])).rows == [parse(PLAIN).rows[0]._replace(row=1)]


@pytest.mark.parametrize(
    ("row", "code", "column", "severity"),
    [
        (PLAIN.replace("Garza", ""), "required_value", "last_name", Severity.ERROR),
        (PLAIN.replace("2015-01-05", ""), "required_value", "hired_on", Severity.ERROR),
        (PLAIN.replace("TFM", "SWAT"), "bad_choice", "model", Severity.ERROR),
        (PLAIN.replace("TFM", ""), "required_value", "model", Severity.ERROR),
        (PLAIN.replace("2025-06-13", ""), "required_value", "trained_on", Severity.ERROR),
        (
            PLAIN.replace("2025-06-13", "2025-06-21"),
            "trained_after_authorized",
            "trained_on",
            Severity.WARNING,
        ),
        (PLAIN.replace("2027-06-19", ""), "authorization_open", "authorized_to", Severity.WARNING),
        (
            PLAIN.replace("2027-06-19", "2025-06-19"),
            "authorization_reversed",
            "authorized_to",
            Severity.ERROR,
        ),
        (
            PLAIN.replace("2025-06-20", ""),
            "end_without_authorization",
            "authorized_to",
            Severity.ERROR,
        ),
        (
            PLAIN.replace("2015-01-05,", "2015-01-05,2015-01-04"),
            "separated_before_hired",
            "separated_on",
            Severity.ERROR,
        ),
        (
            PLAIN.replace("2015-01-05,", "2015-01-05,2025-06-19"),
            "authorized_after_separation",
            "authorized_from",
            Severity.WARNING,
        ),
        (
            PLAIN.replace("2015-01-05,,", "2015-01-05,,federal_hire"),
            "reason_without_separation",
            "separation_reason",
            Severity.WARNING,
        ),
        (
            PLAIN.replace("TX-0381", "123-45-6789"),
            "looks_like_ssn",
            "credential_number",
            Severity.ERROR,
        ),
    ],
)
def test_one_wrong_thing_is_one_finding(
    row: str, code: str, column: str, severity: Severity
) -> None:
    parsed = parse(row)
    assert found(parsed) == [(code, 2, column)]
    assert parsed.findings[0].severity is severity


def test_a_separation_needs_no_reason_and_may_come_before_the_authorization_ends() -> None:
    assert parse(PLAIN.replace("2015-01-05,", "2015-01-05,2026-02-28")).findings == []


def test_an_authorization_may_begin_before_the_employment() -> None:
    assert parse(PLAIN.replace("2015-01-05", "2025-11-03")).findings == []


def test_a_gap_in_the_authorization_takes_two_rows() -> None:
    later = PLAIN.replace("2025-06-20,2027-06-19", "2027-07-01,2028-06-30")
    assert parse(PLAIN, later).findings == []


def test_a_rehired_officer_has_two_employments() -> None:
    before = PLAIN.replace("2015-01-05,", "2015-01-05,2025-11-10")
    after = PLAIN.replace("2015-01-05", "2026-01-05").replace("2025-06-20", "2026-01-20")
    assert parse(before, after).findings == []
    assert parse(after, before).findings == []


def test_the_same_authorization_twice_is_an_error() -> None:
    assert found(parse(PLAIN, PLAIN)) == [("duplicate_authorization", 3, "officer_id")]
    training = "7,Ito,Kim,,2020-01-01,,,,,,,,"
    assert found(parse(training, training)) == [("duplicate_authorization", 3, "officer_id")]


def test_one_id_with_two_names_is_a_warning() -> None:
    other = PLAIN.replace("Garza", "Garcia").replace("TFM", "WSO")
    assert found(parse(PLAIN, other)) == [("two_names", 3, "last_name")]
    assert parse(PLAIN, PLAIN.replace("Garza", "GARZA").replace("TFM", "WSO")).findings == []


def test_overlapping_employments_are_a_warning() -> None:
    other = PLAIN.replace("2015-01-05", "2020-01-05").replace("TFM", "WSO")
    assert found(parse(PLAIN, other)) == [("employments_overlap", 3, "hired_on")]
    ended = PLAIN.replace("2015-01-05,", "2015-01-05,2026-01-05").replace("TFM", "JEM")
    assert found(parse(PLAIN, ended)) == [("employments_overlap", 3, "hired_on")]


def test_a_refused_file_keeps_its_one_finding() -> None:
    assert [finding.code for finding in parse_roster(read_table(b"")).findings] == ["file_empty"]
    assert found(parse("1,2", header="officer_id,DOB"))[0][0] == "sensitive_column"


def test_payroll_sent_as_a_roster_is_called_so() -> None:
    (finding,) = check_kind(["officer_id", "Period Start", "regular_pay", "name"])
    assert finding.code == "wrong_kind_of_file"
    assert finding.message.startswith("This is payroll, not a roster")
    assert check_kind(["officer_id", "hired_on", "annual_salary", "regular_pay"]) == []


def test_every_kind_of_its_own_says_why_it_matters() -> None:
    shared = FILE_FINDINGS.kinds.keys()
    for code in ROSTER_FINDINGS.kinds.keys() - shared:
        assert ROSTER_FINDINGS.kinds[code].why.endswith(".")


def test_a_warning_is_the_same_in_a_later_file_until_its_dates_change() -> None:
    def about(row: str, *before: str) -> tuple[str, ...]:
        return parse(*before, row).findings[-1].about

    late = PLAIN.replace("2025-06-13", "2025-06-21")
    assert about(late) == about(late.replace("Deputy", "Sergeant"), PLAIN.replace("0042", "7"))
    assert about(late) != about(PLAIN.replace("2025-06-13", "2025-06-22"))

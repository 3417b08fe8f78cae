"""Case folders: worked examples of claims as files, calculated without a database."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from agreements.roster_file import parse_roster
from agreements.rules import AgreementPeriod, RosterRow
from awards.rules import Counts
from awards.rules import rules_on as award_rules_on
from claims.payroll.checks import check_file
from claims.payroll.parse import PayrollRow, parse_payroll
from claims.rules.claim import calculate, to_expected
from claims.rules.facts import ClaimInput, OfficerFacts, PayrollLine, payroll_line, rules_on
from portal.kernel.errors import BadInput
from portal.kernel.findings import Finding, Severity
from portal.kernel.program import MODELS
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import Column, ColumnReader, Layout, Reading, read_table
from portal.kernel.tabular.layout import Kind

BATCH = "payroll.csv"

_KEYS = {"title", "quarters", "as_of", "rules"}
_RULES = {
    "overtime_share_percent",
    "overtime_cap_period",
    "allocation",
    "reimbursable_models",
}
_AWARD_RULES = {"award_headcount", "award_models", "award_tiers"}
_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)

_AGREEMENTS = Layout(
    slug="case-agreements",
    title="Agreements of a case",
    id_column="model",
    columns=(
        Column("model", Kind.CHOICE, "The agreement's model.", "TFM", "yes", choices=tuple(MODELS)),
        Column("active_from", Kind.DATE, "First active day.", "2025-03-01", "yes"),
        Column("active_to", Kind.DATE, "Last active day.", "", blank="still active"),
    ),
)
_PERFORMANCE = Layout(
    slug="case-performance",
    title="Performance counts of a case",
    id_column="quarter",
    columns=(
        Column("quarter", Kind.ID, "Fiscal quarter.", "FY2026Q1", "yes"),
        Column("referred", Kind.TEXT, "Persons referred by ICE.", "20", "yes"),
        Column("located", Kind.TEXT, "How many of them were located.", "17", "yes"),
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A case folder as facts. Officers hold all their lines, and nothing used before."""

    title: str
    quarters: tuple[Quarter, ...]
    as_of: date | None
    overrides: Mapping[str, Any]
    agreements: tuple[AgreementPeriod, ...]
    officers: tuple[OfficerFacts, ...]
    counts: Mapping[Quarter, Counts] = field(default_factory=dict)


def read_case(folder: Path) -> Case:
    """The case in `folder`; BadInput says what of it cannot be read."""
    settings = _settings(folder / "case.toml")
    overrides = _typed(settings, "rules", dict, {})
    unknown = sorted(set(overrides) - _RULES - _AWARD_RULES)
    if unknown:
        raise _refusal(f"case.toml: there is no rule {', '.join(unknown)} to override")
    return Case(
        title=_typed(settings, "title", str, ""),
        quarters=_quarters(settings),
        as_of=_as_of(settings),
        overrides=overrides,
        agreements=_agreements(_table(folder, "agreements.csv")),
        officers=_officers(_table(folder, "roster.csv"), _table(folder, BATCH)),
        counts=_counts(_table(folder, "performance.csv")),
    )


def calculate_case(case: Case) -> dict[str, object]:
    """Every quarter of the case in order, as its `expected.json` has it; BadInput for absurd rules.

    Overtime allowed in a quarter counts as used in the later quarters of its fiscal year.
    """
    used: dict[tuple[int, str], int] = {}
    answers: dict[str, object] = {}
    for quarter in case.quarters:
        year = quarter.fiscal_year
        officers = tuple(
            officer._replace(overtime_used_before=used.get((year, officer.officer_id), 0))
            for officer in case.officers
        )
        result = calculate(_claim(case, quarter, officers))
        for officer in result.officers:
            key = (year, officer.officer_id)
            used[key] = used.get(key, 0) + officer.overtime_allowed
        answers[str(quarter)] = to_expected(result)
    return answers


def _claim(case: Case, quarter: Quarter, officers: tuple[OfficerFacts, ...]) -> ClaimInput:
    award = {name: value for name, value in case.overrides.items() if name in _AWARD_RULES}
    other = {name: value for name, value in case.overrides.items() if name in _RULES}
    try:
        return ClaimInput(
            quarter=quarter,
            as_of=case.as_of,
            agreements=case.agreements,
            officers=officers,
            counts=case.counts.get(quarter),
            rules=rules_on(quarter.start, other),
            award_rules=award_rules_on(quarter.start, award),
        )
    except ValueError as error:
        raise _refusal(f"case.toml: {error}") from error


def _settings(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _refusal(f"case.toml cannot be read: {error}") from error
    unknown = sorted(set(settings) - _KEYS)
    if unknown:
        raise _refusal(f"case.toml has unknown keys: {', '.join(unknown)}")
    return settings


def _typed(settings: Mapping[str, Any], key: str, kind: type, default: Any) -> Any:
    value = settings.get(key, default)
    if not isinstance(value, kind):
        raise _refusal(f"case.toml: {key} cannot be {value!r}")
    return value


def _quarters(settings: Mapping[str, Any]) -> tuple[Quarter, ...]:
    names = _typed(settings, "quarters", list, [])
    try:
        quarters = tuple(Quarter.parse(str(name)) for name in names)
    except ValueError as error:
        raise _refusal(f"case.toml: {error}") from error
    if not quarters or list(quarters) != sorted(set(quarters)):
        raise _refusal("case.toml: quarters must name one or more quarters in order, each once")
    return quarters


def _as_of(settings: Mapping[str, Any]) -> date | None:
    value = settings.get("as_of")
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise _refusal(f"case.toml: as_of must be a date like 2026-01-02, not {value!r}")
    return value


def _table(folder: Path, name: str) -> Reading | None:
    """The table in a file of the folder; None when it holds nothing but its header."""
    path = folder / name
    if not path.is_file():
        raise _refusal(f"{name} is missing; without rows it holds its header alone")
    reading = read_table(path)
    if reading.table is None and [finding.code for finding in reading.findings] == ["no_rows"]:
        return None
    return reading


def _agreements(reading: Reading | None) -> tuple[AgreementPeriod, ...]:
    reader = _reader(_AGREEMENTS, reading, "agreements.csv")
    if reader is None:
        return ()
    columns = (
        reader.choices("model"),
        reader.dates("active_from"),
        reader.optional_dates("active_to"),
    )
    _refuse_errors("agreements.csv", reader.findings)
    periods = tuple(map(AgreementPeriod, *columns))
    for number, period in zip(reader.numbers, periods, strict=True):
        if period.active_to is not None and period.active_to < period.active_from:
            raise _refusal(f"agreements.csv, row {number}: it ends before it begins")
    return periods


def _counts(reading: Reading | None) -> dict[Quarter, Counts]:
    reader = _reader(_PERFORMANCE, reading, "performance.csv")
    if reader is None:
        return {}
    columns = reader.ids, reader.texts("referred"), reader.texts("located")
    _refuse_errors("performance.csv", reader.findings)
    counts: dict[Quarter, Counts] = {}
    for number, name, referred, located in zip(reader.numbers, *columns, strict=True):
        where = f"performance.csv, row {number}"
        try:
            quarter = Quarter.parse(name)
            found = Counts(_whole(referred), _whole(located))
        except ValueError as error:
            raise _refusal(f"{where}: {error}") from error
        if quarter in counts:
            raise _refusal(f"{where}: {quarter} is reported twice")
        counts[quarter] = found
    return counts


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _officers(roster: Reading | None, payroll: Reading | None) -> tuple[OfficerFacts, ...]:
    found: dict[str, OfficerFacts] = {}
    if roster is not None:
        parsed = parse_roster(roster)
        _refuse_errors("roster.csv", parsed.findings)
        for row in parsed.rows:
            known = found.get(row.officer_id)
            if known is None:
                name = f"{row.last_name}, {row.first_name}"
                known = OfficerFacts(row.officer_id, name, row.title, (), ())
            period = RosterRow(
                row.hired_on, row.separated_on, row.model, row.authorized_from, row.authorized_to
            )
            found[row.officer_id] = known._replace(roster=(*known.roster, period))
    lines = _lines(payroll)
    strangers = sorted(set(lines) - set(found))
    if strangers:
        raise _refusal(f"{BATCH}: not on the roster: {', '.join(strangers)}")
    return tuple(
        officer._replace(lines=tuple(lines.get(officer.officer_id, ())))
        for officer in found.values()
    )


def _lines(reading: Reading | None) -> dict[str, list[PayrollLine]]:
    if reading is None:
        return {}
    rows, findings = parse_payroll(reading)
    _refuse_errors(BATCH, [*findings, *check_file(rows)])
    lines: dict[str, list[PayrollLine]] = {}
    for row in rows:
        lines.setdefault(row.officer_id, []).append(_line(row))
    return lines


def _line(row: PayrollRow) -> PayrollLine:
    return payroll_line(
        batch=BATCH,
        row=row.row,
        period_start=row.period_start,
        period_end=row.period_end,
        paid_on=row.paid_on,
        annual_salary=row.annual_salary,
        regular_pay=row.regular_pay,
        benefits=row.benefits,
        overtime_pay=row.overtime_pay,
        overtime_paid_by_others=row.overtime_paid_by_others,
    )


def _reader(layout: Layout, reading: Reading | None, name: str) -> ColumnReader | None:
    if reading is None:
        return None
    _refuse_errors(name, reading.findings)
    if reading.table is None:
        return None
    matched, findings = layout.match(reading.table)
    _refuse_errors(name, findings)
    return ColumnReader(matched)


def _refuse_errors(name: str, findings: Iterable[Finding]) -> None:
    """Refuse a file with errors, naming every one of them."""
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise _refusal("\n".join(f"{name}{_where(error)}: {error.message}" for error in errors))


def _where(finding: Finding) -> str:
    row = "" if finding.row is None else f", row {finding.row}"
    return f"{row}, {finding.column}" if finding.column else row


def _refusal(message: str) -> BadInput:
    return BadInput("case_refused", message, "Correct the case folder.")

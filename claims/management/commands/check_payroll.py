"""`check_payroll FILE --roster FILE`: the intake's report on a payroll file, without a database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.checking import CheckedFile, CheckedPayroll, check_payroll, check_roster
from portal.kernel import clock, money
from portal.kernel.findings import Finding, Severity
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping

ROWS_SHOWN = 5
_NOT_COMPARED = (
    "The agreement is taken to cover every day of the quarter.",
    "Lines that the portal has accepted already, other agencies and earlier pay are not compared.",
)


class Command(BaseCommand):
    """Exit 0 when the portal would take the file, with warnings or without; otherwise 1."""

    help = "Checks a payroll file against a roster file as the portal would, without a database."
    requires_database = False
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="payroll: CSV or Excel")
        parser.add_argument(
            "--roster", type=Path, required=True, metavar="FILE", help="the agency's roster"
        )
        parser.add_argument(
            "--quarter",
            type=_quarter,
            help="like FY2026Q1; otherwise the one that most rows have days in",
        )
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE",
            help="what the columns mean, if they are your own",
        )
        parser.add_argument(
            "--roster-mapping", type=Path, metavar="FILE", help="the same for the roster's columns"
        )
        parser.add_argument(
            "--write-mapping",
            type=Path,
            metavar="FILE",
            help="write down what the columns of the first file without a mapping most likely mean, to edit",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(
        self,
        *args: Any,
        file: Path,
        roster: Path,
        quarter: Quarter | None,
        mapping: Path | None,
        roster_mapping: Path | None,
        write_mapping: Path | None,
        json: bool,
        **options: Any,
    ) -> None:
        officers = check_roster(_content(roster), _mapping(roster_mapping))
        payroll = check_payroll(
            _content(file),
            officers,
            quarter=quarter,
            mapping=_mapping(mapping),
            today=clock.today(),
        )
        if write_mapping is not None:
            self._write(write_mapping, officers, payroll)
        if json:
            self.stdout.write(_as_json(file, roster, officers, payroll))
        else:
            self._report(roster.name, officers, "--roster-mapping")
            self._report(file.name, payroll, "--mapping")
            self._conclude(payroll, is_told=quarter is not None)
        if not (officers.is_clean and payroll.is_clean):
            sys.exit(1)

    def _write(self, path: Path, *checked: CheckedFile) -> None:
        unmatched = next((each.unmatched for each in checked if each.unmatched), None)
        if unmatched is None:
            self.stderr.write("No mapping is needed, so none was written.")
            return
        path.write_text(_pretty(unmatched.suggested) + "\n", encoding="utf-8")
        self.stderr.write(f"Written: {path}. Look through it, and give it back as a mapping.")

    def _report(self, name: str, checked: CheckedFile, option: str) -> None:
        self.stdout.write(f"{name}: {len(checked.rows):,} rows read, {_counts(checked)}")
        if isinstance(checked, CheckedPayroll):
            for title, cents in checked.totals.items():
                self.stdout.write(f"  {title.replace('_', ' ')}: {money.format_cents(cents)}")
        if checked.unmatched is not None:
            self._ask(checked, option)
        for severity in Severity:
            found = checked.of(severity)
            if found:
                self.stdout.write(f"\n{severity.value.capitalize()}s: {len(found):,}")
            for group in _grouped(found):
                self._group(group)
        self.stdout.write("")

    def _group(self, group: list[Finding]) -> None:
        first = group[0]
        column = f", {first.column}" if first.column else ""
        self.stdout.write(f"  {first.code}{column}: {len(group):,}")
        for finding in group[:ROWS_SHOWN]:
            row = f"row {finding.row}: " if finding.row else ""
            self.stdout.write(f"    {row}{finding.message}")
        if len(group) > ROWS_SHOWN:
            self.stdout.write(f"    and {len(group) - ROWS_SHOWN:,} more; --json lists all of them")
        self.stdout.write(f"    What to do: {first.fix}")

    def _ask(self, checked: CheckedFile, option: str) -> None:
        assert checked.unmatched is not None
        self.stdout.write(
            "  Its columns are not the template's. They most likely mean this; write it to a file with"
            f" --write-mapping, correct it, and give it back with {option}:"
        )
        for header, role in checked.unmatched.suggested.columns:
            self.stdout.write(f"    {header}: {role or '(not needed)'}")
        for gap in checked.unmatched.gaps:
            self.stdout.write(f"  Still open: {gap.text} {gap.fix}")

    def _conclude(self, payroll: CheckedPayroll, *, is_told: bool) -> None:
        if payroll.quarter is not None:
            how = "as you said" if is_told else "the quarter that most rows have days in"
            self.stdout.write(f"Checked for {payroll.quarter}, {how}.")
        if payroll.is_compared:
            for sentence in _NOT_COMPARED:
                self.stdout.write(sentence)
        else:
            self.stdout.write("Not compared with the roster: correct what is named above first.")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _mapping(path: Path | None) -> Mapping | None:
    if path is None:
        return None
    try:
        return Mapping.of_json(_content(path).decode())
    except (ValueError, TypeError, AttributeError) as error:
        raise CommandError(
            f"{path} is no mapping: {error}. Write one with --write-mapping and edit that."
        ) from error


def _quarter(text: str) -> Quarter:
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _counts(checked: CheckedFile) -> str:
    counts = ((len(checked.of(severity)), severity.value) for severity in Severity)
    return ", ".join(f"{count:,} {word}{'s' * (count != 1)}" for count, word in counts)


def _grouped(found: list[Finding]) -> list[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in found:
        groups[finding.code, finding.column].append(finding)
    return list(groups.values())


def _pretty(mapping: Mapping) -> str:
    return json.dumps(json.loads(mapping.as_json()), indent=1, ensure_ascii=False)


def _as_json(file: Path, roster: Path, officers: CheckedFile, payroll: CheckedPayroll) -> str:
    """One document, its words those of the REST interface."""
    return json.dumps(
        {
            **_facts(file, payroll),
            "quarter": str(payroll.quarter) if payroll.quarter else None,
            "totals": {name: money.text(cents) for name, cents in payroll.totals.items()},
            "compared_with_roster": payroll.is_compared,
            "not_compared": _NOT_COMPARED,
            "roster": _facts(roster, officers),
        },
        indent=1,
    )


def _facts(path: Path, checked: CheckedFile) -> dict[str, Any]:
    found = [finding for severity in Severity for finding in checked.of(severity)]
    return {
        "file": path.name,
        "sha256": checked.sha256,
        "needs_columns": checked.unmatched is not None,
        "suggested": checked.unmatched and json.loads(checked.unmatched.suggested.as_json()),
        "gaps": [gap._asdict() for gap in checked.unmatched.gaps] if checked.unmatched else [],
        "rows": len(checked.rows),
        **{f"{severity}s": len(checked.of(severity)) for severity in Severity},
        "findings": [
            {
                "number": number,
                "code": finding.code,
                "severity": finding.severity,
                "row": finding.row,
                "column": finding.column,
                "value": finding.value,
                "expected": finding.expected,
                "message": finding.message,
                "fix": finding.fix,
                "dollars": finding.dollars,
                "officer_id": finding.officer_id,
                "ext": dict(finding.ext),
            }
            for number, finding in enumerate(found, start=1)
        ],
    }

"""`import_agreements FILE`: one of ICE's own lists into the portal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agreements.pipeline.lists import Plan
from agreements.services.lists import (
    finding_as_json,
    import_list,
    preview_list,
    receive_list,
    summary_of,
)
from portal.intake.uploads import Upload
from portal.kernel.errors import Refused
from portal.kernel.states import STATES

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Command(BaseCommand):
    help = "Imports ICE's list of participating or pending agencies; all of it or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--as-of", type=_day, metavar="DATE", help="day of the list, if its own is wrong"
        )
        parser.add_argument(
            "--end-missing",
            action="store_true",
            help="end agreements that the list no longer shows, on the day before it",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change, only")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(
        self,
        *args: Any,
        file: Path,
        as_of: date | None,
        end_missing: bool,
        dry_run: bool,
        json: bool,
        **options: Any,
    ) -> None:
        self.stderr.write(f"Reading {file.name}")
        try:
            content = file.read_bytes()
            plan = preview_list(actor=None, content=content, filename=file.name, as_of=as_of)
            if not dry_run:
                self.stderr.write(f"Importing {len(plan.ice_list.rows):,} rows as of {plan.as_of}")
                document = receive_list(actor=None, upload=Upload(file.name, _XLSX, [content]))
                import_list(actor=None, document=document, as_of=as_of, end_missing=end_missing)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(f"{refusal.message} {refusal.fix}".strip()) from refusal
        if json:
            self._print_json(plan, end_missing, dry_run)
        else:
            self._print_words(plan, end_missing, dry_run)

    def _print_json(self, plan: Plan, end_missing: bool, dry_run: bool) -> None:
        answer = {
            **summary_of(plan, end_missing=end_missing),
            "dry_run": dry_run,
            "missing_agreements": [
                {"state": state, "agency": name, "model": model}
                for state, name, model in _missing(plan)
            ],
            "findings": [finding_as_json(finding) for finding in plan.ice_list.findings],
        }
        self.stdout.write(json.dumps(answer, indent=1))

    def _print_words(self, plan: Plan, end_missing: bool, dry_run: bool) -> None:
        told = summary_of(plan, end_missing=end_missing)
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{told['kind'].title()} agencies as of {told['as_of']}: {told['rows']:,} rows, "
            f"{told['agencies']:,} agencies, {told['hidden_rows']:,} hidden rows."
        )
        self.stdout.write(
            f"Agreements {would}created {told['created']:,}, changed {told['changed']:,}, moved "
            f"{told['moved']:,}, ended {told['ended']:,}; unchanged {told['unchanged']:,}, "
            f"missing {told['missing']:,}."
        )
        for state, name, model in _missing(plan):
            self.stdout.write(f"missing: {STATES[state]}, {name}, {model}")
        for row, reason in plan.left:
            self.stdout.write(f"left as it is: row {row.row}, {row.name}, {row.model}. {reason}")
        for finding in plan.ice_list.findings:
            place = f" (row {finding.row})" if finding.row else ""
            self.stdout.write(f"{finding.severity}: {finding.message}{place}")


def _missing(plan: Plan) -> list[tuple[str, str, str]]:
    """State, agency and model of the agreements the list does not show."""
    return sorted(
        (agreement.state, plan.known.agencies[agreement.state, agreement.name_key].name, model)
        for agreement in plan.comparison.missing
        for model in [agreement.model]
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no day such as 2025-09-02.") from error

"""`verify_archive FILE`: an auditor's archive checked without a database; exit 1 and a list if it is off."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.archives.checking import Checked, check_archive
from portal.kernel.counting import counted

MEMORY_BYTES = 4 << 30
"""What a check may take: one that would take more ends, and says so."""


class Command(BaseCommand):
    help = (
        "Checks an auditor's archive: every name and hash, signature and event, and every calculation "
        "again."
    )
    requires_database = False
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="one JSON document on standard output",
        )

    def handle(self, *args: Any, file: Path, as_json: bool, **options: Any) -> None:
        try:
            with _bounded_memory():
                checked = check_archive(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be opened: {error.strerror}.") from error
        self.stdout.write(_as_json(checked) if as_json else _as_text(checked))
        if not checked.is_sound:
            sys.exit(1)


def _as_json(checked: Checked) -> str:
    answer = {
        "ok": checked.is_sound,
        "scope": checked.scope,
        "manifest_sha256": checked.manifest_sha256,
        "checked": checked.counts,
        "problems": checked.problems,
        "untold": checked.untold,
    }
    return json.dumps(answer, indent=1)


def _as_text(checked: Checked) -> str:
    lines = list(checked.problems)
    if checked.untold:
        lines.append(f"and {counted(checked.untold, 'problem')} more")
    found = len(checked.problems) + checked.untold
    files, calculations = checked.counts["files"], checked.counts["calculations"]
    lines.append(
        f"Checked {counted(files, 'file')} and {counted(calculations, 'calculation')}: "
        f"{counted(found, 'problem') if found else 'no problems'}."
    )
    lines.append(f"SHA-256 of the manifest: {checked.manifest_sha256 or 'none'}")
    lines.append("Compare it with the one that the portal shows on the archive's page.")
    return "\n".join(lines)


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """An archive of anybody's must not bring down the machine it is checked on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limits = [limit for limit in (soft, hard, MEMORY_BYTES) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

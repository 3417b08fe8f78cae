"""Calculate a case folder without a database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.cases import calculate_case, read_case
from portal.kernel.errors import Refused


class Command(BaseCommand):
    """Print a case's claims as JSON shaped like its `expected.json`; exit 1 when refused."""

    help = "Calculate the claims of a case folder, without a database, and print them as JSON."
    requires_database = False
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="the case folder")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            answers = calculate_case(read_case(folder))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(json.dumps(answers, indent=1))

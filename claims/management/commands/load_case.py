"""`load_case DIR`: a case folder through the portal's own services and database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.loading import load_case
from portal.kernel.errors import Refused


class Command(BaseCommand):
    help = "Loads a case folder as a new agency and prints the stored result like expected.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--agency", default="", metavar="NAME", help="name of the new agency")

    def handle(self, *args: Any, folder: Path, agency: str, **options: Any) -> None:
        try:
            answer = load_case(folder, agency or f"Case {folder.resolve().name}")
        except Refused as refusal:
            raise CommandError(f"{refusal.message} {refusal.fix}") from refusal
        self.stdout.write(json.dumps(answer, indent=1))

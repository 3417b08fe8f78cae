"""`verify`: recompute what is stored and check every hash; exit 1 and a list where something is off."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from claims.models import Calculation
from claims.verification import problems
from portal.records.models import AuditEvent, Document


class Command(BaseCommand):
    help = "Recomputes stored calculations, checks signatures, file hashes and the audit chain."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="one JSON document on standard output",
        )

    def handle(self, *args: Any, as_json: bool, **options: Any) -> None:
        found = list(problems())
        checked = {
            "calculations": Calculation.objects.count(),
            "files": Document.objects.count(),
            "audit_events": AuditEvent.objects.count(),
        }
        if as_json:
            self.stdout.write(
                json.dumps({"ok": not found, "checked": checked, "problems": found}, indent=1)
            )
        else:
            for sentence in found:
                self.stdout.write(sentence)
            counts = ", ".join(
                f"{count:,} {what.replace('_', ' ')}" for what, count in checked.items()
            )
            self.stdout.write(
                f"Checked {counts}: {len(found) or 'no'} problem{'s' * (len(found) != 1)}."
            )
        if found:
            sys.exit(1)

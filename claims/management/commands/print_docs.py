"""`print_docs`: write docs/reference from the code's own tables, or check that it is up to date."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.printing import HEAD, PAGES


class Command(BaseCommand):
    help = "Prints docs/reference from the tables in the code; --check fails when a page is stale."
    requires_database = False
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "reference"
        for name, page in PAGES.items():
            path, text = folder / name, HEAD + page()
            if check and (not path.exists() or path.read_text() != text):
                raise CommandError(f"docs/reference/{name} is stale: run bin/manage print_docs")
            if not check:
                path.write_text(text)

"""`load_demo`: the demonstration's agencies and people, listed in `var/demo.json`."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.demo import add_office, load_demo
from portal.accounts.models import User


class Command(BaseCommand):
    help = "Fills an empty database with the demonstration; with --office adds one fresh agency."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--office", metavar="NAME", help="add an agency that has filed nothing")
        parser.add_argument(
            "--url", default="http://localhost:8000", help="where the portal listens"
        )

    def handle(self, *args: Any, office: str | None, url: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: made-up people have no place here.")
        if office:
            self.stdout.write(json.dumps(add_office(office), indent=1))
            return
        if User.objects.exists():
            raise CommandError("There are people in this database already; nothing was changed.")
        listing = {"url": url, **load_demo()}
        path = settings.PORTAL_VAR / "demo.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(listing, indent=1))
        self.stdout.write(f"{len(listing['users'])} people; see {path.name} for how they sign in")

"""`calculate_quarter QUARTER`: bring the open claims of a quarter up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Claim
from claims.pipeline.calculation import OPEN, recalculate_claim
from portal.kernel.quarter import Quarter


class Command(BaseCommand):
    help = (
        "(Re)calculates the open claims of a quarter; submitted and decided ones stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", metavar="QUARTER", help="such as FY2026Q1")
        parser.add_argument("--agency", metavar="NUMBER", help="only this agency")

    def handle(self, *args: Any, quarter: str, agency: str | None, **options: Any) -> None:
        try:
            wanted = Quarter.parse(quarter)
        except ValueError as error:
            raise CommandError(str(error)) from error
        claims = Claim.objects.filter(quarter=wanted, version__state__in=OPEN).order_by("pk")
        if agency:
            claims = claims.filter(agency__number=agency)
        keys = list(claims.values_list("pk", flat=True))
        changed = 0
        for done, key in enumerate(keys, start=1):
            changed += recalculate_claim(key)
            if done % 100 == 0:
                self.stderr.write(f"{done:,} of {len(keys):,}")
        self.stdout.write(f"{len(keys):,} open claims of {wanted} calculated, {changed:,} changed.")

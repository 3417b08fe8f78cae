"""`calculate_quarter QUARTER`: bring the open claims of a quarter up to date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.models import Claim
from claims.pipeline.calculation import OPEN, recalculate
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
        agencies = list(claims.values_list("agency_id", flat=True))
        changed = 0
        for done, agency_id in enumerate(agencies, start=1):
            # With the agency's other open claims: what one quarter uses up, the next ones lack.
            changed += recalculate(agency_id)
            if done % 100 == 0:
                self.stderr.write(f"{done:,} of {len(agencies):,}")
        self.stdout.write(
            f"{len(agencies):,} open claims of {wanted} calculated; {changed:,} claims changed."
        )

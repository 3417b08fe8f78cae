"""`make_nation`: a whole made-up nation, to see every page with as many rows as there would be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agreements.loading import is_mixed_with, load_nation
from agreements.nation import NationSize, make_nation
from portal.kernel import clock


class Command(BaseCommand):
    help = "Fills a demonstration with a made-up nation; the same seed gives the same one each day."

    def add_arguments(self, parser: CommandParser) -> None:
        usual = NationSize()
        parser.add_argument("--agencies", type=int, default=usual.agencies, metavar="N")
        parser.add_argument(
            "--trained", type=int, default=usual.trained, metavar="N", help="trained officers"
        )
        parser.add_argument(
            "--in-training", type=int, default=usual.in_training, metavar="N", help="others"
        )
        parser.add_argument(
            "--quarters",
            type=int,
            default=usual.quarters,
            metavar="N",
            help="over how many quarters, to the present one, officers left; no payroll is made",
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N")
        parser.add_argument(
            "--yes", action="store_true", help="also beside an imported list or another nation"
        )

    def handle(
        self,
        *args: Any,
        agencies: int,
        trained: int,
        in_training: int,
        quarters: int,
        seed: int,
        yes: bool,
        **options: Any,
    ) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demonstration: a made-up nation has no place here.")
        if not yes and (beside := is_mixed_with()):
            raise CommandError(f"{beside} Nothing was changed; --yes adds the nation all the same.")
        size = NationSize(agencies, trained, in_training, quarters)
        try:
            nation = make_nation(size, clock.today(), seed)
        except ValueError as error:
            raise CommandError(f"No such nation: {error}.") from error
        made = load_nation(nation, self.stderr.write)
        for what, count in made.items():
            self.stdout.write(f"{count:>7,} {what.replace('_', ' ')}")

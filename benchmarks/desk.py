"""`bin/benchmark desk`: the pages of a reviewer with a thousand claims, against a bare view with one query.

Every claim is made through the services that people use: roster, payroll, counts, ready, certified.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from benchmarks.measuring import Cost, Goal, Way, measure, report
from benchmarks.payroll_files import FEW, QUARTER, payroll_csv, roster_csv
from benchmarks.room import room

CLAIMS = 1_000
ROWS = 77
"""Payroll lines of each claim: eleven officers of seven pay periods, the typical agency."""
NOW = datetime(2026, 1, 20, 15, tzinfo=UTC)
SOME = 50
"""How many claims the small queue has that the large one is compared with."""
CLAIM = "claim of 77 lines"

GOALS = (
    Goal("12 queue of all claims, 50 rows: 8 bare views", 8, "queue", "bare view"),
    Goal("12 claim of 77 lines: 6 bare views", 6, CLAIM, "bare view"),
    Goal("queue of all claims: twice that of 50", 2, "queue", f"queue of {SOME}"),
)


def main() -> None:
    """Measure and print the desk's part of goal 12."""
    parser = ArgumentParser(prog="bin/benchmark desk", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each way is run")
    parser.add_argument("--claims", type=int, default=CLAIMS, help="claims in the queue")
    options = parser.parse_args()
    with room() as owner:
        report(_measured(owner, options.claims, options.rounds), GOALS)


def _measured(owner: psycopg.Connection, claims: int, rounds: int) -> dict[str, list[Cost]]:
    from django.core.management import call_command
    from django.db import connection

    from portal.accounts.roles import Role
    from portal.kernel import clock

    call_command("collectstatic", interactive=False, verbosity=0)
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    with clock.clock_at(NOW):
        office = Office()
        office.submit(SOME)
        reviewer = _browser(_person(Role.REVIEWER))
        few = measure({f"queue of {SOME}": Way(_page(reviewer, "/claims/"))}, rounds, backend)
        office.submit(claims - SOME)
        owner.execute("ANALYZE")
        number = office.numbers[-1]
        ways = {
            "bare view": Way(_bare(), times=20),
            "queue": Way(_page(reviewer, "/claims/")),
            "  its last page": Way(_page(reviewer, f"/claims/?page={claims // SOME}")),
            "  searched": Way(_page(reviewer, "/claims/?q=County+7")),
            CLAIM: Way(_page(reviewer, f"/claims/{number}/")),
            "home": Way(_page(reviewer, "/")),
        }
        return {**few, **measure(ways, rounds, backend)}


class Office:
    """Makes agencies, each with a claim that was certified and waits for a reviewer."""

    def __init__(self) -> None:
        from portal.accounts.roles import Role

        self.manager, self.second = (_person(Role.PROGRAM_MANAGER) for _ in range(2))
        self.roster, self.payroll = roster_csv(ROWS), payroll_csv(ROWS, FEW)
        self.numbers: list[str] = []

    def submit(self, claims: int) -> None:
        """So many more; their packets stay in the queue."""
        from portal.jobs.queue import silent_doorbell

        for _ in range(claims):
            with silent_doorbell():
                self._submit(f"Benchmark County {len(self.numbers) + 1}")

    def _submit(self, name: str) -> None:
        from agreements.services.agreements import add_agreement
        from agreements.services.rosters import confirm_roster, receive_roster
        from awards.services import confirm_counts, report_counts
        from claims import tasks
        from claims.models import Claim
        from claims.selectors.lines import shown_hash
        from claims.services.claims import perform
        from claims.services.payroll import receive_payroll
        from portal.accounts.fresh import proven
        from portal.accounts.roles import Role
        from portal.accounts.services import create_agency
        from portal.intake.uploads import Upload
        from portal.jobs.running import run_due

        agency = create_agency(actor=self.manager, name=name, state="TX")
        add_agreement(actor=self.manager, agency=agency, model="TFM", active_from=date(2025, 3, 1))
        measure = report_counts(
            actor=self.manager, agency=agency, quarter=QUARTER, referred=100, located=85
        )
        confirm_counts(actor=self.second, measure=measure)
        preparer = _person(Role.PREPARER, agency)
        roster = Upload("roster.csv", "text/csv", [self.roster])
        payroll = Upload("payroll.csv", "text/csv", [self.payroll])
        sent = receive_roster(actor=preparer, agency=agency, quarter=QUARTER, upload=roster)
        run_due()
        confirm_roster(actor=preparer, upload=sent)
        receive_payroll(actor=preparer, agency=agency, quarter=QUARTER, upload=payroll)
        run_due()
        version = Claim.objects.get(agency=agency).version
        for actor, code in ((preparer, "ready"), (_person(Role.CERTIFIER, agency), "certify")):
            version = perform(
                actor=proven(actor),
                version=version,
                code=code,
                shown_sha256=shown_hash(version),
                title="Sheriff",
            )
        run_due(leave=[tasks.RENDER_PACKET, tasks.SEND_NOTICES])
        self.numbers.append(version.claim.number)


def _person(role: Any, agency: Any = None) -> Any:
    from portal.accounts.models import User
    from portal.accounts.policies import actor_for
    from portal.accounts.services import grant_role

    user = User.objects.create_user(f"person{User.objects.count()}@benchmark.example", name=role)
    grant_role(actor=None, user=user, role=role, agency=agency)
    return actor_for(user)


def _browser(actor: Any) -> Any:
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    client.force_login(actor.user)
    return client


def _page(client: Any, address: str) -> Callable[[], object]:
    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (
            address,
            answer.status_code,
            answer.headers.get("Location"),
        )

    get()  # what is loaded once per process is loaded now
    return get


def _bare() -> Callable[[], object]:
    """What a view costs that fetches one row by its key, by the framework's shortest way."""
    from django.http import HttpResponse
    from django.test import RequestFactory

    from claims.models import Claim

    key, factory = Claim.objects.values_list("pk", flat=True)[0], RequestFactory()

    def get() -> None:
        request = factory.get("/")
        assert request.method
        HttpResponse(Claim.objects.filter(pk=key).values_list("number", flat=True)[0])

    return get


if __name__ == "__main__":
    main()

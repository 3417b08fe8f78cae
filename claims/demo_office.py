"""One agency of the demonstration: its people, and their work on the quarter."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from agreements.services.agreements import add_agreement
from agreements.services.rosters import confirm_roster, receive_roster
from awards.services import confirm_counts, report_counts
from claims import tasks
from claims.demo_exports import pay_codes, pay_columns
from claims.demo_faults import FEW, TWELVE, plant
from claims.demo_files import as_csv, files_of, period_of, quarter_before, with_loose_ends
from claims.demo_plans import (
    AGENCY_ROLES,
    FIRST_NAMES,
    LAST_NAMES,
    QUARTER,
    SCOPES,
    Plan,
    Sends,
)
from claims.models import PayrollBatch
from claims.services.nil import declare_nil
from claims.services.payroll import correct_payroll, match_payroll_columns, receive_payroll
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import create_agency, create_key, grant_role
from portal.intake.justifying import justify
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.mapping import Mapping

PASSWORD = "demo-portal-287g"  # noqa: S105  (made-up people, loopback only)


class Office:
    """One agency's people at work."""

    def __init__(
        self, plan: Plan, agency: Agency, people: dict[Role, Actor], manager: Actor
    ) -> None:
        self.plan = plan
        self.agency = agency
        self.people = people
        self.preparer = people[Role.PREPARER]
        self.manager = manager
        self.officers, self.payroll = files_of(plan)

    @classmethod
    def set_up(
        cls, plan: Plan, manager: Actor, users: list[dict[str, Any]], keys: list[dict[str, Any]]
    ) -> Office:
        """The agency with its agreement, one person per role and a key; both are added to the lists."""
        agency = create_agency(actor=manager, name=plan.name, state=plan.state, time_zone=plan.zone)
        add_agreement(actor=manager, agency=agency, model=plan.model, active_from=date(2025, 3, 1))
        names = random.Random(plan.slug + " people")  # noqa: S311  (made-up people, not a secret)
        people = {
            role: make_person(
                f"{role}@{plan.slug}.example",
                f"{names.choice(FIRST_NAMES)} {names.choice(LAST_NAMES)}",
                role,
                agency,
                users,
            )
            for role in AGENCY_ROLES
        }
        key, secret = create_key(
            actor=people[Role.ADMINISTRATOR],
            agency=agency,
            owner=people[Role.PREPARER].user,
            name="Payroll system",
            scopes=SCOPES,
        )
        keys.append(
            {
                "client_id": key.client_id,
                "client_secret": secret,
                "agency": agency.number,
                "scopes": SCOPES.split(),
            }
        )
        return cls(plan, agency, people, manager)

    def work(self, federal: dict[str, Actor], begin: datetime) -> None:
        """Confirm the roster and send the payroll, as far as the plan goes, a day later."""
        with clock.clock_at(begin):
            upload = receive_roster(
                actor=self.preparer,
                agency=self.agency,
                quarter=QUARTER,
                upload=_upload("roster.csv", as_csv(self.officers)),
            )
            run_jobs()
            confirm_roster(actor=self.preparer, upload=upload)
        if self.plan.counts and "count" not in self.plan.steps:
            with clock.clock_at(begin + timedelta(hours=5)):
                self.count(federal["manager2@program.example"])
        if self.plan.stop == "roster":
            return
        with clock.clock_at(begin + timedelta(days=1)):
            _WAYS[self.plan.sends](self)

    def count(self, second: Actor) -> None:
        """Report the counts of the plan; the second program manager confirms them if it says so."""
        assert self.plan.counts is not None
        referred, located = self.plan.counts
        measure = report_counts(
            actor=self.manager,
            agency=self.agency,
            quarter=QUARTER,
            referred=referred,
            located=located,
        )
        if self.plan.counts_confirmed:
            confirm_counts(actor=second, measure=measure)

    def _send_template(self) -> None:
        self.send("payroll-2025q4.csv", as_csv(self.payroll))

    def _send_own_export(self) -> None:
        rows = with_loose_ends(self.payroll)
        batch = self.send("register-2025q4.csv", pay_columns(self.plan.name, self.officers, rows))
        mapping = Mapping.of_json(json.dumps(json.loads(batch.sample)["suggested"]))
        with _minutes_later(12):
            match_payroll_columns(actor=self.preparer, batch=batch, mapping=mapping)
            run_jobs()
        why = "The yearly part of the health plan fell due on November 30; invoice in the file."
        self._answer(batch, "benefits_unlike_before", why)

    def _send_unmatched(self) -> None:
        self.send("earnings-2025q4.csv", pay_codes(self.officers, self.payroll))

    def _send_faulty(self) -> None:
        rows, _ = plant([row for row in self.payroll if period_of(row) == 1], TWELVE)
        self.send("payroll-october.csv", as_csv(rows))

    def _send_and_correct(self) -> None:
        rows, edits = plant(self.payroll, FEW)
        batch = self.send("payroll-2025q4.csv", as_csv(rows))
        # In two sittings: the last cell was overlooked at first.
        for minutes, sitting in ((15, edits[:-1]), (50, edits[-1:])):
            with _minutes_later(minutes):
                batch = correct_payroll(actor=self.preparer, batch=batch, edits=sitting)
                run_jobs()
                batch.refresh_from_db()

    def _send_two_quarters(self) -> None:
        before = as_csv(quarter_before(self.payroll))
        self.send("payroll-2025q3.csv", before, QUARTER.previous)
        batch = self.send("payroll-2025q4.csv", as_csv(self.payroll))
        why = "Step increase of October 1, 2025 under the new contract."
        self._answer(batch, "salary_changed", why, leave=1)

    def _say_nothing(self) -> None:
        declare_nil(
            actor=self.preparer,
            agency=self.agency,
            quarter=QUARTER,
            reason="All three officers worked on a state grant, which paid for them in full.",
        )

    def send(
        self,
        name: str,
        text: str,
        quarter: Quarter = QUARTER,
        *,
        replaces: PayrollBatch | None = None,
    ) -> PayrollBatch:
        """Send a payroll file, in another one's place or not, and let it be read."""
        batch = receive_payroll(
            actor=self.preparer,
            agency=self.agency,
            quarter=quarter,
            upload=_upload(name, text),
            replaces=replaces,
            opens_claim=quarter == QUARTER,
        )
        run_jobs()
        batch.refresh_from_db()
        return batch

    def _answer(self, batch: PayrollBatch, code: str, text: str, *, leave: int = 0) -> None:
        """Justify the warnings of one code, except the last `leave`."""
        warnings = list(batch.findings.filter(code=code).order_by("number"))
        with _minutes_later(40):
            justify(
                actor=self.preparer,
                agency=self.agency,
                reference=batch.reference,
                findings=warnings[: len(warnings) - leave],
                text=text,
                thread=f"claim/{self.agency.number}-{QUARTER}",
            )


_WAYS: dict[Sends, Callable[[Office], object]] = {
    Sends.TEMPLATE: Office._send_template,
    Sends.OWN_EXPORT: Office._send_own_export,
    Sends.UNMATCHED: Office._send_unmatched,
    Sends.FAULTY: Office._send_faulty,
    Sends.CORRECTED: Office._send_and_correct,
    Sends.TWO_QUARTERS: Office._send_two_quarters,
    Sends.NOTHING: Office._say_nothing,
}


def make_person(
    email: str, name: str, role: Role, agency: Agency | None, users: list[dict[str, Any]]
) -> Actor:
    """A person who can sign in, made if not there, and added to the list."""
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, name=name, password=_hashed_password())
        grant_role(actor=None, user=user, role=role, agency=agency)
    users.append(
        {
            "email": email,
            "password": PASSWORD,
            "roles": [role.value],
            "agency": agency.number if agency else None,
        }
    )
    return actor_for(user)


@cache
def _hashed_password() -> str:
    """Everybody has the same password here; hashing it takes its time on purpose, once is enough."""
    return make_password(PASSWORD)


def _minutes_later(minutes: int) -> AbstractContextManager[None]:
    return clock.clock_at(clock.now() + timedelta(minutes=minutes))


def _upload(name: str, text: str) -> Upload:
    return Upload(name, "text/csv", [text.encode()])


def run_jobs() -> None:
    """Let the jobs do what is due. Packets are left to the worker."""
    run_due(leave={tasks.RENDER_PACKET})

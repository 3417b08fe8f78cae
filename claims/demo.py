"""The demonstration: made-up agencies of different sizes, each at another point of the quarter's work.

Deterministic under the set clock, and made through the same services that people use.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from agreements.services.agreements import add_agreement
from agreements.services.rosters import confirm_roster, receive_roster
from awards.services import confirm_counts, report_counts
from claims import tasks
from claims.demo_plans import (
    AGENCY_ROLES,
    FEDERAL,
    FIRST_NAMES,
    LAST_NAMES,
    PLANS,
    QUARTER,
    SCOPES,
    STEPS,
    Plan,
)
from claims.models import Claim
from claims.services.claims import perform
from claims.services.payroll import receive_payroll
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import create_agency, create_key, grant_role
from portal.intake.uploads import Upload
from portal.jobs.queue import silent_doorbell
from portal.jobs.running import run_due
from portal.kernel import clock

PASSWORD = "demo-portal-287g"  # noqa: S105  (made-up people, loopback only)


def load_demo() -> dict[str, Any]:
    """Make everything; the people and keys as `var/demo.json` lists them."""
    users: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    today = clock.now()
    with silent_doorbell():
        people = _program_office(users)
        _person("sysadmin@program.example", "Ivo Brandt", Role.SYSTEM_ADMINISTRATOR, None, users)
        with clock.clock_at(today - timedelta(days=100)):
            offices = [
                _Office.set_up(plan, people["manager@program.example"], users, keys)
                for plan in PLANS
            ]
        _second_agency(users, offices[1].agency)
        for position, office in enumerate(offices):
            office.work(people, today - timedelta(days=9) + timedelta(hours=3 * position))
        # Packets are left to the worker: the portal is up before the last one is rendered.
        run_due(leave={tasks.RENDER_PACKET})
    return {"users": users, "api": keys}


def add_office(name: str) -> dict[str, Any]:
    """A fresh agency with an agreement, one person per role and a key, and nothing filed yet."""
    users: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    federal: list[dict[str, Any]] = []
    people = _program_office(federal)
    slug = f"office{Agency.objects.count() + 1}"
    plan = Plan(slug, name, "TX", "America/Chicago", 0, "agreement")
    office = _Office.set_up(plan, people["manager@program.example"], users, keys)
    return {"agency": office.agency.number, "users": users, "api": keys, "federal": federal}


class _Office:
    """One agency's people at work."""

    def __init__(
        self, plan: Plan, agency: Agency, people: dict[Role, Actor], manager: Actor
    ) -> None:
        self.plan = plan
        self.agency = agency
        self.people = people
        self.manager = manager
        self.random = random.Random(plan.slug)  # noqa: S311  (made-up data, not a secret)

    @classmethod
    def set_up(
        cls, plan: Plan, manager: Actor, users: list[dict[str, Any]], keys: list[dict[str, Any]]
    ) -> _Office:
        agency = create_agency(actor=manager, name=plan.name, state=plan.state, time_zone=plan.zone)
        add_agreement(actor=manager, agency=agency, model=plan.model, active_from=date(2025, 3, 1))
        names = random.Random(plan.slug + " people")  # noqa: S311
        people = {
            role: _person(
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
        """Do what the plan says, a few hours between the steps."""
        preparer = self.people[Role.PREPARER]
        officers = list(self._officers())
        with clock.clock_at(begin):
            upload = receive_roster(
                actor=preparer,
                agency=self.agency,
                quarter=QUARTER,
                upload=_csv("roster.csv", officers),
            )
            run_due(leave={tasks.RENDER_PACKET})
            confirm_roster(actor=preparer, upload=upload)
        if self.plan.counts:
            with clock.clock_at(begin + timedelta(hours=5)):
                referred, located = self.plan.counts
                measure = report_counts(
                    actor=self.manager,
                    agency=self.agency,
                    quarter=QUARTER,
                    referred=referred,
                    located=located,
                )
                if self.plan.counts_confirmed:
                    confirm_counts(actor=federal["manager2@program.example"], measure=measure)
        if self.plan.stop == "roster":
            return
        with clock.clock_at(begin + timedelta(days=1)):
            receive_payroll(
                actor=preparer,
                agency=self.agency,
                quarter=QUARTER,
                upload=_csv("payroll-2025q4.csv", list(self._payroll(officers))),
            )
            run_due(leave={tasks.RENDER_PACKET})
        self._advance(federal, begin + timedelta(days=2))

    def _advance(self, federal: dict[str, Actor], begin: datetime) -> None:
        actors = {
            "ready": self.people[Role.PREPARER],
            "certify": self.people[Role.CERTIFIER],
            "start_review": federal["reviewer@program.example"],
            "recommend": federal["reviewer@program.example"],
            "return": federal["reviewer@program.example"],
            "approve": federal["approver@program.example"],
        }
        steps: Sequence[str] = STEPS
        if self.plan.stop == "return":
            steps = (*STEPS[:3], "return")
        if self.plan.stop not in steps:
            return
        for position, code in enumerate(steps[: steps.index(self.plan.stop) + 1]):
            with clock.clock_at(begin + timedelta(hours=9 * position)):
                actor = actors[code]
                version = Claim.objects.get(agency=self.agency, quarter=QUARTER).version
                assert version.calculation is not None
                perform(
                    actor=actor,
                    version=version,
                    code=code,
                    shown_sha256=version.calculation.sha256,
                    title="Sheriff" if "Sheriff" in self.plan.name else "Chief of Police",
                    note="Officer 1003 has overtime on days of paid leave. Please check these days "
                    "against the time sheets and send a corrected file."
                    if code == "return"
                    else "",
                )

    def _officers(self) -> Iterator[dict[str, Any]]:
        draw = self.random
        for number in range(1, self.plan.officers + 1):
            trained = draw.choice((date(2025, 6, 2), date(2025, 6, 2), date(2025, 11, 17)))
            training = number % 8 == 0
            yield {
                "officer_id": f"{1000 + number:06d}" if draw.random() < 0.5 else str(1000 + number),
                "last_name": draw.choice(LAST_NAMES),
                "first_name": draw.choice(FIRST_NAMES),
                "title": draw.choice(("Deputy", "Deputy", "Corporal", "Sergeant")),
                "hired_on": date(draw.randint(2004, 2023), draw.randint(1, 12), 15),
                "separated_on": date(2025, 12, 12) if number % 11 == 5 else "",
                "separation_reason": "federal_hire" if number % 11 == 5 else "",
                "model": self.plan.model,
                "trained_on": "" if training else trained,
                "authorized_from": "" if training else trained,
                "authorized_to": "" if training else trained + timedelta(days=729),
                "credential_number": ""
                if training
                else f"TF-{self.plan.slug[:3].upper()}-{number:04d}",
            }

    def _payroll(self, officers: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        draw = self.random
        for officer in officers:
            salary = draw.randrange(48_000_00, 96_000_00, 1_000)
            overtime_share = draw.choice((0, 0, 5, 9, 14, 30, 130))
            start = date(2025, 9, 28)
            while start <= QUARTER.end:
                if officer["separated_on"] and start > officer["separated_on"]:
                    break
                pay = salary * 14 // 365
                overtime = pay * overtime_share // 100
                yield {
                    "officer_id": officer["officer_id"],
                    "period_start": start,
                    "period_end": start + timedelta(days=13),
                    "paid_on": start + timedelta(days=18),
                    "annual_salary": _dollars(salary),
                    "regular_pay": _dollars(pay),
                    "overtime_hours": round(overtime * 80 * 2 / pay / 3) if pay else 0,
                    "overtime_pay": _dollars(overtime),
                    "overtime_paid_by_others": _dollars(overtime // 4)
                    if overtime_share == 14
                    else "",
                    "benefit_health": "412.50",
                    "benefit_pension": _dollars(pay * 223 // 1000),
                    "benefit_medicare": _dollars(pay * 145 // 10000),
                }
                start += timedelta(days=14)


def _program_office(users: list[dict[str, Any]]) -> dict[str, Actor]:
    """The federal side's people by email, made if they are not there."""
    return {email: _person(email, name, role, None, users) for email, name, role in FEDERAL}


def _person(
    email: str, name: str, role: Role, agency: Agency | None, users: list[dict[str, Any]]
) -> Actor:
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


def _second_agency(users: list[dict[str, Any]], agency: Agency) -> None:
    """The clerk of the first office helps out in another one: somebody to try the switcher with."""
    user = User.objects.get(email="preparer@cedar.example")
    grant_role(actor=None, user=user, role=Role.VIEWER, agency=agency)


def _csv(name: str, rows: list[dict[str, Any]]) -> Upload:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return Upload(name, "text/csv", [text.getvalue().encode()])


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"

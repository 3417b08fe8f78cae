"""The demonstration: made-up agencies of different sizes, each at another point of the quarter's work.

Deterministic under the set clock, and made through the same services that people use.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from claims import tasks
from claims.demo_life import live
from claims.demo_office import Office, make_person
from claims.demo_plans import FEDERAL, PLANS, Plan
from portal.accounts.models import Agency, User
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.jobs.queue import silent_doorbell
from portal.jobs.running import run_due
from portal.kernel import clock


def load_demo() -> dict[str, Any]:
    """Make everything; the people and keys as `var/demo.json` lists them."""
    users: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    today = clock.now()
    with silent_doorbell():
        people = _program_office(users)
        make_person(
            "sysadmin@program.example", "Ivo Brandt", Role.SYSTEM_ADMINISTRATOR, None, users
        )
        with clock.clock_at(today - timedelta(days=100)):
            offices = [
                Office.set_up(plan, people["manager@program.example"], users, keys)
                for plan in PLANS
            ]
        _second_agency(users, offices[1].agency)
        for position, office in enumerate(offices):
            begin = today - timedelta(days=9) + timedelta(hours=3 * position)
            office.work(people, begin)
            live(office, people, begin + timedelta(days=2))
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
    office = Office.set_up(plan, people["manager@program.example"], users, keys)
    return {"agency": office.agency.number, "users": users, "api": keys, "federal": federal}


def _program_office(users: list[dict[str, Any]]) -> dict[str, Actor]:
    """The federal side's people by email, made if they are not there."""
    return {email: make_person(email, name, role, None, users) for email, name, role in FEDERAL}


def _second_agency(users: list[dict[str, Any]], agency: Agency) -> None:
    """The clerk of the first office helps out in another one: somebody to try the switcher with."""
    user = User.objects.get(email="preparer@cedar.example")
    grant_role(actor=None, user=user, role=Role.VIEWER, agency=agency)

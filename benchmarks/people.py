"""The people and the roster of a made-up agency, through the services everybody uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from benchmarks.payroll_files import QUARTER


def office(name: str) -> tuple[Any, ...]:
    """A preparer, a certifier and an administrator of a new agency that takes part."""
    from agreements.services.agreements import add_agreement
    from portal.accounts.fresh import proven
    from portal.accounts.models import User
    from portal.accounts.policies import actor_for
    from portal.accounts.roles import Role
    from portal.accounts.services import create_agency, grant_role

    def person(role: Role, agency: Any = None) -> Any:
        address = f"{role}@{name.replace(' ', '-').lower()}.example"
        user = User.objects.create_user(address, name=role.label)
        grant_role(actor=None, user=user, role=role, agency=agency)
        return proven(actor_for(user))

    manager = person(Role.PROGRAM_MANAGER)
    agency = create_agency(actor=manager, name=name, state="TX")
    add_agreement(actor=manager, agency=agency, model="TFM", active_from=date(2025, 3, 1))
    return tuple(
        person(role, agency) for role in (Role.PREPARER, Role.CERTIFIER, Role.ADMINISTRATOR)
    )


def load_roster(preparer: Any, content: bytes) -> None:
    """A roster sent, read and confirmed."""
    from agreements.services.rosters import confirm_roster, receive_roster
    from portal.intake.uploads import Upload
    from portal.jobs.queue import silent_doorbell
    from portal.jobs.running import run_due

    with silent_doorbell():
        upload = receive_roster(
            actor=preparer,
            agency=preparer.agency,
            quarter=QUARTER,
            upload=Upload("roster.csv", "text/csv", [content]),
        )
        run_due()
        confirm_roster(actor=preparer, upload=upload)
        run_due()

"""Loading a case folder into the portal the way people would: the same services, one after another."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from agreements.models import RosterUpload
from agreements.rules import AgreementPeriod
from agreements.services.agreements import add_agreement
from agreements.services.rosters import confirm_roster, receive_roster
from awards.services import confirm_counts, report_counts
from claims.cases import BATCH, Case, read_case
from claims.models import Claim, PayrollBatch
from claims.pipeline.calculation import stored_claim
from claims.rules.claim import to_expected
from claims.services.claims import open_claim
from claims.services.payroll import receive_payroll
from portal.accounts.models import User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import create_agency, grant_role
from portal.intake.models import Batch
from portal.intake.uploads import Upload
from portal.jobs.queue import silent_doorbell
from portal.jobs.running import run_due
from portal.kernel import clock
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from portal.kernel.tabular import Cell, read_table


def load_case(folder: Path, agency_name: str) -> dict[str, Any]:
    """Send a case through the portal as a new agency; its quarters as `expected.json` has them.

    The clock stands after the last payday and the last quarter; jobs run in this process.
    """
    case = read_case(folder)
    if case.overrides or case.as_of is not None:
        raise Refused(
            "case_not_loadable",
            "A case with [rules] or as_of cannot be loaded: the portal has one law and one clock.",
            "Use calculate_case for it.",
        )
    days = [case.quarters[-1].end]
    for officer in case.officers:
        for line in officer.lines:
            days += [line.paid_on, line.period_start]
    instant = datetime.combine(max(days) + timedelta(days=2), time(12), UTC)
    with clock.clock_at(instant), silent_doorbell():
        manager, second, preparer = _people(agency_name)
        _send(case, folder, manager, second, preparer)
        return {str(quarter): _answer(case, preparer, quarter) for quarter in case.quarters}


def _people(agency_name: str) -> tuple[Actor, Actor, Actor]:
    """The two program managers of all loaded cases, and a preparer of a new agency."""
    manager = _manager("cases.manager@portal.invalid", "Case manager")
    second = _manager("cases.manager2@portal.invalid", "Second case manager")
    agency = create_agency(actor=manager, name=agency_name)
    preparer = User.objects.create_user(
        f"cases.{agency.number.lower()}@portal.invalid", name="Case preparer"
    )
    grant_role(actor=None, user=preparer, role=Role.PREPARER, agency=agency)
    return manager, second, actor_for(preparer)


def _manager(email: str, name: str) -> Actor:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name)
        grant_role(actor=None, user=user, role=Role.PROGRAM_MANAGER, agency=None)
    return actor_for(user)


def _send(case: Case, folder: Path, manager: Actor, second: Actor, preparer: Actor) -> None:
    agency = preparer.agency
    assert agency is not None
    for period in _merged(case.agreements):
        add_agreement(
            actor=manager,
            agency=agency,
            model=period.model,
            active_from=period.active_from,
            active_to=period.active_to,
        )
    for quarter, counts in case.counts.items():
        measure = report_counts(
            actor=manager,
            agency=agency,
            quarter=quarter,
            referred=counts.referred,
            located=counts.located,
        )
        confirm_counts(actor=second, measure=measure)
    if case.officers:
        upload = receive_roster(
            actor=preparer,
            agency=agency,
            quarter=case.quarters[0],
            upload=_file(folder / "roster.csv"),
        )
        run_due()
        _require(upload, Batch.State.PROPOSED)
        confirm_roster(actor=preparer, upload=upload)
    for quarter, upload_file in _payroll_by_quarter(case, folder):
        batch = receive_payroll(
            actor=preparer,
            agency=agency,
            quarter=quarter,
            upload=upload_file,
            # A quarter that the case does not name was never claimed, so it used nothing up.
            opens_claim=quarter in case.quarters,
        )
        run_due()
        _require(batch, Batch.State.ACCEPTED)
    for quarter in case.quarters:
        open_claim(actor=preparer, agency=agency, quarter=quarter)
    run_due()


def _answer(case: Case, preparer: Actor, quarter: Quarter) -> dict[str, Any]:
    claim = Claim.objects.get(agency=preparer.agency, quarter=quarter)
    calculation = claim.version.calculation
    assert calculation is not None, "opening a claim calculates it"
    answer: dict[str, Any] = to_expected(stored_claim(calculation)[1])
    # In the order of the case's roster, as `calculate_case` prints them.
    stored = answer["officers"]
    answer["officers"] = {o.officer_id: stored[o.officer_id] for o in case.officers}
    return answer


def _payroll_by_quarter(case: Case, folder: Path) -> Iterable[tuple[Quarter, Upload]]:
    """The payroll file cut by the quarter in which each row's period starts, in order of time."""
    starts = {
        line.row: Quarter.of(line.period_start)
        for officer in case.officers
        for line in officer.lines
    }
    table = read_table(folder / BATCH).table
    if table is None:
        return
    parts: dict[Quarter, list[Sequence[Cell]]] = defaultdict(list)
    for number, row in zip(table.numbers, table.rows, strict=True):
        if number in starts:
            parts[starts[number]].append(row)
    for quarter in sorted(parts):
        text = io.StringIO()
        csv.writer(text).writerows([table.header, *parts[quarter]])
        yield quarter, Upload(f"payroll-{quarter}.csv", "text/csv", [text.getvalue().encode()])


def _merged(periods: Iterable[AgreementPeriod]) -> list[AgreementPeriod]:
    """The same days without overlaps: in the portal, two stretches of one model never share a day."""
    merged: list[AgreementPeriod] = []
    for period in sorted(periods, key=lambda p: (p.model, p.active_from)):
        last = merged[-1] if merged else None
        if last is None or last.model != period.model:
            merged.append(period)
        elif last.active_to is None or period.active_from <= last.active_to:
            ends = (last.active_to, period.active_to)
            merged[-1] = last._replace(
                active_to=None if None in ends else max(end for end in ends if end)
            )
        else:
            merged.append(period)
    return merged


def _file(path: Path) -> Upload:
    return Upload(path.name, "text/csv", [path.read_bytes()])


def _require(batch: PayrollBatch | RosterUpload, state: Batch.State) -> None:
    batch.refresh_from_db()
    if batch.state != state:
        found = [finding.message for finding in batch.findings.filter(severity="error")[:20]]
        raise Refused(
            "case_refused",
            "\n".join([f"{batch} was {batch.get_state_display().lower()}. {batch.reason}", *found]),
            "Correct the case folder.",
        )

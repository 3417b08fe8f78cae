"""The worker dies in the middle of a file; another one finishes, and there is one result."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db.models.functions import Now

from claims.models import Calculation, PayrollBatch, PayrollLine
from claims.services.payroll import receive_payroll
from claims.verification import problems
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.jobs.management.commands.sweep import sweep
from portal.jobs.models import Job
from portal.records.models import AuditEvent
from tests.factories import QUARTER, load_roster, make_agency, make_person
from tests.worker import kill, running_worker

OFFICERS, PERIODS = 400, 92


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_one_result():
    preparer = make_person(Role.PREPARER, make_agency())
    header = "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from\n"
    load_roster(
        preparer,
        header
        + "".join(
            f"{n},Name{n},Ann,2015-01-01,TFM,2025-06-01,2025-06-01\n" for n in range(OFFICERS)
        ),
    )
    days = [date(2025, 10, 1) + timedelta(days=n) for n in range(PERIODS)]
    rows = "".join(
        f"{n},{day},{day},2026-01-05,73000.00,200.00\n" for n in range(OFFICERS) for day in days
    )
    columns = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay\n"
    with running_worker() as first:
        batch = receive_payroll(
            actor=preparer,
            agency=preparer.agency,
            quarter=QUARTER,
            upload=Upload("payroll.csv", "text/csv", [(columns + rows).encode()]),
        )
        job = Job.objects.get(pk=batch.job_id)
        wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.RUNNING)
        kill(first)
    job.refresh_from_db()
    batch.refresh_from_db()
    assert job.state == Job.State.RUNNING, "it died holding the lease"
    assert batch.state != PayrollBatch.State.ACCEPTED
    # As if the lease had run out: the test does not wait for three quarters of a minute.
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    with running_worker():
        sweep()
        wait_until(lambda: Job.objects.get(pk=job.pk).is_finished)
    batch.refresh_from_db()
    assert batch.state == PayrollBatch.State.ACCEPTED
    assert PayrollLine.objects.count() == OFFICERS * PERIODS
    assert Calculation.objects.count() == 1
    assert Calculation.objects.get().regular == OFFICERS * PERIODS * 200_00
    assert AuditEvent.objects.filter(action="payroll.accept").count() == 1
    assert list(problems()) == []

"""`bin/benchmark push`: a payroll pushed over REST against a raw COPY of its rows, and against plain DRF.

The product's way is everything the portal does between the first byte of the request and the accepted
batch: the endpoint with its authentication and idempotency, and the job that reads, checks and stores.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg

from benchmarks.ingest import BATCH, copy_text, raw_copy
from benchmarks.measuring import Cost, Goal, Way, measure, report
from benchmarks.payroll_files import FEW, QUARTER, payroll_csv, roster_csv
from benchmarks.people import load_roster, office
from benchmarks.room import LINES, empty, room

ROWS = 10_000
NOW = datetime(2026, 1, 20, 15, tzinfo=UTC)
ADDRESS = "/api/v1/payroll-batches/"


GOALS = (
    Goal("8 REST push: 2.5 times raw COPY", 2.5, "push", "raw COPY"),
    Goal("8 REST push: 10 times as fast as DRF, many=True", 1 / 10, "push", "DRF"),
)


def main() -> None:
    """Measure and print goal 8."""
    parser = ArgumentParser(prog="bin/benchmark push", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each way is run")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the payroll")
    options = parser.parse_args()
    with room() as owner:
        report(_measured(owner, options.rows, options.rounds), GOALS)


def _measured(owner: psycopg.Connection, rows: int, rounds: int) -> dict[str, list[Cost]]:
    from django.db import connection

    from portal.kernel import clock

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    content = payroll_csv(rows, FEW)
    body = body_of(content)
    text = copy_text(content)
    clear = partial(empty, owner)
    with clock.clock_at(NOW):
        pusher = Pusher(rows, body)
        pusher.push()  # what is loaded once per process is loaded now
        return measure(
            {
                "push": Way(pusher.push, lambda: pusher.prepare(owner)),
                "  its request alone": Way(pusher.send, lambda: pusher.prepare(owner)),
                "  push and calculation": Way(pusher.all, lambda: pusher.prepare(owner)),
                "raw COPY": Way(lambda: raw_copy(text, LINES), clear),
                "DRF": Way(drf_push(body), clear),
            },
            rounds,
            backend,
        )


def body_of(content: bytes) -> bytes:
    """The JSON body with the rows of a CSV file."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    return json.dumps({"quarter": str(QUARTER), "rows": rows}).encode()


class Pusher:
    """An agency's payroll system: a key with its token, a roster that stands ready, one body to send."""

    def __init__(self, rows: int, body: bytes) -> None:
        from django.test import Client

        from portal.accounts.models import Agency
        from portal.accounts.services import create_key

        self.rows, self.body = rows, body
        self.preparer, _, administrator = office("Benchmark County")
        self.agency: Agency = self.preparer.agency
        load_roster(self.preparer, roster_csv(rows))
        key, secret = create_key(
            actor=administrator,
            agency=self.agency,
            owner=self.preparer.user,
            name="Benchmark",
            scopes="payroll:write",
        )
        self.client = Client(headers={"Host": "localhost"})
        pair = {"client_id": key.client_id, "client_secret": secret}
        said = self.client.post(
            "/api/v1/oauth/token/",
            urlencode({"grant_type": "client_credentials", **pair}),
            content_type="application/x-www-form-urlencoded",
        )
        self.token = said.json()["access_token"]
        self.numbers = itertools.count()
        self.batch = ""

    def prepare(self, owner: psycopg.Connection) -> None:
        """Take the payroll before back, and its lines away."""
        from claims.models import PayrollBatch
        from claims.services.payroll import withdraw_payroll
        from portal.jobs.queue import silent_doorbell
        from portal.jobs.running import run_due

        with silent_doorbell():
            for batch in PayrollBatch.objects.filter(state=PayrollBatch.State.ACCEPTED):
                withdraw_payroll(actor=self.preparer, batch=batch, reason="The next round begins.")
            run_due()
        empty(owner)

    def send(self) -> None:
        """The request: authenticated, done once, the bytes synced to the quarantine, the job queued."""
        from portal.jobs.queue import silent_doorbell

        with silent_doorbell():
            answer = self.client.post(
                ADDRESS,
                self.body,
                content_type="application/json",
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Idempotency-Key": f"round-{next(self.numbers)}",
                },
            )
        assert answer.status_code == 202, answer.content
        self.batch = answer.json()["id"]

    def push(self) -> None:
        """The request and the job up to the accepted lines."""
        from claims.pipeline import intake

        self.send()
        intake.read(self.batch, _leased(self.batch))
        self._must_be_accepted()

    def all(self) -> None:
        """The same, and the calculation of the claim that the job goes on with."""
        from claims.models import PayrollBatch
        from portal.jobs.running import run

        self.send()
        job = PayrollBatch.objects.get(pk=self.batch).job
        assert job is not None
        run(job.pk)
        self._must_be_accepted()

    def _must_be_accepted(self) -> None:
        from claims.models import PayrollBatch

        batch = PayrollBatch.objects.get(pk=self.batch)
        if batch.state != batch.State.ACCEPTED or batch.rows != self.rows:
            findings = list(batch.findings.values_list("code", "message")[:3])
            raise SystemExit(f"the benchmark's payroll was not accepted: {batch.state} {findings}")


def drf_push(body: bytes) -> Callable[[], object]:
    """The same body the way of the framework's tutorial: JSON, a serializer with many=True, bulk_create."""
    from django.db import transaction
    from rest_framework import serializers

    from claims.models import PayrollLine

    class Row(serializers.Serializer[Any]):
        officer_id = serializers.CharField(max_length=100)
        period_start = serializers.DateField()
        period_end = serializers.DateField()
        paid_on = serializers.DateField()
        annual_salary = serializers.DecimalField(12, 2)
        regular_pay = serializers.DecimalField(12, 2)
        overtime_hours = serializers.CharField(allow_blank=True)
        overtime_pay = serializers.CharField(allow_blank=True)
        benefit_total = serializers.DecimalField(12, 2)

    def line(number: int, row: dict[str, Any]) -> PayrollLine:
        return PayrollLine(
            batch_id=BATCH,
            row=number,
            officer_id=row["officer_id"],
            period_start=row["period_start"],
            period_end=row["period_end"],
            paid_on=row["paid_on"],
            annual_salary=int(row["annual_salary"] * 100),
            regular_pay=int(row["regular_pay"] * 100),
            overtime_pay=int(Decimal(row["overtime_pay"] or 0) * 100),
            overtime_hours=row["overtime_hours"] or None,
            overtime_paid_by_others=0,
            benefits=json.dumps({"total": int(row["benefit_total"] * 100)}),
        )

    def push() -> None:
        rows = Row(data=json.loads(body)["rows"], many=True)
        rows.is_valid(raise_exception=True)
        lines = [line(number, row) for number, row in enumerate(rows.validated_data, 2)]
        with transaction.atomic():
            PayrollLine.objects.bulk_create(lines)

    return push


def _leased(batch: str) -> Any:
    """The handle of a batch's job, as the worker that runs it has it."""
    from claims.models import PayrollBatch
    from portal.jobs.models import Job
    from portal.jobs.running import Progress

    job, lease = PayrollBatch.objects.get(pk=batch).job, uuid4()
    assert job is not None
    until = datetime.now(UTC) + timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, lease=lease, lease_until=until)
    return Progress(job.pk, lease)


if __name__ == "__main__":
    main()

"""Whatever is sent: the job ends it with findings or a question, never by giving up, and keeps no secret."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from claims.models import PayrollBatch
from claims.services.payroll import match_payroll_columns, receive_payroll
from portal.accounts.roles import Role
from portal.intake import quarantine
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput
from portal.kernel.tabular import write_xlsx
from portal.kernel.tabular.mapping import Mapping
from tests.factories import PAYROLL, QUARTER, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

WIDE = ",".join(f"Col {n}" for n in range(200))
LONG_NAME = "x" * 5000
FILES = {
    "empty": b"",
    "blank": b"\n\n \n",
    "noise": random.Random(4).randbytes(5000),
    "noise as text": random.Random(5).randbytes(3000).hex().encode(),
    "gzip": gzip.compress(PAYROLL.encode()),
    "cut workbook": write_xlsx("a", ["a", "b"], [["1", "2"]])[:-40],
    "one column": b"name\nAna\nBen\n",
    "wide": f"{WIDE}\n{','.join('1' * 200)}\n".encode(),
    "long names": f"{LONG_NAME},{LONG_NAME},{LONG_NAME}b\n1,2,3\n".encode(),
    "long cells": f"File #,Gross\n0042,{'9' * 90_000}\n".encode(),
    "same names": b"Pay,Pay,Pay\n1,2,3\n4,5,6\n",
    "no names": b",,\n1,2,3\n",
    "controls": "File #,Gr\u202eoss\x07\n0\x0242,1.00\u200b\n".encode(),
    "zero byte": b"File #,Gross\n00\x0042,1.00\n",
    "formulas": b"File #,=1+1\n=cmd|'/c calc'!A0,+1\n",
    "title rows": b"Payroll register,,\nprinted today,,\nFile #,Gross,Net\n1,2,3\nTotal,2,3\n",
    "alien numbers": b"File #,Note\n0042,A123-456-789\n",
    "detainees": b"File #,Detainee Name\n0042,Somebody\n",
    "social security": b"File #,Gross,SSN\n0042,1.00,123-45-6789\n",
    "social security in ids": b"File #,Gross\n123-45-6789,1.00\n",
    "utf-16": PAYROLL.encode("utf-16"),
    "latin": "File #,Näme\n1,Müller\n".encode("cp1252"),
    "html": b"<table><tr><td>1</td></tr></table>",
}


@pytest.fixture
def preparer():
    return make_person(Role.PREPARER, make_agency())


def read(preparer, upload):
    batch = receive_payroll(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)
    return ended(batch)


def ended(batch):
    run_due()
    batch = PayrollBatch.objects.get(pk=batch.pk)
    assert batch.job.state == "done"
    assert not quarantine.holds(batch.pk)
    stored = f"{batch.sample}{batch.faulty}{[vars(f) for f in batch.findings.all()]}"
    assert "123-45" not in stored
    assert "456-789" not in stored
    return batch


@pytest.mark.parametrize("name", FILES)
def test_an_unlucky_file_ends_in_words(preparer, name):
    upload = Upload("file.csv", "application/octet-stream", [FILES[name]])
    batch = read(preparer, upload)
    assert batch.state in {"rejected", "proposed"}
    if batch.state == "rejected":
        error = batch.findings.filter(severity="error").first()
        assert error.message
        assert error.fix
        return
    # Matched as badly as can be, it still ends in words.
    header = json.loads(batch.sample)["header"]
    roles = ["officer_id", "regular_pay", *[""] * len(header)]
    mapping = Mapping(
        tuple(zip(header, roles, strict=False)),
        fixed=(
            ("period_start", "2025-10-12"),
            ("period_end", "2025-10-25"),
            ("paid_on", "2025-10-30"),
            ("periods_a_year", "26"),
        ),
    )
    try:
        match_payroll_columns(actor=preparer, batch=batch, mapping=mapping)
    except BadInput as refusal:
        assert refusal.fix
    else:
        assert ended(batch).state == "rejected"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [1, "a", None, []],
        [{}],
        [{"": ""}],
        [{"\x00": "\x00", "officer_id": "\ud800"}],
        [{"officer_id": {"a": 1}, "regular_pay": 1e308}],
        [{f"c{n}": n for n in range(500)}],
    ],
    ids=["none", "no objects", "blank", "no name", "controls", "deep", "wide"],
)
def test_unlucky_rows_end_in_words(preparer, rows):
    batch = read(preparer, Upload.of_json(json.dumps({"rows": rows}).encode()))
    assert batch.state == "rejected"
    assert batch.findings.filter(severity="error").exists()

"""What a file may cost that has something wrong in every cell."""

from __future__ import annotations

import json
import time

import pytest

from claims.models import PayrollBatch
from claims.services.payroll import receive_payroll
from portal.accounts.roles import Role
from portal.intake.models import BatchFinding
from portal.intake.samples import MAX_KEPT
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.columns import EXPLAINED
from tests.factories import load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay"
LINE = "0042,2025-10-12,2025-10-25,2025-10-30,72280.00,2780.00"


def received(columns: list[str], cells: list[str], rows: int) -> PayrollBatch:
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    lines = [",".join([HEADER, *columns]), *[",".join([LINE, *cells])] * rows]
    batch = receive_payroll(
        actor=person,
        agency=person.agency,
        quarter=Quarter.parse("FY2026Q1"),
        upload=Upload("wide.csv", "text/csv", ["\n".join(lines).encode()]),
    )
    run_due()
    return PayrollBatch.objects.get(pk=batch.pk)


def test_a_file_with_a_bad_long_value_in_every_cell_costs_seconds_and_little_room():
    begin = time.process_time()
    batch = received([f"benefit_part{n}" for n in range(190)], ["x" * 490] * 190, 60)
    assert time.process_time() - begin < 20
    assert batch.state == PayrollBatch.State.REJECTED
    assert batch.errors == EXPLAINED + (190 - EXPLAINED // 60 - 1)
    told = batch.findings.filter(code="bad_money").values_list("column", flat=True).distinct()
    assert told.count() > 160
    more = batch.findings.filter(code="more_of_the_same", column="benefit_part189").get()
    assert "59 more" in more.message
    assert len(batch.faulty) < MAX_KEPT * 1.1
    assert len(batch.sample) < MAX_KEPT * 1.1
    kept = json.loads(batch.faulty)
    assert 0 < len(kept["rows"]) < 60
    assert kept["total"] == 60


def test_what_a_finding_repeats_of_the_agencys_columns_is_bounded():
    columns = ["ext_unit", *[f"ext_note{n}" for n in range(100)]]
    batch = received([*columns, "benefit_health"], ["K9", *["y" * 190] * 100, "n/a"], 2)
    ext = batch.findings.filter(code="bad_money").first().ext
    assert ext["ext_unit"] == "K9"
    assert sum(map(len, ext.values())) <= BatchFinding.MAX_EXT

"""Payroll as agencies export it, with what its columns are, for tests of what becomes of it."""

from __future__ import annotations

from claims.models import Participant, PayrollBatch
from portal.jobs.running import run_due
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import Edit
from tests.factories import PAYROLL

LONG = """File #,Pay Date,Period Beginning,Period Ending,Annual,Earnings Code,Earnings Amt
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,REG,2780.00
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,O/T,640.00
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,RETRO,-50.63
0042,10/30/2025,10/12/2025,10/25/2025,72280.00,DETAIL,500.00
"""
BY_CODE = Mapping(
    (
        ("File #", "officer_id"),
        ("Pay Date", "paid_on"),
        ("Period Beginning", "period_start"),
        ("Period Ending", "period_end"),
        ("Annual", "annual_salary"),
        ("Earnings Code", "pay_code"),
        ("Earnings Amt", "amount"),
    ),
    (
        ("REG", "regular_pay"),
        ("O/T", "overtime_pay"),
        ("RETRO", "overtime_pay"),
        ("DETAIL", "excluded:outside_detail"),
    ),
)
BY_NAME = """Employee,Pay Date,Period Beginning,Period Ending,Annual,Gross
"Reyes, Ana",10/30/2025,10/12/2025,10/25/2025,72280.00,2780.00
"""
NAMED = Mapping(
    (
        ("Employee", "officer_name"),
        ("Pay Date", "paid_on"),
        ("Period Beginning", "period_start"),
        ("Period Ending", "period_end"),
        ("Annual", "annual_salary"),
        ("Gross", "regular_pay"),
    )
)
ADVANCE = PAYROLL.replace("2025-10-30", "2025-10-10")
"""Paid before the period ended, which is warned of."""
WRONG = PAYROLL.replace("2780.00,589.37", "27x80,589.37", 1)
"""An amount in row 2 cannot be read; `RIGHT` corrects it."""
RIGHT = Edit(2, "regular_pay", "27x80", "2780.00")


def read(batch):
    """The batch after everything that was due has run."""
    run_due()
    return PayrollBatch.objects.get(pk=batch.pk)


def parts(claim):
    """Who has a part in the claim's version, by their keys."""
    return set(Participant.objects.filter(version=claim.version).values_list("user", flat=True))

"""The error workbook holds whole pay rows: the federal side gets it where it may read single rows."""

from __future__ import annotations

import pytest

from claims.models import Claim, PayrollBatch
from portal.accounts.roles import Role
from tests.claims.linked import row
from tests.factories import QUARTER, act, load_payroll, load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay\n"


def test_the_federal_side_gets_it_for_files_that_a_sent_claim_rests_on(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    batch = load_payroll(preparer, HEADER + row(QUARTER, salary="7228.00", regular="1807.00"))
    assert batch.state == PayrollBatch.State.ACCEPTED
    page, workbook = f"/payroll/{batch.pk}/", f"/payroll/{batch.pk}/workbook/"
    reviewer = browse(make_person(Role.REVIEWER))

    def seen(client):
        return client.get(workbook).status_code, workbook in client.get(page).content.decode()

    assert seen(browse(preparer)) == (200, True)
    assert seen(reviewer) == (404, False)
    claim = Claim.objects.get(agency=preparer.agency)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    assert seen(reviewer) == (200, True)

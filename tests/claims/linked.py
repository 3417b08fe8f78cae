"""An office whose quarters are claimed, decided and corrected, for tests of linked claims."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from claims.models import Claim, ClaimVersion, OfficerResult, PayrollBatch
from claims.selectors.ledger import balance_of, entered_for
from claims.selectors.linked import current_claim
from claims.services.adjusting import adjust
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.kernel.errors import Refused
from portal.kernel.quarter import Quarter
from tests.factories import act, load_payroll, load_roster, make_agency, make_person, settle

FIRST, SECOND, THIRD = (Quarter(2026, number) for number in (1, 2, 3))
HEADER = "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay,overtime_pay\n"
TO_APPROVE = ("ready", "certify", "start_review", "recommend", "approve")
TO_DENY = (*TO_APPROVE[:-1], "deny")


def row(
    quarter: Quarter,
    *,
    salary: str = "40000.00",
    regular: str = "10000.00",
    overtime: str = "9000.00",
    paid_on: date | None = None,
    officer: str = "0042",
) -> str:
    """A line over the whole quarter."""
    paid = paid_on or quarter.end + timedelta(days=5)
    return f"{officer},{quarter.start},{quarter.end},{paid},{salary},{regular},{overtime}\n"


class Office:
    """An agency with a roster and its people, and the federal ones who judge its claims."""

    def __init__(self) -> None:
        self.preparer = make_person(Role.PREPARER, make_agency())
        assert self.preparer.agency is not None
        self.agency = self.preparer.agency
        self.certifier = make_person(Role.CERTIFIER, self.agency)
        self.reviewer = make_person(Role.REVIEWER)
        self.approver = make_person(Role.PAYMENT_APPROVER)
        load_roster(self.preparer)

    def send(self, quarter: Quarter, *rows: str, **options: object) -> PayrollBatch:
        """A payroll file of the quarter."""
        content = HEADER + "".join(rows)
        return load_payroll(self.preparer, content, quarter=quarter, **options)

    def replace(self, quarter: Quarter, *rows: str) -> PayrollBatch:
        """A file in the place of the one that counts for the quarter."""
        counting = PayrollBatch.objects.get(
            agency=self.agency, quarter=quarter, state=PayrollBatch.State.ACCEPTED
        )
        return self.send(quarter, *rows, replaces=counting)

    def claim(self, quarter: Quarter) -> Claim:
        """The quarter's last claim."""
        claim = current_claim(self.agency, quarter)
        assert claim is not None
        return claim

    def walk(self, quarter: Quarter, *codes: str) -> ClaimVersion:
        """Steps of the quarter's last claim, each by whose it is."""
        for code in codes:
            version = act(self.who(code), self.claim(quarter), code)
        settle()
        version.refresh_from_db()
        return version

    def who(self, code: str) -> Actor:
        """Who does a step."""
        if code in ("certify", "withdraw"):
            return self.certifier
        if code in ("start_review", "recommend", "return"):
            return self.reviewer
        if code in ("approve", "approve_partly", "deny"):
            return self.approver
        return self.preparer

    def take(self, quarter: Quarter, amount: int, category: str = "overtime") -> None:
        """Cents that the reviewer takes from officer 0042."""
        adjust(
            actor=self.reviewer,
            version=self.claim(quarter).version,
            officer_id="0042",
            category=category,
            amount=amount,
            reason="unsupported",
            note="No timesheet.",
            token=uuid4(),
        )

    def result(self, quarter: Quarter) -> OfficerResult:
        """Officer 0042 in the quarter's last claim."""
        calculation = self.claim(quarter).version.calculation
        assert calculation is not None
        return calculation.results.get(officer_id="0042")

    def entered(self, quarter: Quarter) -> int:
        """What the quarter's entries add up to."""
        return entered_for(self.agency, quarter)

    @property
    def balance(self) -> int:
        """The agency's balance."""
        return balance_of(self.agency).amount


def refused(code: str, step: Callable[..., Any], *args: Any, **options: Any) -> None:
    """A step that is refused with this code, and with what to do instead."""
    with pytest.raises(Refused) as refusal:
        step(*args, **options)
    assert refusal.value.code == code
    assert refusal.value.fix

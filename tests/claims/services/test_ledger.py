"""The ledger: entries of decisions, what they add up to, who reads them."""

from __future__ import annotations

import random

import pytest
from django.db import DatabaseError, transaction

from claims.models import Adjustment, LedgerEntry
from claims.selectors.ledger import Balance, entries_for
from claims.selectors.lines import allowed_total
from claims.selectors.linked import claim_in_force, claims_of
from claims.verification import _ledger as ledger_problems
from portal.accounts.roles import Role
from tests.claims.linked import FIRST, Office, row
from tests.factories import act, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_three_quarters")]


def test_an_approval_enters_what_is_due(decided):
    assert decided.entered(FIRST) == decided.balance == 19000_00
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.balance, entry.version) == (
        19000_00,
        19000_00,
        decided.claim(FIRST).version,
    )


def test_nobody_is_paid_less_than_nothing():
    assert (Balance(-500).due, Balance(-500).receivable) == (0, 500)
    assert (Balance(700).due, Balance(700).receivable) == (700, 0)


@pytest.mark.parametrize("seed", range(3))
def test_the_entries_of_a_quarter_add_up_to_what_it_allows(seed):
    chance = random.Random(seed)
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review")
    pay = 10000
    for _ in range(4):
        if chance.random() < 0.5:
            amount = allowed_lines_left(office)
            if amount:
                office.take(FIRST, chance.randint(1, amount), "regular")
        end = chance.choice(["approve", "approve", "deny"])
        if end == "approve" and Adjustment.objects.filter(version=office.claim(FIRST).version):
            end = "approve_partly"
        office.walk(FIRST, "recommend", end)
        head = claim_in_force(claims_of(office.agency, FIRST))
        assert office.entered(FIRST) == (allowed_total(head.version) if head else 0)
        assert office.balance == office.entered(FIRST)
        assert not list(ledger_problems())
        if head is None:
            break
        act(office.preparer, head, "amend")
        pay += chance.choice([-900, -500, 300, 700])
        office.replace(FIRST, row(FIRST, regular=f"{pay}.00"))
        office.walk(FIRST, "ready", "certify", "start_review")


def allowed_lines_left(office: Office) -> int:
    """What the reviewer may still take from the regular pay of officer 0042."""
    taken = Adjustment.objects.filter(version=office.claim(FIRST).version, category="regular")
    return office.result(FIRST).regular + sum(row.amount for row in taken)


def test_the_ledger_shows_an_agency_its_own_entries_only(decided):
    stranger = make_person(Role.PREPARER, Office().agency)
    assert entries_for(stranger).count() == 0
    assert entries_for(decided.certifier).count() == 1
    assert entries_for(decided.approver).count() == 1


@pytest.mark.parametrize(
    ("amount", "balance", "match"), [(1, 19000_01, "add up"), (-19000_00, 0, "add up")]
)
def test_the_database_keeps_the_ledger_true(decided, amount, balance, match):
    version = decided.claim(FIRST).version
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        LedgerEntry.objects.create(
            agency=decided.agency, quarter=FIRST, version=version, amount=amount, balance=balance
        )

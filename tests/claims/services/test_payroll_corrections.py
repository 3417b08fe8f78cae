"""Payroll corrected cell by cell, row by row, or sent for another quarter: a new file each time."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.selectors.contributors import contributors
from claims.services.payroll import correct_payroll
from claims.verification import problems
from portal.accounts.roles import Role
from portal.kernel.errors import BadInput, Refused
from portal.kernel.quarter import Quarter
from portal.kernel.tabular.patch import LEAVE_OUT, Edit
from portal.records import storage
from tests.claims.exports import RIGHT, WRONG, parts, read
from tests.factories import PAYROLL, QUARTER, act, load_payroll, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def test_another_cell_of_a_row_with_a_very_long_one_is_corrected(preparer):
    header, first, *_ = WRONG.splitlines()
    long = f"{header},ext_note\n{first},{'x' * 199}{' ' * 600}\n"
    corrected = read(
        correct_payroll(actor=preparer, batch=load_payroll(preparer, long), edits=[RIGHT])
    )
    assert not corrected.findings.filter(code="patch_does_not_fit").exists()
    assert corrected.state == "accepted"


def test_a_corrected_cell_lets_the_file_count(preparer):
    batch = load_payroll(preparer, WRONG)
    colleague = make_person(Role.PREPARER, preparer.agency)
    corrected = read(correct_payroll(actor=colleague, batch=batch, edits=[RIGHT]))
    assert (corrected.state, corrected.rows, corrected.replaces) == ("accepted", 3, None)
    assert storage.read(corrected.document) == WRONG.encode()
    claim = Claim.objects.get()
    assert parts(claim) >= {preparer.user.pk, colleague.user.pk}
    assert set(contributors(claim.version)) >= {preparer.user, colleague.user}
    assert list(problems()) == []


def test_a_correction_of_an_accepted_file_takes_its_place(preparer):
    batch = load_payroll(preparer)
    edits = [Edit(2, "regular_pay", "2780.00", "2900.00"), Edit(4, LEAVE_OUT, "", "yes")]
    corrected = read(correct_payroll(actor=preparer, batch=batch, edits=edits))
    batch.refresh_from_db()
    assert (corrected.state, corrected.replaces, batch.state) == ("accepted", batch, "superseded")
    assert corrected.lines.count() == 2
    with pytest.raises(Refused) as refusal:
        correct_payroll(actor=preparer, batch=batch, edits=edits)
    assert refusal.value.code == "not_correctable"
    assert list(problems()) == []


def test_a_correction_that_does_not_fit_changes_nothing(preparer):
    batch = load_payroll(preparer)
    edit = Edit(2, "regular_pay", "1.00", "2900.00")
    corrected = read(correct_payroll(actor=preparer, batch=batch, edits=[edit]))
    batch.refresh_from_db()
    assert (corrected.state, batch.state) == ("rejected", "accepted")
    assert corrected.findings.filter(code="patch_does_not_fit").exists()


def test_a_file_is_sent_for_another_quarter_without_sending_it_again(preparer):
    first_row = "".join(PAYROLL.splitlines(keepends=True)[2:3])
    header = PAYROLL.splitlines(keepends=True)[0]
    batch = load_payroll(preparer, header + first_row, quarter=Quarter(2025, 4))
    assert batch.state == "rejected"
    moved = read(correct_payroll(actor=preparer, batch=batch, edits=[], quarter=QUARTER))
    assert (moved.state, moved.reference) == ("accepted", "FY2026Q1-1")
    assert moved.document == batch.document


def test_an_accepted_file_is_not_moved_to_another_quarter(preparer):
    batch = load_payroll(preparer)
    with pytest.raises(Refused) as refusal:
        correct_payroll(actor=preparer, batch=batch, edits=[], quarter=Quarter(2025, 4))
    assert refusal.value.code == "not_replaceable"


def test_a_correction_needs_something_to_correct(preparer):
    batch = load_payroll(preparer, WRONG)
    with pytest.raises(BadInput) as refusal:
        correct_payroll(actor=preparer, batch=batch, edits=[])
    assert refusal.value.code == "nothing_corrected"


def test_nothing_is_corrected_in_a_submitted_claim(preparer):
    batch = load_payroll(preparer)
    claim = Claim.objects.get()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    with pytest.raises(Refused) as refusal:
        correct_payroll(
            actor=preparer, batch=batch, edits=[Edit(2, "regular_pay", "2780.00", "1.00")]
        )
    assert refusal.value.code == "claim_submitted"


def test_a_trial_run_is_corrected_as_a_trial_run(preparer):
    batch = load_payroll(preparer, WRONG, dry_run=True)
    corrected = read(correct_payroll(actor=preparer, batch=batch, edits=[RIGHT]))
    assert (corrected.state, corrected.dry_run) == ("accepted", True)
    assert not Claim.objects.exists()

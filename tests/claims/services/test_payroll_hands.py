"""Whoever answers a warning of payroll or matches its columns has prepared the claim that rests on it."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.services.payroll import answer_payroll_warnings, match_payroll_columns
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel.errors import NotAllowed
from portal.records.models import AuditEvent
from tests.claims.exports import ADVANCE, BY_CODE, LONG, parts, read
from tests.factories import act, load_payroll, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def answer(actor, batch, text="Paid in advance because of the holiday."):
    warnings = batch.findings.filter(severity="warning")
    return answer_payroll_warnings(actor=actor, batch=batch, findings=warnings, text=text)


def test_who_answered_a_warning_cannot_certify(preparer):
    batch = load_payroll(preparer, ADVANCE)
    claim = Claim.objects.get()
    colleague = make_person(Role.PREPARER, preparer.agency)
    assert answer(colleague, batch) == 1
    assert colleague.user.pk in parts(claim)
    assert AuditEvent.objects.get(action="warning.justify").thread == claim.thread
    act(preparer, claim, "ready")
    grant_role(actor=None, user=colleague.user, role=Role.CERTIFIER, agency=preparer.agency)
    with pytest.raises(NotAllowed) as refusal:
        act(actor_for(colleague.user, preparer.agency.pk), claim, "certify")
    assert refusal.value.code == "own_work"


def test_who_answered_before_there_was_a_claim_has_prepared_it_too(preparer):
    wrong = load_payroll(preparer, ADVANCE.replace("2780.00,589.37", "27x80,589.37", 1))
    assert (wrong.state, Claim.objects.count()) == ("rejected", 0)
    colleague = make_person(Role.PREPARER, preparer.agency)
    bystander = make_person(Role.PREPARER, preparer.agency)
    answer(colleague, wrong)
    load_payroll(preparer, ADVANCE)
    assert parts(Claim.objects.get()) == {preparer.user.pk, colleague.user.pk}
    assert bystander.user.pk not in parts(Claim.objects.get())


def test_a_colleague_who_matches_the_columns_has_prepared_the_claim_too(preparer):
    batch = load_payroll(preparer, LONG)
    colleague = make_person(Role.PREPARER, preparer.agency)
    read(match_payroll_columns(actor=colleague, batch=batch, mapping=BY_CODE))
    assert parts(Claim.objects.get()) >= {preparer.user.pk, colleague.user.pk}


def test_columns_matched_long_ago_make_nobody_a_preparer(preparer):
    colleague = make_person(Role.PREPARER, preparer.agency)
    first = load_payroll(colleague, LONG, dry_run=True)
    read(match_payroll_columns(actor=colleague, batch=first, mapping=BY_CODE))
    assert load_payroll(preparer, LONG).state == "accepted"
    assert colleague.user.pk not in parts(Claim.objects.get())

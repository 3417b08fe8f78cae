"""Warnings about a payroll file answered by page: once, for the next file too, by those who prepare."""

from __future__ import annotations

import pytest

from claims.models import Claim
from portal.accounts.roles import Role
from portal.intake.models import Justification
from tests.claims.views.payroll_pages import WARNED, address, text
from tests.factories import act, load_payroll, make_person

pytestmark = pytest.mark.django_db


def test_a_warning_is_answered_and_the_answer_can_be_changed(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    client = browse(preparer)
    finding = batch.findings.get(code="salary_zero")
    assert "1 without an answer" in text(client.get(address(batch)))
    answer = client.post(
        address(batch, "answer/?by=officer"),
        {"finding": finding.number, "text": "Reserve deputy without a salary."},
    )
    assert answer.url == f"{address(batch)}?by=officer#findings"
    page = text(client.get(answer.url))
    assert "Reserve deputy without a salary." in page
    assert "Change the answer" in page
    client.post(address(batch, "answer/"), {"finding": finding.number, "text": "Paid by the day."})
    assert "Paid by the day." in text(client.get(address(batch)))


def test_an_answer_that_is_refused_stays_written(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    answer = browse(preparer).post(
        address(batch, "answer/"), {"rule": "salary_zero", "text": "His is 123-45-6789."}
    )
    assert answer.status_code in (400, 409, 422)
    assert "His is" in text(answer)
    assert not Justification.objects.exists()


def test_an_answer_is_carried_over_to_the_next_file(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    client = browse(preparer)
    client.post(address(batch, "answer/"), {"rule": "salary_zero", "text": "Reserve deputy."})
    again = load_payroll(preparer, WARNED, replaces=batch)
    assert "carried over from file FY2026Q1-1" in text(client.get(address(again)))


@pytest.mark.parametrize("rule", ["a\0", "no_such_rule", "salary_zero\0", ""])
def test_a_rule_nobody_knows_is_not_found(browse, preparer, rule):
    batch = load_payroll(preparer, WARNED)
    answer = browse(preparer).post(address(batch, "answer/"), {"rule": rule, "text": "Right."})
    assert answer.status_code == 404


def test_the_federal_side_reads_answers_once_they_are_submitted_and_writes_none(browse, preparer):
    batch = load_payroll(preparer, WARNED)
    browse(preparer).post(address(batch, "answer/"), {"rule": "salary_zero", "text": "Reserve."})
    client = browse(make_person(Role.REVIEWER))
    assert "Reserve." not in text(client.get(address(batch)))
    claim = Claim.objects.get(agency=preparer.agency)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    shown = text(client.get(address(batch)))
    assert "Reserve." in shown
    assert "Change the answer" not in shown
    refused = client.post(address(batch, "answer/"), {"rule": "salary_zero", "text": "Mine."})
    assert refused.status_code == 403

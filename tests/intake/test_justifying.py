"""Warnings and their answers: given once, good until the facts change."""

from __future__ import annotations

import pytest

from claims.models import Claim, PayrollFinding
from claims.services.payroll import withdraw_payroll
from claims.warnings import tally_of, warnings_of
from portal.accounts.roles import Role
from portal.intake.justifying import answers_of, justify, open_warnings
from portal.intake.models import Justification
from portal.kernel.errors import BadInput, NotAllowed, NotFound
from portal.records.models import AuditEvent
from tests.factories import PAYROLL, QUARTER, load_payroll, load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

ADVANCE = PAYROLL.replace("2025-10-30", "2025-10-10")
"""The second row was paid before its period began."""


@pytest.fixture
def preparer():
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    return preparer


def warnings_in(batch):
    return PayrollFinding.objects.filter(batch=batch, severity="warning")


def answer(preparer, batch, text="Paid in advance because of the holiday.", **changes):
    given = {
        "actor": preparer,
        "agency": preparer.agency,
        "reference": batch.reference,
        "findings": warnings_in(batch),
        "text": text,
    }
    return justify(**{**given, **changes})


def test_an_answer_says_who_why_and_for_which_file(preparer):
    batch = load_payroll(preparer, ADVANCE)
    (warning,) = warnings_in(batch)
    assert list(open_warnings(preparer.agency.pk, batch.findings.all())) == [warning]
    assert answer(preparer, batch, "  Paid in advance,\n as agreed. ") == 1
    known = answers_of(preparer.agency.pk, [warning.fingerprint])[warning.fingerprint]
    assert (known.text, known.user) == ("Paid in advance, as agreed.", preparer.user)
    assert (known.code, known.officer_id) == ("paid_before_period", "0042")
    assert known.reference == batch.reference
    assert not open_warnings(preparer.agency.pk, batch.findings.all()).exists()
    event = AuditEvent.objects.get(action="warning.justify")
    assert "Paid in advance, as agreed." in event.content


def test_a_later_file_with_the_same_facts_is_answered_and_with_others_it_is_not(preparer):
    first = load_payroll(preparer, ADVANCE)
    answer(preparer, first)
    again = load_payroll(preparer, ADVANCE.replace("392.31", "392.32"), replaces=first)
    assert again.state == "accepted"
    assert not open_warnings(preparer.agency.pk, again.findings.all()).exists()
    other_day = load_payroll(preparer, PAYROLL.replace("2025-10-30", "2025-10-09"), replaces=again)
    assert open_warnings(preparer.agency.pk, other_day.findings.all()).count() == 1


def test_the_latest_answer_counts_and_a_second_click_adds_none(preparer):
    batch = load_payroll(preparer, ADVANCE)
    assert answer(preparer, batch, "One.") == 1
    assert answer(preparer, batch, "One.") == 0
    assert answer(preparer, batch, "Two.") == 1
    (known,) = answers_of(preparer.agency.pk, [warnings_in(batch)[0].fingerprint]).values()
    assert known.text == "Two."
    assert Justification.objects.count() == 2


def test_an_answer_belongs_to_one_agency(preparer):
    batch = load_payroll(preparer, ADVANCE)
    answer(preparer, batch)
    other = make_person(Role.PREPARER, make_agency("Mesa County Sheriff"))
    load_roster(other)
    theirs = load_payroll(other, ADVANCE)
    assert open_warnings(other.agency.pk, theirs.findings.all()).count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" ", "justification_required"),
        ("x" * 1001, "justification_too_long"),
        ("See 123-45-6789.", "justification_not_kept"),
        ("About A123 456 789.", "justification_not_kept"),
        ("in\u200bvisible", "justification_not_kept"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(preparer, text, code):
    batch = load_payroll(preparer, ADVANCE)
    with pytest.raises(BadInput) as refusal:
        answer(preparer, batch, text)
    assert refusal.value.code == code
    assert "123" not in refusal.value.message + refusal.value.fix
    assert not Justification.objects.exists()


def test_only_warnings_are_answered(preparer):
    batch = load_payroll(preparer, PAYROLL.replace("0042", "9999"))
    for findings in (batch.findings.filter(severity="error"), []):
        with pytest.raises(BadInput) as refusal:
            answer(preparer, batch, findings=findings)
        assert refusal.value.code == "not_a_warning"


def test_only_a_preparer_of_the_agency_answers(preparer):
    batch = load_payroll(preparer, ADVANCE)
    for role in (Role.CERTIFIER, Role.VIEWER):
        with pytest.raises(NotAllowed):
            answer(preparer, batch, actor=make_person(role, preparer.agency))
    with pytest.raises(NotAllowed):
        answer(preparer, batch, actor=make_person(Role.REVIEWER))
    with pytest.raises(NotFound):
        answer(preparer, batch, actor=make_person(Role.PREPARER, make_agency("Mesa County")))


def test_a_claim_knows_the_warnings_of_the_files_that_count(preparer):
    first = load_payroll(preparer, ADVANCE)
    version = Claim.objects.get(agency=preparer.agency, quarter=QUARTER).version
    assert [warning.finding.code for warning in warnings_of(version)] == ["paid_before_period"]
    assert tally_of(version) == (1, 1)
    answer(preparer, first)
    assert tally_of(version) == (1, 0)
    second = load_payroll(preparer, ADVANCE.replace("392.31", "392.32"), replaces=first)
    (warning,) = warnings_of(version)
    assert warning.is_carried_over
    assert warning.batch == second
    withdraw_payroll(actor=preparer, batch=second, reason="Sent twice.")
    assert warnings_of(version) == []

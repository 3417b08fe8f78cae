"""The history of a quarter: by day, in plain words, and nothing that is not for the reader."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.views.history import PER_PAGE
from portal.accounts.roles import Role
from portal.records import audit
from tests.factories import PAYROLL, act, load_payroll, make_draft, make_person

pytestmark = pytest.mark.django_db


def page(client, claim, query: str = "") -> str:
    response = client.get(f"/claims/{claim.number}/history/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def submitted():
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return preparer, claim


def test_the_story_is_told_by_day_and_newest_first(browse):
    preparer, claim = submitted()
    shown = page(browse(preparer), claim)
    assert 'id="day-2026-01-20"' in shown
    assert shown.index("Certified and submitted") < shown.index("Claim opened")
    assert "accepted" in shown


def test_only_the_steps_leave_files_and_calculations_out(browse):
    preparer, claim = submitted()
    shown = page(browse(preparer), claim, "?show=steps")
    assert "Certified and submitted" in shown
    assert "Amounts calculated" not in shown
    assert "Payroll file" not in shown


def test_a_changed_amount_is_told_with_what_it_was(browse):
    preparer, claim = make_draft()
    claim.refresh_from_db()
    act(preparer, claim, "ready")
    act(preparer, claim, "unready")
    load_payroll(
        preparer,
        PAYROLL.splitlines()[0]
        + "\n0042,2025-10-26,2025-11-08,2025-11-13,72280.00,2780.00,0,392.31\n",
    )
    assert "before $" in page(browse(preparer), claim)


def test_what_the_federal_side_keeps_to_itself_is_not_told(browse):
    preparer, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    audit.record(
        "claim.assign",
        subject=claim.subject,
        thread=f"{claim.thread}/federal",
        actor=reviewer,
        note="Only among us.",
    )
    assert "Only among us." not in page(browse(preparer), claim)


def test_the_federal_side_reads_nothing_of_a_correction_in_work_but_its_own_steps(browse):
    preparer, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return")
    act(preparer, claim, "correct")
    claim = Claim.objects.get(pk=claim.pk)
    audit.record(
        "claim.extend",
        subject=claim.thread,
        thread=claim.thread,
        actor=make_person(Role.PROGRAM_MANAGER),
        due_on="2026-02-27",
    )
    shown = page(browse(reviewer), claim)
    assert "Correction started" not in shown
    assert "Due date extended to February 27, 2026" in shown
    assert "Correction started" in page(browse(preparer), claim)


def test_a_long_story_is_paged_and_the_filter_is_kept(browse):
    preparer, claim = make_draft()
    for number in range(PER_PAGE + 5):
        audit.record(
            "claim.ready", subject=claim.thread, thread=claim.thread, actor=preparer, total=number
        )
    client = browse(preparer)
    first = page(client, claim, "?show=steps")
    assert "?show=steps&page=2" in first or "?show=steps&amp;page=2" in first
    assert "Claim opened" not in first
    assert "Claim opened" in page(client, claim, "?show=steps&page=2")
    assert "Claim opened" in page(client, claim, "?print=1")


def test_a_history_without_steps_says_so(browse):
    preparer, claim = make_draft()
    assert browse(preparer).get(f"/claims/{claim.number}/history/?page=x").status_code == 200

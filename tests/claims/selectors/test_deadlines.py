"""When a claim is due, to the minute of its agency's midnight."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest

from claims.models import ClaimVersion, Extension
from claims.selectors.deadlines import (
    correction_due_on,
    deadline_of,
    deadlines_of,
    due_of,
    is_late,
    window_closed,
)
from claims.services.extending import grant_extension
from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.factories import QUARTER, act, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

DUE_ON, CLOSES_ON = date(2026, 1, 30), date(2026, 12, 31)
# Midnight in Texas is 06:00 UTC in winter.
LAST_MINUTE = datetime(2026, 1, 31, 5, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 31, 6, 0, tzinfo=UTC)


def extend(agency, due_on: date, quarter=QUARTER) -> Extension:
    return grant_extension(
        actor=make_person(Role.PROGRAM_MANAGER),
        agency=agency,
        quarter=quarter,
        due_on=due_on,
        reason="A storm closed the office.",
        token=uuid.uuid4(),
    )


def submitted():
    """A claim that was certified in time, its preparer and its certifier."""
    preparer, claim = make_draft()
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    act(preparer, claim, "ready")
    act(certifier, claim, "certify")
    return preparer, certifier, claim


def current(claim) -> ClaimVersion:
    return ClaimVersion.objects.select_related("claim__agency").get(pk=claim.version_id)


def test_a_claim_is_due_thirty_days_after_the_quarter_and_closes_with_the_calendar_year():
    _, claim = make_draft()
    assert deadline_of(claim.agency, QUARTER) == (DUE_ON, CLOSES_ON, None)


def test_a_claim_is_late_from_midnight_in_the_agencys_zone():
    _, claim = make_draft()
    with clock_at(LAST_MINUTE):
        assert not is_late(current(claim))
    with clock_at(MIDNIGHT):
        assert is_late(current(claim))


def test_the_window_closes_at_midnight_in_the_agencys_zone():
    _, claim = make_draft()
    with clock_at(datetime(2027, 1, 1, 5, 59, tzinfo=UTC)):
        assert window_closed(current(claim)) is None
    with clock_at(datetime(2027, 1, 1, 6, 0, tzinfo=UTC)):
        refusal = window_closed(current(claim))
    assert refusal.code == "window_closed"
    assert "December 31, 2026" in refusal.message


def test_an_extension_before_the_due_date_moves_it():
    _, claim = make_draft()
    extend(claim.agency, date(2026, 2, 28))
    with clock_at(MIDNIGHT):
        assert not is_late(current(claim))
    with clock_at(datetime(2026, 3, 1, 6, 0, tzinfo=UTC)):
        assert is_late(current(claim))
    assert deadline_of(claim.agency, QUARTER).closes_on == CLOSES_ON


def test_an_extension_after_the_window_opens_it_again_until_the_new_day():
    _, claim = make_draft()
    with clock_at(datetime(2027, 2, 1, 12, tzinfo=UTC)):
        assert window_closed(current(claim)) is not None
        extend(claim.agency, date(2027, 2, 15))
        assert window_closed(current(claim)) is None
        assert not is_late(current(claim))
    with clock_at(datetime(2027, 2, 16, 6, tzinfo=UTC)):
        assert is_late(current(claim))
        assert window_closed(current(claim)) is not None


def test_the_last_extension_counts_and_only_for_its_agency_and_quarter():
    _, claim = make_draft()
    extend(claim.agency, date(2026, 2, 10))
    last = extend(claim.agency, date(2026, 2, 20))
    deadlines = deadlines_of(claim.agency, [QUARTER, QUARTER.next])
    assert deadlines[QUARTER].extension == last
    assert deadlines[QUARTER.next].extension is None


def test_a_claim_that_comes_again_after_a_return_is_never_late_for_its_first_signature_stays():
    preparer, _, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    with clock_at(datetime(2027, 6, 1, 12, tzinfo=UTC)):
        act(reviewer, claim, "start_review")
        act(reviewer, claim, "return")
        act(preparer, claim, "correct")
        claim.refresh_from_db()
        assert not is_late(current(claim))
        assert window_closed(current(claim)) is None


def test_after_a_withdrawal_the_next_signature_is_judged_anew():
    preparer, certifier, claim = submitted()
    act(certifier, claim, "withdraw")
    act(preparer, claim, "correct")
    claim.refresh_from_db()
    assert due_of(current(claim), deadline_of(claim.agency, QUARTER)).on == DUE_ON
    with clock_at(MIDNIGHT):
        assert is_late(current(claim))
        extend(claim.agency, date(2026, 2, 20))
        assert not is_late(current(claim))
    with clock_at(datetime(2027, 1, 1, 6, 0, tzinfo=UTC)):
        assert window_closed(current(claim)).code == "window_closed"


def test_linked_claims_have_no_due_date():
    _, _, claim = submitted()
    version = current(claim)
    version.claim.kind = "amendment"
    with clock_at(datetime(2027, 6, 1, 12, tzinfo=UTC)):
        assert not is_late(version)
        assert due_of(version, deadline_of(claim.agency, QUARTER)) is None


def test_a_correction_is_due_two_weeks_after_the_return_in_the_agencys_zone():
    _, _, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    # Still 26 January in Texas.
    with clock_at(datetime(2026, 1, 27, 3, tzinfo=UTC)):
        act(reviewer, claim, "start_review")
        act(reviewer, claim, "return")
    claim.refresh_from_db()
    assert correction_due_on(current(claim)) == date(2026, 2, 9)


def test_a_correction_keeps_its_due_date_while_it_is_worked_on():
    preparer, _, claim = submitted()
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return", note="Row 4 is somebody else's.")
    act(preparer, claim, "correct")
    claim.refresh_from_db()
    due = due_of(current(claim), deadline_of(claim.agency, QUARTER))
    assert due.on == date(2026, 2, 3)
    assert due.returned.note == "Row 4 is somebody else's."


def test_nothing_is_due_of_what_is_with_the_federal_side_or_was_withdrawn():
    _, certifier, claim = submitted()
    deadline = deadline_of(claim.agency, QUARTER)
    claim.refresh_from_db()
    assert due_of(current(claim), deadline) is None
    act(certifier, claim, "withdraw")
    claim.refresh_from_db()
    assert due_of(current(claim), deadline) is None


def test_a_quarter_without_a_claim_is_due_all_the_same():
    _, claim = make_draft()
    assert due_of(None, deadline_of(claim.agency, QUARTER)).on == DUE_ON

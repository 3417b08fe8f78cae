"""What a decision changes in later quarters of its fiscal year: overtime under the cap."""

from __future__ import annotations

import pytest

from claims.pipeline.calculation import compute
from claims.pipeline.gathering import gather
from claims.selectors.linked import claims_of
from claims.selectors.story import timeline
from claims.verification import _ledger as ledger_problems
from portal.kernel import clock
from tests.claims.linked import FIRST, SECOND, THIRD, TO_APPROVE, TO_DENY, refused, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_three_quarters")]


def test_a_raise_back_dated_over_two_decided_quarters(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.send(THIRD, row(THIRD))
    assert office.result(SECOND).overtime_allowed == 1000_00
    assert office.result(THIRD).overtime_allowed == 0
    for quarter in (FIRST, SECOND):
        office.walk(quarter, "amend")
        office.replace(quarter, row(quarter, salary="48000.00", regular="12000.00"))
        office.walk(quarter, *TO_APPROVE)
    for quarter in (FIRST, SECOND):
        whole = compute(gather(office.agency, quarter, clock.today(office.agency.time_zone)))
        assert office.claim(quarter).version.calculation.total == whole.result.total
    assert office.result(SECOND).overtime_allowed == 3000_00
    assert office.entered(FIRST) == 21000_00
    assert office.entered(SECOND) == 15000_00
    assert office.result(THIRD).overtime_used_before == 12000_00
    assert [claim.kind for claim in claims_of(office.agency, SECOND)] == ["original", "amendment"]


def test_a_decided_later_quarter_gets_a_linked_correction(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.send(THIRD, row(THIRD))
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    opened = office.claim(SECOND)
    assert (opened.kind, opened.sequence, opened.version.state) == ("amendment", 2, "draft")
    assert office.result(SECOND).overtime_used_before == 4000_00
    assert office.result(SECOND).overtime_allowed == 6000_00
    refused("correction_needed", office.walk, SECOND, "drop")
    office.walk(SECOND, *TO_APPROVE)
    assert office.entered(FIRST) + office.entered(SECOND) == 20000_00 + 4000_00 + 6000_00
    assert office.result(THIRD).overtime_used_before == 10000_00
    assert not list(ledger_problems())


def test_every_later_decided_quarter_follows_at_once_where_it_changes(office):
    for quarter in (FIRST, SECOND, THIRD):
        office.send(quarter, row(quarter, overtime="4000.00"))
        office.walk(quarter, *TO_APPROVE)
    assert office.result(THIRD).overtime_allowed == 2000_00
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="1000.00"))
    office.walk(FIRST, *TO_APPROVE)
    # The second quarter was under the cap and stays as it is.
    assert office.claim(SECOND).kind == "original"
    assert office.claim(THIRD).kind == "amendment"
    assert office.result(THIRD).overtime_allowed == 4000_00


def test_a_denied_correction_is_not_opened_again(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    office.walk(SECOND, *TO_DENY)
    assert office.claim(SECOND).sequence == 2
    assert office.entered(SECOND) == 11000_00


def test_what_a_reviewer_takes_from_overtime_frees_it_for_later_quarters(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
    office.walk(SECOND, *TO_APPROVE)
    office.send(THIRD, row(THIRD))
    office.walk(FIRST, "ready", "certify", "start_review")
    office.take(FIRST, 4000_00)
    office.walk(FIRST, "recommend", "approve_partly")
    assert office.entered(FIRST) == 15000_00
    assert office.claim(SECOND).kind == "amendment"
    assert office.result(SECOND).overtime_used_before == 5000_00
    assert office.result(SECOND).overtime_allowed == 5000_00
    assert office.result(THIRD).overtime_used_before == 10000_00


def test_a_quarter_in_review_is_looked_at_when_it_is_decided(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
    office.walk(SECOND, "ready", "certify", "start_review")
    office.walk(FIRST, *TO_DENY)
    assert office.claim(SECOND).kind == "original"
    office.walk(SECOND, "recommend", "approve")
    assert office.claim(SECOND).kind == "amendment"
    assert office.result(SECOND).overtime_allowed == 9000_00


def test_linked_claims_of_the_portal_say_why_they_were_opened(office):
    for quarter in (FIRST, SECOND):
        office.send(quarter, row(quarter))
        office.walk(quarter, *TO_APPROVE)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, overtime="4000.00"))
    office.walk(FIRST, *TO_APPROVE)
    opened = timeline(office.claim(SECOND)).get(action="claim.open_linked")
    assert opened.actor is None
    assert office.claim(FIRST).number in opened.content

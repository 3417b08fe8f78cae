"""Estimates: what is open, what each of it would change, and the overtime left."""

from __future__ import annotations

import pytest

from claims.selectors.claims import version_for
from claims.selectors.what_if import overtime_left, what_if
from portal.accounts.roles import Role
from tests.factories import (
    PAYROLL,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_draft,
    make_person,
    report,
)

pytestmark = pytest.mark.django_db

WAITING = PAYROLL + "0042,2025-10-26,2025-11-08,2026-02-05,72280.00,2780.00,0,392.31\n"
BAD = PAYROLL.replace("2780.00", "much", 1)


def estimates(actor, claim):
    return what_if(actor, version_for(actor, claim.number))


def page(client, claim, query: str = "") -> str:
    response = client.get(f"/claims/{claim.number}/what-if/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def draft_of(payroll: str):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    load_payroll(preparer, payroll)
    return preparer, preparer.agency.claims.get()


def test_a_claim_with_nothing_open_stays_as_it_is(browse):
    preparer, claim = make_draft()
    found = estimates(preparer, claim)
    assert found.now == found.once_paid == claim.version.calculation.total
    assert found.rejected == []
    assert "Estimates for the claim of FY2026Q1" in page(browse(preparer), claim)


def test_waiting_lines_are_calculated_as_if_they_were_paid(browse):
    preparer, claim = draft_of(WAITING)
    found = estimates(preparer, claim)
    assert found.waiting_lines == 1
    assert found.gain == 278000 + 39231
    assert "1 payroll line</a> not paid" in page(browse(preparer), claim)


def test_open_warnings_say_how_much_they_question_and_answered_ones_do_not(browse):
    # The only warning is about the salary; it names what the row asks for.
    preparer, claim = draft_of(PAYROLL.replace("72280.00,2780.00", "9000,2780.00", 1))
    found = estimates(preparer, claim)
    assert found.warnings
    assert found.in_question > 0
    assert found.at_least == max(found.now - found.in_question, 0)
    assert "falls away" in page(browse(preparer), claim)


def test_a_rejected_file_is_shown_to_its_agency_alone_until_it_is_replaced(browse):
    preparer, claim = make_draft()
    file = load_payroll(preparer, BAD)
    found = estimates(preparer, claim)
    assert [one.file.pk for one in found.rejected] == [file.pk]
    assert found.with_rejected == found.now + found.rejected_amount
    assert f"File {file.reference}" in page(browse(preparer), claim)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    assert estimates(reviewer, claim).rejected == []
    assert file.reference not in page(browse(reviewer), claim)


def test_a_rejected_file_followed_by_an_accepted_one_is_no_longer_open():
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    load_payroll(preparer, BAD)
    load_payroll(preparer)
    assert estimates(preparer, preparer.agency.claims.get()).rejected == []


def test_the_award_of_every_tier_is_shown_before_and_after_the_counts(browse):
    preparer, claim = make_draft()
    assert "not confirmed yet" in page(browse(preparer), claim)
    report(preparer.agency, 20, 17)
    claim.refresh_from_db()
    shown = page(browse(preparer), claim)
    assert "80% or more <span" in shown
    assert "The counts are confirmed" in shown


def test_the_overtime_left_is_the_cap_less_what_was_used_and_is_allowed():
    preparer, claim = make_draft()
    rows = {row.officer_id: row for row in overtime_left(preparer, claim.version)}
    ana = rows["0042"]
    assert 0 < ana.left == ana.overtime_cap - ana.overtime_allowed
    assert ana.standing == "within"


def test_an_officer_over_the_cap_is_flagged_and_can_be_looked_for(browse):
    preparer, claim = draft_of(PAYROLL.replace("589.37", "20000.00"))
    rows = {row.officer_id: row.standing for row in overtime_left(preparer, claim.version)}
    assert rows["0042"] == "over"
    client = browse(preparer)
    assert "Reyes, Ana" in page(client, claim, "?standing=over")
    assert "Hollis, Ben" not in page(client, claim, "?standing=over")
    assert page(client, claim, "?sort=-left&standing=nonsense&page=9")


def test_strangers_find_no_estimates(browse):
    _, claim = make_draft()
    stranger = browse(make_person(Role.PREPARER, make_agency("Ash Police")))
    assert stranger.get(f"/claims/{claim.number}/what-if/").status_code == 404
    # A draft is its agency's own affair.
    assert (
        browse(make_person(Role.REVIEWER)).get(f"/claims/{claim.number}/what-if/").status_code
        == 404
    )

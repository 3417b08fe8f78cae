"""`verify` names what somebody changed behind the portal's back, even with every guard taken down."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claims.selectors.lines import shown_hash
from claims.verification import problems
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from tests.claims.office import TO_PARTLY_RECOMMENDED, make_office
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def approved() -> Claim:
    preparer, claim = make_draft()
    reviewer = make_person(Role.REVIEWER)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "recommend")
    act(make_person(Role.PAYMENT_APPROVER), claim, "approve")
    run_due()
    assert list(problems()) == []
    return claim


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        (
            "claims_officerresult",
            "regular = regular + 1, total = total + 1",
            "columns that differ",
        ),
        (
            "claims_calculation",
            "regular = regular + 1, benefits = benefits - 1",
            "columns that differ",
        ),
        ("claims_calculation", "content = replace(content, '2026', '2027')", "does not follow"),
        ("claims_officerresult", "detail = replace(detail, 'TFM', 'WSO')", "does not follow"),
        ("claims_payrollline", "regular_pay = regular_pay + 1", "lines of payroll file"),
        ("claims_certification", "name = 'Somebody Else'", "not the one that was recorded"),
        ("claims_certification", "wording = 'I saw nothing.'", "not the one that was recorded"),
        ("claims_decision", "note = 'As discussed.'", "not the one that was recorded"),
        ("claims_decision", "shown_sha256 = repeat('0', 64)", "not the one that was recorded"),
        ("claims_packet", "snapshot = snapshot || ' '", "made from something else"),
        ("claims_packetfile", "code = 'x' || id WHERE code > ''", "made from something else"),
        ("records_auditevent", "content = replace(content, 'ready', 'reddy')", "match its hash"),
    ],
)
def test_a_change_behind_the_portals_back_is_named(approved, owner_cursor, table, change, words):
    owner_cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner_cursor.execute(f"UPDATE {table} SET {change}")
    assert any(words in problem for problem in problems())


@pytest.mark.parametrize("decide", ["approve_partly", "deny"])
def test_a_line_that_was_taken_after_the_decision_is_named(owner_cursor, decide):
    office = make_office()
    version = office.walk(*TO_PARTLY_RECOMMENDED)
    shown = shown_hash(version)
    version = office.walk(decide)
    assert version.decisions.get(action=decide).shown_sha256 == shown != version.calculation.sha256
    assert list(problems()) == []
    owner_cursor.execute("ALTER TABLE claims_adjustment DISABLE TRIGGER USER")
    owner_cursor.execute("UPDATE claims_adjustment SET amount = -101 WHERE amount = -100")
    assert any("other lines than were shown" in problem for problem in problems())


def test_a_calculation_of_another_claim_is_named(approved, owner_cursor):
    _, other = make_draft(make_agency("Elsewhere Police"))
    owner_cursor.execute("ALTER TABLE claims_claimversion DISABLE TRIGGER USER")
    owner_cursor.execute(
        "UPDATE claims_claimversion SET calculation_id = %s WHERE id = %s",
        [other.version.calculation_id, approved.version_id],
    )
    assert any("calculation of another version" in problem for problem in problems())

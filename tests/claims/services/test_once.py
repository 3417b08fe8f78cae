"""A form's token that comes again for another claim: said in words, never a failure, never another's row."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from claims.models import Adjustment
from claims.services.adjusting import adjust, disallow
from claims.services.extending import grant_extension
from claims.services.holding import place_hold
from claims.services.waiving import grant_waiver
from portal.accounts.fresh import proven
from portal.accounts.roles import Role
from portal.kernel.errors import BadInput
from tests.claims.office import TO_REVIEW, make_office
from tests.factories import QUARTER, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

WORDS = {"reason": "unsupported", "note": "No timesheet."}


def take(office, reviewer, token):
    return adjust(
        actor=reviewer,
        version=office.version,
        officer_id="0042",
        category="regular",
        amount=100,
        reason="unsupported",
        note="No timesheet.",
        token=token,
    )


def hold(office, reviewer, token):
    return place_hold(
        actor=reviewer,
        version=office.version,
        why="funds",
        note="No funds.",
        until_on=date(2026, 2, 1),
        token=token,
    )


def waive(office, reviewer, token):
    return grant_waiver(
        actor=office.people["approver"],
        claim=office.version.claim,
        rule="evidence",
        officer_id="",
        category="",
        reason="The annex burned.",
        expires_on=date(2026, 3, 1),
        token=token,
    )


def extend(office, token):
    return grant_extension(
        actor=make_person(Role.PROGRAM_MANAGER),
        agency=office.claim.agency,
        quarter=QUARTER,
        due_on=date(2026, 2, 27),
        reason="A storm closed the office.",
        token=token,
    )


def offices():
    reviewer = make_person(Role.REVIEWER)
    approver = proven(make_person(Role.PAYMENT_APPROVER))
    both = [make_office(), make_office()]
    for office in both:
        office.people |= {"reviewer": reviewer, "approver": approver}
        office.walk(*TO_REVIEW)
    return *both, reviewer


@pytest.mark.parametrize("do", [take, hold, waive])
def test_a_token_of_another_claims_form_is_refused(do):
    first, second, reviewer = offices()
    token = uuid4()
    made = do(first, reviewer, token)
    assert do(first, reviewer, token) == made
    with pytest.raises(BadInput) as refusal:
        do(second, reviewer, token)
    assert refusal.value.code == "form_used"


def test_a_token_of_another_agencys_extension_is_refused():
    first, second, token = make_office(), make_office(), uuid4()
    for office in (first, first):
        extend(office, token)
    with pytest.raises(BadInput) as refusal:
        extend(second, token)
    assert refusal.value.code == "form_used"


def test_lines_of_two_claims_are_disallowed_under_one_token():
    first, second, reviewer = offices()
    token, keys = uuid4(), [("0042", "regular"), ("0042", "overtime")]
    for office in (first, second, first):
        disallow(actor=reviewer, version=office.version, keys=keys, **WORDS, token=token)
    for office in (first, second):
        assert Adjustment.objects.filter(version=office.version).count() == 2

"""The database itself keeps the rules of appeals: who, how much, in which order, and never changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from claims.models import Appeal, Decision
from claims.selectors.lines import allowed_total
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel import clock
from tests.claims.appealed import LINE, Office
from tests.claims.office import LARGE, TO_RECOMMENDED, make_office
from tests.factories import make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def office(db):
    return Office()


def row(office, **changes) -> Appeal:
    return Appeal(
        **{
            "version": office.version,
            "officer_id": LINE[0],
            "category": LINE[1],
            "asked": 30_000,
            "grounds": "So.",
            "filed_by": office.certifier.user,
            **changes,
        }
    )


def test_the_database_lets_only_the_agencys_certifier_ask_for_what_was_taken(office):
    for wrong, match in (
        ({"filed_by": office.preparer.user}, "certifier"),
        ({"filed_by": office.reviewer.user}, "certifier"),
        ({"asked": 30_001}, "no more than was taken"),
        ({"category": "regular"}, "no more than was taken"),
        (
            {
                "proposed": 1,
                "proposed_by": office.other.user,
                "proposed_at": clock.now(),
            },
            "undecided",
        ),
    ):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            row(office, **wrong).save()
    row(office).save()
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.all().delete()


def test_the_database_wants_an_appealable_claim(db):
    preparer, claim = make_draft()
    office = Office()
    office.claim = claim
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    with pytest.raises(DatabaseError, match="denied or approved in part"), transaction.atomic():
        row(office, filed_by=certifier.user).save()


def test_the_database_keeps_the_four_eyes_of_an_appeal(office):
    row(office).save()
    appeals, now = Appeal.objects.all(), clock.now()

    def proposed(user):
        return {"proposed": 5, "proposal": "So.", "proposed_by": user, "proposed_at": now}

    def decided(user):
        return {"granted": 0, "ruling": "So.", "decided_by": user, "decided_at": now}

    def refused(match, **values):
        with pytest.raises(DatabaseError, match=match), transaction.atomic():
            appeals.update(**values)

    refused("proposed on first", **decided(office.judge.user))
    refused("already the reviewer", **proposed(office.reviewer.user))
    for person in (office.certifier, office.approver):
        refused("only a federal reviewer", **proposed(person.user))
    refused("never changed", asked=5)
    refused("stays", ruling="So.")
    appeals.update(**proposed(office.other.user))
    refused("stays", proposal="Otherwise.")
    refused("never changed", proposed=6)
    grant_role(actor=None, user=office.other.user, role=Role.PAYMENT_APPROVER, agency=None)
    refused("already the reviewer", **decided(office.other.user))
    refused("only a federal payment_approver", **decided(office.reviewer.user))
    refused("against their own decision", **decided(office.approver.user))
    appeals.update(**decided(office.judge.user))
    refused("stays", ruling="Otherwise.")
    refused("never changed", granted=6)


def test_the_database_lets_nobody_grant_against_their_own_decision(office):
    with (
        pytest.raises(DatabaseError, match="against their own decision"),
        transaction.atomic(),
    ):
        Decision.objects.create(
            version=office.version,
            action="grant_appeal_partly",
            user=office.approver.user,
            sha256=office.version.calculation.sha256,
            allowed=allowed_total(office.version),
        )


def test_the_database_too_wants_two_approvers_of_a_large_amount_on_appeal():
    large = make_office(LARGE)
    version = large.walk(*TO_RECOMMENDED, "deny")
    with (
        pytest.raises(DatabaseError, match="approved by 2 payment approvers"),
        transaction.atomic(),
    ):
        Decision.objects.create(
            version=version,
            user=make_person(Role.PAYMENT_APPROVER).user,
            action="grant_appeal_partly",
            sha256=version.calculation.sha256,
            allowed=0,
            approvers=2,
        )

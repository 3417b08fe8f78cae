"""The database's last word: what a row written directly cannot do, and what the services say of it."""

from __future__ import annotations

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from claims.models import (
    Adjustment,
    Appeal,
    ClaimVersion,
    Decision,
    LedgerEntry,
    OfficerResult,
    Participant,
    PayrollBatch,
    Question,
)
from claims.rules.address import Address
from claims.services.adjusting import adjust
from claims.services.appealing import decide_appeals, file_appeals, propose_on_appeals
from claims.services.asking import Asked, answer, ask, close
from claims.services.assigning import give_back
from portal.accounts.fresh import proven
from portal.accounts.models import Membership, User
from portal.accounts.policies import Actor, actor_for
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel import clock
from portal.kernel.errors import NotAllowed
from tests.claims.office import (
    TO_PARTLY_RECOMMENDED,
    TO_RECOMMENDED,
    TO_REVIEW,
    Office,
    make_office,
)
from tests.factories import PAYROLL, act, load_payroll, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

DUE = date(2026, 1, 30)


@pytest.fixture
def office(db):
    return make_office()


def refused(match: str, statement: str, *values: object) -> None:
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def changes_sides(person: Actor, *roles: Role) -> Actor:
    """The person leaves the agency and serves the federal side from now on."""
    Membership.objects.filter(user=person.user).update(ended_at=clock.now())
    for role in roles:
        grant_role(actor=None, user=person.user, role=role, agency=None)
    return proven(actor_for(person.user))


def also(person: Actor, role: Role) -> Actor:
    grant_role(actor=None, user=person.user, role=role, agency=None)
    return proven(actor_for(person.user))


def asked(office: Office) -> Question:
    (question,) = ask(
        actor=office.people["reviewer"],
        version=office.version,
        asked=[Asked(Address(), "Why?", uuid4())],
        due_on=DUE,
    )
    return question


def appealed(office: Office, certifier: Actor) -> Appeal:
    office.walk(*TO_PARTLY_RECOMMENDED, "approve_partly")
    (appeal,) = file_appeals(
        actor=certifier,
        version=office.version,
        asked={("0042", "regular"): 100},
        grounds="It was worked.",
        token=uuid4(),
    )
    return appeal


def code_of(call, *args, **kwargs) -> str:
    with pytest.raises(NotAllowed) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


@pytest.mark.parametrize("part", ["certifier", "reviewer", "approver"])
def test_nobody_is_given_a_part_without_the_act(office, part):
    person = make_person(Role.PREPARER, office.claim.agency)
    with pytest.raises(DatabaseError, match="other parts follow"), transaction.atomic():
        Participant.objects.create(version=office.version, user=person.user, part=part)


def test_only_people_of_the_agency_are_noted_as_preparers(office):
    for stranger in (
        make_person(Role.REVIEWER),
        make_person(Role.PREPARER, make_agency("Elsewhere Police")),
    ):
        with pytest.raises(DatabaseError, match="of the agency"), transaction.atomic():
            Participant.objects.create(version=office.version, user=stranger.user, part="preparer")
    former = make_person(Role.PREPARER, office.claim.agency)
    Membership.objects.filter(user=former.user).update(ended_at=clock.now())
    Participant.objects.create(version=office.version, user=former.user, part="preparer")


def test_a_version_is_not_ready_while_a_sender_has_another_part_in_it(office):
    sender = make_person(Role.PREPARER, office.claim.agency)
    # They serve the federal side for a day, waive something, and come back to send payroll.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_waiver (claim_id, officer_id, category, rule, reason, granted_by_id,"
            " granted_at, expires_on, token) VALUES (%s, '', '', 'evidence', 'So.', %s, now(),"
            " '2026-12-31', gen_random_uuid())",
            [office.claim.pk, changes_sides(sender, Role.PAYMENT_APPROVER).user.pk],
        )
    Membership.objects.filter(user=sender.user).update(ended_at=clock.now())
    grant_role(actor=None, user=sender.user, role=Role.PREPARER, agency=office.claim.agency)
    before = PayrollBatch.objects.get(agency=office.claim.agency)
    load_payroll(actor_for(sender.user), PAYROLL.replace("589.37", "589.00"), replaces=before)
    assert code_of(act, office.people["preparer"], office.claim, "ready") == "own_work"
    assert office.version.state == "draft"


def test_who_answered_for_the_agency_decides_nothing_of_the_claim(office):
    office.walk(*TO_REVIEW)
    question = asked(office)
    clerk = make_person(Role.PREPARER, office.claim.agency)
    answer(actor=clerk, question=question, text="So.", token=uuid4())
    close(actor=office.people["reviewer"], question=question)
    office.walk("recommend")
    federal = changes_sides(clerk, Role.PAYMENT_APPROVER, Role.REVIEWER)
    assert code_of(act, federal, office.claim, "approve") == "own_work"
    assert office.walk("approve").state == "approved"


def test_who_answered_for_the_agency_changes_no_line(office):
    office.walk(*TO_REVIEW)
    question = asked(office)
    clerk = make_person(Role.PREPARER, office.claim.agency)
    answer(actor=clerk, question=question, text="So.", token=uuid4())
    give_back(actor=office.people["reviewer"], claim=office.claim)
    federal = changes_sides(clerk, Role.REVIEWER)
    line = {"officer_id": "0042", "category": "regular", "amount": 100}
    facts = {"version": office.version, "reason": "unsupported", "note": "No.", "token": uuid4()}
    assert code_of(adjust, actor=federal, **line, **facts) == "own_work"
    assert code_of(close, actor=federal, question=question) == "own_work"


def test_who_filed_an_appeal_neither_proposes_on_it_nor_decides_it(office):
    certifier = make_person(Role.CERTIFIER, office.claim.agency)
    appeal = appealed(office, certifier)
    federal = changes_sides(certifier, Role.PAYMENT_APPROVER, Role.REVIEWER)
    facts = {"version": office.version, "amounts": {appeal.pk: 100}}
    assert code_of(propose_on_appeals, actor=federal, proposal="So.", **facts) == "own_work"
    propose_on_appeals(actor=make_person(Role.REVIEWER), proposal="So.", **facts)
    assert code_of(decide_appeals, actor=federal, ruling="So.", **facts) == "own_work"
    judge = proven(make_person(Role.PAYMENT_APPROVER))
    assert decide_appeals(actor=judge, ruling="So.", **facts).state == "approved"


def test_who_closes_a_question_has_reviewed_the_version(office):
    office.walk(*TO_REVIEW)
    question = asked(office)
    give_back(actor=office.people["reviewer"], claim=office.claim)
    both = also(make_person(Role.REVIEWER), Role.PAYMENT_APPROVER)
    close(actor=both, question=question)
    assert Participant.objects.get(version=office.version, user=both.user).part == "reviewer"
    office.walk("recommend")
    assert code_of(act, both, office.claim, "approve") == "own_work"


def test_who_is_no_reviewer_neither_asks_nor_closes(office):
    office.walk(*TO_REVIEW)
    question = asked(office)
    refused(
        "only a federal reviewer",
        "UPDATE claims_question SET closed_by_id = %s, closed_at = now() WHERE id = %s",
        office.people["approver"].user.pk,
        question.pk,
    )


def test_nobody_is_added_to_a_calculation_that_is_the_current_one(office):
    row = OfficerResult.objects.filter(calculation=office.version.calculation).values().first()
    row |= {"position": 99, "officer_id": "GHOST"}
    columns = ", ".join(row)
    refused(
        "stands on",
        f"INSERT INTO claims_officerresult ({columns}) VALUES ({', '.join(['%s'] * len(row))})",
        *row.values(),
    )


@pytest.mark.parametrize("column", [{"allowed": -1}, {"approvers": 0}])
def test_a_decision_allows_no_less_than_nothing_by_one_approver_at_least(office, column):
    version = office.walk(*TO_REVIEW)
    with pytest.raises(IntegrityError, match=r"decision_amounts|left of the total"):
        Decision.objects.create(
            version=version,
            user=office.people["reviewer"].user,
            action="return",
            sha256=version.calculation.sha256,
            **column,
        )


def test_a_grant_is_given_back_and_decided_in_its_transaction(office):
    appeal = appealed(office, office.people["certifier"])
    propose_on_appeals(
        actor=make_person(Role.REVIEWER),
        version=office.version,
        amounts={appeal.pk: 100},
        proposal="So.",
    )
    judge = make_person(Role.PAYMENT_APPROVER)
    decided = (
        "UPDATE claims_appeal SET granted = 100, ruling = 'So.', decided_at = now(),"
        " decided_by_id = %s WHERE id = %s"
    )
    refused("given back and decided", decided, judge.user.pk, appeal.pk)
    with pytest.raises(DatabaseError, match="given back and decided"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(decided, [judge.user.pk, appeal.pk])
        Adjustment.objects.create(
            version=office.version,
            officer_id="0042",
            category="regular",
            amount=100,
            reason="appeal",
            rule="So.",
            author=judge.user,
            appeal=appeal,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_done_stays(office):
    appeal = appealed(office, office.people["certifier"])
    version = office.version
    for column in ("opened_at", "changed_at"):
        refused(
            "something was done",
            f"UPDATE claims_claimversion SET {column} = '2030-01-01' WHERE id = %s",
            version.pk,
        )
    for column in ("token = gen_random_uuid()", "proposal = 'So.'"):
        refused("never changed", f"UPDATE claims_appeal SET {column} WHERE id = %s", appeal.pk)
    assert version.packets.exists()
    refused("never changed", "DELETE FROM claims_packet WHERE version_id = %s", version.pk)
    refused("never changed", "DELETE FROM claims_appeal WHERE id = %s", appeal.pk)


def test_a_role_that_ended_meanwhile_is_called_that(office):
    office.walk(*TO_RECOMMENDED)
    approver = office.people["approver"]
    User.objects.filter(pk=approver.user.pk).update(is_active=False)
    assert code_of(act, approver, office.claim, "approve") == "not_allowed"
    User.objects.filter(pk=approver.user.pk).update(is_active=True)
    Membership.objects.filter(user=approver.user).update(ended_at=clock.now())
    assert code_of(act, approver, office.claim, "approve") == "not_allowed"
    assert office.version.state == "recommended"


def test_a_closed_account_signs_nothing(office):
    office.walk("ready")
    certifier = office.people["certifier"]
    User.objects.filter(pk=certifier.user.pk).update(is_active=False)
    assert code_of(act, certifier, office.claim, "certify") == "not_allowed"


@pytest.mark.django_db(transaction=True)
def test_of_two_entries_at_once_one_is_entered():
    office = make_office()
    version = office.walk(*TO_RECOMMENDED)
    total = version.calculation.total
    Decision.objects.create(
        version=version,
        user=office.people["approver"].user,
        action="approve",
        sha256=version.calculation.sha256,
        allowed=total,
    )
    ClaimVersion.objects.filter(pk=version.pk).update(state="approved")
    start, outcomes = threading.Barrier(2), []

    def enter() -> None:
        try:
            with transaction.atomic():
                start.wait(10)
                LedgerEntry.objects.create(
                    agency=office.claim.agency,
                    quarter=office.claim.quarter,
                    version=version,
                    amount=total,
                    balance=total,
                )
            outcomes.append("entered")
        except DatabaseError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=enter) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["entered", "refused"]
    assert LedgerEntry.objects.count() == 1

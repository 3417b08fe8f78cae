"""An agency contests its counts; somebody else than their reporter answers, and nothing waits for it."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, transaction

from awards.models import CountsDispute
from awards.selectors import dispute_for, disputes_for, open_disputes
from awards.services import confirm_counts, dispute_counts, keep_counts, report_counts
from portal.accounts.models import User
from portal.accounts.policies import actor_for
from portal.accounts.roles import Role
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.factories import QUARTER, act, make_agency, make_draft, make_person, propose, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def dispute(actor, measure, **changes) -> CountsDispute:
    return dispute_counts(
        **{
            "actor": actor,
            "measure": measure,
            "reason": "located_not_counted",
            "referred": 10,
            "located": 9,
            "grounds": "Two located in December came back to us in January.",
            "token": uuid.uuid4(),
            **changes,
        }
    )


@pytest.fixture
def agency():
    return make_agency()


@pytest.fixture
def measure(agency):
    return report(agency, 10, 7)


@pytest.fixture
def preparer(agency):
    return make_person(Role.PREPARER, agency)


def test_an_agency_disputes_and_another_manager_keeps_the_counts(measure, preparer):
    made = dispute(preparer, measure)
    manager = make_person(Role.PROGRAM_MANAGER)
    assert [d.pk for d in open_disputes(manager)] == [made.pk]
    keep_counts(actor=manager, dispute=made, answer="They were located in January.")
    assert not open_disputes(manager).exists()
    assert dispute_for(preparer, made.pk).answer == "They were located in January."
    thread = f"claim/{measure.agency.number}-{QUARTER}"
    told = AuditEvent.objects.filter(thread=thread).order_by("id").values_list("action", flat=True)
    assert list(told)[-2:] == ["counts.dispute", "counts.keep"]


def test_a_dispute_ends_when_other_counts_are_confirmed_and_not_before(measure, preparer):
    made = dispute(preparer, measure)
    new = propose(measure.agency, 10, 9)
    assert dispute_for(preparer, made.pk).is_open
    confirm_counts(actor=make_person(Role.PROGRAM_MANAGER), measure=new)
    settled = dispute_for(preparer, made.pk)
    assert (settled.is_open, settled.new_located, settled.kept_at) == (False, 9, None)
    with pytest.raises(Refused) as refusal:
        keep_counts(actor=make_person(Role.PROGRAM_MANAGER), dispute=made, answer="No.")
    assert refusal.value.code == "dispute_not_open"


def test_who_reported_the_counts_does_not_dismiss_the_dispute(measure, preparer):
    made = dispute(preparer, measure)
    reporter = actor_for(User.objects.get(pk=measure.reported_by_id))
    with pytest.raises(NotAllowed) as refusal:
        keep_counts(actor=reporter, dispute=made, answer="I counted right.")
    assert refusal.value.code == "own_counts"
    report_counts(actor=reporter, agency=measure.agency, quarter=QUARTER, referred=10, located=9)


def test_a_dispute_stops_nothing():
    preparer, claim = make_draft()
    dispute(preparer, report(claim.agency, 10, 7))
    act(preparer, claim, "ready")
    signed = act(make_person(Role.CERTIFIER, claim.agency), claim, "certify")
    assert signed.state == "submitted"


def test_sent_twice_it_is_one_and_a_second_one_waits_for_the_answer(measure, preparer):
    token = uuid.uuid4()
    assert dispute(preparer, measure, token=token) == dispute(preparer, measure, token=token)
    with pytest.raises(Refused) as refusal:
        dispute(preparer, measure)
    assert refusal.value.code == "dispute_open"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"referred": 10, "located": 7}, "counts_the_same"),
        ({"located": 11}, "located_exceeds_referred"),
        ({"referred": -1}, "count_out_of_range"),
        ({"grounds": "It is 123-45-6789."}, "reason_not_kept"),
        ({"grounds": " "}, "grounds_missing"),
    ],
)
def test_what_makes_no_sense_is_refused(measure, preparer, changes, code):
    with pytest.raises(BadInput) as refusal:
        dispute(preparer, measure, **changes)
    assert refusal.value.code == code
    assert not CountsDispute.objects.exists()


def test_only_what_counts_is_disputed(measure, preparer):
    report(measure.agency, 20, 10)
    with pytest.raises(Refused) as refusal:
        dispute(preparer, measure)
    assert refusal.value.code == "counts_replaced"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMINISTRATOR])
def test_other_roles_of_the_agency_dispute_nothing(measure, agency, role):
    with pytest.raises(NotAllowed):
        dispute(make_person(role, agency), measure)


def test_strangers_are_told_that_it_does_not_exist(measure, preparer):
    stranger = make_person(Role.PREPARER, make_agency("Other County"))
    made = dispute(preparer, measure)
    with pytest.raises(NotFound):
        dispute(stranger, measure)
    assert not disputes_for(stranger).exists()
    with pytest.raises(NotFound):
        dispute_for(stranger, made.pk)
    with pytest.raises(NotAllowed):
        dispute(make_person(Role.PROGRAM_MANAGER), measure)


def row(measure, user, **changes):
    return CountsDispute(
        **{
            "measure": measure,
            "reason": "other",
            "referred": 10,
            "located": 9,
            "grounds": "So.",
            "filed_by": user,
            **changes,
        }
    )


def test_the_database_lets_only_the_agency_dispute_only_what_counts(measure, preparer, agency):
    other = make_person(Role.PREPARER, make_agency("Other County"))
    viewer, manager = make_person(Role.VIEWER, agency), make_person(Role.PROGRAM_MANAGER)
    for person in (other, viewer, manager):
        with pytest.raises(DatabaseError, match="only a preparer"), transaction.atomic():
            row(measure, person.user).save()
    with pytest.raises(DatabaseError, match="counts that count"), transaction.atomic():
        row(propose(agency, 20, 10), preparer.user).save()
    report(agency, 20, 10)
    with pytest.raises(DatabaseError, match="counts that count"), transaction.atomic():
        row(measure, preparer.user).save()


def test_the_database_lets_somebody_else_answer_once(measure, preparer):
    made = dispute(preparer, measure)
    rows = CountsDispute.objects.filter(pk=made.pk)
    kept = {"answer": "So.", "kept_at": made.filed_at}
    with pytest.raises(DatabaseError, match="they reported"), transaction.atomic():
        rows.update(kept_by=measure.reported_by, **kept)
    for person in (preparer, make_person(Role.REVIEWER)):
        with pytest.raises(DatabaseError, match="program_manager"), transaction.atomic():
            rows.update(kept_by=person.user, **kept)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(located=3)
    rows.update(kept_by=make_person(Role.PROGRAM_MANAGER).user, **kept)
    with pytest.raises(DatabaseError, match="answered once"), transaction.atomic():
        rows.update(answer="Otherwise.")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()

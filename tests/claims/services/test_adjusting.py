"""Taking something from a line: by whom, when, how much, and what the database itself refuses."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Adjustment, Claim, ClaimVersion, Participant
from claims.rules.lifecycle import State
from claims.rules.lines import Category, Line, Reason
from claims.selectors import lines
from claims.services.adjusting import adjust, disallow, disallow_everything, reverse
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.factories import act, make_draft, make_person, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

REYES = "0042"


@pytest.fixture
def office() -> dict[str, Actor]:
    preparer, claim = make_draft()
    report(claim.agency, 100, 80)
    return {
        "preparer": preparer,
        "certifier": make_person(Role.CERTIFIER, claim.agency),
        "reviewer": make_person(Role.REVIEWER),
        "approver": make_person(Role.PAYMENT_APPROVER),
    }


@pytest.fixture
def claim(office: dict[str, Actor]) -> Claim:
    """A claim in review."""
    claim = Claim.objects.get()
    act(office["preparer"], claim, "ready")
    act(office["certifier"], claim, "certify")
    act(office["reviewer"], claim, "start_review")
    claim.refresh_from_db()
    return claim


def take(actor: Actor, claim: Claim, amount: int = 30_000, **other: object) -> Adjustment:
    facts: dict[str, object] = {
        "officer_id": REYES,
        "category": "overtime",
        "reason": "unsupported",
        "note": "The timesheet of October 3 has no supervisor.",
        "token": uuid.uuid4(),
        **other,
    }
    return adjust(actor=actor, version=claim.version, amount=amount, **facts)  # type: ignore[arg-type]  # of many kinds


def overtime(claim: Claim) -> Line:
    return lines.line(claim.version, REYES, "overtime")


def test_a_reviewer_takes_a_part_of_a_line_and_the_rest_stays_allowed(office, claim):
    before = overtime(claim)
    made = take(office["reviewer"], claim)
    assert (made.amount, made.rule) == (-30_000, "2 CFR 200.403(g), 200.430(g)")
    after = overtime(claim)
    assert after == before._replace(allowed=before.computed - 30_000)
    assert lines.allowed_total(claim.version) == claim.version.calculation.total - 30_000


def test_the_lines_of_a_version_add_up_to_its_total(claim):
    found = lines.lines_of(claim.version)
    assert sum(line.computed for line in found) == claim.version.calculation.total
    assert [line.category for line in found[-1:]] == [Category.AWARD]
    assert len(found) == 2 * 3 + 1
    by_category = lines.totals_by_category(claim.version)
    for total in by_category:
        own = [line for line in found if line.category is total.category]
        assert total.claimed == sum(line.claimed for line in own)
        assert total.computed == sum(line.computed for line in own)


def test_all_reasons_of_a_line_are_kept_and_together_never_take_more_than_there_is(office, claim):
    left = overtime(claim).allowed
    take(office["reviewer"], claim, 10_000)
    take(office["reviewer"], claim, left - 10_000, reason="duplicate")
    assert overtime(claim).allowed == 0
    with pytest.raises(BadInput) as refusal:
        take(office["reviewer"], claim, 1)
    assert refusal.value.code == "nothing_left"
    reasons = lines.adjustments_of(claim.version).values_list("reason", flat=True)
    assert list(reasons) == ["unsupported", "duplicate"]


def test_the_award_is_a_line_of_its_own(office, claim):
    award = lines.line(claim.version, "", "award")
    assert award.computed == claim.version.calculation.award_amount > 0
    take(office["reviewer"], claim, award.allowed, officer_id="", category="award")
    assert lines.line(claim.version, "", "award").allowed == 0


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": 0}, "bad_amount"),
        ({"amount": -5}, "bad_amount"),
        ({"amount": 10**9}, "bad_amount"),
        ({"note": "  "}, "note_required"),
        ({"note": "See 123-45-6789."}, "reason_not_kept"),
        ({"reason": "denied"}, "reason_required"),
        ({"reason": ""}, "reason_required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_taken(office, claim, wrong, code):
    with pytest.raises(BadInput) as refusal:
        take(office["reviewer"], claim, **wrong)
    assert refusal.value.code == code
    assert refusal.value.fix
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize(
    "line", [("0042", "award"), ("", "overtime"), ("nobody", "regular"), ("0042", "tips")]
)
def test_a_line_that_is_not_there_cannot_be_adjusted(office, claim, line):
    with pytest.raises(NotFound):
        take(office["reviewer"], claim, officer_id=line[0], category=line[1])


def test_a_form_sent_twice_takes_once(office, claim):
    token = uuid.uuid4()
    first = take(office["reviewer"], claim, token=token)
    assert take(office["reviewer"], claim, token=token) == first
    assert Adjustment.objects.count() == 1


def test_only_a_reviewer_without_another_part_and_only_in_review(office, claim):
    for person in ("preparer", "certifier", "approver"):
        with pytest.raises(NotAllowed):
            take(office[person], claim)
    grant_role(actor=None, user=office["approver"].user, role=Role.REVIEWER, agency=None)
    act(office["reviewer"], claim, "recommend")
    claim.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        take(office["reviewer"], claim)
    assert refusal.value.code == "wrong_state"


def test_a_claim_another_reviewer_has_taken_is_left_to_them(office, claim):
    with pytest.raises(Refused) as refusal:
        take(make_person(Role.REVIEWER), claim)
    assert refusal.value.code == "assigned_to_other"


def test_an_adjustment_given_back_stays_in_the_story(office, claim):
    before = overtime(claim)
    made = take(office["reviewer"], claim)
    back = reverse(actor=office["reviewer"], adjustment=made, note="The record was found.")
    assert reverse(actor=office["reviewer"], adjustment=made, note="Again.") == back
    assert overtime(claim) == before
    rows = list(lines.adjustments_of(claim.version))
    assert [row.amount for row in rows] == [-30_000, 30_000]
    assert lines.reversed_ids(rows) == {made.pk}
    with pytest.raises(Refused) as refusal:
        reverse(actor=office["reviewer"], adjustment=back, note="No.")
    assert refusal.value.code == "not_reversible"


def test_many_lines_are_disallowed_at_once_with_a_result_for_each(office, claim):
    everyone = [(line.officer_id, "overtime") for line in lines.lines_of(claim.version)][:-1]
    token = uuid.uuid4()

    def send() -> list[tuple[str, str]]:
        outcomes = disallow(
            actor=office["reviewer"],
            version=claim.version,
            keys=[*everyone, ("nobody", "overtime")],
            reason="unsupported",
            note="No authorization was sent.",
            token=token,
        )
        return [(o.key[0], o.refusal.code if o.refusal else "") for o in outcomes]

    # Ben Hollis had no overtime.
    said = [("0042", ""), ("A-7", "nothing_left"), ("nobody", "unknown_line")]
    assert send() == said
    assert send() == said
    assert Adjustment.objects.count() == 1
    assert overtime(claim).allowed == 0


def test_a_denial_takes_all_that_is_left_of_every_line(office, claim):
    taken = take(office["reviewer"], claim)
    act(office["reviewer"], claim, "recommend")
    act(office["approver"], claim, "deny")
    claim.refresh_from_db()
    assert claim.version.state == State.DENIED
    assert lines.allowed_total(claim.version) == 0
    assert all(line.allowed == 0 for line in lines.lines_of(claim.version))
    denied = Adjustment.objects.filter(reason=Reason.DENIED)
    assert {row.author_id for row in denied} == {office["approver"].user.pk}
    assert taken in lines.adjustments_of(claim.version)


def test_until_the_decision_the_agency_is_told_nothing(office, claim):
    take(office["reviewer"], claim)
    claim.refresh_from_db()
    assert not lines.adjustments_for(office["preparer"], claim.version).exists()
    assert lines.adjustments_for(office["reviewer"], claim.version).count() == 1
    assert not AuditEvent.objects.filter(
        thread=claim.thread, action__startswith="claim.adjust"
    ).exists()
    act(office["reviewer"], claim, "return")
    claim.refresh_from_db()
    assert lines.adjustments_for(office["preparer"], claim.version).count() == 1


def test_adjustments_stay_with_their_version_and_are_known_in_the_next(office, claim):
    take(office["reviewer"], claim)
    act(office["reviewer"], claim, "return")
    act(office["preparer"], claim, "correct")
    claim.refresh_from_db()
    assert claim.version.number == 2
    assert overtime(claim).disallowed == 0
    earlier = lines.earlier_adjustments(office["preparer"], claim.version, REYES)
    assert [(row.version.number, row.amount) for row in earlier] == [(1, -30_000)]


# What the database refuses, whatever the code says.


def insert(claim: Claim, author: Actor, **changed: object) -> None:
    row = {
        "officer_id": REYES,
        "category": "overtime",
        "amount": -100,
        "reason": "unsupported",
        "version": claim.version_id,
        "author": author.user.pk,
        **changed,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_adjustment (version_id, officer_id, category, amount, reason, rule, note,"
            " author_id, made_at, token) VALUES (%(version)s, %(officer_id)s, %(category)s, %(amount)s,"
            " %(reason)s, 'x', '', %(author)s, now(), gen_random_uuid())",
            row,
        )


def test_by_sql_a_reviewer_in_review_takes_the_part_of_a_reviewer(office, claim):
    other = make_person(Role.REVIEWER)
    insert(claim, other)
    part = Participant.objects.get(version=claim.version, user=other.user)
    assert part.part == "reviewer"


@pytest.mark.parametrize("person", ["preparer", "certifier", "approver"])
def test_by_sql_nobody_else_takes_anything(office, claim, person):
    with pytest.raises(DatabaseError, match="does not change lines"):
        insert(claim, office[person])


def test_by_sql_who_prepared_does_not_review_even_with_the_role(office, claim):
    user = office["preparer"].user
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_membership SET ended_at = now() WHERE user_id = %s", [user.pk]
        )
    grant_role(actor=None, user=user, role=Role.REVIEWER, agency=None)
    with pytest.raises(DatabaseError, match="already the preparer"):
        insert(claim, office["preparer"])


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": -(10**9)},
        {"amount": 100, "reason": "reversed"},
        {"officer_id": "nobody"},
        {"category": "award"},
        {"officer_id": "", "category": "regular"},
        {"category": "tips"},
    ],
    ids=str,
)
def test_by_sql_no_line_leaves_its_bounds(office, claim, changed):
    with pytest.raises(DatabaseError):
        insert(claim, office["reviewer"], **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": "denied"},
        {"reason": "appeal", "amount": 100},
        {"reason": "unsupported", "amount": 100},
        {"reason": "reversed"},
    ],
    ids=str,
)
def test_by_sql_every_reason_has_its_time_and_its_sign(office, claim, changed):
    with pytest.raises(DatabaseError, match="no line changes for the reason"):
        insert(claim, office["reviewer"], **changed)


def test_by_sql_nothing_is_taken_outside_review_and_nothing_is_changed(office, claim):
    made = take(office["reviewer"], claim)
    with (
        pytest.raises(DatabaseError, match=r"permission denied|evidence"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE claims_adjustment SET amount = -1 WHERE id = %s", [made.pk])
    act(office["reviewer"], claim, "recommend")
    with pytest.raises(DatabaseError, match="no line changes"):
        insert(claim, office["reviewer"])
    with pytest.raises(DatabaseError, match="does not change lines"):
        insert(claim, office["reviewer"], reason="denied")


def test_a_denial_is_one_statement_however_many_lines(office, claim, django_assert_num_queries):
    act(office["reviewer"], claim, "recommend")
    version = ClaimVersion.objects.select_related("claim__agency").get(claim=claim)
    with django_assert_num_queries(1):
        assert disallow_everything(actor=office["approver"], version=version) == 6

"""Agencies hear of what came after a decision: counts, payments; once, and their inbox says it too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from claims.chores import tell_of_supplements
from claims.pipeline.supplements import agencies_to_look_at
from claims.selectors.corrections import to_supplement
from claims.selectors.inbox_agency import piles_of_agency
from portal.accounts.models import Agency
from portal.jobs.models import Job
from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, Office, refused, row
from tests.factories import act, report, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def office():
    return Office()


def told() -> list[str]:
    """Who was told that something came later, since this was asked last."""
    settle()
    news = [message for message in mail.outbox if "Something came later" in message.subject]
    mail.outbox.clear()
    return [message.to[0] for message in news]


def waiting(office) -> list[str]:
    piles = piles_of_agency(office.preparer, office.agency)
    return [item.about for pile in piles for item in pile.items if "came later" in item.what]


def test_counts_confirmed_after_the_decision_are_told_at_once(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    assert told() == waiting(office) == []
    report(office.agency, 10, 10)
    assert told() == [office.preparer.user.email]
    claim = office.claim(FIRST)
    assert waiting(office) == [f"Claim {claim.number}"]
    report(office.agency, 20, 20)
    tell_of_supplements()
    assert told() == [], "nobody is told twice"
    office.walk(FIRST, "supplement")
    assert waiting(office) == []
    office.walk(FIRST, *TO_APPROVE)
    assert told() == waiting(office) == []


def test_counts_confirmed_before_the_decision_are_told_with_it(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE[:-1])
    report(office.agency, 10, 10)
    assert told() == []
    office.walk(FIRST, "approve")
    assert told() == [office.preparer.user.email]


def test_a_payment_that_a_line_waited_for_is_told_on_its_day(office):
    paid_on = datetime(2026, 2, 10, 15, tzinfo=UTC)
    office.send(FIRST, row(FIRST, paid_on=paid_on.date()), row(FIRST, officer="A-7"))
    office.walk(FIRST, *TO_APPROVE)
    with clock_at(paid_on - timedelta(1)):
        tell_of_supplements()
        assert told() == waiting(office) == []
    with clock_at(paid_on):
        tell_of_supplements()
        assert told() == [office.preparer.user.email]
        assert len(waiting(office)) == 1


def test_a_denied_claim_has_nothing_to_supplement(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE[:-1], "deny")
    report(office.agency, 10, 10)
    assert not list(to_supplement(Agency.objects.all()))
    assert told() == []


def test_a_decision_has_open_claims_calculated_anew_at_once(office):
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE[:-1])
    before = set(Job.objects.values_list("pk", flat=True))
    act(office.approver, office.claim(FIRST), "approve")
    queued = Job.objects.exclude(pk__in=before).filter(kind="claims.recalculate")
    assert [job.subject for job in queued] == [str(office.agency.pk)]


STRADDLING = "0042,2025-12-21,2026-01-03,2026-01-09,72280.00,2780.00,0.00\n"
BEFORE_TRAINING = "A-7,2025-10-12,2025-10-25,2026-01-30,68400.00,2630.77,0.00\n"


def decided_without_the_edge(office, *rows: str) -> None:
    office.send(FIRST, *rows)
    office.walk(FIRST, *TO_APPROVE)
    assert told() == waiting(office) == []


def test_a_row_that_the_next_file_repeats_did_not_come_later(office):
    decided_without_the_edge(office, STRADDLING)
    with clock_at(datetime(2026, 4, 10, 15, tzinfo=UTC)):
        office.send(SECOND, STRADDLING, row(SECOND, officer="A-7"))
        assert told() == waiting(office) == []
        refused("nothing_came_later", office.walk, FIRST, "supplement")


def test_a_new_row_at_the_edge_came_later_until_its_supplement_is_given_up(office):
    decided_without_the_edge(office, row(FIRST, officer="A-7"))
    with clock_at(datetime(2026, 4, 10, 15, tzinfo=UTC)):
        office.send(SECOND, STRADDLING, row(SECOND, officer="A-7"))
        assert told() == [office.preparer.user.email]
        assert len(waiting(office)) == 1
        office.walk(FIRST, "supplement")
        assert waiting(office) == []
        office.walk(FIRST, "drop")
        tell_of_supplements()
        assert told() == waiting(office) == [], "they decided not to claim it"
        report(office.agency, 10, 10)
        assert len(waiting(office)) == 1, "this is something else"


def test_the_daily_look_asks_nothing_of_agencies_without_news(
    office,
):
    decided_without_the_edge(office, STRADDLING)
    office.send(SECOND, row(SECOND, officer="A-7"))
    with clock_at(datetime(2026, 9, 10, 15, tzinfo=UTC)):
        assert not agencies_to_look_at().exists()
    with clock_at(datetime(2026, 2, 10, 15, tzinfo=UTC)):
        assert agencies_to_look_at().get() == office.agency


def test_a_new_row_without_payable_days_did_not_come_later(office):
    decided_without_the_edge(office, STRADDLING)
    with clock_at(datetime(2026, 4, 10, 15, tzinfo=UTC)):
        office.send(SECOND, BEFORE_TRAINING, row(SECOND, officer="A-7"))
        assert told() == waiting(office) == []

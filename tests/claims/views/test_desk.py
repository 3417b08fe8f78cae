"""The federal desk's pages: queue, next claim, clean claims, the quarter before."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from claims.models import Adjustment, Claim, Hold, OfficerResult
from claims.rules.lifecycle import State
from claims.services.assigning import take
from portal.accounts.roles import Role
from portal.kernel import clock
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db


def submitted(name: str) -> Claim:
    """A claim that its agency has signed."""
    preparer, claim = make_draft(make_agency(name))
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    claim.refresh_from_db()
    return claim


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def reviewer():
    return make_person(Role.REVIEWER, name="Ann Reviewer")


# The queue


def test_the_queue_is_filtered_by_reviewer_hold_kind_age_and_amount(browse, reviewer):
    mine, free, held = (submitted(name) for name in ("Ash Police", "Birch Police", "Cedar Police"))
    take(actor=reviewer, claim=mine)
    Hold.objects.create(
        claim=held,
        why="funds",
        note="No funds.",
        placed_by=reviewer.user,
        until_on=clock.today() + timedelta(3),
        token=uuid.uuid4(),
    )
    client = browse(reviewer)

    def found(query: str) -> set[str]:
        listed = text(client.get(f"/claims/?{query}"))
        return {
            claim.number for claim in (mine, free, held) if f"/claims/{claim.number}/" in listed
        }

    everything = {mine.number, free.number, held.number}
    assert found("") == everything
    assert found("whose=me") == {mine.number}
    assert found("whose=nobody") == {free.number, held.number}
    assert found("whose=other") == set()
    assert found("held=1") == {held.number}
    assert found("held=0&whose=nobody") == {free.number}
    assert found("kind=original&amount=under_10k&age=&us=TX") == everything
    assert found("kind=amendment") == set()
    assert found("age=7") == set()
    with clock.clock_at(clock.now() + timedelta(8)):
        assert found("age=7") == {mine.number, free.number}, "the other was held for three days"
        assert found("age=14") == set()
    for nonsense in ("whose=%00", "held=maybe", "age=x", "amount=-1", "kind=%F0", "sort=-age"):
        assert found(nonsense) == everything


@pytest.mark.parametrize("sort", ["agency", "quarter", "state", "age", "total"])
def test_the_queue_is_sorted_both_ways(browse, reviewer, sort):
    submitted("Ash Police")
    client = browse(reviewer)
    assert "Ash Police" in text(client.get(f"/claims/?sort={sort}"))
    assert "Ash Police" in text(client.get(f"/claims/?sort=-{sort}"))


def test_the_queue_shows_what_to_know_of_a_claim(browse, reviewer):
    claim = submitted("Ash Police")
    act(reviewer, claim, "start_review")
    claim.refresh_from_db()
    Adjustment.objects.create(
        version=claim.version,
        officer_id="0042",
        category="regular",
        amount=-100_00,
        reason="unsupported",
        rule="2 CFR 200.403(g)",
        note="No timesheet.",
        author=reviewer.user,
    )
    listed = text(browse(reviewer).get("/claims/"))
    total = claim.version.calculation.total
    assert "<strong>You</strong>" in listed
    assert "Adjusted" in listed
    assert f"${(total - 100_00) / 100:,.2f}" in listed
    assert f"${total / 100:,.2f}</a> claimed" in listed


def test_the_queue_asks_the_database_equally_often_however_long_it_is(
    browse, reviewer, django_assert_max_num_queries
):
    for name in ("Ash Police", "Birch Police", "Cedar Police"):
        submitted(name)
    client = browse(reviewer)
    with django_assert_max_num_queries(18):
        client.get("/claims/")


# The next claim


def test_next_leads_from_claim_to_claim_and_says_when_there_is_none(browse, reviewer):
    client = browse(reviewer)
    assert client.get("/claims/next/").url == "/claims/"
    one, two = submitted("Ash Police"), submitted("Birch Police")
    first = client.get("/claims/next/").url
    assert first == f"/claims/{one.number}/"
    assert f"/claims/next/?after={one.number}" in text(client.get(first))
    assert client.get(f"/claims/next/?after={one.number}").url == f"/claims/{two.number}/"
    take(actor=reviewer, claim=two)
    act(reviewer, two, "start_review")
    act(reviewer, two, "recommend")
    answer = client.get(f"/claims/next/?after={one.number}", follow=True)
    assert "No other claim waits for you." in text(answer)
    assert client.get("/claims/next/?after=%00").status_code == 302


@pytest.mark.parametrize("page", ["next", "clean"])
def test_an_agency_has_no_desk(browse, page):
    client = browse(make_person(Role.ADMINISTRATOR, make_agency()))
    assert client.get(f"/claims/{page}/").status_code == 404


# Clean claims


def test_clean_claims_are_ticked_and_recommended_together(browse, reviewer):
    one, two = submitted("Ash Police"), submitted("Birch Police")
    other = submitted("Cedar Police")
    take(actor=make_person(Role.REVIEWER), claim=other)
    client = browse(reviewer)
    page = text(client.get("/claims/clean/"))
    assert other.number not in page
    assert page.count('form="recommend"') == 2
    assert " checked" not in page
    ticked = text(client.get("/claims/clean/?ticked=all"))
    values = re.findall(r'name="claim" value="([^"]+)" checked', ticked)
    assert len(values) == 2
    answer = text(client.post("/claims/clean/recommend/", {"claim": values}))
    assert "2 of 2 claims recommended" in answer
    for claim in (one, two):
        claim.refresh_from_db()
        assert claim.version.state == State.RECOMMENDED


def test_each_claim_that_is_not_recommended_says_why(browse, reviewer):
    claim = submitted("Ash Police")
    client = browse(reviewer)
    answer = text(
        client.post("/claims/clean/recommend/", {"claim": [f"{claim.number}:stale", "nonsense"]})
    )
    assert "0 of 2 claims recommended" in answer
    assert "The amounts are no longer those you were shown." in answer
    assert "not_found" in answer
    refused = client.post("/claims/clean/recommend/", {})
    assert refused.status_code == 400
    assert "Tick the claims to recommend." in refused.content.decode()


def test_only_reviewers_recommend(browse):
    claim = submitted("Ash Police")
    client = browse(make_person(Role.PAYMENT_APPROVER))
    assert client.get("/claims/clean/").status_code == 403
    sent = client.post("/claims/clean/recommend/", {"claim": [f"{claim.number}:x"]})
    assert sent.status_code == 403


# The quarter before


def test_a_first_claim_stands_alone_with_its_hints(browse, reviewer):
    claim = submitted("Ash Police")
    page = text(browse(reviewer).get(f"/claims/{claim.number}/versions/1/before/"))
    assert "has submitted no claim of FY2025Q4" in page
    assert "Reyes, Ana" in page
    assert "Worth a look" in page
    assert "hints and nothing more" in page or "None of the patterns" in page


def test_officers_are_searched_and_a_hint_shows_its_own(browse, reviewer):
    claim = submitted("Ash Police")
    client = browse(reviewer)
    address = f"/claims/{claim.number}/versions/1/before/"
    assert "Hollis" not in text(client.get(f"{address}?q=reyes"))
    assert "Hollis" in text(client.get(f"{address}?hint=nonsense&page=9"))
    assert OfficerResult.objects.filter(calculation=claim.version.calculation).count() == 2


def test_the_agency_does_not_read_the_hints(browse):
    claim = submitted("Ash Police")
    client = browse(make_person(Role.VIEWER, claim.agency))
    assert client.get(f"/claims/{claim.number}/versions/1/before/").status_code == 404
    assert "/before/" not in text(client.get(f"/claims/{claim.number}/"))

"""Line money and waivers on the pages: what each side sees, and the reviewer's forms."""

from __future__ import annotations

import re

import pytest

from claims.models import Adjustment, Claim, Waiver
from portal.accounts.roles import Role
from tests.factories import PASSWORD, act, make_draft, make_person, report

pytestmark = pytest.mark.django_db

NOTE = "The timesheet of <i>October</i> has no supervisor."
ESCAPED = "The timesheet of &lt;i&gt;October&lt;/i&gt; has no supervisor."


@pytest.fixture
def office():
    preparer, claim = make_draft()
    report(claim.agency, 100, 80)
    people = {
        "preparer": preparer,
        "certifier": make_person(Role.CERTIFIER, claim.agency),
        "reviewer": make_person(Role.REVIEWER),
        "approver": make_person(Role.PAYMENT_APPROVER),
    }
    act(preparer, claim, "ready")
    act(people["certifier"], claim, "certify")
    act(people["reviewer"], claim, "start_review")
    return people


@pytest.fixture
def address(office):
    return f"/claims/{Claim.objects.get().number}/versions/1/"


@pytest.fixture
def officer(address):
    position = Claim.objects.get().version.calculation.results.get(officer_id="0042").position
    return f"{address}officers/{position}/"


def text(response) -> str:
    return response.content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def filled(page: str, **changed: str) -> dict[str, str]:
    return {
        "category": "overtime",
        "amount": "$300",
        "reason": "unsupported",
        "note": NOTE,
        "token": hidden(page, "token"),
        **changed,
    }


def test_a_reviewer_disallows_a_part_on_the_officers_page(browse, office, officer):
    client = browse(office["reviewer"])
    page = text(client.get(officer))
    answer = client.post(officer, filled(page), follow=True)
    shown = text(answer)
    assert answer.redirect_chain[-1][0] == f"{officer}#lines"
    assert "$300.00 of overtime disallowed." in shown
    assert ESCAPED in shown
    assert "2 CFR 200.403(g), 200.430(g)" in shown
    client.post(officer, filled(page))
    assert Adjustment.objects.count() == 1, "the same form sent twice"


def test_with_htmx_only_the_part_of_the_page_comes_back(browse, office, officer):
    client = browse(office["reviewer"])
    page = text(client.get(officer))
    answer = client.post(officer, filled(page), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert text(answer).lstrip().startswith('<section id="lines"')
    assert "$300.00 of overtime disallowed." in text(answer)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "12.345"}, "Write an amount in dollars and cents"),
        ({"amount": "999999"}, "cannot be taken away from"),
        ({"reason": ""}, "Choose a reason."),
        ({"note": ""}, "Write in a sentence what you found."),
    ],
)
def test_what_is_wrong_stands_beside_the_form(browse, office, officer, changed, said):
    client = browse(office["reviewer"])
    answer = client.post(officer, filled(text(client.get(officer)), **changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Adjustment.objects.exists()


def test_an_adjustment_is_given_back_on_the_same_page(browse, office, officer):
    client = browse(office["reviewer"])
    client.post(officer, filled(text(client.get(officer))))
    row = Adjustment.objects.get()
    shown = text(client.post(officer, {"adjustment": row.pk, "note": "Found."}, follow=True))
    assert "$300.00 of overtime given back." in shown
    assert "(given back since)" in shown


def test_the_award_is_adjusted_on_its_own_page(browse, office, address):
    client = browse(office["reviewer"])
    page = text(client.get(f"{address}award/"))
    sent = filled(page, category="award", amount="100.00")
    assert "$100.00 of performance award disallowed." in text(
        client.post(f"{address}award/", sent, follow=True)
    )


def test_nobody_else_gets_or_sends_the_form(browse, office, officer):
    page = text(browse(office["reviewer"]).get(officer))
    for person in ("preparer", "certifier", "approver"):
        client = browse(office[person])
        assert "Disallow this amount" not in text(client.get(officer))
        assert client.post(officer, filled(page)).status_code in (403, 422)
    assert not Adjustment.objects.exists()


def test_the_agency_learns_of_it_with_the_return_and_keeps_it_in_sight(
    browse, office, officer, address
):
    reviewer, preparer = browse(office["reviewer"]), browse(office["preparer"])
    reviewer.post(officer, filled(text(reviewer.get(officer))))
    for page in (officer, address, "/claims/"):
        assert "$300.00" not in text(preparer.get(page))
    assert preparer.get(f"{address}adjustments/").status_code == 404
    assert preparer.get(f"{address}lines/").status_code == 403
    number = address.split("/")[2]
    assert "adjusted" not in text(preparer.get(f"/claims/{number}/history/")).lower()
    act(office["reviewer"], Claim.objects.get(), "return")
    assert ESCAPED in text(preparer.get(officer))
    assert "What is allowed" in text(preparer.get(address))
    assert ESCAPED in text(preparer.get(f"{address}adjustments/"))
    act(office["preparer"], Claim.objects.get(), "correct")
    later = officer.replace("/versions/1/", "/versions/2/")
    shown = text(preparer.get(later))
    assert "disallowed in version 1" in shown
    assert ESCAPED in shown


def test_the_claims_page_sums_up_and_its_officers_can_be_narrowed(browse, office, officer, address):
    client = browse(office["reviewer"])
    assert "Nothing was disallowed by a reviewer" in text(client.get(address))
    client.post(officer, filled(text(client.get(officer))))
    shown = text(client.get(address))
    assert "Adjusted only" in shown
    narrowed = text(client.get(f"{address}?adjusted=True", headers={"HX-Request": "true"}))
    assert "0042" in narrowed
    assert "A-7" not in narrowed


def test_many_lines_are_ticked_and_each_result_is_told(browse, office, address):
    client = browse(office["reviewer"])
    page = text(client.get(f"{address}lines/?category=regular"))
    sent = {
        "which": "ticked",
        "officers": ["0042"],
        "reason": "duplicate",
        "note": "Paid by the state already.",
        "token": hidden(page, "token"),
    }
    assert (
        client.post(f"{address}lines/?category=regular", {**sent, "officers": []}).status_code
        == 422
    )
    shown = text(client.post(f"{address}lines/?category=regular", sent))
    assert "1 line disallowed" in shown
    everything = {**sent, "which": "all", "token": "00000000-0000-4000-8000-000000000001"}
    shown = text(client.post(f"{address}lines/?category=regular", everything))
    assert "1 line disallowed" in shown, "the other officer's"
    assert Adjustment.objects.filter(category="regular").count() == 2
    listed = text(client.get(f"{address}adjustments/?reason=duplicate&line=regular"))
    assert listed.count("Paid by the state already.") == 2


def test_an_approver_waives_and_ends_it_and_the_agency_sees_both(browse, office, address):
    client = browse(office["approver"])
    page = text(client.get(f"{address}waivers/"))
    sent = {
        "rule": "evidence",
        "officer_id": "0042",
        "category": "overtime",
        "expires_on": "2026-03-01",
        "reason": "The timesheets burned.",
        "token": hidden(page, "token"),
        "password": PASSWORD,
    }
    assert client.post(f"{address}waivers/", {**sent, "reason": ""}).status_code == 422
    assert "The timesheets burned." in text(client.post(f"{address}waivers/", sent, follow=True))
    assert "The timesheets burned." in text(browse(office["preparer"]).get(address))
    made = Waiver.objects.get()
    ended = client.post(
        f"{address}waivers/{made.pk}/end/", {"note": "Found.", "password": PASSWORD}, follow=True
    )
    assert "Ended" in text(ended)
    assert browse(office["preparer"]).get(f"{address}waivers/").status_code == 403

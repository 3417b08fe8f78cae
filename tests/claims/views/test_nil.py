"""“Nothing to claim” on the pages: where it is said, what everybody reads, and who may."""

from __future__ import annotations

import pytest

from claims.certification import NIL_WORDING
from claims.models import Claim
from claims.services.nil import declare_nil
from portal.accounts.roles import Role
from tests.factories import (
    PASSWORD,
    QUARTER,
    act,
    load_roster,
    make_agency,
    make_draft,
    make_person,
)

pytestmark = pytest.mark.django_db

PAGE = "/claims/nothing/FY2026Q1/"
REASON = "No officer <i>worked</i> under the agreement."
ESCAPED = "No officer &lt;i&gt;worked&lt;/i&gt; under the agreement."


@pytest.fixture
def preparer():
    return make_person(Role.PREPARER, make_agency())


@pytest.fixture
def nil(preparer):
    return declare_nil(
        actor=preparer, agency=preparer.agency, quarter=QUARTER, reason="Nobody worked."
    )


def text(response) -> str:
    return response.content.decode()


def walk(claim: Claim, preparer, *codes: str):
    people = {
        "ready": preparer,
        "certify": make_person(Role.CERTIFIER, preparer.agency),
        "start_review": make_person(Role.REVIEWER),
        "approve": make_person(Role.PAYMENT_APPROVER),
    }
    people["recommend"] = people["start_review"]
    for code in codes:
        act(people[code], claim, code)
    return people


def test_it_is_said_from_home_and_from_the_list_of_quarters(browse, preparer):
    client = browse(preparer)
    assert PAGE in text(client.get("/"))
    assert PAGE in text(client.get("/claims/"))
    assert "/claims/nothing/FY2026Q2/" not in text(client.get("/claims/")), "not over yet"
    assert "Why is there nothing to claim?" in text(client.get(PAGE))
    answer = client.post(PAGE, {"reason": REASON}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/claims/{preparer.agency.number}-FY2026Q1/"
    shown = text(answer)
    assert "Nothing to claim for FY2026Q1" in shown
    assert ESCAPED in shown
    assert preparer.user.name in shown
    assert "No payroll yet" not in shown


def test_the_empty_draft_leads_there_too(browse, preparer):
    client = browse(preparer)
    client.post("/claims/start/", {"quarter": "FY2026Q1"})
    claim = Claim.objects.get()
    assert PAGE in text(client.get(f"/claims/{claim.number}/"))


def test_a_draft_with_payroll_does_not_lead_there_and_is_told_why(browse):
    preparer, claim = make_draft()
    client = browse(preparer)
    assert PAGE not in text(client.get(f"/claims/{claim.number}/"))
    shown = text(client.get(PAGE))
    assert "from file FY2026Q1-1" in shown
    assert "<textarea" not in shown
    answer = client.post(PAGE, {"reason": "Nobody worked."})
    assert answer.status_code == 422
    assert "from file FY2026Q1-1" in text(answer)


def test_a_reason_is_asked_for_where_it_belongs(browse, preparer):
    answer = browse(preparer).post(PAGE, {"reason": " "})
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in text(answer)
    assert not Claim.objects.exists()


@pytest.mark.parametrize("quarter", ["FY2026Q2", "FY2030Q1", "FY2025Q4"])
def test_quarters_of_which_it_cannot_be_said_say_so(browse, preparer, quarter):
    client = browse(preparer)
    shown = client.get(f"/claims/nothing/{quarter}/")
    assert shown.status_code == 200
    assert "usa-alert--warning" in text(shown)
    assert client.post(f"/claims/nothing/{quarter}/", {"reason": "x"}).status_code == 422
    assert not Claim.objects.exists()


@pytest.mark.parametrize("quarter", ["FY2026Q9", "2026", "FY99999Q1"])
def test_what_is_no_quarter_does_not_exist(browse, preparer, quarter):
    assert browse(preparer).get(f"/claims/nothing/{quarter}/").status_code == 404


def test_an_agency_without_agreement_is_told_that_nobody_waits_for_it(browse):
    client = browse(make_person(Role.PREPARER, make_agency(agreement="")))
    assert "no claim is expected from you" in text(client.get(PAGE))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CERTIFIER, Role.ADMINISTRATOR])
def test_other_roles_of_the_agency_may_neither_say_it_nor_take_it_back(browse, preparer, nil, role):
    client = browse(make_person(role, preparer.agency))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"reason": "x"}).status_code == 403
    shown = text(client.get(f"/claims/{nil.number}/"))
    assert "Nobody worked." in shown
    assert "Take back" not in shown
    client.post(f"/claims/{nil.number}/versions/1/nothing/take-back/")
    nil.version.refresh_from_db()
    assert nil.version.nil


def test_strangers_and_the_federal_side_have_no_such_door(browse, nil):
    stranger = browse(make_person(Role.PREPARER, make_agency("Birch Police")))
    address = f"/claims/{nil.number}/versions/1/nothing/take-back/"
    assert stranger.post(address).status_code == 404
    reviewer = browse(make_person(Role.REVIEWER))
    assert reviewer.get(PAGE).status_code == 404
    assert reviewer.post(address).status_code == 404, "a draft is the agency's own affair"
    nil.version.refresh_from_db()
    assert nil.version.nil


def test_taking_it_back_makes_an_ordinary_draft(browse, preparer, nil):
    client = browse(preparer)
    assert "Take back “nothing to claim”" in text(client.get(f"/claims/{nil.number}/"))
    address = f"/claims/{nil.number}/versions/1/nothing/take-back/"
    for _ in range(2):
        assert client.post(address).url == f"/claims/{nil.number}/"
    shown = text(client.get(f"/claims/{nil.number}/"))
    assert "No payroll yet" in shown
    assert client.get(address).status_code == 405


def test_once_ready_the_page_says_how_to_get_it_back(browse, preparer, nil):
    act(preparer, nil, "ready")
    answer = browse(preparer).post(
        f"/claims/{nil.number}/versions/1/nothing/take-back/", follow=True
    )
    assert "Take it back to draft first." in text(answer)


def test_home_leads_on_and_no_longer_asks_for_payroll_or_roster(browse, preparer, nil):
    home = text(browse(preparer).get("/"))
    assert "“Nothing to claim for FY2026Q1”: mark the claim ready" in home
    assert "Nothing to claim for this quarter." in home
    assert PAGE not in home
    make_person(Role.CERTIFIER, preparer.agency)
    act(preparer, nil, "ready")
    assert "waits for its signature" in text(browse(preparer).get("/"))


def test_the_certifier_reads_the_reason_and_signs_words_of_their_own(browse, preparer, nil):
    act(preparer, nil, "ready")
    client = browse(make_person(Role.CERTIFIER, preparer.agency))
    nil.refresh_from_db()
    address = f"/claims/{nil.number}/versions/1/certify/"
    shown = text(client.get(address))
    assert "Nobody worked." in shown
    assert NIL_WORDING[:60] in shown
    assert "Certify and submit: nothing to claim" in shown
    sha256 = nil.version.calculation.sha256
    signed = {"shown_sha256": sha256, "title": "Sheriff", "agree": "on", "password": PASSWORD}
    receipt = text(client.post(address, signed, follow=True))
    assert "<strong>Nothing to claim</strong> ($0.00)" in receipt
    assert "Nobody worked." in receipt


def test_the_federal_side_reads_it_in_queue_list_and_claim(browse, preparer, nil):
    people = walk(nil, preparer, "ready", "certify")
    client = browse(people["start_review"])
    for address in ("/", "/claims/", f"/claims/{nil.number}/"):
        assert "Nothing to claim" in text(client.get(address)), address
    walk(nil, preparer, "start_review", "recommend")
    shown = text(browse(people["approve"]).get(f"/claims/{nil.number}/"))
    assert "Approve: nothing to claim" in shown
    assert "It is settled that nothing is paid for this quarter." in shown
    walk(nil, preparer, "approve")
    assert "“Nothing to claim” is approved" in text(browse(preparer).get(f"/claims/{nil.number}/"))


def test_a_quarter_with_officers_shows_them_to_whoever_judges_the_reason(browse):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    claim = declare_nil(actor=preparer, agency=preparer.agency, quarter=QUARTER, reason="None.")
    shown = text(browse(preparer).get(f"/claims/{claim.number}/"))
    assert "2 officers on the roster, none with payroll in this quarter" in shown
    assert "Reyes, Ana" in shown

"""The pages of an appeal: the certifier's, the other reviewer's, the payment approver's."""

from __future__ import annotations

import re

import pytest

from claims.models import Appeal
from claims.selectors.appeals import contestable_lines
from claims.services.appealing import propose_on_appeals
from portal.accounts.roles import Role
from tests.claims.appealed import Office
from tests.factories import PASSWORD, make_agency, make_person, report

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def filled(page: str, **changes: str) -> dict[str, str]:
    """The fields of the form of lines as the page offers them, every line ticked."""
    fields = {
        name: value
        for name, value in re.findall(
            r'<input type="(?:hidden|text)" name="([^"]+)"(?: value="([^"]*)")?', page
        )
        if name.startswith("line-") or name == "token"
    }
    ticks = {name.replace("-key", "-chosen"): "on" for name in fields if name.endswith("-key")}
    return {**fields, **ticks, "scope": "ticked", "words": "It was authorized.", **changes}


@pytest.fixture
def office(db):
    return Office()


@pytest.fixture
def address(office):
    return f"/claims/{office.claim}/versions/1/"


def test_from_the_certifiers_click_to_the_approvers(browse, office, address):
    certifier = browse(office.certifier)
    shown = text(certifier.get(address))
    assert f"{address}appeals/new/" in shown
    assert "until" in shown
    page = text(certifier.get(f"{address}appeals/new/"))
    assert "No authorization." in page
    assert 'value="300.00"' in page
    fields = filled(page, **{"line-0-amount": "250"})
    answer = certifier.post(f"{address}appeals/new/", fields, follow=True)
    assert "looks at it" in text(answer)
    assert Appeal.objects.get().asked == 25_000
    assert certifier.post(f"{address}appeals/new/", fields).status_code == 302
    assert Appeal.objects.count() == 1
    for page in (address, f"{address}appeals/"):
        (line,) = re.findall(
            r'<a class="why" href="([^"]+)">\$250.00</a>', text(certifier.get(page))
        )
        assert line.endswith("#lines")
        assert certifier.get(line, follow=True).status_code == 200

    assert f"{address}appeals/propose/" not in text(browse(office.reviewer).get(address))
    reviewer = browse(office.other)
    assert "Waiting for a federal reviewer" in text(certifier.get(address))
    shown = text(reviewer.get(address))
    assert f"{address}appeals/propose/" in shown
    assert "Propose on the appeal" in shown
    page = text(reviewer.get(f"{address}appeals/propose/"))
    fields = filled(page, words="Only the first half.", **{"line-0-amount": "200"})
    assert "Proposed." in text(reviewer.post(f"{address}appeals/propose/", fields, follow=True))
    for part in (address, f"{address}appeals/", f"/claims/{office.claim}/history/"):
        read = text(certifier.get(part))
        assert "Only the first half." not in read
        assert "$200.00" not in read

    approver = browse(office.judge)
    assert "Decide on the appeal" in text(approver.get(address))
    page = text(approver.get(f"{address}appeals/decide/"))
    assert "Only the first half." in page
    fields = filled(page, password=PASSWORD)
    assert "Decided." in text(approver.post(f"{address}appeals/decide/", fields, follow=True))
    assert Appeal.objects.get().granted == 20_000
    settled = text(certifier.get(address))
    assert "The appeal is decided; that is final." in settled
    assert "may appeal" not in settled
    read = text(certifier.get(f"{address}appeals/"))
    assert "Granted in part" in read
    assert "It was authorized." in read
    assert "Only the first half." not in read


def test_the_approver_gives_their_password(browse, office, address):
    office.file()
    office.propose()
    approver = browse(office.judge)
    page = text(approver.get(f"{address}appeals/decide/"))
    assert "Your password" in page
    answer = approver.post(f"{address}appeals/decide/", filled(page, password="wrong"))
    assert answer.status_code == 422
    assert "not your password" in text(answer)
    assert Appeal.objects.get().decided_at is None


def test_all_lines_of_a_denied_claim_at_once(browse):
    office = Office(0, deny=True)
    address = f"/claims/{office.claim}/versions/1/appeals/"
    certifier = browse(office.certifier)
    page = text(certifier.get(f"{address}new/"))
    fields = {**filled(page), "scope": "all"}
    certifier.post(f"{address}new/", fields)
    asked = sum(Appeal.objects.values_list("asked", flat=True))
    assert asked == office.version.calculation.total
    reviewer = browse(office.other)
    fields = filled(text(reviewer.get(f"{address}propose/")), scope="nothing")
    reviewer.post(f"{address}propose/", fields)
    approver = browse(office.judge)
    fields = filled(text(approver.get(f"{address}decide/")), scope="all", password=PASSWORD)
    approver.post(f"{address}decide/", fields)
    assert set(Appeal.objects.values_list("granted", flat=True)) == {0}
    assert office.version.state == "denied"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"line-0-amount": "lots"}, "such as 300.00"),
        ({"line-0-amount": "300.01"}, "only that can be asked back"),
        ({"line-0-chosen": ""}, "Tick at least one line"),
        ({"words": ""}, "Write in a sentence or two why"),
        ({"words": "He is 123-45-6789."}, "social security"),
        ({"scope": "nonsense"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_on_the_form(browse, office, address, changes, said):
    certifier = browse(office.certifier)
    fields = filled(text(certifier.get(f"{address}appeals/new/")), **changes)
    fields = {name: value for name, value in fields.items() if value or name == "words"}
    answer = certifier.post(f"{address}appeals/new/", fields)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Appeal.objects.exists()


@pytest.mark.parametrize("body", [{}, {"line-TOTAL_FORMS": "9999999"}, {"line-0-key": "\0"}])
def test_nonsense_is_refused_and_never_crashes(browse, office, address, body):
    for actor, step in (
        (office.certifier, "new"),
        (office.other, "propose"),
        (office.judge, "decide"),
    ):
        if step == "propose":
            office.file()
        answer = browse(actor).post(f"{address}appeals/{step}/", {**body, "scope": "ticked"})
        assert answer.status_code in (302, 422)


def test_a_key_nobody_was_shown_names_no_line(browse, office, address):
    office.file()
    reviewer = browse(office.other)
    fields = filled(text(reviewer.get(f"{address}appeals/propose/")), **{"line-0-amount": "1"})
    for key in ("0", "9" * 40, "overtime/0042"):
        answer = reviewer.post(f"{address}appeals/propose/", {**fields, "line-0-key": key})
        assert answer.status_code == 422
    assert Appeal.objects.get().proposed_at is None


def test_pages_are_for_those_whose_turn_it_is(browse, office, address):
    office.file()
    stranger = make_person(Role.CERTIFIER, make_agency("Other County"))
    for step in ("", "new/", "propose/", "decide/"):
        assert browse(stranger).get(f"{address}appeals/{step}").status_code == 404
    assert browse(office.preparer).get(f"{address}appeals/new/").status_code == 403
    assert browse(office.certifier).get(f"{address}appeals/propose/").status_code == 403
    assert browse(office.other).get(f"{address}appeals/decide/").status_code == 403
    page = text(browse(office.reviewer).get(f"{address}appeals/propose/"))
    assert "You had a part in the decision" in page
    assert browse(office.preparer).get(f"{address}appeals/").status_code == 200


def test_the_page_of_the_award_leads_to_the_dispute_of_its_counts(browse, office, address):
    preparer, award = browse(office.preparer), f"{address}award/"
    assert "Dispute the counts" not in text(preparer.get(award))
    report(office.claim.agency, 10, 7)
    assert "7 located of 10 referred" in text(preparer.get(award))
    assert f"/counts/{office.claim.agency.number}/FY2026Q1/dispute/" in text(preparer.get(award))
    assert "Dispute the counts" not in text(browse(office.reviewer).get(award))


def test_many_lines_take_as_many_queries_as_few(browse, django_assert_max_num_queries):
    office = Office(0, deny=True)
    office.file(contestable_lines(office.version))
    propose_on_appeals(
        actor=office.other,
        version=office.version,
        amounts={one.pk: 0 for one in Appeal.objects.all()},
        proposal="No.",
    )
    client = browse(office.judge)
    with django_assert_max_num_queries(25):
        client.get(f"/claims/{office.claim}/versions/1/appeals/decide/")

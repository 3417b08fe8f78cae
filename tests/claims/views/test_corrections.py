"""The pages and the API of linked claims and of the ledger."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from portal.accounts.roles import Role
from portal.kernel.clock import clock_at
from tests.claims.linked import FIRST, TO_APPROVE, Office, row
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july():
    with clock_at(datetime(2026, 7, 20, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def office():
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, *TO_APPROVE)
    return office


@pytest.fixture
def amended(office):
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST, regular="9500.00"))
    return office


def get(client, actor, path):
    client.force_login(actor.user)
    return client.get(path)


def test_the_ledger_of_an_agency(client, office):
    page = get(client, office.certifier, "/claims/ledger/").content.decode()
    assert "$19,000.00</a> is due to the agency" in page
    assert office.claim(FIRST).number in page


def test_the_federal_side_reads_balances_and_an_agencys_ledger(client, office):
    page = get(client, office.reviewer, "/claims/ledger/").content.decode()
    assert office.agency.number in page
    page = get(client, office.reviewer, f"/claims/ledger/{office.agency.number}/")
    assert "$19,000.00" in page.content.decode()


def test_a_strangers_ledger_and_differences_do_not_exist(client, amended):
    stranger = make_person(Role.CERTIFIER, make_agency())
    assert get(client, stranger, f"/claims/ledger/{amended.agency.number}/").status_code == 404
    number = amended.claim(FIRST).number
    path = f"/claims/{number}/versions/1/differences/"
    assert get(client, stranger, path).status_code == 404
    # A draft is the agency's own affair.
    assert get(client, amended.reviewer, path).status_code == 404


def test_the_differences_of_an_amendment(client, amended):
    number = amended.claim(FIRST).number
    page = get(client, amended.preparer, f"/claims/{number}/versions/1/differences/")
    assert "-$500.00" in page.content.decode()
    page = get(client, amended.preparer, f"/claims/{number}/").content.decode()
    assert "What this amendment changes" in page
    assert "First certified on" in page
    assert "set off against what is due" in page


def test_every_amount_of_a_difference_leads_to_what_it_is_made_of(client, amended):
    amended.replace(FIRST, row(FIRST, regular="9500.00"), row(FIRST, officer="A-7"))
    first, second = f"{amended.agency.number}-{FIRST}", amended.claim(FIRST).number
    for path in (f"/claims/{second}/", f"/claims/{second}/versions/1/differences/"):
        page = get(client, amended.preparer, path).content.decode()
        assert f'href="/claims/{second}/versions/1/officers/1/#lines">$18,500.00' in page
        assert f'href="/claims/{first}/versions/1/officers/1/#lines">$19,000.00' in page
        assert f'href="/claims/{second}/versions/1/officers/2/#lines"' in page
        for tail in ("1/", "2/"):
            assert get(client, amended.preparer, f"/claims/{second}/versions/1/officers/{tail}")
        assert f'href="/claims/{first}/versions/1/amounts/">$19,000.00' in page
        assert f'href="/claims/{second}/versions/1/award/"' in page


def test_an_officer_who_is_no_longer_in_the_claim_is_read_in_the_one_before(client):
    office = Office()
    office.send(FIRST, row(FIRST), row(FIRST, officer="A-7"))
    office.walk(FIRST, *TO_APPROVE)
    office.walk(FIRST, "amend")
    office.replace(FIRST, row(FIRST))
    second = office.claim(FIRST).number
    page = get(client, office.preparer, f"/claims/{second}/versions/1/differences/")
    cell = r'<th scope="row" data-label="Officer"><a href="([^"]+)"'
    (address,) = re.findall(cell, page.content.decode())
    assert get(client, office.preparer, address).status_code == 200


def test_a_balance_leads_to_its_entries_which_add_up(client, office):
    ledger = f"/claims/ledger/{office.agency.number}/"
    link = f'<a class="why" href="{ledger}#ledger">$19,000.00</a>'
    claim = f"/claims/{office.claim(FIRST).number}/"
    for reader in (office.preparer, office.reviewer):
        assert link in get(client, reader, claim).content.decode()
        page = get(client, reader, ledger).content.decode()
        assert 'id="ledger"' in page
        assert "$0.00 + $19,000.00" in page
    assert link in get(client, office.reviewer, "/claims/ledger/").content.decode()


def test_totals_in_lists_lead_to_how_they_came_about(client, office):
    amounts = f"/claims/{office.claim(FIRST).number}/versions/1/amounts/#sum-total"
    for reader in (office.preparer, office.reviewer):
        page = get(client, reader, "/claims/").content.decode()
        assert f'<a class="why" href="{amounts}">$19,000.00</a>' in page


def test_an_original_has_no_differences(client, office):
    number = office.claim(FIRST).number
    path = f"/claims/{number}/versions/1/differences/"
    assert get(client, office.preparer, path).status_code == 404


def test_the_federal_side_sees_no_draft_of_a_correction(client, amended):
    original = f"{amended.agency.number}-{FIRST}"
    page = get(client, amended.reviewer, f"/claims/{original}/").content.decode()
    assert amended.claim(FIRST).number not in page
    page = get(client, amended.preparer, f"/claims/{original}/").content.decode()
    assert amended.claim(FIRST).number in page


def test_a_dropped_correction_says_that_nothing_changed(client, amended):
    amended.walk(FIRST, "drop")
    page = get(client, amended.preparer, f"/claims/{amended.claim(FIRST).number}/")
    assert "it was given up" in page.content.decode()


def test_a_version_stands_beside_the_one_that_was_returned(client):
    office = Office()
    office.send(FIRST, row(FIRST))
    office.walk(FIRST, "ready", "certify", "start_review", "return", "correct")
    address = f"/claims/{office.claim(FIRST).number}/versions/2/"
    draft = get(client, office.preparer, address).content.decode()
    assert "Correct what the note names" in draft
    assert "Your next step" in draft
    assert f"/payroll/upload/?quarter={FIRST}" in draft
    office.replace(FIRST, row(FIRST, regular="9500.00"))
    office.walk(FIRST, "ready", "certify")
    for reader in (office.preparer, office.reviewer):
        assert f"{address}differences/" in get(client, reader, address).content.decode()
        page = get(client, reader, f"{address}differences/").content.decode()
        assert "What version 2 changes" in page
        assert "-$500.00" in page
        assert "returned version 1" in page
    stranger = make_person(Role.CERTIFIER, make_agency())
    assert get(client, stranger, f"{address}differences/").status_code == 404
    first = address.replace("versions/2", "versions/1")
    assert get(client, office.preparer, f"{first}differences/").status_code == 404

"""Certifying: the amounts shown are the amounts signed, by somebody who did not prepare them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.certification import WORDING
from claims.models import Certification, Lateness
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from portal.kernel.clock import clock_at
from tests.factories import PASSWORD, act, load_payroll, make_draft, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready():
    """A claim that waits for its signature, its preparer and a certifier."""
    preparer, claim = make_draft()
    act(preparer, claim, "ready")
    claim.refresh_from_db()
    return preparer, make_person(Role.CERTIFIER, preparer.agency, name="Cora Vance"), claim


def address(claim) -> str:
    return f"/claims/{claim.number}/versions/1/certify/"


def signature(claim, **changes: str) -> dict[str, str]:
    filled = {
        "shown_sha256": claim.version.calculation.sha256,
        "title": "Sheriff",
        "agree": "on",
        "password": PASSWORD,
    }
    return {**filled, **changes}


def test_the_certifier_reads_amounts_and_words_signs_and_gets_a_receipt(browse, ready):
    _, certifier, claim = ready
    client = browse(certifier)
    shown = client.get(address(claim)).content.decode()
    total = f"${claim.version.calculation.total / 100:,.2f}"
    assert total in shown
    assert WORDING.split("'")[0] in shown
    receipt = client.post(address(claim), signature(claim), follow=True)
    assert receipt.redirect_chain[-1][0] == f"/claims/{claim.number}/versions/1/receipt/"
    text = receipt.content.decode()
    for part in (claim.number, total, "Cora Vance, Sheriff", claim.version.calculation.sha256):
        assert part in text
    assert "9:00 AM CST" in text
    signed = Certification.objects.get()
    assert (signed.user, signed.sha256) == (certifier.user, claim.version.calculation.sha256)


def test_signing_twice_is_one_signature_and_the_same_receipt(browse, ready):
    _, certifier, claim = ready
    client = browse(certifier)
    first = client.post(address(claim), signature(claim))
    again = client.post(address(claim), signature(claim))
    assert first.url == again.url == f"/claims/{claim.number}/versions/1/receipt/"
    assert Certification.objects.count() == 1


@pytest.mark.parametrize("missing", ["title", "agree", "password"])
def test_nothing_is_signed_without_title_and_agreement(browse, ready, missing):
    _, certifier, claim = ready
    answer = browse(certifier).post(address(claim), signature(claim, **{missing: ""}))
    assert answer.status_code == 422
    assert f'id="id_{missing}_error"' in answer.content.decode()
    assert not Certification.objects.exists()


def test_amounts_that_changed_meanwhile_are_shown_anew_and_not_signed(browse, ready):
    _, certifier, claim = ready
    answer = browse(certifier).post(address(claim), signature(claim, shown_sha256="f" * 64))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The amounts are no longer those you were shown." in text
    assert claim.version.calculation.sha256 in text
    assert "checked" not in text
    assert not Certification.objects.exists()


def test_a_claim_that_went_back_to_draft_cannot_be_signed(browse, ready):
    preparer, certifier, claim = ready
    load_payroll(
        preparer,
        "officer_id,period_start,period_end,paid_on,annual_salary,regular_pay\n"
        "A-7,2025-12-21,2025-12-31,2026-01-10,68400.00,1500.00\n",
    )
    answer = browse(certifier).post(address(claim), signature(claim))
    assert answer.status_code == 409
    assert not Certification.objects.exists()


def test_nobody_certifies_what_they_prepared(browse, ready):
    preparer, _, claim = ready
    grant_role(actor=None, user=preparer.user, role=Role.CERTIFIER, agency=preparer.agency)
    client = browse(preparer)
    shown = client.get(address(claim)).content.decode()
    assert "You prepared this version" in shown
    assert "Certify and submit" not in shown
    assert client.post(address(claim), signature(claim)).status_code == 403
    assert not Certification.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PREPARER, Role.ADMINISTRATOR])
def test_other_roles_cannot_sign(browse, ready, role):
    preparer, _, claim = ready
    client = browse(make_person(role, preparer.agency))
    assert client.post(address(claim), signature(claim)).status_code == 403
    assert not Certification.objects.exists()


def test_there_is_no_receipt_before_the_signature(browse, ready):
    _, certifier, claim = ready
    answer = browse(certifier).get(f"/claims/{claim.number}/versions/1/receipt/")
    assert answer.status_code == 404


def test_the_password_is_asked_for_once_in_ten_minutes(browse, ready):
    _, certifier, claim = ready
    client = browse(certifier)
    assert 'autocomplete="current-password"' in client.get(address(claim)).content.decode()
    again = client.post(address(claim), signature(claim, title="")).content.decode()
    assert 'autocomplete="current-password"' not in again, "it was right; only the title is missing"
    signed = client.post(address(claim), signature(claim, password=""))
    assert signed.status_code == 302
    assert Certification.objects.exists()


def test_a_wrong_password_signs_nothing(browse, ready):
    _, certifier, claim = ready
    answer = browse(certifier).post(address(claim), signature(claim, password="wrong-horse-staple"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not your password." in text
    assert "wrong-horse-staple" not in text
    assert not Certification.objects.exists()


def test_guessing_passwords_ends_soon(browse, ready):
    _, certifier, claim = ready
    client = browse(certifier)
    for guess in range(10):
        client.post(address(claim), signature(claim, password=f"guess number {guess}"))
    answer = client.post(address(claim), signature(claim))
    assert answer.status_code == 422
    assert "You tried too many passwords." in answer.content.decode()
    assert not Certification.objects.exists()


def test_after_the_due_date_the_signer_says_why(browse, ready):
    _, certifier, claim = ready
    with clock_at(datetime(2026, 2, 2, 15, tzinfo=UTC)):
        client = browse(certifier)
        assert "This claim was due on" in client.get(address(claim)).content.decode()
        silent = client.post(address(claim), signature(claim))
        assert silent.status_code == 422
        assert "Choose why the claim is signed after its due date." in silent.content.decode()
        client.post(address(claim), signature(claim, late_why="staff", late_note="Two of us left."))
    assert Lateness.objects.get().note == "Two of us left."


def test_in_time_nobody_is_asked_why(browse, ready):
    _, certifier, claim = ready
    assert "late_why" not in browse(certifier).get(address(claim)).content.decode()


def test_a_signature_that_no_longer_counts_says_so_on_its_receipt(browse, ready):
    _, certifier, claim = ready
    client = browse(certifier)
    client.post(address(claim), signature(claim))
    receipt = f"/claims/{claim.number}/versions/1/receipt/"
    assert (
        "no longer counts" not in client.get(receipt).content.decode().partition("What happens")[0]
    )
    before = client.get(f"/claims/{claim.number}/").content.decode()
    assert "The signature under this claim no longer counts" in before, "said before it is done"
    act(certifier, claim, "withdraw")
    voided = "the agency has withdrawn this version"
    assert voided in client.get(receipt).content.decode()
    assert voided in client.get(f"/claims/{claim.number}/").content.decode()

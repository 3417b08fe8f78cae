"""Certifying: the amounts shown are the amounts signed, by somebody who did not prepare them."""

from __future__ import annotations

import pytest

from claims.certification import WORDING
from claims.models import Certification
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from tests.factories import act, load_payroll, make_draft, make_person

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


@pytest.mark.parametrize("missing", ["title", "agree"])
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

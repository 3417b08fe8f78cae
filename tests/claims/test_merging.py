"""Two records of one agency become one; what decides money is never mixed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agreements.models import ActivePeriod, AgencyName, Agreement, Officer
from agreements.services.agreements import add_agreement
from claims.services.merging import merge_agencies
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.kernel.errors import NotAllowed, Refused
from portal.records.models import AuditEvent
from tests.claims.views.conftest import browse, january
from tests.factories import act, load_roster, make_agency, make_draft, make_person

__all__ = ["browse", "january"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return make_person(Role.PROGRAM_MANAGER)


def merge(manager: Actor, merged: Agency, kept: Agency) -> Agency:
    return merge_agencies(actor=manager, merged=merged, kept=kept, note="One office.")


def end_people(agency: Agency) -> None:
    agency.memberships.update(ended_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_names_agreements_and_officers_move(manager):
    kept, merged = make_agency("Lampasas County"), make_agency("Lampass County", agreement="WSO")
    load_roster(make_person(Role.PREPARER, merged))
    end_people(merged)
    merge(manager, merged, kept)
    assert set(Agreement.objects.filter(agency=kept).values_list("model", flat=True)) == {
        "TFM",
        "WSO",
    }
    assert ActivePeriod.objects.filter(agency=kept).count() == 2
    assert Officer.objects.filter(agency=kept).count() == 2
    assert AgencyName.objects.get(agency=kept).name == "Lampass County"
    assert Agency.objects.get(pk=merged.pk).merged_into == kept
    assert AuditEvent.objects.filter(action="agency.merge").count() == 2
    with pytest.raises(Refused, match="part of another record"):
        add_agreement(
            actor=manager,
            agency=Agency.objects.get(pk=merged.pk),
            model="JEM",
            active_from=date(2026, 1, 1),
        )
    with pytest.raises(Refused, match="merged into another"):
        merge(manager, kept, merged)


def test_a_duplicate_agreement_ends_without_days(manager):
    kept, merged = make_agency("Lampasas County"), make_agency("Lampass County")
    merge(manager, merged, kept)
    assert ActivePeriod.objects.count() == 1
    assert sorted(Agreement.objects.values_list("status", flat=True)) == ["ended", "signed"]
    event = AuditEvent.objects.filter(action="agency.merge").first()
    assert event is not None
    assert '"active_from":"2025-03-01"' in event.content


def test_a_duplicate_agreement_with_officers_is_refused(manager):
    kept, merged = make_agency("Lampasas County"), make_agency("Lampass County")
    load_roster(make_person(Role.PREPARER, merged))
    end_people(merged)
    with pytest.raises(Refused, match="agreement on the same days"):
        merge(manager, merged, kept)


def test_people_open_claims_and_the_same_officers_refuse(manager):
    _, claim = make_draft()
    kept = make_agency("Elm County", agreement="")
    with pytest.raises(Refused, match="roles of people"):
        merge(manager, claim.agency, kept)
    end_people(claim.agency)
    with pytest.raises(Refused, match="cannot leave it now"):
        merge(manager, claim.agency, kept)
    merged = make_agency("Oak County", agreement="WSO")
    load_roster(make_person(Role.PREPARER, merged))
    end_people(merged)
    with pytest.raises(Refused, match="payroll ids 0042, A-7"):
        merge(manager, merged, claim.agency)
    with pytest.raises(Refused, match="same record"):
        merge(manager, kept, kept)


def test_two_claims_of_one_quarter_are_never_one_agencys(manager):
    _, claim = make_draft()
    preparer, other = make_draft(make_agency("Oak County"))
    act(preparer, other, "ready")
    certifier = make_person(Role.CERTIFIER, other.agency)
    act(certifier, other, "certify")
    reviewer, approver = make_person(Role.REVIEWER), make_person(Role.PAYMENT_APPROVER)
    act(reviewer, other, "start_review")
    act(reviewer, other, "recommend")
    act(approver, other, "deny")
    end_people(other.agency)
    with pytest.raises(Refused, match="Both records have a claim for FY2026Q1"):
        merge(manager, other.agency, claim.agency)


def test_only_program_managers_merge():
    one, other = make_agency("One"), make_agency("Other")
    for role in (Role.AUDITOR, Role.REVIEWER):
        with pytest.raises(NotAllowed):
            merge(make_person(role), one, other)


def test_the_page_merges_and_says_where_things_are(manager, browse):
    kept, merged = make_agency("Lampasas County"), make_agency("Lampass County")
    client = browse(manager)
    address = f"/agencies/{merged.number}/merge/"
    assert "cannot be undone" in client.get(address).content.decode()
    for wrong in ({}, {"number": "A99999", "note": "x"}, {"number": merged.number, "note": "x"}):
        assert client.post(address, wrong).status_code == 422
    sent = {"number": kept.number.lower(), "note": "A typing mistake."}
    page = client.post(address, sent, follow=True).content.decode()
    assert "Lampass County" in page
    assert kept.number in client.get(f"/agencies/{merged.number}/").content.decode()
    assert "Lampass" not in client.get("/agencies/").content.decode()
    assert browse(make_person(Role.AUDITOR)).post(address).status_code == 403

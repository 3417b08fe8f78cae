"""Federal readers see which officers two agencies share; agencies see nothing of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.accounts.roles import Role
from tests.factories import load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = (
    "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from,credential_number\n"
)


@pytest.fixture
def agency():
    """An agency with an officer whose credential Mesa's officer has, and one with a namesake there."""
    own = make_person(Role.PREPARER, make_agency())
    load_roster(
        own,
        HEADER
        + "0042,Reyes,Ana,2015-01-01,TFM,2025-06-01,2025-06-01,TX-0381\n"
        + "0043,Vance,Tara,2015-01-01,TFM,2025-06-01,2025-06-01,TX-0400\n",
    )
    mesa = make_person(Role.PREPARER, make_agency("Mesa County Sheriff"))
    load_roster(
        mesa,
        HEADER
        + "M-1,Vance,Tara,2015-01-01,TFM,2025-06-01,2025-06-01,TX-0381\n"
        + "M-2,Quill,Jo,2015-01-01,TFM,2025-06-01,2025-06-01,TX-0999\n",
    )
    return own.agency


def test_a_reviewer_sees_the_credential_and_below_it_the_name(client, agency):
    client.force_login(make_person(Role.REVIEWER).user)
    page = client.get(reverse("agreements:shared", args=[agency.number])).content.decode()
    assert page.index("TX-0381") < page.index("Name only")
    assert page.count("Mesa County Sheriff") == 2
    assert "TX-0999" not in page


def test_an_agency_is_not_told_that_the_page_exists(client, agency):
    client.force_login(make_person(Role.ADMINISTRATOR, agency).user)
    assert client.get(reverse("agreements:shared", args=[agency.number])).status_code == 404

"""Forms know for whom they were opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from agreements.models import RosterUpload
from portal.accounts.roles import Role
from portal.accounts.services import grant_role
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db


def test_a_form_opened_for_one_agency_is_not_sent_for_another(client):
    cedar, bluff = make_agency("Cedar Police"), make_agency("Bluff Police")
    user = make_person(Role.PREPARER, cedar).user
    grant_role(actor=None, user=user, role=Role.PREPARER, agency=bluff)
    client.force_login(user)
    page = client.get("/officers/rosters/new/").content.decode()
    assert f'name="acting_for" value="{cedar.pk}"' in page
    client.post(reverse("switch_agency"), {"agency": bluff.pk})
    answer = client.post("/officers/rosters/new/", {"acting_for": cedar.pk})
    assert answer.status_code == 409
    assert "another agency" in answer.content.decode()
    assert not RosterUpload.objects.exists()


def test_every_form_of_the_portals_own_pages_says_for_whom_it_is():
    forms = [
        path
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        if "{% csrf_token %}" in path.read_text()
        and path.parent.name != "account"
        and path.name not in {"agency_switcher.html", "user_menu.html"}
    ]
    assert len(forms) > 15
    assert [path.name for path in forms if "{% acting_for %}" not in path.read_text()] == []

"""Files with everybody's names and pay are for those who may take names; the pages are for all who read."""

from __future__ import annotations

import pytest

from agreements.models import RosterUpload
from claims.models import Packet, PayrollBatch
from portal.accounts.roles import Role, Side
from portal.jobs.running import run_due
from tests.claims.issued import signed
from tests.factories import PAYROLL, act, file_of, load_payroll, make_draft, make_person

pytestmark = pytest.mark.django_db

TAKES_NAMES = {
    Role.ADMINISTRATOR: True,
    Role.PREPARER: True,
    Role.CERTIFIER: True,
    Role.VIEWER: False,
    Role.PROGRAM_MANAGER: False,
    Role.REVIEWER: True,
    Role.PAYMENT_APPROVER: True,
    Role.AUDITOR: True,
}


@pytest.fixture
def files() -> tuple:
    """An agency's roster, payroll that was replaced, and the claim that was submitted with it."""
    preparer, claim = make_draft()
    first = PayrollBatch.objects.get()
    second = load_payroll(preparer, PAYROLL.replace("2780.00", "2781.00", 1), replaces=first)
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    return claim, first, second, RosterUpload.objects.get()


@pytest.mark.parametrize(("role", "takes_names"), TAKES_NAMES.items())
def test_who_may_not_take_names_reads_pages_and_downloads_no_whole_files(
    browse, files, role, takes_names
):
    claim, first, second, roster = files
    is_agency = role.side == Side.AGENCY
    client = browse(make_person(role, claim.agency if is_agency else None))
    pair = f"before={first.pk}&after={second.pk}"
    places = {
        f"/payroll/{second.pk}/file/": f"/payroll/{second.pk}/",
        f"/claims/{claim.number}/coverage.csv": f"/claims/{claim.number}/coverage/",
        f"/payroll/compare.csv?{pair}": f"/payroll/compare/?{pair}",
    }
    if is_agency:
        upload = f"/officers/rosters/{roster.pk}/"
        places[f"{upload}original/"] = upload
    for file, page in places.items():
        answer, shown = client.get(file), client.get(page)
        assert shown.status_code == 200, page
        assert answer.status_code == (200 if takes_names else 403), file
        assert (file.replace("&", "&amp;") in shown.content.decode()) is takes_names, page
        if not takes_names:
            said = answer.content.decode()
            assert "does not take them out of the portal" in said
            assert "somebody who prepares" in said


def test_the_error_workbook_names_officers_too(browse):
    preparer, _ = make_draft()
    wrong = load_payroll(preparer, PAYROLL.replace("2025-10-16", "2025-13-16", 1))
    for role, takes_names in ((Role.VIEWER, False), (Role.PREPARER, True)):
        client = browse(make_person(role, preparer.agency))
        page, workbook = f"/payroll/{wrong.pk}/", f"/payroll/{wrong.pk}/workbook/"
        assert (workbook in client.get(page).content.decode()) is takes_names
        assert client.get(workbook).status_code == (200 if takes_names else 403)


@pytest.mark.parametrize(("role", "takes_names"), TAKES_NAMES.items())
def test_who_may_not_take_names_gets_the_masked_copy_only(browse, role, takes_names):
    claim = signed()
    run_due()
    packet = Packet.objects.get()
    listed = f"/claims/{claim.number}/versions/1/packets/certified/"
    client = browse(make_person(role, claim.agency if role.side == Side.AGENCY else None))
    full, masked = (file_of(packet, copy).document for copy in ("full", "masked"))
    refused = client.get(f"{listed}files/{full.filename}")
    assert refused.status_code == (200 if takes_names else 403)
    if not takes_names:
        assert "Take the masked copy" in refused.content.decode()
    assert client.get(f"{listed}files/{masked.filename}").status_code == 200
    first = full if takes_names else masked
    page = client.get(f"/claims/{claim.number}/").content.decode()
    link = f"{listed}files/{first.filename}"
    assert f'<a href="{link}">Download the packet as certified</a>' in page
    page = client.get(listed).content.decode()
    assert masked.sha256 in page
    assert (full.sha256 in page) is takes_names

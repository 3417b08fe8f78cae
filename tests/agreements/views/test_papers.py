"""The papers of an agreement: attached by the program office, saved by the agency."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agreements.models import Agreement
from portal.accounts.roles import Role
from portal.records.models import AuditEvent, Document
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 signed"


def test_a_signed_agreement_is_attached_and_read_by_its_agency_alone(browse):
    agency = make_agency()
    agreement = Agreement.objects.get()
    address = f"/agencies/{agency.number}/agreements/{agreement.pk}"
    client = browse(make_person(Role.PROGRAM_MANAGER))
    assert client.get(f"{address}/moa/").status_code == 404
    file = SimpleUploadedFile("moa <x>.pdf", PDF)
    sent = {"file": file, "clauses": "No hiring of each other’s officers."}
    page = client.post(f"{address}/papers/", sent, follow=True).content.decode()
    assert "moa x.pdf" in page
    assert "No hiring of each other’s officers." in page
    saved = browse(make_person(Role.VIEWER, agency)).get(f"{address}/moa/")
    assert saved.content == PDF
    assert saved["Content-Disposition"].startswith("attachment")
    stranger = browse(make_person(Role.VIEWER, make_agency("Other County")))
    assert stranger.get(f"{address}/moa/").status_code == 404
    client.post(f"{address}/papers/", {"clauses": ""})
    agreement.refresh_from_db()
    assert agreement.moa is not None
    assert agreement.clauses == ""
    assert AuditEvent.objects.filter(action="agreement.papers").count() == 2


def test_what_is_no_pdf_is_refused_beside_the_form(browse):
    agency = make_agency()
    address = f"/agencies/{agency.number}/agreements/{Agreement.objects.get().pk}/papers/"
    client = browse(make_person(Role.PROGRAM_MANAGER))
    answer = client.post(address, {"file": SimpleUploadedFile("moa.pdf", b"<html>")})
    assert answer.status_code == 422
    assert "not a PDF" in answer.content.decode()
    assert not Document.objects.exists()
    for role in (Role.AUDITOR, Role.REVIEWER):
        assert browse(make_person(role)).post(address).status_code == 403

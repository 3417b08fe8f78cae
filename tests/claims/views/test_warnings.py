"""Warnings without an answer: everybody who prepares, signs or reviews a claim sees how many there are."""

from __future__ import annotations

import pytest

from claims.models import Claim, PayrollBatch, PayrollFinding
from claims.services.payroll import answer_payroll_warnings
from claims.warnings import tally_of, warnings_of
from portal.accounts.roles import Role
from portal.intake.justifying import justify
from tests.claims.linked import FIRST, TO_APPROVE, Office, row
from tests.factories import QUARTER, act, load_payroll, load_roster, make_agency, make_person

pytestmark = pytest.mark.django_db

# Salaries that look like hourly rates or thousands.
UNUSUAL = """officer_id,period_start,period_end,paid_on,annual_salary,regular_pay
0042,2025-10-12,2025-10-25,2025-10-30,7228.00,278.00
A-7,2025-12-07,2025-12-20,2025-12-25,6840.00,263.08
"""


@pytest.fixture
def preparer():
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer)
    assert load_payroll(preparer, UNUSUAL).state == PayrollBatch.State.ACCEPTED
    return preparer


@pytest.fixture
def claim(preparer) -> Claim:
    return Claim.objects.get(agency=preparer.agency, quarter=QUARTER)


def text(response) -> str:
    return response.content.decode()


def answer(preparer, finding: PayrollFinding) -> None:
    justify(
        actor=preparer,
        agency=preparer.agency,
        reference=finding.batch.reference,
        findings=[finding],
        text="Unpaid leave from the second day.",
    )


def test_preparer_certifier_and_reviewer_see_how_many_and_where(browse, preparer, claim):
    total, unanswered = tally_of(claim.version)
    assert total == unanswered == len(warnings_of(claim.version)) >= 2
    said = f"{total} warnings without an answer"
    address = f"/claims/{claim.number}/versions/1/warnings/"
    shown = text(browse(preparer).get(f"/claims/{claim.number}/"))
    assert said in shown
    assert address in shown
    act(preparer, claim, "ready")
    certifier = make_person(Role.CERTIFIER, preparer.agency)
    assert said in text(browse(certifier).get(f"/claims/{claim.number}/versions/1/certify/"))
    act(certifier, claim, "certify")
    client = browse(make_person(Role.REVIEWER))
    assert said in text(client.get(f"/claims/{claim.number}/"))
    listed = text(client.get(address))
    assert listed.count("No answer") == total
    assert "Answer a warning on the page of its file." not in listed


def test_answers_are_read_beside_their_warnings_and_counted(browse, preparer, claim):
    first, *rest = [warning.finding for warning in warnings_of(claim.version)]
    answer(preparer, first)
    client = browse(preparer)
    address = f"/claims/{claim.number}/versions/1/warnings/"
    listed = text(client.get(address))
    assert "Unpaid leave from the second day." in listed
    assert preparer.user.name in listed
    assert "No answer" in text(client.get(f"{address}?q={rest[-1].officer_id}"))
    for finding in rest:
        answer(preparer, finding)
    assert tally_of(claim.version).unanswered == 0
    assert "all with an answer" in text(client.get(f"/claims/{claim.number}/"))


def test_they_do_not_stop_the_claim(preparer, claim):
    assert tally_of(claim.version).unanswered
    assert act(preparer, claim, "ready").state == "ready"


def test_files_that_do_not_count_tell_no_warning(preparer, claim):
    before = tally_of(claim.version)
    load_payroll(preparer, UNUSUAL.replace("278.00", "277.00"), dry_run=True)
    load_payroll(preparer, UNUSUAL.replace("263.08", "oops"))
    assert tally_of(claim.version) == before


def test_for_strangers_there_is_no_such_page(browse, claim):
    stranger = browse(make_person(Role.CERTIFIER, make_agency("Birch Police")))
    assert stranger.get(f"/claims/{claim.number}/versions/1/warnings/").status_code == 404


@pytest.mark.usefixtures("after_quarter")
def test_what_is_signed_keeps_its_warnings_when_a_correction_is_drafted(browse):
    office = Office()
    before = office.send(FIRST, row(FIRST, salary="7228.00", regular="1807.00"))
    version = office.walk(FIRST, *TO_APPROVE)
    signed = [(warning.finding.pk, warning.batch.pk) for warning in warnings_of(version)]
    assert signed
    office.walk(FIRST, "amend")
    draft = office.replace(FIRST, row(FIRST, salary="7300.00", regular="1807.00"))
    assert {warning.batch.pk for warning in warnings_of(office.claim(FIRST).version)} == {draft.pk}
    assert [(warning.finding.pk, warning.batch.pk) for warning in warnings_of(version)] == signed
    assert tally_of(version).total == len(signed)
    page = f"/claims/{version.claim.number}/versions/1/warnings/"
    listed = text(browse(office.reviewer).get(page))
    assert before.reference in listed
    assert draft.reference not in listed


@pytest.mark.usefixtures("after_quarter")
def test_the_page_of_what_is_signed_has_its_own_answers_while_a_correction_is_drafted(browse):
    office = Office()
    batch = office.send(FIRST, row(FIRST, salary="7228.00", regular="1807.00"))
    warnings = list(batch.findings.filter(severity="warning"))

    def answered(words: str) -> None:
        answer_payroll_warnings(actor=office.preparer, batch=batch, findings=warnings, text=words)

    answered("Said before.")
    version = office.walk(FIRST, *TO_APPROVE)
    office.walk(FIRST, "amend")
    answered("Said of the draft.")
    page = f"/claims/{version.claim.number}/versions/1/warnings/"
    listed = text(browse(office.reviewer).get(page))
    assert "Said before." in listed
    assert "Said of the draft." not in listed
    draft = f"/claims/{office.claim(FIRST).number}/versions/1/warnings/"
    assert "Said of the draft." in text(browse(office.preparer).get(draft))
    file = f"/payroll/{batch.pk}/"
    assert "Said of the draft." in text(browse(office.preparer).get(file))
    federal = text(browse(office.reviewer).get(file))
    assert "Said before." in federal
    assert "Said of the draft." not in federal

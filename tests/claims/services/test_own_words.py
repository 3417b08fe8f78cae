"""Nothing people write about a claim, a file or a roster is kept with a number of a person in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from agreements.services.rosters import receive_roster, withdraw_roster
from claims.models import Claim, PayrollBatch
from claims.services.nil import declare_nil
from claims.services.payroll import (
    correct_payroll_with_file,
    match_payroll_columns,
    withdraw_payroll,
)
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.intake.faulty import Faulty
from portal.intake.models import ColumnMapping
from portal.intake.uploads import Upload
from portal.intake.workbook import FILE, OUT, ROW, name_of
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput
from portal.kernel.tabular.mapping import Mapping
from portal.records.models import AuditEvent, Document
from tests.factories import (
    PAYROLL,
    QUARTER,
    ROSTER,
    act,
    load_payroll,
    load_roster,
    make_agency,
    make_person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

NUMBER = "123-45-6789"
WORDS = f"Ask {NUMBER} about it."
WRONG = PAYROLL.replace("2780.00,589.37", "27x80,589.37", 1)
OWN = PAYROLL.replace("officer_id,period_start", "Empl No,period_start")


@pytest.fixture
def preparer() -> Actor:
    person = make_person(Role.PREPARER, make_agency())
    load_roster(person)
    return person


def takes_back(preparer: Actor) -> None:
    withdraw_payroll(actor=preparer, batch=load_payroll(preparer), reason=WORDS)


def drops_a_roster(preparer: Actor) -> None:
    upload = Upload("roster.csv", "text/csv", [ROSTER.replace("Ben", "Benjamin").encode()])
    roster = receive_roster(actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=upload)
    run_due()
    withdraw_roster(actor=preparer, upload=roster, reason=WORDS)


def says_there_is_nothing(preparer: Actor) -> None:
    declare_nil(actor=preparer, agency=preparer.agency, quarter=QUARTER, reason=WORDS)


def returns_a_claim(preparer: Actor) -> None:
    load_payroll(preparer)
    claim = Claim.objects.get()
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    reviewer = make_person(Role.REVIEWER)
    act(reviewer, claim, "start_review")
    act(reviewer, claim, "return", note=WORDS)


def names_a_column(preparer: Actor) -> None:
    mapping = Mapping(
        (
            ("Empl No", "officer_id"),
            *((name, name) for name in PAYROLL.splitlines()[0].split(",")[1:-1]),
            ("benefit_health", "benefit:health"),
        ),
        ((NUMBER, "regular_pay"),),
    )
    match_payroll_columns(actor=preparer, batch=load_payroll(preparer, OWN), mapping=mapping)


@pytest.mark.parametrize(
    "writes",
    [takes_back, drops_a_roster, says_there_is_nothing, returns_a_claim, names_a_column],
)
def test_it_is_refused_and_kept_nowhere(preparer: Actor, writes: Callable[[Actor], None]) -> None:
    with pytest.raises(BadInput) as refusal:
        writes(preparer)
    assert NUMBER not in f"{refusal.value.message} {refusal.value.fix}"
    assert not AuditEvent.objects.filter(content__contains=NUMBER).exists()
    assert not ColumnMapping.objects.filter(content__contains=NUMBER).exists()


@pytest.mark.parametrize("place", [FILE, ROW, OUT, "regular_pay", "new column"])
def test_nothing_is_kept_of_returned_rows_with_such_a_number(preparer: Actor, place: str) -> None:
    batch = load_payroll(preparer, WRONG)
    faulty = Faulty.of_text(batch.faulty)
    row = {FILE: name_of(batch), ROW: "2", OUT: ""}
    row |= dict(zip(faulty.header, faulty.rows[2], strict=True))
    row |= {NUMBER: "x"} if place == "new column" else {place: NUMBER}
    out = io.StringIO()
    csv.writer(out).writerows([list(row), list(row.values())])
    documents = Document.objects.count()
    upload = Upload("returned.csv", "text/csv", [out.getvalue().encode()])
    corrected = correct_payroll_with_file(actor=preparer, batch=batch, upload=upload)
    run_due()
    corrected = PayrollBatch.objects.get(pk=corrected.pk)
    assert (corrected.state, corrected.document) == ("rejected", None)
    assert {finding.code for finding in corrected.findings.all()} == {"looks_like_ssn"}
    told = [corrected.findings.values_list("message", "value", "column", "expected")]
    kept = [corrected.patch, corrected.sample, corrected.faulty, *told]
    assert NUMBER not in "".join(map(str, kept))
    assert Document.objects.count() == documents

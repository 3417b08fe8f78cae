"""The demonstration shows what a file can meet on its way in, and all of it holds together."""

from __future__ import annotations

import pytest

from claims.demo import load_demo
from claims.demo_faults import FEW, TWELVE
from claims.demo_plans import PLANS, QUARTER
from claims.models import Claim, PayrollBatch, PayrollLine
from claims.verification import problems
from claims.warnings import tally_of
from portal.accounts.models import Agency
from portal.intake.corrections import corrections_of
from portal.intake.models import ColumnMapping

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def files_of(slug: str) -> list[PayrollBatch]:
    name = next(plan.name for plan in PLANS if plan.slug == slug)
    return list(PayrollBatch.objects.filter(agency__name=name).order_by("quarter", "number"))


def claim_of(slug: str) -> Claim:
    name = next(plan.name for plan in PLANS if plan.slug == slug)
    return Claim.objects.get(agency__name=name, quarter=QUARTER)


def test_the_demonstration_tells_its_stories():
    listing = load_demo()
    assert Agency.objects.count() == len(PLANS)
    assert {key["agency"] for key in listing["api"]} == {a.number for a in Agency.objects.all()}
    assert list(problems()) == []
    _own_export()
    _unmatched()
    _rejected()
    _corrected()
    _two_quarters()
    assert (claim_of("elm").version.nil, claim_of("elm").version.state) == (True, "submitted")


def _own_export() -> None:
    (file,) = files_of("bluffcity")
    assert file.mapping == ColumnMapping.objects.get()
    codes = set(file.findings.values_list("code", flat=True))
    assert codes >= {"sensitive_column_dropped", "title_rows_skipped", "excluded_pay"}
    assert codes >= {"not_yet_paid"}
    # Two of 24 officers left before the last period, and one period was forgotten.
    assert PayrollLine.objects.filter(batch=file).count() == 24 * 7 - 2 - 1
    assert tally_of(claim_of("bluffcity").version) == (3, 2)


def _unmatched() -> None:
    (file,) = files_of("juniper")
    assert (file.state, file.needs_columns) == ("proposed", True)


def _rejected() -> None:
    (file,) = files_of("willow")
    assert (file.state, file.errors) == ("rejected", len(TWELVE))


def _corrected() -> None:
    files = files_of("mesa")
    assert [file.state for file in files] == ["rejected", "rejected", "accepted"]
    assert len(corrections_of(files[-1])) == len(FEW)


def _two_quarters() -> None:
    before, file = files_of("harbor")
    assert (before.quarter, before.state) == (QUARTER.previous, "accepted")
    assert file.findings.filter(code="salary_changed").count() == 4
    assert tally_of(claim_of("harbor").version) == (4, 1)

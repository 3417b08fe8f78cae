"""The demonstration shows what a file can meet on its way in, and all of it holds together."""

from __future__ import annotations

import pytest

from awards.models import CountsDispute
from claims.demo import load_demo
from claims.demo_faults import FEW, TWELVE
from claims.demo_plans import PLANS, QUARTER
from claims.models import Claim, Evidence, Extension, Note, PayrollBatch, PayrollLine
from claims.policies import refusal_of
from claims.rules.lifecycle import ACTIONS, Kind, State
from claims.selectors.appeals import not_appealable, not_proposing, open_appeals
from claims.selectors.deadlines import is_late
from claims.selectors.lines import allowed_total
from claims.selectors.linked import base_of
from claims.selectors.questions import questions_of, threads
from claims.verification import problems
from claims.warnings import tally_of
from portal.accounts.models import Agency, User
from portal.accounts.policies import actor_for
from portal.accounts.roles import Side
from portal.intake.corrections import corrections_of
from portal.intake.models import ColumnMapping
from portal.records import storage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


def files_of(slug: str) -> list[PayrollBatch]:
    name = next(plan.name for plan in PLANS if plan.slug == slug)
    return list(PayrollBatch.objects.filter(agency__name=name).order_by("quarter", "number"))


def claim_of(slug: str) -> Claim:
    name = next(plan.name for plan in PLANS if plan.slug == slug)
    claim = Claim.objects.filter(agency__name=name, quarter=QUARTER).order_by("sequence").last()
    assert claim is not None
    return claim


def refused(slug: str, code: str, email: str) -> str | None:
    """The code by which a step of the agency's last claim is refused to a person, None when it is not."""
    actor = actor_for(User.objects.get(email=email))
    refusal = refusal_of(ACTIONS[code], claim_of(slug).version, actor)
    return refusal.code if refusal else None


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
    _asked()
    _held()
    _endorsed()
    _disputed()
    _appealed()
    _denied()
    _supplement_offered()
    _amended()
    _extended()


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


def _asked() -> None:
    version = claim_of("walnut").version
    asked = threads(version, questions_of(version.claim))
    assert [one.state for one in asked] == ["Waiting for the agency", "Answered"]
    (record,) = Evidence.objects.filter(claim=version.claim)
    assert storage.read(record.document).startswith(b"%PDF-")
    assert Note.objects.get(version=version).side == Side.FEDERAL
    assert allowed_total(version) < version.calculation.total
    assert refused("walnut", "recommend", "reviewer2@program.example") == "assigned_to_other"


def _held() -> None:
    assert refused("fern", "recommend", "reviewer2@program.example") == "on_hold"


def _endorsed() -> None:
    assert claim_of("summit").version.state == State.RECOMMENDED
    assert refused("summit", "approve", "approver@program.example") == "own_endorsement"
    assert refused("summit", "approve", "approver2@program.example") is None


def _disputed() -> None:
    (dispute,) = CountsDispute.objects.filter(kept_at=None)
    assert dispute.measure.agency == claim_of("prairie").agency
    assert refused("prairie", "approve", "approver@program.example") is None


def _appealed() -> None:
    version = claim_of("granite").version
    (appeal,) = open_appeals(version)
    assert (version.state, appeal.proposed_at) == (State.PARTLY_APPROVED, None)
    first, other = (
        actor_for(User.objects.get(email=f"{name}@program.example"))
        for name in ("reviewer", "reviewer2")
    )
    assert not_proposing(first, version) is not None
    assert not_proposing(other, version) is None


def _denied() -> None:
    version = claim_of("sandhill").version
    assert version.state == State.DENIED
    assert not_appealable(version) is None


def _supplement_offered() -> None:
    assert claim_of("clover").version.state == State.APPROVED
    assert refused("clover", "supplement", "preparer@clover.example") is None
    assert refused("pine", "supplement", "preparer@pine.example") == "nothing_came_later"


def _amended() -> None:
    claim = claim_of("birch")
    base = base_of(claim)
    assert (claim.kind, claim.version.state) == (Kind.AMENDMENT, State.DRAFT)
    assert claim.version.calculation.total > base.version.calculation.total
    assert refused("birch", "ready", "preparer@birch.example") is None


def _extended() -> None:
    (extension,) = Extension.objects.all()
    assert extension.agency == Agency.objects.get(name="Juniper County Sheriff's Office")
    assert not any(is_late(claim.version) for claim in Claim.objects.all())

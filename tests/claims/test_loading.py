"""Every case folder through the portal's own services and database, to the cent."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from claims.loading import load_case
from claims.models import Calculation
from claims.verification import problems
from portal.jobs.models import Job
from portal.jobs.queue import enqueue
from portal.kernel.errors import Refused
from tests.factories import make_agency

CASES = Path(__file__).parents[1] / "cases"


def is_loadable(folder: Path) -> bool:
    settings = tomllib.loads((folder / "case.toml").read_text())
    return not settings.get("rules") and "as_of" not in settings


FOLDERS = sorted(path.parent for path in CASES.rglob("case.toml"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "folder", [f for f in FOLDERS if is_loadable(f)], ids=lambda folder: folder.name
)
def test_a_case_loaded_into_the_portal_gives_what_it_expects(folder):
    answer = load_case(folder, folder.name)
    assert answer == json.loads((folder / "expected.json").read_text())
    assert Calculation.objects.exists()
    assert list(problems()) == []


@pytest.mark.django_db
def test_a_case_with_its_own_rules_is_refused():
    folder = next(folder for folder in FOLDERS if not is_loadable(folder))
    with pytest.raises(Refused) as refusal:
        load_case(folder, "Ruled")
    assert refusal.value.code == "case_not_loadable"


@pytest.mark.django_db
def test_two_cases_do_not_see_each_other():
    folder = CASES / "shared" / "14-whole-agency"
    first, second = load_case(folder, "First"), load_case(folder, "Second")
    assert first == second


@pytest.mark.django_db
def test_loading_a_case_does_nobody_elses_work():
    waiting = enqueue("claims.recalculate", make_agency("Elsewhere Police").pk)
    load_case(CASES / "shared" / "14-whole-agency", "Whole")
    waiting.refresh_from_db()
    assert waiting.state == Job.State.QUEUED

"""Two payroll files side by side, also those that were refused or only checked."""

from __future__ import annotations

import csv
import io
import uuid

import pytest

from claims.models import PayrollBatch
from portal.accounts.roles import Role
from tests.factories import PAYROLL, act, load_payroll, make_agency, make_draft, make_person

pytestmark = pytest.mark.django_db

COMPARE = "/payroll/compare/"
CORRECTED = PAYROLL.replace("2780.00,589.37,392.31\n0042", "2800.00,600.00,392.31\n0042")


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def files():
    """A preparer, and three files: accepted, refused, and only checked."""
    preparer, claim = make_draft()
    first = PayrollBatch.objects.get(agency=preparer.agency)
    refused = load_payroll(preparer, CORRECTED)
    checked = load_payroll(preparer, "\n".join(PAYROLL.splitlines()[:3]), dry_run=True)
    assert (refused.state, checked.state) == ("rejected", "accepted")
    return preparer, claim, first, refused, checked


def test_differences_are_told_by_officer_and_dollar(browse, files):
    preparer, _, first, refused, _ = files
    page = text(browse(preparer).get(f"{COMPARE}?before={first.pk}&after={refused.pk}"))
    # 20.00 more regular pay and 10.63 more overtime.
    assert "$30.63" in page
    assert "$20.00" in page
    assert "$10.63" in page
    assert "Reyes, Ana" in page
    assert "Hollis" not in page
    assert "1 officer is the same in both files and not shown" in page
    everyone = f"{COMPARE}?before={first.pk}&after={refused.pk}&show=all"
    assert "Hollis, Ben" in text(browse(preparer).get(everyone))


def test_by_default_the_latest_is_compared_with_the_one_before(browse, files):
    preparer, _, _, refused, checked = files
    page = text(browse(preparer).get(COMPARE))
    assert f'value="{refused.pk}" selected' in page
    assert f'value="{checked.pk}" selected' in page
    assert "only in the earlier file" in page


def test_the_difference_turned_around_is_negative(browse, files):
    preparer, _, first, refused, _ = files
    page = text(browse(preparer).get(f"{COMPARE}?before={refused.pk}&after={first.pk}"))
    assert "-$30.63" in page


def test_the_comparison_can_be_downloaded(browse, files):
    preparer, _, first, refused, _ = files
    answer = browse(preparer).get(f"/payroll/compare.csv?before={first.pk}&after={refused.pk}")
    assert "attachment" in answer["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(text(answer))))
    assert [(row["officer_id"], row["total_difference"]) for row in found] == [
        ("0042", "30.63"),
        ("A-7", "0.00"),
    ]


def test_a_single_file_has_nothing_to_be_compared_with(browse):
    preparer, _ = make_draft()
    assert "There is nothing to compare with" in text(browse(preparer).get(COMPARE))


def test_strangers_files_are_not_there(browse, files):
    first = files[2]
    stranger = browse(make_person(Role.PREPARER, make_agency("Elm Police")))
    for query in (
        f"?after={first.pk}",
        f"?before={first.pk}",
        f"?after={uuid.uuid4()}",
        "?after=x",
    ):
        assert stranger.get(f"{COMPARE}{query}").status_code == 404
        assert stranger.get(f"/payroll/compare.csv{query}").status_code == 404
    assert stranger.get(COMPARE).status_code == 404


def test_the_federal_side_compares_only_files_that_count_or_counted(browse, files):
    preparer, claim, first, refused, checked = files
    reviewer = browse(make_person(Role.REVIEWER))
    assert reviewer.get(f"{COMPARE}?after={refused.pk}").status_code == 404
    assert reviewer.get(f"{COMPARE}?after={checked.pk}").status_code == 404
    assert reviewer.get(COMPARE).status_code == 404
    replacing = load_payroll(preparer, CORRECTED, replaces=first)
    assert replacing.state == "accepted"
    act(preparer, claim, "ready")
    act(make_person(Role.CERTIFIER, preparer.agency), claim, "certify")
    page = text(reviewer.get(f"{COMPARE}?after={replacing.pk}"))
    # The file it replaces stands before it, by itself.
    assert f'value="{first.pk}" selected' in page
    assert "$30.63" in page
    assert str(refused.pk) not in page

"""One credential at two agencies: a warning that names nobody, and a hint for federal readers."""

from __future__ import annotations

import json

import pytest

from agreements.hints import shared_credentials
from agreements.models import RosterUpload
from agreements.pipeline.roster_checks import check_all
from agreements.roster_file import parse_roster
from portal.accounts.roles import Role
from portal.kernel.errors import NotFound
from portal.kernel.tabular import read_table
from tests.factories import load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = (
    "officer_id,last_name,first_name,hired_on,separated_on,model,trained_on,authorized_from,"
    "authorized_to,credential_number\n"
)
MESA = "M-1,Vance,Tara,2015-01-01,2026-03-31,TFM,2025-06-01,2025-06-01,2027-05-31,TX-0381\n"


@pytest.fixture
def mesa():
    """Another agency, with one officer and a credential."""
    preparer = make_person(Role.PREPARER, make_agency("Mesa County Sheriff"))
    load_roster(preparer, HEADER + MESA)
    return preparer.agency


@pytest.fixture
def preparer(mesa):
    return make_person(Role.PREPARER, make_agency())


def check(agency, *rows):
    parsed = parse_roster(read_table((HEADER + "".join(rows)).encode()))
    assert parsed.rows
    return check_all(RosterUpload(agency=agency), parsed.rows)


def own(number="TX-0381", first="2025-07-01", last="2027-06-30", hired="2015-01-01"):
    return f"0042,Reyes,Ana,{hired},,TFM,2025-06-01,{first},{last},{number}\n"


@pytest.mark.parametrize("number", ["TX-0381", "tx -0381"])
def test_a_credential_of_two_agencies_is_a_warning_that_names_nobody(preparer, number):
    (finding,) = check(preparer.agency, own(number))
    assert (finding.code, finding.severity) == ("credential_elsewhere", "warning")
    assert (finding.row, finding.officer_id, finding.value) == (2, "0042", number)
    for secret in ("Mesa", "Vance", "Tara", "M-1", "2026-03-31"):
        assert secret not in finding.message + finding.fix + finding.expected


@pytest.mark.parametrize(
    "row",
    [
        own("TX-0382"),
        own(""),
        own(first="2026-04-01", hired="2026-04-01"),
        own(first="", last="").replace("2025-06-01", ""),
    ],
)
def test_another_number_or_other_days_are_no_finding(preparer, row):
    assert check(preparer.agency, row) == []


def test_a_roster_that_is_sent_gets_the_warning_with_its_row_at_hand(preparer):
    load_roster(preparer, HEADER + own())
    upload = RosterUpload.objects.get(agency=preparer.agency)
    assert upload.state == "accepted"
    assert upload.findings.filter(code="credential_elsewhere", row=2).exists()
    assert list(json.loads(upload.faulty)["rows"]) == ["2"]


def test_an_agency_is_not_another_agency(mesa):
    assert check(mesa, MESA) == []


def test_the_number_of_queries_does_not_depend_on_the_rows(preparer, django_assert_num_queries):
    rows = [own(f"TX-{n}").replace("0042", str(n)) for n in range(30)]
    with django_assert_num_queries(1):
        check(preparer.agency, *rows)


def test_federal_readers_see_both_sides_credentials_before_names(preparer, mesa):
    load_roster(
        preparer,
        HEADER + own() + "0001,VANCE,Tara,2015-01-01,,,,,,\n0003,Vance,Tom,2015-01-01,,,,,,\n",
    )
    hints = shared_credentials(make_person(Role.REVIEWER), preparer.agency)
    assert [(hint.own.payroll_id, hint.other.payroll_id, hint.number) for hint in hints] == [
        ("0042", "M-1", "TX-0381"),
        ("0001", "M-1", ""),
    ]
    assert hints[0].other.agency == mesa


def test_for_an_agency_there_are_no_hints(preparer):
    with pytest.raises(NotFound):
        shared_credentials(preparer, preparer.agency)

"""The federal list of authorizations: its file, and what it says about a roster."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.federal_list import (
    Confirmation,
    FederalStatement,
    Statement,
    credential_key,
    mark_of,
    parse_federal_list,
)
from agreements.models import FederalAuthorization, FederalList, RosterEntry
from agreements.selectors import marks_of
from agreements.services.federal_lists import ListRefused, take_federal_list
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.kernel.errors import NotAllowed
from portal.kernel.tabular import read_table
from portal.records.models import AuditEvent, Document, EvidenceIsFinal
from tests.factories import load_roster, make_agency, make_person

HEADER = "credential_number,model,authorized_from,authorized_to,revoked_on\n"
ROSTER = """\
officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from,authorized_to,\
credential_number
1,Garza,Dana,2015-01-05,TFM,2025-06-01,2025-06-10,2027-06-09,TX-1
2,Okafor,Ben,2018-05-01,TFM,2025-06-01,2025-06-10,2027-06-09,TX-2
3,Reyes,Ana,2018-05-01,TFM,2025-06-01,2025-06-10,2027-06-09,TX-3
4,Stone,Kim,2018-05-01,,,,,
"""
FIRST, LAST = date(2025, 6, 10), date(2027, 6, 9)
TODAY = date(2026, 1, 20)


def listed(first=FIRST, last=LAST, revoked=None, model="TFM") -> FederalStatement:
    return FederalStatement(model, first, last, revoked)


def stated(number="TX-1", model="TFM", first=FIRST, last=LAST, separated=None) -> Statement:
    return Statement(number, model, first, last, separated)


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        (stated(), [listed()]),
        (stated(), [listed(first=date(2025, 6, 1), last=None)]),
        (stated(last=date(2026, 1, 1)), [listed()]),  # Claiming less is no contradiction.
        (stated(last=None), [listed()]),  # An open end claims the days until today.
        (stated(), [listed(last=date(2026, 5, 31)), listed(first=date(2026, 6, 1))]),
        (stated(separated=date(2026, 1, 5)), [listed(revoked=date(2026, 1, 6))]),
        (stated(separated=date(2025, 1, 1)), [listed()]),
        (stated(), [listed(model="WSO"), listed()]),
    ],
)
def test_a_list_that_covers_every_stated_day_confirms_it(statement, rows):
    assert mark_of(statement, rows, TODAY).confirmation is Confirmation.CONFIRMED


@pytest.mark.parametrize(
    ("statement", "rows", "words"),
    [
        (stated(), [listed(last=date(2027, 6, 8))], "ended on Jun 8, 2027"),
        (stated(), [listed(first=date(2025, 6, 11))], "not authorized on Jun 10, 2025"),
        (stated(), [listed(revoked=date(2026, 3, 2))], "revoked on Mar 2, 2026"),
        (stated(), [listed(model="WSO")], "for WSO, not TFM"),
        (stated(last=None), [listed(last=date(2025, 12, 31))], "ended on Dec 31, 2025"),
        (
            stated(),
            [listed(last=date(2025, 12, 31)), listed(first=date(2026, 1, 2))],
            "ended on Dec 31, 2025",
        ),
    ],
)
def test_a_list_that_says_otherwise_contradicts_it_and_says_how(statement, rows, words):
    mark = mark_of(statement, rows, TODAY)
    assert mark.confirmation is Confirmation.CONTRADICTED
    assert words in mark.why


def test_what_the_list_does_not_have_is_unconfirmed():
    assert mark_of(stated(), [], TODAY).confirmation is Confirmation.UNCONFIRMED
    assert "no credential number" in mark_of(stated(" "), [listed()], TODAY).why


def test_credential_numbers_are_compared_without_spaces_and_capitals():
    assert credential_key(" tx -0381") == credential_key("TX-0381 ")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEADER + "TX-1,TFM,2025-06-10,2025-06-09,\n", "listed_end_before_start"),
        (HEADER + "TX-1,TFM,2025-06-10,,2025-06-09\n", "listed_revoked_before_start"),
        (HEADER + "TX-1,TFM,2025-06-10,,\nTX - 1,TFM,2025-06-10,,\n", "listed_twice"),
        (HEADER + ",TFM,2025-06-10,,\n", "required_value"),
        (
            "credential_number,model,authorized_from,alien_number\nT,TFM,2025-06-10,\n",
            "forbidden_column",
        ),
        ("name," + HEADER + "Garza,TX-1,TFM,2025-06-10,,\n", "listed_other_column"),
        ("ext_note," + HEADER + "Garza,TX-1,TFM,2025-06-10,,\n", "listed_other_column"),
        (HEADER, "no_rows"),
        ("model\nTFM\n", "missing_column"),
    ],
)
def test_what_is_wrong_with_a_list_is_a_finding(content, code):
    assert code in {f.code for f in parse_federal_list(read_table(content.encode())).findings}


def send(actor, content: str) -> FederalList:
    return take_federal_list(actor=actor, upload=Upload("list.csv", "text/csv", [content.encode()]))


@pytest.mark.django_db
def test_the_latest_list_counts_and_earlier_ones_stay(after_quarter):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer, ROSTER)
    entries = list(RosterEntry.objects.select_related("officer").order_by("officer__payroll_id"))
    assert marks_of(entries, TODAY) == {}

    manager = make_person(Role.PROGRAM_MANAGER)
    send(manager, HEADER + "TX-1,TFM,2025-06-10,2027-06-09,\nTX2,TFM,2025-06-10,,2026-01-02\n")
    by_id = {e.officer.payroll_id: marks_of(entries, TODAY).get(e.pk) for e in entries}
    assert by_id["1"].confirmation == "confirmed"
    assert by_id["2"].confirmation == "unconfirmed"
    assert by_id["4"] is None

    send(manager, HEADER + "TX-2,TFM,2025-06-10,,2026-01-02\n")
    by_id = {e.officer.payroll_id: marks_of(entries, TODAY).get(e.pk) for e in entries}
    assert by_id["1"].confirmation == "unconfirmed"
    assert by_id["2"].confirmation == "contradicted"
    assert FederalList.objects.count() == 2
    assert FederalAuthorization.objects.count() == 3
    assert AuditEvent.objects.filter(action="federal_list.take").count() == 2


@pytest.mark.django_db
def test_marks_take_as_many_queries_for_many_entries(after_quarter, django_assert_num_queries):
    preparer = make_person(Role.PREPARER, make_agency())
    load_roster(preparer, ROSTER)
    send(make_person(Role.PROGRAM_MANAGER), HEADER + "TX-1,TFM,2025-06-10,2027-06-09,\n")
    entries = list(RosterEntry.objects.all())
    with django_assert_num_queries(2):
        assert len(marks_of(entries, TODAY)) == 3


@pytest.mark.django_db
def test_of_a_list_with_an_error_nothing_is_kept():
    with pytest.raises(ListRefused) as refusal:
        send(
            make_person(Role.PROGRAM_MANAGER),
            HEADER + "TX-1,TFM,2025-06-10,,\nTX-2,TFM,someday,,\n",
        )
    assert [(f.row, f.column) for f in refusal.value.findings] == [(3, "authorized_from")]
    assert not FederalList.objects.exists()
    assert not Document.objects.filter(kind=Document.Kind.FEDERAL_LIST).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PROGRAM_MANAGER])
def test_only_a_program_manager_sends_a_list(role):
    agency = make_agency() if role.side == "agency" else None
    with pytest.raises(NotAllowed):
        send(make_person(role, agency), HEADER + "TX-1,TFM,2025-06-10,,\n")


@pytest.mark.django_db
def test_a_list_is_never_changed():
    taken = send(make_person(Role.PROGRAM_MANAGER), HEADER + "TX-1,TFM,2025-06-10,,\n")
    with pytest.raises(EvidenceIsFinal):
        taken.authorizations.get().delete()
    with pytest.raises(EvidenceIsFinal):
        taken.save()


def test_a_row_of_the_list_can_hold_no_person():
    names = {field.name for field in FederalAuthorization._meta.get_fields()}
    assert names == {
        "id",
        "federal_list",
        "row",
        "credential_number",
        "credential_key",
        "model",
        "authorized_from",
        "authorized_to",
        "revoked_on",
    }

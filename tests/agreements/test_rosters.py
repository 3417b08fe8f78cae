"""Rosters: a file proposes, a person confirms exactly what they were shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Officer, RosterEntry
from agreements.services.agreements import add_agreement, end_period
from agreements.services.rosters import (
    changes_proposed,
    confirm_roster,
    receive_roster,
    withdraw_roster,
)
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.kernel.tabular.values import MAX_TEXT_CHARACTERS
from tests.factories import QUARTER, ROSTER, load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]


@pytest.fixture
def preparer():
    return make_person(Role.PREPARER, make_agency())


def propose(preparer, content=ROSTER):
    upload = receive_roster(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("roster.csv", "text/csv", [content.encode()]),
    )
    run_due()
    upload.refresh_from_db()
    return upload


def test_a_roster_counts_only_when_it_is_confirmed(preparer):
    upload = propose(preparer)
    assert upload.state == "proposed"
    assert not Officer.objects.exists()
    confirm_roster(actor=preparer, upload=upload, shown_sha256=changes_proposed(upload).sha256)
    assert set(Officer.objects.values_list("payroll_id", flat=True)) == {"0042", "A-7"}


def test_the_difference_says_what_is_new_changed_and_the_same(preparer):
    load_roster(preparer)
    upload = propose(
        preparer,
        ROSTER.replace("2025-11-17,2025-11-17", "2025-11-17,2025-11-17").replace(
            "Reyes,Ana", "Reyes,Anna"
        )
        + "B-1,Vance,Tara,2020-02-02,TFM,,\n",
    )
    changes = changes_proposed(upload)
    assert changes.counts == {
        "new_officers": 1,
        "changed_officers": 1,
        "new_entries": 1,
        "changed_entries": 0,
        "unchanged": 2,
    }


def test_leaving_an_officer_out_ends_nobody(preparer):
    load_roster(preparer)
    load_roster(preparer, "\n".join(ROSTER.splitlines()[:2]) + "\n")
    assert RosterEntry.objects.filter(separated_on=None).count() == 2


def test_a_separation_changes_the_entry_it_belongs_to(preparer):
    load_roster(preparer)
    load_roster(
        preparer,
        "officer_id,last_name,first_name,hired_on,separated_on,model,trained_on,authorized_from\n"
        "0042,Reyes,Ana,2015-01-01,2025-12-12,TFM,2025-06-01,2025-06-01\n",
    )
    entry = RosterEntry.objects.get(officer__payroll_id="0042")
    assert entry.separated_on == date(2025, 12, 12)


def test_an_authorization_takes_the_place_of_the_entry_in_training(preparer):
    header = ROSTER.splitlines()[0]
    load_roster(preparer, f"{header}\n0042,Reyes,Ana,2015-01-01,TFM,,\n")
    load_roster(preparer, f"{header}\n0042,Reyes,Ana,2015-01-01,TFM,2025-06-01,2025-06-01\n")
    assert RosterEntry.objects.get().authorized_from == date(2025, 6, 1)


def test_new_entries_are_written_once(preparer):
    upload = propose(preparer)
    with CaptureQueriesContext(connection) as queries:
        confirm_roster(actor=preparer, upload=upload)
    written = [q["sql"] for q in queries if "agreements_rosterentry" in q["sql"]]
    assert [sql for sql in written if sql.startswith("UPDATE")] == []
    assert sum(sql.startswith("INSERT") for sql in written) == 1


def test_a_roster_changed_meanwhile_is_shown_again_before_it_counts(preparer):
    upload = propose(preparer)
    shown = changes_proposed(upload).sha256
    load_roster(make_person(Role.PREPARER, preparer.agency), ROSTER.replace("Ana", "Ann"))
    with pytest.raises(Refused) as refusal:
        confirm_roster(actor=preparer, upload=upload, shown_sha256=shown)
    assert refusal.value.code == "roster_changed"


def test_a_roster_is_confirmed_or_dropped_once(preparer):
    upload = propose(preparer)
    withdraw_roster(actor=preparer, upload=upload, reason="wrong file")
    with pytest.raises(Refused) as refusal:
        confirm_roster(actor=preparer, upload=upload)
    assert refusal.value.code == "not_proposed"
    assert not Officer.objects.exists()


def test_a_roster_with_an_error_is_rejected_whole(preparer):
    upload = propose(preparer, ROSTER.replace("2015-01-01", "2015-13-01"))
    assert (upload.state, upload.errors) == ("rejected", 1)
    assert not Officer.objects.exists()


def test_agreements_of_one_model_never_share_a_day():
    agency = make_agency(agreement="")
    manager = make_person(Role.PROGRAM_MANAGER)
    first = add_agreement(actor=manager, agency=agency, model="TFM", active_from=date(2025, 3, 1))
    with pytest.raises(Refused) as refusal:
        add_agreement(actor=manager, agency=agency, model="TFM", active_from=date(2026, 1, 1))
    assert refusal.value.code == "agreement_overlap"
    end_period(actor=manager, period=first, active_to=date(2025, 12, 31), note="Suspended")
    add_agreement(actor=manager, agency=agency, model="TFM", active_from=date(2026, 1, 1))
    add_agreement(actor=manager, agency=agency, model="WSO", active_from=date(2025, 6, 1))


@pytest.mark.parametrize(
    ("model", "last", "code"),
    [("XYZ", None, "invalid_agreement"), ("TFM", date(2024, 1, 1), "ends_before_start")],
)
def test_an_impossible_agreement_is_refused(model, last, code):
    with pytest.raises(BadInput) as refusal:
        add_agreement(
            actor=make_person(Role.PROGRAM_MANAGER),
            agency=make_agency(agreement=""),
            model=model,
            active_from=date(2025, 3, 1),
            active_to=last,
        )
    assert refusal.value.code == code


def test_only_a_program_manager_touches_agreements(preparer):
    with pytest.raises(NotAllowed):
        add_agreement(
            actor=preparer, agency=preparer.agency, model="WSO", active_from=date(2025, 3, 1)
        )


def test_the_longest_texts_a_file_may_hold_are_kept(preparer):
    longest = "x" * MAX_TEXT_CHARACTERS
    load_roster(
        preparer,
        "officer_id,last_name,first_name,title,hired_on,model,trained_on,authorized_from,"
        "credential_number\n"
        f"0042,{longest},{longest},{longest},2015-01-01,TFM,2025-06-01,2025-06-01,{longest}\n",
    )
    officer = Officer.objects.get()
    assert officer.last_name == officer.first_name == officer.title == longest
    assert officer.entries.get().credential_number == longest

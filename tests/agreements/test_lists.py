"""ICE's lists in the portal: what an import makes, changes, ends, and what it leaves alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agreements.models import (
    ActivePeriod,
    AgencyName,
    Agreement,
    AgreementChange,
    ListImport,
)
from agreements.services.agreements import add_agreement, end_period
from agreements.services.lists import import_list, preview_list, receive_list
from portal.accounts.models import Agency
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.jobs.models import Job
from portal.kernel.clock import clock_at
from portal.kernel.errors import BadInput, NotAllowed, Refused
from portal.records.models import AuditEvent
from tests.agreements.ice_lists import HEADER, book, row
from tests.factories import load_roster, make_person

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = date(2025, 9, 2), date(2025, 10, 2), date(2025, 11, 24)
PENDING = HEADER[:5]
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "ice"
GARZA = "Garza County Sheriff's Office"


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    with clock_at(datetime(2026, 1, 20, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def manager(db: None) -> Actor:
    return make_person(Role.PROGRAM_MANAGER)


def load(actor: Actor | None, content: bytes, as_of: date, **options: Any) -> ListImport:
    upload = Upload("list.xlsx", "application/octet-stream", [content])
    document = receive_list(actor=actor, upload=upload)
    return import_list(actor=actor, document=document, as_of=as_of, **options)


def signed(*rows: list[object]) -> bytes:
    return book(*rows)


def pending(*rows: list[object]) -> bytes:
    return book(*(one[:5] for one in rows), header=PENDING)


def days(agency: Agency) -> list[tuple[date, date | None]]:
    periods = ActivePeriod.objects.filter(agency=agency).order_by("active_from")
    return list(periods.values_list("active_from", "active_to"))


def counts(made: ListImport) -> dict[str, int]:
    names = ("created", "changed", "moved", "ended", "missing", "unchanged", "contradicting")
    return {name: made.summary[name] for name in names if made.summary[name]}


def test_a_first_list_makes_agencies_agreements_and_active_days(manager: Actor) -> None:
    made = load(manager, signed(row(), row(model="Warrant Service Officer")), SEPTEMBER)
    agency = Agency.objects.get()
    assert (agency.name, agency.state, agency.county) == (GARZA, "TX", "Garza County")
    assert agency.kind == "county"
    assert agency.time_zone == "America/Chicago"
    assert agency.number.startswith("A")
    assert AgencyName.objects.get().agency == agency
    assert days(agency) == [(date(2025, 6, 25), None)] * 2
    assert counts(made) == {"created": 2}
    change = AgreementChange.objects.filter(agreement__model="TFM").get()
    assert (change.what, change.row, change.list_import.document.filename) == (
        "created",
        2,
        "list.xlsx",
    )
    assert change.cells["LAW ENFORCEMENT AGENCY"] == GARZA
    assert AuditEvent.objects.filter(action="ice_list.import").count() == 1


def test_the_same_list_again_changes_nothing(manager: Actor) -> None:
    content = signed(row(county="#N/A"), row(model="Warrant Service Officer"), row(agency="Waco"))
    load(manager, content, SEPTEMBER)
    before = (
        list(Agency.objects.order_by("pk").values()),
        list(Agreement.objects.order_by("pk").values()),
    )
    again = load(manager, content, SEPTEMBER)
    assert counts(again) == {"unchanged": 3}
    assert before == (
        list(Agency.objects.order_by("pk").values()),
        list(Agreement.objects.order_by("pk").values()),
    )
    assert not again.changes.exists()


def test_two_answers_about_one_agency_do_not_take_turns(manager: Actor) -> None:
    content = signed(row(), row(model="Warrant Service Officer", county="Bell County"))
    load(manager, content, SEPTEMBER)
    assert Agency.objects.get().county == "Garza County"
    assert counts(load(manager, content, OCTOBER)) == {"unchanged": 2}


def test_a_pending_agreement_is_active_from_the_day_it_is_listed_as_signed(manager: Actor) -> None:
    load(manager, pending(row()), date(2025, 5, 1))
    agency = Agency.objects.get()
    assert Agreement.objects.get().status == "pending"
    assert days(agency) == []
    moved = load(manager, signed(row()), SEPTEMBER)
    assert counts(moved) == {"moved": 1}
    assert Agreement.objects.get().status == "signed"
    assert days(agency) == [(date(2025, 6, 25), None)]


def test_a_signed_agreement_in_a_pending_list_stays_unless_confirmed(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    left = load(manager, pending(row()), OCTOBER)
    assert counts(left) == {"contradicting": 1}
    assert Agreement.objects.get().status == "signed"
    load(manager, pending(row()), OCTOBER, end_missing=True)
    assert Agreement.objects.get().status == "pending"
    assert days(Agency.objects.get()) == [(date(2025, 6, 25), date(2025, 10, 1))]


def test_nothing_ends_by_being_missing_unless_confirmed(manager: Actor) -> None:
    load(manager, signed(row(), row(agency="Waco Police")), SEPTEMBER)
    waco = Agency.objects.get(name="Waco Police")
    assert counts(load(manager, signed(row()), OCTOBER)) == {"missing": 1, "unchanged": 1}
    assert days(waco) == [(date(2025, 6, 25), None)]
    ended = load(manager, signed(row()), OCTOBER, end_missing=True)
    assert counts(ended)["ended"] == 1
    # The last active day is the one before the list that no longer names it.
    assert days(waco) == [(date(2025, 6, 25), date(2025, 10, 1))]
    change = ended.changes.get()
    assert (change.what, change.row, change.after["status"]) == ("ended", None, "ended")


def test_a_signing_after_the_list_is_never_ended_by_that_list(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    add_agreement(
        actor=manager,
        agency=Agency.objects.create(number="X1", name="Late", state="TX"),
        model="TFM",
        active_from=OCTOBER,
    )
    ended = load(manager, signed(row()), OCTOBER, end_missing=True)
    assert "ended" not in counts(ended)
    assert days(Agency.objects.get(name="Late")) == [(OCTOBER, None)]


def test_a_corrected_day_of_signing_moves_the_first_active_day(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    changed = load(manager, signed(row(signed=date(2025, 6, 23))), OCTOBER)
    assert counts(changed) == {"changed": 1}
    assert days(Agency.objects.get()) == [(date(2025, 6, 23), None)]
    (change,) = changed.changes.all()
    assert change.before["active_from"] == "2025-06-25"
    assert change.after["active_from"] == "2025-06-23"


def test_a_day_a_person_entered_is_not_moved_by_a_list(manager: Actor) -> None:
    agency = Agency.objects.create(number="X1", name=GARZA, state="TX")
    add_agreement(actor=manager, agency=agency, model="TFM", active_from=date(2025, 7, 1))
    load(manager, signed(row()), SEPTEMBER)
    assert Agreement.objects.get().signed_on == date(2025, 6, 25)
    assert days(agency) == [(date(2025, 7, 1), None)]


def test_an_agreement_signed_anew_ends_and_another_begins(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    changed = load(manager, signed(row(signed=date(2025, 9, 20))), OCTOBER)
    assert counts(changed) == {"changed": 1}
    assert [a.status for a in Agreement.objects.order_by("pk")] == ["ended", "signed"]
    assert days(Agency.objects.get()) == [
        (date(2025, 6, 25), date(2025, 9, 19)),
        (date(2025, 9, 20), None),
    ]
    assert ActivePeriod.objects.earliest("active_from").ended_because == "superseded"
    assert counts(load(manager, signed(row(signed=date(2025, 9, 20))), OCTOBER)) == {"unchanged": 1}


@pytest.mark.parametrize("day", [date(2026, 6, 25), date(1925, 6, 25), None, "soon"])
def test_a_day_that_cannot_be_opens_no_active_days_until_it_is_corrected(
    manager: Actor, day: object
) -> None:
    made = load(manager, signed(row(signed=day)), SEPTEMBER)
    assert made.findings
    assert days(Agency.objects.get()) == []
    assert counts(load(manager, signed(row(signed=day)), SEPTEMBER)) == {"unchanged": 1}
    load(manager, signed(row()), OCTOBER)
    assert days(Agency.objects.get()) == [(date(2025, 6, 25), None)]


def test_what_a_person_ended_does_not_come_back_with_the_next_list(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    load(manager, signed(), OCTOBER, end_missing=True)
    again = load(manager, signed(row()), NOVEMBER)
    assert counts(again) == {"contradicting": 1}
    new = load(manager, signed(row(signed=date(2025, 11, 3))), NOVEMBER)
    assert counts(new) == {"created": 1}
    assert days(Agency.objects.get()) == [
        (date(2025, 6, 25), date(2025, 10, 1)),
        (date(2025, 11, 3), None),
    ]


def test_a_suspended_agreement_stays_suspended(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    period = ActivePeriod.objects.get()
    end_period(actor=manager, period=period, active_to=OCTOBER, note="Suspended by ICE.")
    load(manager, signed(row()), NOVEMBER)
    assert days(Agency.objects.get()) == [(date(2025, 6, 25), OCTOBER)]


def test_other_spellings_and_other_names_are_one_agency(manager: Actor) -> None:
    load(manager, signed(row()), SEPTEMBER)
    agency = Agency.objects.get()
    AgencyName.objects.create(agency=agency, name="Garza Sheriff", state="TX", key="garza sheriff")
    other = row(agency=" GARZA  SHERIFF", model="Warrant Service Officer")
    content = signed(row(agency="garza county sheriff\u2019s office"), other)
    assert counts(load(manager, content, OCTOBER)) == {"created": 1, "unchanged": 1}
    assert Agency.objects.get().name == GARZA


def test_an_older_list_is_refused(manager: Actor) -> None:
    load(manager, signed(row()), OCTOBER)
    with pytest.raises(Refused, match="imported as of 2025-10-02"):
        load(manager, signed(row()), SEPTEMBER)
    load(manager, pending(row(agency="Waco")), SEPTEMBER)


def test_a_list_of_the_future_and_a_file_that_is_no_list_are_refused(manager: Actor) -> None:
    with pytest.raises(BadInput, match="after today"):
        load(manager, signed(row()), date(2026, 1, 21))
    with pytest.raises(BadInput, match="Missing"):
        load(manager, book(["a"], header=["What"]), SEPTEMBER)
    with pytest.raises(BadInput):
        load(manager, b"\0nothing", SEPTEMBER)
    assert not Agency.objects.exists()


def test_what_is_confirmed_is_what_was_shown(manager: Actor) -> None:
    shown = preview_list(
        actor=manager, content=signed(row()), filename="list.xlsx", as_of=SEPTEMBER
    ).sha256
    load(manager, signed(row()), SEPTEMBER)
    with pytest.raises(Refused, match="while you were looking"):
        load(manager, signed(row()), SEPTEMBER, shown_sha256=shown)


def test_only_program_managers_import_lists() -> None:
    for role in (Role.REVIEWER, Role.AUDITOR, Role.PAYMENT_APPROVER):
        with pytest.raises(NotAllowed):
            load(make_person(role), signed(row()), SEPTEMBER)


def test_agencies_with_officers_are_calculated_anew_once(manager: Actor) -> None:
    rows = [row(), row(model="Warrant Service Officer"), row(agency="Waco Police")]
    load(manager, signed(*rows), SEPTEMBER)
    load_roster(make_person(Role.PREPARER, Agency.objects.get(name=GARZA)))
    before = Job.objects.count()
    earlier = [[*one[:5], date(2025, 6, 20), *one[6:]] for one in rows]
    load(manager, signed(*earlier), OCTOBER)
    assert Job.objects.count() == before + 1


def test_the_command_prints_json_and_words_and_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "participatingAgencies09022025pm.xlsx"
    file.write_bytes(signed(row(), row(agency="Waco")))
    call_command("import_agreements", str(file), "--dry-run", "--json")
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["created"] == 2
    assert told["by_state"] == {"TEXAS": 2}
    assert told["as_of"] == "2025-09-02"
    assert "Reading" in said.err
    assert not Agency.objects.exists()
    call_command("import_agreements", str(file))
    assert "created 2" in capsys.readouterr().out
    assert Agency.objects.count() == 2
    with pytest.raises(CommandError, match="already"):
        call_command("import_agreements", str(file), "--as-of", "2025-08-01")
    with pytest.raises(CommandError, match="no day such as"):
        call_command("import_agreements", str(file), "--as-of", "yesterday")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_agreements", str(tmp_path / "none.xlsx"))
    file.write_bytes(signed(row()))
    call_command("import_agreements", str(file), "--end-missing", "--as-of", "2025-10-02", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["ended"] == told["missing"] == 1
    assert told["missing_agreements"] == [{"state": "TX", "agency": "Waco", "model": "TFM"}]


@pytest.mark.skipif(not REAL.is_dir(), reason="ICE's own files are not part of the project")
def test_ices_own_lists_are_one_history(
    manager: Actor, django_assert_max_num_queries: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with (REAL / "counts.csv").open() as file:
        expected = {line["file"]: line for line in csv.DictReader(file)}
    with (REAL / "counts_by_state.csv").open() as file:
        by_state = [(one["file"], one["state"], int(one["rows"])) for one in csv.DictReader(file)]
    for name in sorted(expected, key=lambda name: expected[name]["modified_utc"]):
        with django_assert_max_num_queries(80):
            call_command("import_agreements", str(REAL / name), "--json")
        told = json.loads(capsys.readouterr().out)
        line = expected[name]
        assert told["kind"] == line["kind"]
        assert told["rows"] == int(line["rows"])
        assert told["agencies"] == int(line["distinct_agencies"])
        assert told["by_model"] == {model: int(line[model]) for model in ("TFM", "WSO", "JEM")}
        assert told["by_state"] == {state: rows for file, state, rows in by_state if file == name}
        assert told["hidden_rows"] == int(line["hidden_rows"])
        call_command("import_agreements", str(REAL / name), "--json")
        again = json.loads(capsys.readouterr().out)
        assert not any(again[what] for what in ("created", "changed", "moved", "ended"))
    assert Agreement.objects.filter(status="signed").count() >= 1189

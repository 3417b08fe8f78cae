"""The roster by hand: what a person may change, what is refused, and what another person did meanwhile."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from agreements.models import Officer, RosterEntry
from agreements.roster_changes import OFFICER_FIELDS, as_text
from agreements.services import officers as services
from agreements.services.officers import EMPLOYMENT_FIELDS, ENTRY_FIELDS
from claims.models import Claim, Participant
from claims.selectors.contributors import contributors
from portal.accounts.roles import Role
from portal.jobs.models import Job
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.factories import act, load_roster, make_agency, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

NEW = {
    "last_name": "Stone",
    "first_name": "Kim",
    "title": "Deputy",
    "hired_on": date(2019, 4, 1),
    "model": "TFM",
    "trained_on": date(2025, 9, 1),
    "authorized_from": date(2025, 9, 10),
    "authorized_to": date(2027, 9, 9),
    "credential_number": "TX-9",
}


@pytest.fixture
def preparer():
    actor = make_person(Role.PREPARER, make_agency())
    load_roster(actor)
    return actor


def entry_of(payroll_id: str = "0042") -> RosterEntry:
    return RosterEntry.objects.select_related("officer__agency").get(officer__payroll_id=payroll_id)


def seen(row: Any, names: tuple[str, ...] = ENTRY_FIELDS) -> dict[str, str]:
    return as_text({name: getattr(row, name) for name in names})


def last_event() -> dict[str, Any]:
    event = AuditEvent.objects.order_by("-id").first()
    assert event is not None
    content: dict[str, Any] = json.loads(event.content)
    return content


def test_an_officer_is_added_with_an_authorization(preparer):
    saved = services.add_officer(
        actor=preparer, agency=preparer.agency, payroll_id=" 77 ", values=NEW
    )
    entry = entry_of("77")
    assert entry.authorized_to == date(2027, 9, 9)
    assert entry.upload is None
    event = last_event()
    assert event["action"] == "officer.add"
    assert event["subject"] == f"officer/{saved.officer.pk}"
    assert event["facts"]["after"]["last_name"] == "Stone"
    assert Job.objects.filter(kind="claims.recalculate", state="queued").exists()


def test_an_officer_in_training_needs_no_more_than_a_name_and_a_day(preparer):
    values = {name: NEW[name] for name in ("last_name", "first_name", "hired_on")}
    services.add_officer(actor=preparer, agency=preparer.agency, payroll_id="77", values=values)
    assert entry_of("77").authorized_from is None


def test_two_officers_cannot_have_one_payroll_id(preparer):
    with pytest.raises(Refused, match="Reyes, Ana is on the roster") as refusal:
        services.add_officer(actor=preparer, agency=preparer.agency, payroll_id="0042", values=NEW)
    assert refusal.value.code == "officer_exists"


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"authorized_to": date(2025, 9, 9)}, "authorization_reversed", "authorized_to"),
        ({"model": ""}, "required_value", "model"),
        ({"trained_on": None}, "required_value", "trained_on"),
        ({"authorized_from": None}, "end_without_authorization", "authorized_to"),
        ({"separated_on": date(2019, 3, 1)}, "separated_before_hired", "separated_on"),
        ({"last_name": "123-45-6789"}, "looks_like_ssn", "last_name"),
        ({"last_name": ""}, "required_value", "last_name"),
    ],
)
def test_what_a_file_may_not_say_a_hand_may_not_either(preparer, changes, code, column):
    with pytest.raises(services.RowRefused) as refusal:
        services.add_officer(
            actor=preparer, agency=preparer.agency, payroll_id="77", values={**NEW, **changes}
        )
    assert (code, column) in {(f.code, f.column) for f in refusal.value.findings}
    assert not Officer.objects.filter(payroll_id="77").exists()


@pytest.mark.parametrize("payroll_id", ["", "Total", "123-45-6789", "x" * 41])
def test_a_payroll_id_must_be_one(preparer, payroll_id):
    with pytest.raises(services.RowRefused):
        services.add_officer(
            actor=preparer, agency=preparer.agency, payroll_id=payroll_id, values=NEW
        )


def test_what_is_odd_is_saved_and_said(preparer):
    saved = services.add_officer(
        actor=preparer,
        agency=preparer.agency,
        payroll_id="77",
        values={**NEW, "authorized_to": None},
    )
    assert [finding.code for finding in saved.warnings] == ["authorization_open"]


def test_a_name_is_corrected_with_before_and_after_on_record(preparer):
    officer = entry_of().officer
    services.correct_officer(
        actor=preparer,
        officer=officer,
        values={"last_name": "Reyes-Lopez", "first_name": "Ana", "title": ""},
        seen=seen(officer, OFFICER_FIELDS),
    )
    assert Officer.objects.get(pk=officer.pk).last_name == "Reyes-Lopez"
    facts = last_event()["facts"]
    assert (facts["before"], facts["after"]) == (
        {"last_name": "Reyes"},
        {"last_name": "Reyes-Lopez"},
    )


def test_an_authorization_is_ended(preparer):
    entry = entry_of()
    services.change_authorization(
        actor=preparer,
        entry=entry,
        values={"authorized_to": date(2026, 1, 5), "end_reason": "revoked"},
        seen=seen(entry),
    )
    ended = entry_of()
    assert (ended.authorized_to, ended.end_reason, ended.upload) == (
        date(2026, 1, 5),
        "revoked",
        None,
    )
    assert last_event()["facts"]["before"] == {"authorized_to": None, "end_reason": ""}


def test_saving_what_stands_already_leaves_no_trace(preparer):
    entry, events = entry_of(), AuditEvent.objects.count()
    services.change_authorization(actor=preparer, entry=entry, values={}, seen=seen(entry))
    assert AuditEvent.objects.count() == events
    assert entry_of().upload is not None


def test_a_second_authorization_leaves_a_gap(preparer):
    services.add_authorization(
        actor=preparer,
        officer=entry_of().officer,
        values={
            "hired_on": date(2015, 1, 1),
            "model": "TFM",
            "trained_on": date(2025, 6, 1),
            "authorized_from": date(2027, 7, 1),
            "authorized_to": date(2029, 6, 30),
        },
    )
    assert RosterEntry.objects.filter(officer__payroll_id="0042").count() == 2


def test_the_same_authorization_cannot_be_added_twice(preparer):
    with pytest.raises(Refused, match="same employment, model and first day"):
        services.add_authorization(
            actor=preparer,
            officer=entry_of().officer,
            values={
                "hired_on": date(2015, 1, 1),
                "model": "TFM",
                "trained_on": date(2025, 6, 1),
                "authorized_from": date(2025, 6, 1),
            },
        )


def test_an_authorization_takes_the_place_of_the_training(preparer):
    values = {name: NEW[name] for name in ("last_name", "first_name", "hired_on")}
    officer = services.add_officer(
        actor=preparer, agency=preparer.agency, payroll_id="77", values=values
    ).officer
    services.add_authorization(actor=preparer, officer=officer, values={**NEW})
    assert entry_of("77").authorized_from == date(2025, 9, 10)


def test_a_separation_ends_every_entry_of_the_employment(preparer):
    test_a_second_authorization_leaves_a_gap(preparer)
    entry = RosterEntry.objects.filter(officer__payroll_id="0042").first()
    services.change_employment(
        actor=preparer,
        entry=entry,
        values={"separated_on": date(2026, 1, 9), "separation_reason": "federal_hire"},
        seen=seen(entry, EMPLOYMENT_FIELDS),
    )
    left = RosterEntry.objects.filter(officer__payroll_id="0042")
    assert set(left.values_list("separated_on", "separation_reason")) == {
        (date(2026, 1, 9), "federal_hire")
    }


def test_nobody_writes_over_what_somebody_else_changed(preparer):
    colleague = make_person(Role.PREPARER, preparer.agency)
    mine, theirs = entry_of(), entry_of()
    opened = seen(mine)
    services.change_authorization(
        actor=colleague,
        entry=theirs,
        values={"credential_number": "TX-7"},
        seen=opened,
    )
    with pytest.raises(services.ChangedMeanwhile) as refusal:
        services.change_authorization(
            actor=preparer,
            entry=mine,
            values={"authorized_to": date(2026, 1, 5), "end_reason": "expired"},
            seen=opened,
        )
    assert refusal.value.status == 409
    assert refusal.value.now["credential_number"] == "TX-7"
    entry = entry_of()
    assert (entry.credential_number, entry.authorized_to) == ("TX-7", None)


def test_a_file_confirmed_meanwhile_is_somebody_elses_change_too(preparer):
    officer = entry_of().officer
    opened = seen(officer, OFFICER_FIELDS)
    load_roster(
        preparer,
        "officer_id,last_name,first_name,hired_on,model,trained_on,authorized_from\n"
        "0042,Reyes,Anna,2015-01-01,TFM,2025-06-01,2025-06-01\n",
    )
    with pytest.raises(services.ChangedMeanwhile, match=f"^{preparer.name} changed"):
        services.correct_officer(
            actor=preparer, officer=officer, values={"last_name": "Ray"}, seen=opened
        )


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PREPARER])
def test_only_a_preparer_of_the_agency_edits(role, preparer):
    agency = preparer.agency if role.side == "agency" else None
    actor = make_person(role, agency)
    with pytest.raises((NotAllowed, NotFound)):
        services.add_officer(actor=actor, agency=preparer.agency, payroll_id="77", values=NEW)


def test_another_agencys_preparer_finds_nobody(preparer):
    stranger = make_person(Role.PREPARER, make_agency("Other Police Department"))
    entry = entry_of()
    with pytest.raises(NotFound):
        services.change_authorization(actor=stranger, entry=entry, values={}, seen=seen(entry))
    with pytest.raises(NotFound):
        services.change_employment(actor=stranger, entry=entry, values={}, seen={})
    with pytest.raises(NotFound):
        services.correct_officer(actor=stranger, officer=entry.officer, values={}, seen={})
    with pytest.raises(NotFound):
        services.add_authorization(actor=stranger, officer=entry.officer, values=NEW)


def test_who_edits_the_roster_by_hand_is_a_preparer_of_the_open_claim():
    preparer, claim = make_draft()
    editor = make_person(Role.PREPARER, preparer.agency)
    bystander = make_person(Role.PREPARER, preparer.agency)
    entry = entry_of()
    services.change_authorization(
        actor=editor, entry=entry, values={"credential_number": "TX-7"}, seen=seen(entry)
    )
    claim = Claim.objects.get(pk=claim.pk)
    assert editor.user in contributors(claim.version)
    assert bystander.user not in contributors(claim.version)
    act(preparer, claim, "ready")
    parts = Participant.objects.filter(version=claim.version, part="preparer")
    assert editor.user.pk in parts.values_list("user", flat=True)

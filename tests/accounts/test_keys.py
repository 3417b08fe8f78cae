"""API keys: made, rotated, revoked and outlived by what they sent; their agency is told in time."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from portal.accounts.chores import warn_of_ending_keys
from portal.accounts.models import ApiKey
from portal.accounts.policies import Actor
from portal.accounts.roles import Role
from portal.accounts.services import create_key, revoke_key, rotate_key
from portal.kernel import clock
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.records.models import AuditEvent
from tests.api.client import Machine, ask_token
from tests.factories import make_agency, make_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 20, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    with clock.clock_at(NOW):
        yield


@pytest.fixture
def administrator() -> Actor:
    return make_person(Role.ADMINISTRATOR, make_agency())


@pytest.fixture
def machine(administrator: Actor) -> Machine:
    agency = administrator.agency
    owner = make_person(Role.PREPARER, agency)
    key, secret = create_key(
        actor=administrator,
        agency=agency,
        owner=owner.user,
        name="Payroll system",
        scopes="claims:read",
    )
    machine = Machine(key, secret, owner)
    machine.token = ask_token(machine).json()["access_token"]
    return machine


def after(days: int) -> datetime:
    """So many days and a minute later: the clock of a test goes on."""
    return NOW + timedelta(days, minutes=1)


def quarters(machine: Machine) -> int:
    return machine.get("/api/v1/quarters/").status_code


def test_a_key_is_good_for_a_year_and_not_a_day_longer(machine):
    with clock.clock_at(NOW + timedelta(364)):
        assert ask_token(machine).status_code == 200
    with clock.clock_at(after(365)):
        assert quarters(machine) == 401, "a token does not outlive its key"
        answer = ask_token(machine)
    assert answer.status_code == 401
    said = answer.json()
    assert (said["error"], said["code"]) == ("invalid_client", "key_expired")
    assert "2027-01-20" in said["error_description"]
    assert "rotate" in said["fix"]


def test_who_does_not_know_the_secret_does_not_learn_that_the_key_expired(machine):
    with clock.clock_at(NOW + timedelta(400)):
        answer = ask_token(machine, client_secret="guessed")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_client")


@pytest.mark.parametrize("days", [0, -1, 731])
def test_no_key_is_for_ever(administrator, machine, days):
    with pytest.raises(BadInput):
        rotate_key(actor=administrator, key=machine.key, valid_days=days)


def test_after_a_rotation_both_secrets_work_for_a_while(administrator, machine):
    old = machine.secret
    machine.secret = rotate_key(actor=administrator, key=machine.key, overlap_days=3)
    assert machine.secret != old
    for days, good in ((0, 200), (2, 200), (3, 401)):
        with clock.clock_at(after(days)):
            assert ask_token(machine).status_code == 200
            assert ask_token(machine, client_secret=old).status_code == good
    assert quarters(machine) == 200, "tokens of the old secret run out by themselves"


def test_the_old_secret_works_as_http_basic_too(administrator, machine, client):
    rotate_key(actor=administrator, key=machine.key, overlap_days=1)
    pair = base64.b64encode(f"{machine.key.client_id}:{machine.secret}".encode()).decode()
    answer = client.post(
        "/api/v1/oauth/token/",
        "grant_type=client_credentials",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 200
    machine.key.refresh_from_db()
    assert machine.key.client_secret != machine.key.previous_secret


def test_a_rotation_at_once_ends_the_old_secret_and_its_tokens(administrator, machine):
    new = rotate_key(actor=administrator, key=machine.key)
    assert quarters(machine) == 401
    assert ask_token(machine).status_code == 401
    assert ask_token(machine, client_secret=new).status_code == 200


def test_a_rotation_gives_an_expired_key_more_time_but_not_its_old_secret(administrator, machine):
    with clock.clock_at(NOW + timedelta(400)):
        new = rotate_key(actor=administrator, key=machine.key, overlap_days=7)
        assert ask_token(machine).status_code == 401
        assert ask_token(machine, client_secret=new).status_code == 200


def test_no_overlap_is_longer_than_a_week(administrator, machine):
    with pytest.raises(BadInput):
        rotate_key(actor=administrator, key=machine.key, overlap_days=8)


def test_a_revoked_key_ends_at_once_with_both_secrets_and_stays_so(administrator, machine):
    old = machine.secret
    new = rotate_key(actor=administrator, key=machine.key, overlap_days=7)
    revoke_key(actor=administrator, key=machine.key)
    assert quarters(machine) == 401
    for secret in (old, new):
        assert ask_token(machine, client_secret=secret).status_code == 401
    with pytest.raises(Refused) as refusal:
        rotate_key(actor=administrator, key=machine.key)
    assert refusal.value.code == "key_revoked"


def test_what_was_done_to_a_key_and_by_whom_stays_on_record(administrator, machine):
    other = make_person(Role.ADMINISTRATOR, administrator.agency)
    rotate_key(actor=other, key=machine.key, overlap_days=1)
    revoke_key(actor=administrator, key=machine.key)
    key = ApiKey.objects.get()
    assert (key.created_by, key.rotated_by, key.revoked_by) == (
        administrator.user,
        other.user,
        administrator.user,
    )
    events = AuditEvent.objects.filter(subject=f"key/{key.client_id}").order_by("pk")
    assert [event.action for event in events] == ["key.create", "key.rotate", "key.revoke"]
    assert machine.secret not in str(list(events.values()))


def test_only_administrators_of_the_agency_rotate(machine):
    others = [
        make_person(Role.ADMINISTRATOR, make_agency("Birch Police Department")),
        make_person(Role.CERTIFIER, machine.agency),
        machine.owner,
    ]
    for actor in others:
        with pytest.raises((NotAllowed, NotFound)):
            rotate_key(actor=actor, key=machine.key)


def test_the_use_of_a_key_is_noted_once_a_minute(machine):
    for seconds, noted in ((0, 0), (50, 0), (65, 65)):
        with clock.clock_at(NOW + timedelta(seconds=seconds)):
            quarters(machine)
        machine.key.refresh_from_db()
        assert abs(machine.key.last_used_at - NOW).total_seconds() // 10 == noted // 10


def test_administrators_are_told_a_month_and_a_week_before_a_key_ends_each_once(
    administrator, machine
):
    expected = {334: 0, 336: 1, 350: 1, 359: 2, 364: 2, 366: 2}
    for day, mails in expected.items():
        with clock.clock_at(NOW + timedelta(day)):
            warn_of_ending_keys()
            warn_of_ending_keys()
        assert len(mail.outbox) == mails, day
    assert {to for message in mail.outbox for to in message.to} == {administrator.user.email}
    assert "“Payroll system”" in mail.outbox[0].subject
    assert machine.secret not in mail.outbox[0].body


def test_a_key_found_late_is_warned_of_once(machine):
    with clock.clock_at(NOW + timedelta(360)):
        warn_of_ending_keys()
    assert len(mail.outbox) == 1
    assert "ends in 5 days" in mail.outbox[0].subject


def test_a_rotated_key_is_warned_of_anew_and_a_revoked_one_never(administrator, machine):
    with clock.clock_at(NOW + timedelta(340)):
        warn_of_ending_keys()
        rotate_key(actor=administrator, key=machine.key)
        warn_of_ending_keys()
    assert len(mail.outbox) == 1
    with clock.clock_at(NOW + timedelta(340 + 340)):
        warn_of_ending_keys()
        assert len(mail.outbox) == 2
        revoke_key(actor=administrator, key=machine.key)
    with clock.clock_at(NOW + timedelta(340 + 360)):
        warn_of_ending_keys()
    assert len(mail.outbox) == 2


def test_a_warning_that_could_not_be_mailed_is_mailed_the_next_day(machine, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    with clock.clock_at(NOW + timedelta(340)):
        with pytest.raises(OSError):
            warn_of_ending_keys()
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        warn_of_ending_keys()
    assert len(mail.outbox) == 1


def test_an_administrator_rotates_on_a_page_and_sees_the_secret_once(
    browse, administrator, machine
):
    desk = browse(administrator)
    address = f"/keys/{machine.key.pk}/rotate/"
    assert "three more days" in desk.get(address).content.decode()
    page = desk.post(address, {"overlap_days": "1", "valid_days": "90"}).content.decode()
    machine.key.refresh_from_db()
    assert machine.key.expires_at.date() == (NOW + timedelta(90)).date()
    assert "Stays good until" in page
    assert "Copy the secret now" in page
    listed = desk.get("/keys/").content.decode()
    assert "The old secret works until" in listed
    assert f"by {administrator.user.name}" in listed


@pytest.mark.parametrize("wrong", [{"overlap_days": "8"}, {"valid_days": "9999"}, {}])
def test_a_rotation_that_makes_no_sense_is_said_beside_the_form(
    browse, administrator, machine, wrong
):
    sent = {"overlap_days": "1", "valid_days": "365", **wrong} if wrong else {}
    answer = browse(administrator).post(f"/keys/{machine.key.pk}/rotate/", sent)
    assert answer.status_code == 422
    machine.key.refresh_from_db()
    assert machine.key.rotated_at is None


def test_the_home_page_says_which_keys_end_soon_to_who_can_rotate_them(
    browse, administrator, machine
):
    for days, said in ((300, ""), (340, " ends "), (366, " ended "), (375, "")):
        with clock.clock_at(NOW + timedelta(days)):
            page = browse(administrator).get("/").content.decode()
            others = browse(machine.owner).get("/").content.decode()
        assert ("Rotate the key" in page) is bool(said)
        assert said in page
        assert "Rotate the key" not in others

"""Notes stay on their side: on no page, in no history, packet or answer of the other."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from claims.models import Note, PacketFile
from claims.rules.address import Address
from claims.selectors.questions import notes_of
from claims.services.noting import keep_note
from portal.accounts.roles import Role
from portal.jobs.running import run_due
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.records import storage
from portal.records.models import AuditEvent
from tests.api.client import make_machine
from tests.claims.packets.reading import attachments, text
from tests.claims.reviewing import in_review
from tests.factories import act, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

SECRETS = {"federal": "Federalwhisper", "agency": "Officewhisper"}


CLAIM = Address()


def note(actor, version, text="Look again.", address=CLAIM, token=None) -> Note:
    return keep_note(
        actor=actor, version=version, address=address, text=text, token=token or uuid4()
    )


def both():
    """A claim in review on which each side has kept notes."""
    reviewed = in_review()
    for address in (Address(), Address("0042", "overtime")):
        note(reviewed.reviewer, reviewed.version, SECRETS["federal"], address)
        note(reviewed.preparer, reviewed.version, SECRETS["agency"], address)
    return reviewed


def test_each_side_reads_its_own():
    reviewed = both()
    for actor in (reviewed.reviewer, make_person(Role.AUDITOR)):
        assert {one.text for one in notes_of(actor, reviewed.version)} == {SECRETS["federal"]}
    for actor in (reviewed.certifier, make_person(Role.VIEWER, reviewed.claim.agency)):
        assert {one.text for one in notes_of(actor, reviewed.version)} == {SECRETS["agency"]}
    stranger = make_person(Role.PREPARER, make_agency("Birch Police"))
    assert not notes_of(stranger, reviewed.version).exists()


def test_no_page_of_the_other_side_shows_one():
    reviewed = both()
    claim = reviewed.claim.number
    pages = [
        f"/claims/{claim}/",
        f"/claims/{claim}/history/",
        f"/claims/{claim}/versions/1/",
        f"/claims/{claim}/versions/1/officers/1/",
        f"/claims/{claim}/versions/1/records/",
        f"/claims/{claim}/versions/1/checklist/",
        "/",
        "/claims/",
    ]
    own = 0
    for actor, other in ((reviewed.preparer, "federal"), (reviewed.reviewer, "agency")):
        client = Client()
        client.force_login(actor.user)
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            told = answer.content.decode()
            assert SECRETS[other] not in told, page
            assert "Note kept" not in told, page
            own += SECRETS[actor.side] in told
    assert own >= 4, "each side's claim page shows its own"


def test_no_answer_to_a_machine_and_no_packet_holds_one():
    reviewed = both()
    machine = make_machine(reviewed.claim.agency)
    base = f"/api/v1/claims/{reviewed.claim.number}/"
    for path in ("", "lines/", "lines/1/", "questions/"):
        answer = machine.get(f"{base}{path}")
        assert answer.status_code == 200
        assert "whisper" not in answer.content.decode()
    act(reviewed.reviewer, reviewed.claim, "recommend")
    act(make_person(Role.PAYMENT_APPROVER), reviewed.claim, "approve")
    run_due()
    files = list(PacketFile.objects.select_related("document"))
    assert files
    for file in files:
        content = storage.read(file.document)
        assert b"whisper" not in content
        if file.part != PacketFile.Part.MANIFEST:
            assert "whisper" not in text(content)
            assert all(b"whisper" not in inside for _, inside in attachments(content).values())


def test_the_common_story_does_not_tell_of_it():
    reviewed = both()
    events = AuditEvent.objects.filter(action="note.keep")
    thread = reviewed.claim.thread
    assert set(events.values_list("thread", flat=True)) == {f"{thread}/federal", f"{thread}/agency"}
    assert not any("whisper" in event.content for event in AuditEvent.objects.all())


def test_the_same_form_sent_twice_is_one_note():
    reviewed = in_review()
    token = uuid4()
    first = note(reviewed.reviewer, reviewed.version, token=token)
    assert note(reviewed.reviewer, reviewed.version, token=token) == first


@pytest.mark.parametrize("text", [" ", "His number is 078-05-1120."])
def test_words_that_cannot_be_kept_are_refused(text):
    reviewed = in_review()
    with pytest.raises(Refused):
        note(reviewed.reviewer, reviewed.version, text)


def test_who_does_not_work_on_claims_writes_none():
    reviewed = in_review()
    for actor in (make_person(Role.AUDITOR), make_person(Role.VIEWER, reviewed.claim.agency)):
        with pytest.raises(NotAllowed):
            note(actor, reviewed.version)
    with pytest.raises(NotFound):
        note(make_person(Role.PREPARER, make_agency("Birch Police")), reviewed.version)

"""Records: what is taken, where and when, and what the checklist makes of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from claims.models import Appeal, Evidence, Waiver
from claims.rules.address import Address
from claims.rules.lifecycle import Part
from claims.selectors.appeals import contestable_lines
from claims.selectors.evidence import evidence_of, groups, items_of, needs_of
from claims.services.appealing import file_appeals
from claims.services.asking import Attached, answer
from claims.services.evidencing import MAX_BYTES, send_evidence, take_back_evidence
from portal.accounts.roles import Role
from portal.kernel import clock
from portal.kernel.errors import NotAllowed, NotFound, Refused
from portal.records import storage
from portal.records.models import Document
from tests.claims.reviewing import PDF, asked_about, in_review, pdf
from tests.factories import act, make_agency, make_draft, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

OVERTIME = Address("0042", "overtime")


def send(actor, claim, upload=None, **changed) -> Evidence:
    claim.refresh_from_db()
    facts = {
        "actor": actor,
        "version": claim.version,
        "kind": Evidence.Kind.TIMESHEET,
        "address": OVERTIME,
        "upload": upload or pdf(),
        "token": uuid4(),
    }
    return send_evidence(**{**facts, **changed})


def code_of(caught) -> str:
    return caught.value.code


def standing(actor, claim) -> dict[str, tuple[int, int, int]]:
    claim.refresh_from_db()
    found = groups(items_of(actor, claim.version))
    return {group.kind.value: (group.total, group.sent, group.waived) for group in found}


@pytest.mark.parametrize(
    ("name", "content", "kept", "media_type"),
    [
        ("a.pdf", PDF, "a.pdf", "application/pdf"),
        ("a.JPG", b"\xff\xd8\xff\xe0", "a.JPG", "image/jpeg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "a.png", "image/png"),
        ("scan", PDF, "scan.pdf", "application/pdf"),
        ("run.hta", PDF, "run.hta.pdf", "application/pdf"),
        ("photo.png", b"\xff\xd8\xff\xe0", "photo.png.jpg", "image/jpeg"),
        ("..\\..\\x\u202egpj.pdf", PDF, "xgpj.pdf", "application/pdf"),
    ],
)
def test_what_a_file_is_its_bytes_say(name, content, kept, media_type):
    preparer, claim = make_draft()
    document = send(preparer, claim, pdf(name, content)).document
    assert (document.filename, document.media_type) == (kept, media_type)
    assert document.kind == Document.Kind.EVIDENCE
    assert storage.read(document) == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "empty_file"),
        ("a.pdf", b"PK\x03\x04", "not_a_record"),
        ("a.pdf", b"<html>%PDF-", "not_a_record"),
        ("a.pdf", PDF + bytes(MAX_BYTES), "file_too_large"),
        ("078-05-1120.pdf", PDF, "reason_not_kept"),
    ],
)
def test_other_files_leave_nothing(name, content, code):
    preparer, claim = make_draft()
    with pytest.raises(Refused) as caught:
        send(preparer, claim, pdf(name, content))
    assert code_of(caught) == code
    assert not Evidence.objects.exists()
    assert not Document.objects.filter(kind=Document.Kind.EVIDENCE).exists()


def test_a_scanner_that_is_away_keeps_files_out(settings):
    settings.PORTAL_SCANNER = "unix:///nowhere/at/all"
    preparer, claim = make_draft_unscanned(settings)
    with pytest.raises(Refused) as caught:
        send(preparer, claim)
    assert code_of(caught) == "scanner_away"
    assert caught.value.retry_after


def make_draft_unscanned(settings):
    """A draft from before there was a scanner."""
    address, settings.PORTAL_SCANNER = settings.PORTAL_SCANNER, ""
    made = make_draft()
    settings.PORTAL_SCANNER = address
    return made


def test_the_same_form_sent_twice_is_one_record():
    preparer, claim = make_draft()
    token = uuid4()
    assert send(preparer, claim, token=token) == send(preparer, claim, token=token)


def test_the_same_file_on_the_same_line_is_told_and_not_doubled():
    preparer, claim = make_draft()
    first = send(preparer, claim)
    with pytest.raises(Refused) as caught:
        send(preparer, claim, pdf("other-name.pdf"))
    assert code_of(caught) == "already_sent"
    send(preparer, claim, kind=Evidence.Kind.OVERTIME)
    send(preparer, claim, address=Address("A-7"))
    take_back_evidence(actor=preparer, evidence=first)
    send(preparer, claim)
    assert Evidence.objects.filter(taken_back_at=None).count() == 3


def test_who_sends_a_record_has_prepared_the_version():
    _, claim = make_draft()
    colleague = make_person(Role.PREPARER, claim.agency)
    send(colleague, claim)
    assert claim.version.participants.filter(user=colleague.user, part=Part.PREPARER).exists()


@pytest.mark.parametrize("role", [Role.CERTIFIER, Role.VIEWER, Role.REVIEWER])
def test_others_send_none(role):
    _, claim = make_draft()
    actor = make_person(role, None if role is Role.REVIEWER else claim.agency)
    with pytest.raises(NotAllowed):
        send(actor, claim)


def test_strangers_cannot_reach_it():
    _, claim = make_draft()
    with pytest.raises(NotFound):
        send(make_person(Role.PREPARER, make_agency("Birch Police")), claim)


def test_records_come_while_the_agency_works_on_the_claim_and_in_review_only_as_answers():
    preparer, claim = make_draft()
    certifier, reviewer = make_person(Role.CERTIFIER, claim.agency), make_person(Role.REVIEWER)
    act(preparer, claim, "ready")
    send(preparer, claim, pdf(content=PDF + b"ready"))
    act(certifier, claim, "certify")
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            send(preparer, claim, pdf(content=PDF + b"late"))
        assert code_of(caught) == "wrong_state"
        if claim.version.state == "submitted":
            act(reviewer, claim, "start_review")
    act(reviewer, claim, "return")
    send(preparer, claim, pdf(content=PDF + b"returned"))


def test_a_record_is_taken_back_until_it_was_submitted():
    preparer, claim = make_draft()
    first, second = send(preparer, claim), send(preparer, claim, address=Address())
    take_back_evidence(actor=preparer, evidence=first)
    take_back_evidence(actor=preparer, evidence=first)
    first.refresh_from_db()
    assert first.taken_back_by == preparer.user
    assert storage.is_intact(first.document)
    act(preparer, claim, "ready")
    certifier = make_person(Role.CERTIFIER, claim.agency)
    act(certifier, claim, "certify")
    act(certifier, claim, "withdraw")
    with pytest.raises(Refused) as caught:
        take_back_evidence(actor=preparer, evidence=second)
    assert code_of(caught) == "already_submitted"


def test_what_answers_a_question_stays():
    reviewed = in_review()
    question = asked_about(reviewed)
    act(reviewed.reviewer, reviewed.claim, "return")
    attached = Attached(Evidence.Kind.OTHER, pdf())
    answer(
        actor=reviewed.preparer, question=question, text="See.", token=uuid4(), attached=attached
    )
    with pytest.raises(Refused) as caught:
        take_back_evidence(actor=reviewed.preparer, evidence=Evidence.objects.get())
    assert code_of(caught) == "already_submitted"


def test_the_federal_side_reads_a_correction_s_records_once_it_is_submitted():
    reviewed = in_review()
    claim = reviewed.claim
    act(reviewed.reviewer, claim, "return")
    with clock.clock_at(clock.now() + timedelta(minutes=1)):
        act(reviewed.preparer, claim, "correct")
    with clock.clock_at(clock.now() + timedelta(minutes=2)):
        send(reviewed.preparer, claim)
    assert not evidence_of(reviewed.reviewer, reviewed.version.claim).exists()
    assert evidence_of(reviewed.preparer, reviewed.version.claim).exists()
    with clock.clock_at(clock.now() + timedelta(minutes=3)):
        act(reviewed.preparer, claim, "ready")
        act(reviewed.certifier, claim, "certify")
    assert evidence_of(reviewed.reviewer, reviewed.version.claim).exists()


def test_the_checklist_is_ticked_off_by_records_and_waivers():
    reviewed = in_review()
    claim = reviewed.claim
    nothing = {"timesheet": (1, 0, 0), "overtime": (1, 0, 0), "payment": (1, 0, 0)}
    assert standing(reviewed.preparer, claim) == nothing
    act(reviewed.reviewer, claim, "return")
    send(reviewed.preparer, claim)
    send(reviewed.preparer, claim, kind=Evidence.Kind.OVERTIME, address=Address())
    told = standing(reviewed.preparer, claim)
    assert told == {"timesheet": (1, 1, 0), "overtime": (1, 1, 0), "payment": (1, 0, 0)}
    approver = make_person(Role.PAYMENT_APPROVER)
    waiver = Waiver.objects.create(
        claim=claim,
        rule=Waiver.Rule.EVIDENCE,
        reason="Paid by the state.",
        granted_by=approver.user,
        expires_on=clock.today() + timedelta(days=1),
    )
    assert standing(reviewed.preparer, claim)["payment"] == (1, 0, 1)
    with clock.clock_at(clock.now() + timedelta(days=3)):
        assert standing(reviewed.preparer, claim)["payment"] == (1, 0, 0)
    waiver.revoked_by, waiver.revoked_at = approver.user, clock.now()
    waiver.save()
    assert standing(reviewed.preparer, claim)["payment"] == (1, 0, 0)


def test_another_officer_s_record_ticks_nothing_off():
    preparer, claim = make_draft()
    send(preparer, claim, address=Address("A-7", "overtime"))
    send(preparer, claim, address=Address("0042", "regular"))
    assert standing(preparer, claim)["timesheet"] == (1, 0, 0)


def test_the_checklist_is_read_once_for_each_calculation(django_assert_num_queries):
    _, claim = make_draft()
    claim.refresh_from_db()
    needs_of(claim.version)
    version = type(claim.version).objects.select_related("claim").get(pk=claim.version_id)
    with django_assert_num_queries(2):
        needs_of(version)


def test_records_support_an_appeal_until_it_can_be_filed_no_more():
    reviewed = in_review()
    act(reviewed.reviewer, reviewed.claim, "recommend")
    act(make_person(Role.PAYMENT_APPROVER), reviewed.claim, "deny")
    parts = reviewed.version.participants.count()
    evidence = send(reviewed.preparer, reviewed.claim)
    assert reviewed.version.participants.count() == parts, "it is no part of what was signed"
    with pytest.raises(Refused) as kept:
        take_back_evidence(actor=reviewed.preparer, evidence=evidence)
    assert code_of(kept) == "already_submitted"
    assert evidence in evidence_of(reviewed.reviewer, reviewed.claim)
    file_appeals(
        actor=reviewed.certifier,
        version=reviewed.version,
        asked=contestable_lines(reviewed.version),
        grounds="The sheets are there.",
        token=uuid4(),
    )
    with clock.clock_at(clock.now() + timedelta(60)):
        send(reviewed.preparer, reviewed.claim, pdf(content=PDF + b"2"))
        Appeal.objects.all().update(
            proposed=0,
            proposal="No.",
            proposed_by=make_person(Role.REVIEWER).user,
            proposed_at=clock.now(),
        )
        Appeal.objects.all().update(
            granted=0,
            ruling="No.",
            decided_by=make_person(Role.PAYMENT_APPROVER).user,
            decided_at=clock.now(),
        )
        with pytest.raises(Refused) as late:
            send(reviewed.preparer, reviewed.claim, pdf(content=PDF + b"3"))
        assert code_of(late) == "wrong_state"

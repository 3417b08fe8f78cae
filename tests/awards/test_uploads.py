"""Counts of many agencies in one file: all of them are proposed or none, and a second person confirms."""

from __future__ import annotations

import pytest

from awards.models import CountsConfirmation, CountsUpload, PerformanceMeasure
from awards.selectors import confirmed_measures, measures_to_confirm
from awards.services import confirm_upload, receive_counts, reject_counts
from portal.accounts.models import Agency
from portal.accounts.roles import Role
from portal.intake.uploads import Upload
from portal.jobs.models import Job
from portal.jobs.running import run_due
from portal.kernel.errors import NotAllowed, Refused
from portal.records import storage
from portal.records.models import AuditEvent, Document
from tests.factories import make_agency, make_person, propose, report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

HEADER = "agency,quarter,referred,located\n"


@pytest.fixture
def manager():
    return make_person(Role.PROGRAM_MANAGER)


@pytest.fixture
def second():
    return make_person(Role.PROGRAM_MANAGER)


def send(actor, *rows: str, header: str = HEADER) -> CountsUpload:
    text = header + "".join(f"{row}\n" for row in rows)
    return receive_counts(actor=actor, upload=Upload("counts.csv", "text/csv", [text.encode()]))


def test_every_row_is_proposed_with_its_source_and_counts_when_confirmed(manager, second):
    first, other = make_agency("First County"), make_agency("Second County")
    run_due()
    upload = send(manager, f"{first.number},FY2026Q1,10,9", f"{other.number},FY2026Q1,4,4")
    assert (upload.rows, upload.errors) == (2, 0)
    assert [(m.row, m.upload_id) for m in upload.measures.order_by("row")] == [
        (2, upload.pk),
        (3, upload.pk),
    ]
    assert not confirmed_measures().exists()
    assert not Job.objects.filter(state="queued").exists()
    assert confirm_upload(actor=second, upload=upload) == 2
    assert confirmed_measures().count() == 2
    assert Job.objects.filter(state="queued").count() == 2
    assert storage.is_intact(upload.document)


def test_one_wrong_row_keeps_all_of_it_out_and_the_file_is_not_kept(manager):
    agency = make_agency()
    upload = send(
        manager, f"{agency.number},FY2026Q1,10,9", "A99999,FY2026Q1,1,1", "A99998,FY2031Q1,1,2"
    )
    assert {one["code"] for one in upload.findings} == {
        "unknown_agency",
        "quarter_out_of_range",
        "located_exceeds_referred",
    }
    assert (upload.rows, upload.errors) == (0, 4)
    assert not PerformanceMeasure.objects.exists()
    assert not storage.path_of(upload.document.sha256).exists()


def test_persons_in_a_file_leave_no_trace_but_its_hash(manager):
    agency = make_agency()
    upload = send(
        manager,
        f"{agency.number},FY2026Q1,1,1,Restrepo",
        header="agency,quarter,referred,located,name\n",
    )
    assert [one["code"] for one in upload.findings] == ["more_than_counts"]
    assert "Restrepo" not in repr(upload.findings)
    assert not storage.path_of(upload.document.sha256).exists()
    assert Document.objects.get().sha256


def test_an_agency_that_was_merged_is_not_known(manager):
    agency, into = make_agency("Old County"), make_agency("New County")
    Agency.objects.filter(pk=agency.pk).update(merged_into=into)
    upload = send(manager, f"{agency.number},FY2026Q1,1,1")
    assert [one["code"] for one in upload.findings] == ["unknown_agency"]


def test_rows_that_say_nothing_new_are_passed_over(manager, second):
    same, waiting, rejected = make_agency("A"), make_agency("B"), make_agency("C")
    report(same, 10, 9)
    propose(waiting, 10, 9)
    reject_counts(actor=second, measure=propose(rejected, 10, 9), note="Not so.")
    rows = [f"{agency.number},FY2026Q1,10,9" for agency in (same, waiting, rejected)]
    upload = send(manager, *rows)
    assert (upload.rows, upload.unchanged) == (1, 2)
    assert upload.measures.get().agency == rejected


def test_a_rejected_row_and_a_replaced_one_are_not_confirmed_with_the_file(manager, second):
    agencies = [make_agency(name) for name in "ABC"]
    upload = send(manager, *(f"{agency.number},FY2026Q1,10,9" for agency in agencies))
    first, other, _ = upload.measures.order_by("row")
    reject_counts(actor=second, measure=first, note="Not so.")
    propose(other.agency, 10, 8)
    assert confirm_upload(actor=second, upload=upload) == 1
    assert confirmed_measures().get().agency == agencies[2]
    with pytest.raises(Refused) as refusal:
        confirm_upload(actor=second, upload=upload)
    assert refusal.value.code == "counts_not_waiting"


def test_nobody_confirms_their_own_file(manager):
    upload = send(manager, f"{make_agency().number},FY2026Q1,10,9")
    with pytest.raises(NotAllowed) as refusal:
        confirm_upload(actor=manager, upload=upload)
    assert refusal.value.code == "own_counts"
    assert not CountsConfirmation.objects.exists()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_only_program_managers_send_and_confirm_files(manager, role):
    actor = make_person(role)
    with pytest.raises(NotAllowed):
        send(actor, "A1,FY2026Q1,1,1")
    upload = send(manager, f"{make_agency().number},FY2026Q1,10,9")
    with pytest.raises(NotAllowed):
        confirm_upload(actor=actor, upload=upload)
    assert not measures_to_confirm(actor).exists()


def test_sending_and_confirming_are_on_record(manager, second):
    upload = send(manager, f"{make_agency().number},FY2026Q1,10,9")
    confirm_upload(actor=second, upload=upload)
    actions = AuditEvent.objects.filter(action__startswith="counts.").order_by("id")
    assert [(event.action, event.actor_id) for event in actions] == [
        ("counts.report", manager.user.pk),
        ("counts.receive", manager.user.pk),
        ("counts.confirm", second.user.pk),
    ]

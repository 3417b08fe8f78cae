"""Rosters that are not our template, or not right: matched once, corrected in place, nothing hidden."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from agreements.models import Officer, RosterUpload
from agreements.roster_catalogue import ROSTER_FINDINGS
from agreements.services.rosters import (
    confirm_roster,
    correct_roster,
    correct_roster_with_file,
    match_roster_columns,
    receive_roster,
    withdraw_roster,
)
from portal.accounts.roles import Role
from portal.accounts.services import create_key
from portal.intake import quarantine
from portal.intake.models import ColumnMapping
from portal.intake.uploads import Upload
from portal.intake.workbook import RETURN_SHEET, error_workbook
from portal.jobs.running import run_due
from portal.kernel.errors import BadInput, NotAllowed, NotFound, Refused
from portal.kernel.tabular import read_table
from portal.kernel.tabular.export import write_xlsx
from portal.kernel.tabular.mapping import Mapping
from portal.kernel.tabular.patch import LEAVE_OUT, Edit
from portal.records import storage
from portal.records.models import AuditEvent, Document
from tests.factories import QUARTER, ROSTER, load_roster, make_agency, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_quarter")]

EXPORT = """Personnel of the Sheriff,,,,,,
Emp ID,Surname,Given Name,SSN,Hire Date,Program,Cert Date,From
0042,Reyes,Ana,123-45-6789,2015-01-01,TFM,2025-06-01,2025-06-01
A-7,Hollis,Ben,987-65-4321,2018-05-01,TFM,2025-11-17,2025-11-17
"""
MATCHED = Mapping(
    (
        ("Emp ID", "officer_id"),
        ("Surname", "last_name"),
        ("Given Name", "first_name"),
        ("Hire Date", "hired_on"),
        ("Program", "model"),
        ("Cert Date", "trained_on"),
        ("From", "authorized_from"),
    )
)
WRONG = ROSTER.replace("2015-01-01", "2015-13-01")


@pytest.fixture
def preparer():
    return make_person(Role.PREPARER, make_agency())


def send(preparer, content=EXPORT, **options):
    upload = receive_roster(
        actor=preparer,
        agency=preparer.agency,
        quarter=QUARTER,
        upload=Upload("staff.csv", "text/csv", [content.encode()]),
        **options,
    )
    return read(upload)


def read(upload):
    run_due()
    return RosterUpload.objects.get(pk=upload.pk)


def test_a_strange_export_waits_until_its_columns_are_matched(preparer):
    upload = send(preparer)
    assert (upload.state, upload.needs_columns) == ("proposed", True)
    sample = json.loads(upload.sample)
    assert sample["header"][:2] == ["Emp ID", "Surname"]
    assert sample["rows"] == 2
    assert sample["values"]["Surname"] == ["Reyes", "Hollis"]
    assert sample["distinct"]["Program"] == {"TFM": 2}
    assert sample["dropped"] == ["SSN"]
    assert Mapping.of_json(json.dumps(sample["suggested"])).columns[1] == ("Surname", "last_name")
    with pytest.raises(Refused) as refusal:
        confirm_roster(actor=preparer, upload=upload)
    assert "Match its columns" in refusal.value.fix


def test_what_is_kept_has_no_social_security_number(preparer):
    upload = send(preparer)
    kept = storage.read(upload.document)
    assert b"6789" not in kept
    assert b"Hollis" in kept
    assert upload.document.sha256 != upload.sent_sha256
    assert "6789" not in upload.sample
    assert upload.findings.filter(code="sensitive_column_dropped").count() == 1


def test_matched_columns_are_kept_and_used_for_the_next_file(preparer):
    upload = read(match_roster_columns(actor=preparer, batch=send(preparer), mapping=MATCHED))
    assert (upload.state, upload.needs_columns, upload.rows) == ("proposed", False, 2)
    assert upload.mapping.number == 1
    assert upload.findings.filter(code="sensitive_column_dropped").count() == 1
    confirm_roster(actor=preparer, upload=upload)
    assert set(Officer.objects.values_list("payroll_id", flat=True)) == {"0042", "A-7"}
    again = send(preparer)
    assert (again.state, again.needs_columns) == ("proposed", False)
    assert again.mapping == upload.mapping


def test_a_matching_that_lacks_something_is_refused_in_words(preparer):
    upload = send(preparer)
    with pytest.raises(BadInput) as refusal:
        match_roster_columns(
            actor=preparer, batch=upload, mapping=Mapping((("Surname", "last_name"),))
        )
    assert refusal.value.code == "mapping_incomplete"
    assert refusal.value.fix
    assert not ColumnMapping.objects.exists()


def test_columns_matched_anew_read_the_same_bytes_once_more(preparer):
    upload = read(match_roster_columns(actor=preparer, batch=send(preparer), mapping=MATCHED))
    other = Mapping((*MATCHED.columns[:-1], ("From", "")))
    anew = read(match_roster_columns(actor=preparer, batch=upload, mapping=other))
    upload.refresh_from_db()
    assert (anew.corrects, anew.document, anew.mapping.number) == (upload, upload.document, 2)
    assert (anew.state, upload.state) == ("proposed", "superseded")


def test_a_date_typed_for_a_roster_is_typed_again_for_the_next(preparer):
    columns = tuple(pair for pair in MATCHED.columns if pair[0] != "From")
    typed = Mapping((*columns, ("From", "")), fixed=(("authorized_from", "2025-11-17"),))
    first = read(match_roster_columns(actor=preparer, batch=send(preparer), mapping=typed))
    assert first.state == "proposed"
    later = send(preparer)
    assert (later.needs_columns, later.mapping) == (True, None)
    suggested = Mapping.of_json(json.dumps(json.loads(later.sample)["suggested"]))
    assert suggested == replace(typed, fixed=())


def test_a_machine_is_told_to_have_the_columns_matched_once(preparer):
    key, _ = create_key(
        actor=make_person(Role.ADMINISTRATOR, preparer.agency),
        agency=preparer.agency,
        owner=preparer.user,
        name="HR",
        scopes="roster:write",
    )
    machine = replace(preparer, key=key)
    upload = send(machine)
    assert (upload.state, upload.needs_columns) == ("rejected", False)
    codes = set(upload.findings.values_list("code", flat=True))
    assert {"columns_not_matched", "missing_column"} <= codes
    match_roster_columns(actor=preparer, batch=send(preparer), mapping=MATCHED)
    assert send(machine).state == "proposed"


def test_a_wrong_cell_is_corrected_in_place(preparer):
    upload = send(preparer, WRONG)
    assert upload.state == "rejected"
    faulty = json.loads(upload.faulty)
    assert set(faulty["rows"]) == {"2", "3"}, "row 3 has a warning: its authorization is open"
    assert faulty["sources"]["hired_on"] == ["hired_on"]
    edit = Edit(2, "hired_on", "2015-13-01", "2015-01-03")
    corrected = read(correct_roster(actor=preparer, batch=upload, edits=[edit]))
    assert (corrected.state, corrected.corrects, corrected.number) == ("proposed", upload, 2)
    assert corrected.document == upload.document
    assert storage.read(corrected.document) == WRONG.encode()
    assert json.loads(corrected.patch) == [
        {"column": "hired_on", "now": "2015-01-03", "row": 2, "was": "2015-13-01"}
    ]
    upload.refresh_from_db()
    assert (upload.state, upload.patch) == ("rejected", None)
    assert AuditEvent.objects.filter(action="roster.correct").count() == 1


def test_corrections_follow_one_another(preparer):
    upload = send(preparer, WRONG.replace("2018-05-01", "soon"))
    first = Edit(2, "hired_on", "2015-13-01", "later")
    half = read(correct_roster(actor=preparer, batch=upload, edits=[first]))
    assert half.errors == 2
    rest = [Edit(2, "hired_on", "later", "2015-01-03"), Edit(3, LEAVE_OUT, "", "yes")]
    done = read(correct_roster(actor=preparer, batch=half, edits=rest))
    assert (done.state, done.rows, len(json.loads(done.patch))) == ("proposed", 1, 3)


def test_a_double_click_makes_one_correction_and_another_one_is_refused(preparer):
    upload = send(preparer, WRONG)
    edit = Edit(2, "hired_on", "2015-13-01", "2015-01-03")
    first = correct_roster(actor=preparer, batch=upload, edits=[edit])
    assert correct_roster(actor=preparer, batch=upload, edits=[edit]) == first
    other = Edit(2, "hired_on", "2015-13-01", "2015-01-04")
    with pytest.raises(Refused) as refusal:
        correct_roster(actor=preparer, batch=upload, edits=[other])
    assert refusal.value.code == "being_corrected"
    assert RosterUpload.objects.count() == 2


def test_what_cannot_be_corrected_says_why(preparer):
    upload = send(preparer)
    with pytest.raises(Refused, match="columns"):
        correct_roster(actor=preparer, batch=upload, edits=[Edit(3, "Surname", "Reyes", "Ray")])
    withdraw_roster(actor=preparer, upload=upload, reason="wrong file")
    with pytest.raises(Refused) as refusal:
        correct_roster(actor=preparer, batch=upload, edits=[Edit(3, "Surname", "Reyes", "Ray")])
    assert refusal.value.code in {"not_correctable", "needs_columns"}
    refused = send(preparer, "\x00\x01\x02")
    assert refused.document is None
    with pytest.raises(Refused) as refusal:
        correct_roster(actor=preparer, batch=refused, edits=[Edit(1, "a", "b", "c")])
    assert refusal.value.code == "file_not_kept"


def test_a_correction_holds_no_number_the_portal_must_not_hold(preparer):
    upload = send(preparer, WRONG)
    with pytest.raises(BadInput) as refusal:
        correct_roster(actor=preparer, batch=upload, edits=[Edit(2, "title", "", "987-65-4321")])
    assert "4321" not in f"{refusal.value.message} {refusal.value.fix}"
    assert RosterUpload.objects.count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CERTIFIER])
def test_only_preparers_correct(preparer, role):
    upload = send(preparer, WRONG)
    edit = Edit(2, "hired_on", "2015-13-01", "2015-01-03")
    with pytest.raises(NotAllowed):
        correct_roster(actor=make_person(role, preparer.agency), batch=upload, edits=[edit])
    stranger = make_person(Role.PREPARER, make_agency("Elsewhere Police"))
    for service, what in (
        (correct_roster, {"edits": [edit]}),
        (match_roster_columns, {"mapping": MATCHED}),
        (correct_roster_with_file, {"upload": Upload("a.csv", "text/csv", [b"a"])}),
    ):
        with pytest.raises(NotFound):
            service(actor=stranger, batch=upload, **what)


def test_the_error_workbook_comes_back_as_corrections(preparer):
    upload = send(preparer, WRONG)
    book = load_workbook(
        io.BytesIO(error_workbook(upload, list(upload.findings.all()), ROSTER_FINDINGS.kinds))
    )
    sheet = book[RETURN_SHEET]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(2, names.index("hired_on") + 1).value = "2015-01-03"
    out = io.BytesIO()
    book.save(out)
    sent = Upload("errors.xlsx", "application/octet-stream", [out.getvalue()])
    corrected = correct_roster_with_file(actor=preparer, batch=upload, upload=sent)
    # The same workbook, sent twice.
    assert correct_roster_with_file(actor=preparer, batch=upload, upload=sent) == corrected
    corrected = read(corrected)
    assert (corrected.state, corrected.sent_name) == ("proposed", "errors.xlsx")
    assert corrected.document == upload.document
    assert json.loads(corrected.patch) == [
        {"column": "hired_on", "now": "2015-01-03", "row": 2, "was": "2015-13-01"}
    ]
    assert not quarantine.holds(corrected.pk)


def test_a_file_that_is_no_returned_workbook_changes_nothing(preparer):
    upload = send(preparer, WRONG)
    corrected = read(
        correct_roster_with_file(
            actor=preparer, batch=upload, upload=Upload("r.csv", "text/csv", [ROSTER.encode()])
        )
    )
    assert (corrected.state, corrected.document, corrected.patch) == ("rejected", None, None)
    assert corrected.findings.get().code == "not_the_returned_rows"
    # It may be tried again.
    edit = Edit(2, "hired_on", "2015-13-01", "2015-01-03")
    assert read(correct_roster(actor=preparer, batch=upload, edits=[edit])).state == "proposed"


def test_a_refused_file_leaves_only_name_size_hash_and_reason(preparer):
    upload = send(preparer, ROSTER + "987-65-4321,Vance,Tara,2015-01-01,TFM,,\n")
    assert (upload.state, upload.document, upload.sample, upload.faulty) == (
        "rejected",
        None,
        "",
        "",
    )
    assert upload.sent_name == "staff.csv"
    assert upload.sent_size and upload.sent_sha256
    assert "4321" not in str([vars(finding) for finding in upload.findings.all()])
    assert not Document.objects.exists()


def test_a_file_of_another_agency_is_refused_naming_both(preparer):
    other = make_agency("Elsewhere Police")
    header, *rows = ROSTER.splitlines()
    named = [f"{header},agency", *(f"{row},{other.number}" for row in rows)]
    upload = send(preparer, "\n".join(named) + "\n")
    finding = upload.findings.get(code="wrong_agency")
    assert upload.state == "rejected"
    assert other.name in finding.message
    assert preparer.agency.name in finding.message
    own = [f"{header},agency", *(f"{row},{preparer.agency.name}" for row in rows)]
    assert send(preparer, "\n".join(own) + "\n").state == "proposed"
    unknown = [f"{header},agency", *(f"{row},A99" for row in rows)]
    told = send(preparer, "\n".join(unknown) + "\n")
    assert (told.state, told.findings.filter(code="agency_not_known").count()) == ("proposed", 1)


def test_json_rows_lose_their_sensitive_names_too(preparer):
    load_roster(preparer)
    rows = [
        {
            "officer_id": "0042",
            "last_name": "Reyes",
            "first_name": "Ana",
            "hired_on": "2015-01-01",
            "ssn": "123-45-6789",
        }
    ]
    body = json.dumps({"quarter": "FY2026Q1", "rows": rows}).encode()
    upload = read(
        receive_roster(
            actor=preparer, agency=preparer.agency, quarter=QUARTER, upload=Upload.of_json(body)
        )
    )
    assert upload.state == "proposed"
    assert b"6789" not in storage.read(upload.document)


def test_a_workbook_is_read_apart_and_kept_without_its_sensitive_columns(preparer):
    header, *rows = [line.split(",") for line in ROSTER.splitlines()]
    content = write_xlsx("Staff", [*header, "Birth Date"], [[*row, "1980-02-03"] for row in rows])
    upload = read(
        receive_roster(
            actor=preparer,
            agency=preparer.agency,
            quarter=QUARTER,
            upload=Upload("staff.xlsx", "application/octet-stream", [content]),
        )
    )
    assert (upload.state, upload.rows) == ("proposed", 2)
    kept = read_table(storage.read(upload.document))
    assert kept.table is not None
    assert "Birth Date" not in kept.table.header

"""Nobody the program looks for is in the portal: there is no column that could hold one.

Read from the database itself, so that what a migration adds by hand is seen too. A column that could hold
words about a person stands in `KNOWN` with its table, or the test fails: whoever adds one says whom it is
about. The people in the portal are its users and the agencies' officers.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db import connection

from awards.counts_file import COUNTS

pytestmark = pytest.mark.django_db

LIBRARIES = ("account_", "auth_", "django_", "oauth2_provider_")
"""Tables of libraries: sign-in, sessions, tokens, types. Their words are forbidden ones too."""

FORBIDDEN = re.compile(
    r"(?:^|_)(?:alien|arrest|arrestee|biometric|birth|birthday|born|captured|charge|charges|citizenship"
    r"|country|crime|custody|deportee|detained|detainee|detention|dob|encounter|ethnicity|face|foreign"
    r"|fugitive|gender|image|immigrant|immigration|inmate|latitude|longitude|migrant|nationality|offense"
    r"|passport|person|persons|phone|photo|picture|race|referral|religion|sex|sighting|ssn|street|suspect"
    r"|target|tattoo|vehicle|visa|wanted|zip)(?:_|$)"
)
"""Words for persons the program looks for, and for what is known of them; in no table's or column's name."""

WORDY = re.compile(
    r"(?:^|_)(?:alias|cells|comment|content|description|detail|details|email|ext|first|free|given|id"
    r"|label|last|message|name|names|note|notes|nickname|number|reason|remark|remarks|summary|surname"
    r"|text|title|value|who|whom|words)(?:_|$)"
)
"""What a column for a person, or for free words, is usually called."""

KNOWN = {
    "accounts_agency": {"name", "number"},
    "accounts_apikey": {
        "allowed_origins",
        "client_id",
        "name",
        "post_logout_redirect_uris",
        "redirect_uris",
    },
    "accounts_idempotentrequest": {"body", "headers", "name"},
    "accounts_user": {"email", "name", "title"},
    "agreements_agencyname": {"name"},
    "agreements_agreement": {"clauses"},
    "agreements_agreementchange": {"after", "before", "cells"},
    "agreements_federalauthorization": {"credential_number"},
    "agreements_listimport": {"findings", "summary"},
    "agreements_officer": {"first_name", "last_name", "payroll_id", "title"},
    "agreements_rosterentry": {"credential_number", "end_reason", "separation_reason"},
    "agreements_rosterfinding": {"ext", "message", "officer_id", "value"},
    # Parts of an agency's own file, after its sensitive columns were dropped.
    "agreements_rosterupload": {"content", "faulty", "patch", "reason", "sample", "sent_name"},
    # The reason of a rejection, typed by a program manager; and findings, which repeat no value.
    "awards_countsconfirmation": {"note"},
    # Why an agency counts otherwise, and the answer: about two numbers, refused when it shows a personal one.
    "awards_countsdispute": {"answer", "grounds"},
    "awards_countsupload": {"findings"},
    # What people write about a claim's lines, refused when it shows a personal number; officers' payroll ids.
    "claims_adjustment": {"note", "officer_id"},
    "claims_answer": {"text"},
    "claims_appeal": {"grounds", "officer_id", "proposal", "ruling"},
    # Why an archive could not be made: the kind of a failure, and never its words.
    "claims_archive": {"reason"},
    "claims_calculation": {"content"},
    "claims_certification": {"name", "title", "wording"},
    "claims_claim": {"number"},
    "claims_decision": {"note"},
    "claims_evidence": {"officer_id"},
    # Why an agency gets more time, in a program manager's words; refused when they show a personal number.
    "claims_extension": {"reason"},
    "claims_hold": {"note"},
    "claims_lateness": {"note"},
    "claims_note": {"officer_id", "text"},
    "claims_notice": {"text"},
    "claims_officerresult": {"detail", "name", "officer_id", "title"},
    # Codes of failures; and what a packet shows, which was looked at where it was written.
    "claims_packet": {"reason", "snapshot"},
    # Names, hashes and sizes of what travels inside a PDF; versions of what set it.
    "claims_packetfile": {"enclosures", "rendered_with"},
    "claims_payrollbatch": {"faulty", "patch", "reason", "sample", "sent_name"},
    "claims_payrollfinding": {"ext", "message", "officer_id", "value"},
    "claims_payrollline": {"benefits", "ext", "officer_id"},
    "claims_payrollsummary": {"officer_id"},
    "intake_columnmapping": {"content"},
    "claims_question": {"officer_id", "text"},
    "claims_waiver": {"officer_id", "reason"},
    # Why a warning about an officer's pay is in order, in the agency's words.
    "intake_justification": {"officer_id", "text"},
    "jobs_job": {"reason"},
    "portal_cache": {"value"},
    "records_auditevent": {"content"},
}
"""By table: columns for words about users, officers, agencies and files; each was looked at."""

PERFORMANCE = {
    "awards_performancemeasure": {
        "id": "bigint",
        "agency_id": "bigint",
        "quarter": "character varying(8)",
        "referred": "integer",
        "located": "integer",
        "reported_at": "timestamp with time zone",
        "reported_by_id": "bigint",
        "upload_id": "uuid",
        "row": "integer",
    },
    "awards_countsconfirmation": {
        "id": "bigint",
        "measure_id": "bigint",
        "verdict": "character varying(9)",
        "user_id": "bigint",
        "decided_at": "timestamp with time zone",
        "note": "character varying(500)",
    },
    "awards_countsdispute": {
        "id": "bigint",
        "measure_id": "bigint",
        "reason": "character varying(22)",
        "referred": "integer",
        "located": "integer",
        "grounds": "text",
        "filed_by_id": "bigint",
        "filed_at": "timestamp with time zone",
        "token": "uuid",
        "answer": "text",
        "kept_by_id": "bigint",
        "kept_at": "timestamp with time zone",
    },
    "awards_countsupload": {
        "id": "uuid",
        "document_id": "uuid",
        "received_at": "timestamp with time zone",
        "uploaded_by_id": "bigint",
        "rows": "integer",
        "unchanged": "integer",
        "errors": "integer",
        "findings": "jsonb",
    },
}
"""All there is about performance: counts, who reported, confirmed and disputed them, why and when."""

LEADS_TO = {
    "accounts_agency",
    "accounts_user",
    "awards_countsupload",
    "awards_performancemeasure",
    "records_document",
}
"""The tables that performance may point to. None is about a person of an agency or anybody outside."""


class TableColumn(NamedTuple):
    """One column of the database; `type` as PostgreSQL writes it, with its length."""

    table: str
    name: str
    type: str

    @property
    def is_open(self) -> bool:
        """Whether it takes words without end, or anything at all."""
        return self.type in ("text", "json", "jsonb", "bytea", "xml", "hstore") or "[]" in self.type

    @property
    def takes_words(self) -> bool:
        return self.is_open or self.type.startswith(("character", "citext"))


@pytest.fixture
def columns(db) -> list[TableColumn]:
    """Every column of every table, as the database knows them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
            " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped"
            " AND c.relnamespace = 'public'::regnamespace"
        )
        return [TableColumn(*row) for row in cursor.fetchall()]


def closed_columns() -> set[tuple[str, str]]:
    """Columns that take one of a list: words nobody types."""
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.choices
    }


def test_the_walk_sees_the_whole_database(columns):
    tables = {column.table for column in columns}
    assert {model._meta.db_table for model in apps.get_models()} <= tables


def test_no_table_or_column_is_named_for_persons_the_program_looks_for(columns):
    named = {column.table for column in columns} | {column.name for column in columns}
    assert sorted(name for name in named if FORBIDDEN.search(name)) == []


def test_every_column_that_could_hold_a_person_is_known(columns):
    closed = closed_columns()
    unknown = [
        f"{column.table}.{column.name}"
        for column in columns
        if not column.table.startswith(LIBRARIES)
        and column.takes_words
        and (column.is_open or WORDY.search(column.name))
        and (column.table, column.name) not in closed
        and column.name not in KNOWN.get(column.table, ())
    ]
    assert sorted(unknown) == [], "say in KNOWN whom these columns are about"


def test_the_list_of_known_columns_holds_nothing_else(columns):
    there = {(column.table, column.name) for column in columns}
    known = {(table, name) for table, names in KNOWN.items() for name in names}
    assert sorted(known - there) == []


def test_performance_is_counts_and_nothing_else(columns):
    for table, expected in PERFORMANCE.items():
        found = {column.name: column.type for column in columns if column.table == table}
        assert found == expected
    awards = {column.table for column in columns if column.table.startswith("awards_")}
    assert awards == set(PERFORMANCE)


def test_performance_points_to_no_person_of_an_agency():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confrelid::regclass::text FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [list(PERFORMANCE)],
        )
        assert {table for (table,) in cursor.fetchall()} <= LEADS_TO


def test_the_file_of_counts_has_four_columns():
    assert COUNTS.template_header() == ["agency", "quarter", "referred", "located"]


@pytest.mark.parametrize(
    "name", ["detainee_name", "person_id", "date_of_birth", "last_seen_latitude", "referral"]
)
def test_the_forbidden_words_are_found(name):
    assert FORBIDDEN.search(name)


@pytest.mark.parametrize("name", ["located", "referred", "report_name_x", "personnel"])
def test_words_of_the_program_are_not_forbidden(name):
    assert not FORBIDDEN.search(name)

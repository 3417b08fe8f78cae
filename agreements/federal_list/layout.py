"""What a federal list of authorizations looks like, and what can be wrong with one."""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Severity
from portal.kernel.findings import Kind as FindingKind
from portal.kernel.program import MODELS
from portal.kernel.tabular.catalogue import FILE_KINDS
from portal.kernel.tabular.layout import Column, Kind, Layout

FEDERAL_LIST = Layout(
    slug="authorizations",
    title="Federal list of authorizations",
    id_column="credential_number",
    columns=(
        Column(
            "credential_number",
            Kind.ID,
            "The number on the officer's credential. Spaces and capitals make no difference.",
            "TX-0381",
            required="yes",
        ),
        Column(
            "model",
            Kind.CHOICE,
            "The 287(g) model the credential is for.",
            "TFM",
            required="yes",
            choices=tuple(MODELS),
        ),
        Column(
            "authorized_from",
            Kind.DATE,
            "First day of the authorization. A renewal takes a second row.",
            "2025-06-20",
            required="yes",
        ),
        Column(
            "authorized_to",
            Kind.DATE,
            "Last day of the authorization.",
            "2027-06-19",
            blank="open",
        ),
        Column(
            "revoked_on",
            Kind.DATE,
            "The day the authorization was revoked: the first day without it.",
            "2026-03-02",
            blank="not revoked",
        ),
    ),
)

ERROR = Severity.ERROR

FEDERAL_LIST_FINDINGS = Catalogue(
    (
        *FILE_KINDS,
        FindingKind(
            "listed_other_column",
            ERROR,
            "A column the list does not have",
            "The list has the columns {value}. It holds credentials and days, nothing else.",
            "Delete these columns and send the list again.",
        ),
        FindingKind(
            "listed_end_before_start",
            ERROR,
            "Authorization ends before it starts",
            "The authorization of {credential} ends on {authorized_to}, before it starts on "
            "{authorized_from}.",
            "Correct authorized_from or authorized_to.",
        ),
        FindingKind(
            "listed_revoked_before_start",
            ERROR,
            "Revoked before it starts",
            "The authorization of {credential} was revoked on {revoked_on}, before it starts on "
            "{authorized_from}.",
            "Correct authorized_from or revoked_on.",
        ),
        FindingKind(
            "listed_twice",
            ERROR,
            "The same authorization twice",
            "Rows {other} and {row} are the same credential, model and authorized_from.",
            "Keep one of the rows.",
        ),
    )
)

"""What a roster file looks like, and what can be wrong with one."""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Severity
from portal.kernel.findings import Kind as FindingKind
from portal.kernel.program import MODELS
from portal.kernel.tabular.catalogue import FILE_KINDS
from portal.kernel.tabular.layout import Column, Kind, Layout

ROSTER = Layout(
    slug="roster",
    title="Roster",
    columns=(
        Column(
            "officer_id",
            Kind.ID,
            "The officer's payroll id at your agency. Never a social security number.",
            "00417",
            required="yes",
        ),
        Column("last_name", Kind.TEXT, "Family name.", "Garza", required="yes"),
        Column("first_name", Kind.TEXT, "Given name.", "Dana", required="yes"),
        Column("title", Kind.TEXT, "Rank or job title.", "Deputy", blank="unknown"),
        Column(
            "hired_on", Kind.DATE, "First day of this employment.", "2015-01-05", required="yes"
        ),
        Column(
            "separated_on",
            Kind.DATE,
            "Last day of this employment. A rehired officer has a second row.",
            "2026-02-28",
            blank="still employed",
        ),
        Column(
            "separation_reason",
            Kind.CHOICE,
            "Why the employment ended.",
            "federal_hire",
            blank="unknown",
            choices=("federal_hire", "other"),
        ),
        Column(
            "model",
            Kind.CHOICE,
            "The 287(g) model the officer works under.",
            "TFM",
            required="with authorized_from",
            choices=tuple(MODELS),
        ),
        Column(
            "trained_on",
            Kind.DATE,
            "The day the officer completed the 287(g) training; not after authorized_from.",
            "2025-06-13",
            required="with authorized_from",
            blank="in training",
        ),
        Column(
            "authorized_from",
            Kind.DATE,
            "First day of the authorization. A gap in it takes a second row.",
            "2025-06-20",
            blank="not authorized",
        ),
        Column(
            "authorized_to",
            Kind.DATE,
            "Last day of the authorization; it is the last payable day.",
            "2027-06-19",
            blank="open",
        ),
        Column(
            "end_reason",
            Kind.CHOICE,
            "Why the authorization ended.",
            "expired",
            blank="unknown",
            choices=("expired", "revoked", "separated", "other"),
        ),
        Column(
            "credential_number",
            Kind.TEXT,
            "The number on the officer's credential.",
            "TX-0381",
            blank="unknown",
        ),
        Column(
            "ext_<name>",
            Kind.TEXT,
            "Columns of your own, as many as you like. They are kept and repeated in reports.",
            "Patrol East",
            blank="nothing",
            in_template=False,
        ),
    ),
)

ERROR, WARNING = Severity.ERROR, Severity.WARNING

ROSTER_FINDINGS = Catalogue(
    (
        *FILE_KINDS,
        FindingKind(
            "separated_before_hired",
            ERROR,
            "Separated before hired",
            "Officer {officer_id} was separated on {separated_on}, before being hired on "
            "{hired_on}.",
            "Correct hired_on or separated_on.",
        ),
        FindingKind(
            "authorized_after_separation",
            WARNING,
            "Authorized after the separation",
            "The authorization starts on {authorized_from}, after the separation on "
            "{separated_on}. It gives no payable day.",
            "A rehired officer needs a row with the new hired_on and the new authorization.",
        ),
        FindingKind(
            "reason_without_separation",
            WARNING,
            "Reason for a separation without its date",
            "separation_reason is filled in, but separated_on is blank: the officer counts as "
            "still employed.",
            "Fill in separated_on, or clear separation_reason.",
        ),
        FindingKind(
            "end_without_authorization",
            ERROR,
            "End of an authorization without its start",
            "authorized_to is {authorized_to}, but authorized_from is blank.",
            "Fill in authorized_from, or clear authorized_to.",
        ),
        FindingKind(
            "trained_after_authorized",
            WARNING,
            "Trained after the authorization",
            "The training was completed on {trained_on}, after the authorization began on "
            "{authorized_from}.",
            "Check both dates. If they are right, say why in the justification.",
        ),
        FindingKind(
            "authorization_open",
            WARNING,
            "Authorization without an end",
            "The authorization from {authorized_from} has no last day. The usual term is two "
            "years.",
            "Fill in authorized_to, or say in the justification why it is open.",
        ),
        FindingKind(
            "authorization_reversed",
            ERROR,
            "Authorization ends before it starts",
            "The authorization ends on {authorized_to}, before it starts on {authorized_from}.",
            "Correct authorized_from or authorized_to.",
        ),
        FindingKind(
            "duplicate_authorization",
            ERROR,
            "The same authorization twice",
            "Rows {other} and {row} are the same officer, hired_on, model and authorized_from.",
            "Keep one of the rows.",
        ),
        FindingKind(
            "two_names",
            WARNING,
            "One id with two names",
            "Officer {officer_id} is {name} here and has another name in row {other}.",
            "Check that both rows are the same person. Two persons need two ids.",
        ),
        FindingKind(
            "employments_overlap",
            WARNING,
            "Employments overlap",
            "Rows {other} and {row} give officer {officer_id} two employments that overlap.",
            "Give both rows the same hired_on and separated_on, or correct the dates.",
        ),
    )
)

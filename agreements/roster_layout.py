"""What a roster file looks like, and what can be wrong with one."""

from __future__ import annotations

from portal.kernel.program import MODELS
from portal.kernel.tabular.kind_of_file import KindOfFile
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

A_ROSTER = KindOfFile(
    "a roster",
    (
        "hired_on",
        "separated_on",
        "model",
        "trained_on",
        "authorized_from",
        "authorized_to",
        "credential_number",
    ),
)
PAYROLL_INSTEAD = KindOfFile(
    "payroll",
    (
        "period_start",
        "period_end",
        "paid_on",
        "annual_salary",
        "regular_pay",
        "overtime_pay",
    ),
)
"""What is sent in place of a roster, known here by its columns."""

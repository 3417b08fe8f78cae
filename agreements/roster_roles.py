"""What the columns of a personnel export can be on a roster."""

from __future__ import annotations

from pathlib import Path

from agreements.roster_layout import ROSTER
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping import Aliases, Fixed, Role, Target
from portal.kernel.tabular.mapping.cells import DATE_STYLES

WHO, EMPLOYMENT, AUTHORIZATION, OTHER = "Who", "Employment", "Authorization", "Other"


def _role(code: str, group: str, label: str, lacking: str = "") -> Role:
    column = ROSTER.column(code)
    return Role(code, label, column.help, group, column.kind, lacking=lacking)


def _fixed(code: str, label: str) -> Fixed:
    column = ROSTER.column(code)
    choices = tuple((choice, choice) for choice in column.choices)
    again = " It is asked again for every file." if column.kind is Kind.DATE else ""
    return Fixed(code, label, f"If it is the same for all rows.{again}", column.kind, choices)


_ROLES = (
    _role("officer_id", WHO, "Payroll id"),
    _role("last_name", WHO, "Last name"),
    _role("first_name", WHO, "First name"),
    Role("middle_name", "Middle name or initial", "Added to the first name.", WHO, Kind.TEXT),
    Role("suffix", "Suffix of the name (Jr., III)", "Added to the last name.", WHO, Kind.TEXT),
    Role(
        "officer_name",
        "Whole name",
        "“Last, First”, “First Last”, or with the id in brackets.",
        WHO,
        Kind.TEXT,
    ),
    _role("title", EMPLOYMENT, "Rank or job title"),
    _role(
        "hired_on",
        EMPLOYMENT,
        "First day of the employment",
        "Nothing says when the officers were hired.",
    ),
    _role("separated_on", EMPLOYMENT, "Last day of the employment"),
    _role("separation_reason", EMPLOYMENT, "Why the employment ended"),
    _role("model", AUTHORIZATION, "287(g) model"),
    _role("trained_on", AUTHORIZATION, "Training completed"),
    _role("authorized_from", AUTHORIZATION, "First day of the authorization"),
    _role("authorized_to", AUTHORIZATION, "Last day of the authorization"),
    _role("end_reason", AUTHORIZATION, "Why the authorization ended"),
    _role("credential_number", AUTHORIZATION, "Credential number"),
    Role("agency", "Agency", "The portal number; it is only checked.", OTHER, Kind.TEXT),
    Role("ext", "Keep as our own column", "Repeated in reports.", OTHER, Kind.TEXT, many=True),
)
_TITLES = (
    Role("take", "Take", "Officers with this title belong on the roster.", "Titles", Kind.TEXT),
    Role("leave_out", "Leave out", "Their rows are not read.", "Titles", Kind.TEXT),
)
_FIXED = (
    _fixed("model", "287(g) model"),
    _fixed("trained_on", "Training completed"),
    _fixed("authorized_from", "First day of the authorization"),
    _fixed("authorized_to", "Last day of the authorization"),
    Fixed(
        "date_style",
        "How dates are written",
        "Only if they are not written as 2025-10-31 or 10/31/2025.",
        Kind.CHOICE,
        DATE_STYLES,
    ),
)

ROSTER_TARGET = Target(
    layout=ROSTER,
    roles=_ROLES,
    fixed=_FIXED,
    aliases=Aliases.load(Path(__file__).with_name("roster_aliases.toml")),
    code_column="title",
    code_roles=_TITLES,
    unknown_code="unknown_title",
    makes_ids=True,
    over=(("last_name", ("officer_name",)),),
    together=(
        ("last_name", "first_name"),
        ("first_name", "last_name"),
        ("middle_name", "last_name"),
        ("suffix", "last_name"),
    ),
)

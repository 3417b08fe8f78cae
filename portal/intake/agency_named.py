"""Whether a file is the sender's own agency's, as far as it says."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from portal.accounts.models import Agency
from portal.intake.catalogue import INTAKE_FINDINGS
from portal.kernel.findings import Finding
from portal.kernel.tabular.layout import normal
from portal.kernel.tabular.table import show

COMPARED = 20
"""Names that are compared at most; a file of one agency has one."""


def check_agency(own: Agency, named: Sequence[str]) -> list[Finding]:
    """Findings about agencies a file names by portal number, ORI or name, other than `own`."""
    findings, unknown = [], []
    for text in [text for text in named if not _is(own, text)][:COMPARED]:
        other = next((agency for agency in _likely(text) if _is(agency, text)), None)
        if other is None:
            unknown.append(text)
        else:
            findings.append(_about("wrong_agency", own, text, other=_shown(other)))
    if unknown:
        findings.append(_about("agency_not_known", own, ", ".join(unknown[:5])))
    return findings


def _about(code: str, own: Agency, value: str, other: str = "") -> Finding:
    return INTAKE_FINDINGS.finding(
        code,
        column="agency",
        value=show(value),
        expected=_shown(own),
        own=_shown(own),
        other=other,
    )


def _shown(agency: Agency) -> str:
    return f"{agency.name} ({agency.number})"


def _is(agency: Agency, text: str) -> bool:
    key = normal(text)
    return key in {normal(name) for name in (agency.number, agency.ori, agency.name) if name}


def _likely(text: str) -> list[Agency]:
    """Agencies that may be meant; names are compared by their first word and then in full."""
    words = text.split()
    first = words[0] if words else text
    return list(
        Agency.objects.filter(
            Q(number__iexact=text) | Q(ori__iexact=text) | Q(name__istartswith=first)
        ).order_by("number")[:500]
    )

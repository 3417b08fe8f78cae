"""Whether a file is payroll at all: rosters are sent here by mistake."""

from __future__ import annotations

from collections.abc import Sequence

from agreements.roster_layout import A_ROSTER, PAYROLL_INSTEAD
from portal.kernel.findings import Finding


def check_kind(header: Sequence[str]) -> list[Finding]:
    """One error when the header is that of a roster; columns of both kinds are left to the layout."""
    return PAYROLL_INSTEAD.check(header, [A_ROSTER])

"""Checks of payroll rows: within the file, against the roster, against lines already accepted.

Pure functions from rows to findings. They say what a person has to look at; what a row is worth is
the calculation's business. One cause is one finding: where a salary is odd in itself, nothing is said of
what does not fit it.
"""

from claims.payroll.checks.earlier import (
    AcceptedRow,
    Before,
    check_against_accepted,
    check_against_before,
)
from claims.payroll.checks.in_file import check_file, quarter_of
from claims.payroll.checks.known import Known, check_against
from claims.payroll.checks.roster import RosterIndex, check_against_roster, check_missing

__all__ = [
    "AcceptedRow",
    "Before",
    "Known",
    "RosterIndex",
    "check_against",
    "check_against_accepted",
    "check_against_before",
    "check_against_roster",
    "check_file",
    "check_missing",
    "quarter_of",
]

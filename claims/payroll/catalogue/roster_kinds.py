"""What can be wrong between a payroll file and the agency's roster and agreements."""

from __future__ import annotations

from portal.kernel.findings import Kind, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_PERIOD = ("start", "end")

ROSTER_KINDS = (
    Kind(
        "no_agreement",
        WARNING,
        "No agreement covers the file",
        "Your agency has no active 287(g) agreement whose pay is reimbursed on any day from {start} to "
        "{end}, the days of this file. None of its rows counts for anything.",
        "Check the agency's agreements. If one is missing there, ask your program manager to add it.",
        "Only days covered by an active agreement are reimbursed.",
        about=_PERIOD,
    ),
    Kind(
        "unknown_officer",
        ERROR,
        "Officer not on the roster",
        "Your agency's roster has no officer {officer_id}. The file has {count} of this id.{hint}",
        "Correct the id, or add the officer to the roster first.",
        "Pay counts for the days an officer was employed and authorized, and the roster tells these.",
        about=(),
    ),
    Kind(
        "not_employed",
        NOTICE,
        "Pay outside the employment",
        "Officer {officer_id} was not employed on any day from {start} to {end}, going by the "
        "roster. The row counts for nothing.",
        "Nothing to do if that is right. Otherwise correct the roster.",
        "Only days of employment are reimbursed.",
        about=_PERIOD,
    ),
    Kind(
        "no_payable_day",
        NOTICE,
        "No payable day in the period",
        "Officer {officer_id} has no payable day from {start} to {end}: no day with "
        "employment, authorization and agreement at once. The row counts for nothing.",
        "Nothing to do if that is right. Otherwise correct the roster.",
        "Only days with employment, authorization and agreement at once are reimbursed.",
        about=_PERIOD,
    ),
    Kind(
        "not_yet_paid",
        NOTICE,
        "Not yet paid",
        "The row is paid on {paid_on}, which is still to come. It waits until then.",
        "Nothing to do.",
        "Only what was paid is reimbursed.",
        about=(*_PERIOD, "paid_on"),
    ),
    Kind(
        "officer_missing",
        NOTICE,
        "Officers without a line",
        "{count} of your roster could be paid for days from {start} to {end}, but neither this file nor "
        "an earlier one has a line for these days: {officers}.",
        "Nothing to do if they were not paid. Otherwise send their rows too, in another file.",
        "What is not sent is not claimed.",
        about=(*_PERIOD, "count", "officers"),
    ),
)

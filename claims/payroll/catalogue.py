"""What can be wrong with a payroll file."""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Kind, Severity
from portal.kernel.tabular.catalogue import FILE_KINDS

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

PAYROLL_FINDINGS = Catalogue(
    (
        *FILE_KINDS,
        Kind(
            "period_reversed",
            ERROR,
            "Period ends before it starts",
            "The period ends on {end}, before it starts on {start}.",
            "Correct period_start or period_end.",
        ),
        Kind(
            "period_too_long",
            ERROR,
            "Period longer than a year",
            "The period from {start} to {end} is longer than 366 days.",
            "Send one row per pay period.",
        ),
        Kind(
            "wrong_quarter",
            ERROR,
            "The whole file is of another quarter",
            "None of the {count} rows has a day in {quarter}, which the file was sent for; "
            "the first is of {found}.",
            "Send the file again and choose the quarter it is of.",
        ),
        Kind(
            "outside_quarter",
            ERROR,
            "Period outside the quarter",
            "The period from {start} to {end} has no day in {quarter} "
            "({first} to {last}), which this file was sent for.",
            "Remove the row, or send it with the quarter it belongs to.",
        ),
        Kind(
            "salary_zero",
            WARNING,
            "Annual salary of zero",
            "The annual salary is zero: so is the overtime cap, and no overtime is reimbursed.",
            "Fill in the officer's yearly base salary.",
        ),
        Kind(
            "others_paid_more",
            ERROR,
            "Others paid more overtime than there was",
            "overtime_paid_by_others ({others}) is more than overtime_pay ({overtime}).",
            "overtime_pay is the whole overtime pay, overtime_paid_by_others a part of it.",
        ),
        Kind(
            "benefits_twice",
            ERROR,
            "Benefits given twice",
            "The row has single benefits ({components}) and benefit_total ({total}).",
            "Send either the single benefits or benefit_total.",
        ),
        Kind(
            "duplicate_row",
            ERROR,
            "The same row twice",
            "Row {row} repeats row {other}: the same officer, period, payday and amounts.",
            "Delete one of them. Two equal payments for one period go into one row, added up.",
        ),
        Kind(
            "regular_pay_overlap",
            ERROR,
            "Two periods with regular pay overlap",
            "Officer {officer_id} has regular pay for {start} to {end} in row {row} and for "
            "{other_start} to {other_end} in row {other}; {days} of these days are in both.",
            "Correct the periods, or delete the row that is too much. Only rows that are nothing "
            "but overtime (regular_pay 0) may overlap.",
        ),
        Kind(
            "paid_before_period",
            WARNING,
            "Paid before the period starts",
            "The officer was paid on {paid_on}, before the period starts on {start}.",
            "Check paid_on. If pay in advance is right, say so in the justification.",
        ),
        Kind(
            "pay_above_salary",
            WARNING,
            "Regular pay far above the annual salary",
            "Regular pay of {regular} for {days} days is more than one and a half times what an "
            "annual salary of {salary} gives for them ({usual}).",
            "Check for cents sent as dollars, for an hourly rate in annual_salary, and for lump "
            "sums. If the amount is right, say why in the justification.",
        ),
        Kind(
            "salary_very_high",
            WARNING,
            "Annual salary above a million dollars",
            "The annual salary is {salary}.",
            "Check for cents sent as dollars. If it is right, say why in the justification.",
        ),
        Kind(
            "overtime_hours_very_high",
            WARNING,
            "More than 16 hours of overtime a day",
            "{hours} hours of overtime in {days} days are more than 16 hours on every one of them.",
            "Check overtime_hours and the period. If they are right, say why in the justification.",
        ),
        Kind(
            "unknown_officer",
            ERROR,
            "Officer not on the roster",
            "Your agency's roster has no officer {officer_id}. The file has {count} of this id.{hint}",
            "Correct the id, or add the officer to the roster first.",
        ),
        Kind(
            "not_employed",
            NOTICE,
            "Pay outside the employment",
            "Officer {officer_id} was not employed on any day from {start} to {end}, going by the "
            "roster. The row counts for nothing.",
            "Nothing to do if that is right. Otherwise correct the roster.",
        ),
        Kind(
            "no_payable_day",
            NOTICE,
            "No payable day in the period",
            "Officer {officer_id} has no payable day from {start} to {end}: no day with "
            "employment, authorization and agreement at once. The row counts for nothing.",
            "Nothing to do if that is right. Otherwise correct the roster.",
        ),
        Kind(
            "not_yet_paid",
            NOTICE,
            "Not yet paid",
            "The row is paid on {paid_on}, which is still to come. It waits until then.",
            "Nothing to do.",
        ),
        Kind(
            "counted_once",
            NOTICE,
            "Already received",
            "The same row, with the same amounts, came with batch {batch}, row {other}. "
            "It counts once.",
            "Nothing to do.",
        ),
        Kind(
            "other_amounts",
            ERROR,
            "Already received with other amounts",
            "Regular pay of officer {officer_id} for {other_start} to {other_end} came with batch "
            "{batch}, row {other}. This row, for {start} to {end}, differs from it in {differs}; "
            "the difference is {difference}.",
            "Remove the row if the earlier one is right. To correct the earlier one, send a file "
            "that replaces batch {batch}.",
        ),
    )
)

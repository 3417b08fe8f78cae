"""What can be wrong with the rows of a payroll file taken by themselves."""

from __future__ import annotations

from portal.kernel.findings import Kind, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_PERIOD = ("start", "end")

ROW_KINDS = (
    Kind(
        "period_reversed",
        ERROR,
        "Period ends before it starts",
        "The period ends on {end}, before it starts on {start}.",
        "Correct period_start or period_end.",
        "Pay is divided over the days of its period, and this period has none.",
        about=_PERIOD,
    ),
    Kind(
        "period_too_long",
        ERROR,
        "Period longer than a year",
        "The period from {start} to {end} is longer than 366 days.",
        "Send one row per pay period.",
        "Nobody is paid once in more than a year; most often one of the years is mistyped.",
        about=_PERIOD,
    ),
    Kind(
        "wrong_quarter",
        ERROR,
        "The whole file is of another quarter",
        "None of the {count} rows has a day in {quarter}, which the file was sent for; "
        "most of them are of {found}.",
        "Send it for {found} instead, or choose another file.",
        "A claim covers one quarter, and only pay for its days can be in it.",
        about=("count", "quarter", "found"),
    ),
    Kind(
        "outside_quarter",
        ERROR,
        "Period outside the quarter",
        "The period from {start} to {end} has no day in {quarter} "
        "({first} to {last}), which this file was sent for.",
        "Remove the row, or send it with the quarter it belongs to.",
        "A claim covers one quarter, and only pay for its days can be in it.",
        about=(*_PERIOD, "quarter"),
    ),
    Kind(
        "salary_zero",
        WARNING,
        "Annual salary of zero",
        "The annual salary is zero: so is the overtime cap, and no overtime is reimbursed.",
        "Fill in the officer's yearly base salary.",
        "The overtime cap is a share of the annual salary.",
        about=(),
    ),
    Kind(
        "salary_very_low",
        WARNING,
        "Annual salary below 10,000 dollars",
        "The annual salary is {salary}. An hourly rate or a monthly salary looks like that.",
        "Fill in the yearly base salary. If the amount is right, say why in the justification.",
        "The overtime cap is a share of the annual salary: too low a salary loses overtime.",
        about=("value",),
    ),
    Kind(
        "salary_very_high",
        WARNING,
        "Annual salary above a million dollars",
        "The annual salary is {salary}.",
        "Check for cents sent as dollars. If it is right, say why in the justification.",
        "The overtime cap is a share of the annual salary: too high a salary lets too much through.",
        about=("value",),
    ),
    Kind(
        "others_paid_more",
        ERROR,
        "Others paid more overtime than there was",
        "overtime_paid_by_others ({others}) is more than overtime_pay ({overtime}).",
        "overtime_pay is the whole overtime pay, overtime_paid_by_others a part of it.",
        "What others paid is taken off the overtime, and there is not enough to take it from.",
        about=(*_PERIOD, "others", "overtime"),
    ),
    Kind(
        "benefits_twice",
        ERROR,
        "Benefits given twice",
        "The row has single benefits ({components}) and benefit_total ({total}).",
        "Send either the single benefits or benefit_total.",
        "Adding them up would count the same benefits twice.",
        about=("components", "total"),
    ),
    Kind(
        "duplicate_row",
        ERROR,
        "The same row twice",
        "Row {row} repeats row {other}: the same officer, period, payday and amounts.",
        "Delete one of them. Two equal payments for one period go into one row, added up.",
        "Most often the same rows were copied twice; both would be claimed.",
        about=(*_PERIOD, "dollars"),
    ),
    Kind(
        "regular_pay_overlap",
        ERROR,
        "Two periods with regular pay overlap",
        "Officer {officer_id} has regular pay for {start} to {end} in row {row} and for "
        "{other_start} to {other_end} in row {other}; {days} of these days are in both.",
        "Correct the periods, or delete the row that is too much. Only rows that are nothing "
        "but overtime (regular_pay 0) may overlap.",
        "A day's regular pay is claimed once.",
        about=(*_PERIOD, "other_start", "other_end", "dollars"),
    ),
    Kind(
        "paid_before_period",
        WARNING,
        "Paid before the period starts",
        "The officer was paid on {paid_on}, before the period starts on {start}.",
        "Check paid_on. If pay in advance is right, say so in the justification.",
        "Pay in advance is rare; a wrong year in a date is not.",
        about=("start", "paid_on"),
    ),
    Kind(
        "paid_late",
        NOTICE,
        "Paid more than 60 days after the period",
        "The officer was paid on {paid_on}, {days} days after the period ended on {end}.",
        "Nothing to do if that is right. Otherwise correct paid_on or the period.",
        "The payday decides when pay counts, and a wrong month or year moves it.",
        about=("end", "paid_on"),
    ),
    Kind(
        "pay_above_salary",
        WARNING,
        "Regular pay far above the annual salary",
        "Regular pay of {regular} for {days} days is more than one and a half times what an "
        "annual salary of {salary} gives for them ({usual}).",
        "Check for cents sent as dollars, for an hourly rate in annual_salary, and for lump "
        "sums. If the amount is right, say why in the justification.",
        "Lump sums such as paid-out leave are not regular pay for the days of the period.",
        about=(*_PERIOD, "regular", "salary"),
    ),
    Kind(
        "overtime_hours_very_high",
        WARNING,
        "More than 16 hours of overtime a day",
        "{hours} hours of overtime in {days} days are more than 16 hours on every one of them.",
        "Check overtime_hours and the period. If they are right, say why in the justification.",
        "Nobody works that long beside a regular shift; hours and dollars may be in each other's place.",
        about=(*_PERIOD, "hours"),
    ),
    Kind(
        "overtime_rate_odd",
        WARNING,
        "Overtime pay does not fit its hours",
        "{overtime} for {hours} hours of overtime is {rate} an hour. A salary of {salary} is {usual} "
        "an hour, and overtime is paid at 0.8 to 3 times that.",
        "Check overtime_pay, overtime_hours and annual_salary. If they are right, say why in the "
        "justification.",
        "Most overtime is paid at one and a half times the hourly rate.",
        about=(*_PERIOD, "overtime", "hours", "salary"),
    ),
    Kind(
        "overtime_without_hours",
        NOTICE,
        "Overtime pay without hours",
        "{count} overtime pay and no overtime_hours, row {row} first.",
        "Nothing to do. With the hours the portal can check the pay per hour.",
        "Reviewers see what an hour of overtime cost, and ask when they cannot.",
        about=("count", "dollars"),
    ),
    Kind(
        "same_overtime_amount",
        WARNING,
        "The same overtime pay for many officers",
        "{count} officers have exactly {overtime} of overtime pay for {start} to {end}: {officers}.",
        "Check that this is what each of them earned. If it is, say why in the justification.",
        "Overtime is reimbursed as it was worked; equal amounts look like a sum that was divided up.",
        about=(*_PERIOD, "overtime", "ids"),
    ),
)

"""What can be wrong between a payroll file and the agency's earlier ones."""

from __future__ import annotations

from portal.kernel.findings import Kind, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
_PERIOD = ("start", "end")

EARLIER_KINDS = (
    Kind(
        "counted_once",
        NOTICE,
        "Already received",
        "The same row, with the same amounts, came with file {batch}, row {other}. It counts once.",
        "Nothing to do.",
        "A line sent again is still one line.",
        about=_PERIOD,
    ),
    Kind(
        "other_amounts",
        ERROR,
        "Already received with other amounts",
        "Regular pay of officer {officer_id} for {other_start} to {other_end} came with file "
        "{batch}, row {other}. This row, for {start} to {end}, differs from it in {differs}; "
        "the difference is {difference}.",
        "Remove the row if the earlier one is right. To correct the earlier one, send a file "
        "that replaces file {batch}.",
        "A day's regular pay is claimed once, also over two files and two quarters.",
        about=(*_PERIOD, "other_start", "other_end", "differs", "difference"),
    ),
    Kind(
        "benefits_again",
        WARNING,
        "Benefits of the period already received",
        "File {batch}, row {other}, has benefits of {before} for {start} to {end} and no pay; this row "
        "has benefits of {now}. Both count.",
        "If this row corrects the earlier one, send a file that replaces file {batch}. If both were "
        "paid, say so in the justification.",
        "A row with nothing but benefits may be a second part or a correction; only you can tell.",
        about=(*_PERIOD, "before", "now"),
    ),
    Kind(
        "salary_changed",
        WARNING,
        "Annual salary changed by more than 15 percent",
        "The annual salary of officer {officer_id} was {before} in file {batch} and is {now} here, "
        "{percent} percent {direction}.",
        "Check annual_salary: it is the yearly base salary without overtime. If it is right, say why in "
        "the justification.",
        "The overtime cap is a share of the annual salary.",
        about=("before", "now"),
    ),
    Kind(
        "pay_unlike_before",
        WARNING,
        "Regular pay unlike before",
        "Regular pay of {now} for {days} days is {now_a_day} a day. Until then officer {officer_id} had "
        "{before_a_day} a day, a difference of more than half.",
        "Check regular_pay and the period. If both are right, say why in the justification.",
        "A steady salary gives steady pay; a jump is most often a wrong period or a lump sum.",
        about=(*_PERIOD, "now", "before_a_day"),
    ),
    Kind(
        "benefits_unlike_before",
        WARNING,
        "Benefits unlike before",
        "Benefits of {now} for {days} days are {now_a_day} a day. Until then officer {officer_id} had "
        "{before_a_day} a day, a difference of more than half.",
        "Check the benefits: only what the agency paid for this period belongs here. If they are right, "
        "say why in the justification.",
        "Benefits of a month or a year in the row of one pay period are claimed too often.",
        about=(*_PERIOD, "now", "before_a_day"),
    ),
)

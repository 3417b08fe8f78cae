"""What can be wrong with a file that is not our template, once a clerk said what its columns are."""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Kind, Severity
from portal.kernel.tabular.catalogue import FILE_KINDS

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

MAPPING_KINDS = (
    Kind(
        "mapping_incomplete",
        ERROR,
        "Columns not matched",
        "{text}",
        "{advice}",
        "Without it the portal would have to guess what an amount was paid for, to whom or when.",
    ),
    Kind(
        "name_not_on_roster",
        ERROR,
        "Name not on the roster",
        "Nobody on your agency's roster has the name “{value}”.",
        "Correct the name, or add the officer to the roster first. A column with payroll ids is "
        "safer than names.",
        "Only officers on the roster are reimbursed, so each row must belong to one of them.",
    ),
    Kind(
        "name_not_unique",
        ERROR,
        "Name of more than one officer",
        "“{value}” can be more than one officer{who}: a name alone does not say which.",
        "Add a column with the officers' payroll ids, or write the name with its middle name.",
        "Pay counted for the wrong officer goes by the wrong salary and the wrong days.",
    ),
    Kind(
        "name_unusable",
        ERROR,
        "Name that cannot be read",
        "“{value}” in {column} is not a name the portal can take apart.",
        "Write it as “Last, First”, in letters from A to Z.",
        "A row that belongs to no certain officer cannot be checked against the roster.",
    ),
    Kind(
        "negative_result",
        ERROR,
        "Negative amount after adding up",
        "{result} is {value} after adding up {column}.",
        "{advice} A correction of an earlier period belongs into that period's row.",
        "A claim asks for what was paid; less than nothing cannot have been paid.",
    ),
    Kind(
        "salary_differs",
        ERROR,
        "Different annual salaries in one period",
        "Rows {rows} are of one officer and period, but give different annual salaries: {value}.",
        "Give all rows of the period the same annual salary.",
        "The overtime cap goes by the annual salary, and a period has one.",
    ),
    Kind(
        "salary_not_known",
        ERROR,
        "Annual salary that nothing gives",
        "The row has no regular pay, and neither has another row of the officer, so the annual salary "
        "cannot be computed.",
        "Open “Match the columns” and match a column with the annual salary or the hourly rate; add one to "
        "your export if there is none.",
        "The overtime cap goes by the annual salary; a salary of 0.00 would be a guess.",
    ),
    Kind(
        "unknown_pay_code",
        ERROR,
        "Pay code that is not matched",
        "The pay code “{value}” is in {rows} (together {sum}), and nobody said yet what it is.",
        "Open “Match the columns” and choose what this pay code is.",
        "What is reimbursed depends on what the code stands for: pay, overtime, a benefit, or none of them.",
    ),
    Kind(
        "unknown_title",
        ERROR,
        "Title that is not sorted",
        "The title “{value}” is in {rows}, and nobody said yet whether to take them.",
        "Open “Match the columns” and choose whether to take or leave out this title.",
        "The roster lists officers only; other employees of your agency do not belong on it.",
    ),
    Kind(
        "amount_missing",
        ERROR,
        "Hours without an amount",
        "The row has hours for the pay code “{value}” but no amount in {column}.",
        "Export the table with the amounts that were paid, not only the hours.",
        "Reimbursed is what was paid. The portal does not compute it from hours.",
    ),
    Kind(
        "period_not_regular",
        ERROR,
        "Period that does not fit the pay frequency",
        "A pay period that ends on {value} is not one of those paid {frequency}.",
        "Choose another pay frequency, or match a column with the first day of the period.",
        "A wrong first day would count pay for days on which it was not earned.",
    ),
    Kind(
        "repeated_source_rows",
        ERROR,
        "Every row twice",
        "Each row of this officer and period is there more than once, alike in every column: rows {rows}.",
        "If the file was exported or pasted twice, leave one copy of the rows out. If all of them were paid, "
        "leave the copies out too and write the sums into the rows that stay.",
        "Added up, the officer's whole pay of the period would be claimed twice.",
    ),
    Kind(
        "repeated_source_row",
        WARNING,
        "The same row twice",
        "Row {row} repeats row {other} in every column; both were added up.",
        "If it was exported twice, delete one. If both are right, say why in the justification.",
        "A row that was exported twice would be claimed twice.",
    ),
    Kind(
        "excluded_pay",
        NOTICE,
        "Pay that is left out",
        "“{value}” was left out ({reason}): {sum} in {rows}.",
        "Nothing to do if that is right. Otherwise match it to a column that is reimbursed.",
        "The program does not reimburse this kind of pay. It is named so that nothing goes missing unseen.",
    ),
    Kind(
        "columns_not_needed",
        NOTICE,
        "Columns that are not needed",
        "These columns were not read: {value}.",
        "Nothing to do if that is right.",
        "An amount in a column that is not read is not claimed.",
    ),
    Kind(
        "rows_left_out",
        NOTICE,
        "Rows left out by title",
        "Left out: {rows} with the title “{value}”.",
        "Nothing to do if that is right. Otherwise open “Match the columns again” and take this title.",
        "Who is left out does not get onto the roster, and cannot be reimbursed.",
    ),
    Kind(
        "others_left_out",
        NOTICE,
        "Rows of persons not on the roster",
        "Left out: {rows} of {persons} not on the roster, {sum} in all: {value}.",
        "Nothing to do if none of them is an officer. Otherwise add the officer to the roster first, "
        "then send the file again.",
        "Only officers on the roster are reimbursed. One with a misspelled name would be missed.",
    ),
    Kind(
        "rows_combined",
        NOTICE,
        "Rows added up",
        "{count} rows were added up to {results}, one for each officer, period and payday. The "
        "column ext_rows names the rows of your file.",
        "Nothing to do.",
        "The claim counts one amount for each officer, period and payday.",
    ),
    Kind(
        "names_matched",
        NOTICE,
        "Officers found by name",
        "{rows} the officer in {column}; {officers} found on the roster{loosely}.",
        "Check a few of them. A column with payroll ids is safer than names.",
        "Two officers may have the same name; an id is never mistaken.",
    ),
    Kind(
        "ids_from_names",
        NOTICE,
        "Ids made from names",
        "Officers without an id in the file who are not on the roster either: {count}. They get one made "
        "of their name, like {value}.",
        "Nothing to do. If your payroll has ids, send a file with them instead.",
        "Payroll must name the officers by the same ids, or their rows will not be found on the roster.",
    ),
    Kind(
        "names_divided",
        NOTICE,
        "Names divided at the last word",
        "{names} no comma, so the last word was taken for the family name; the first "
        "is in row {row}.",
        "Check them. If it is wrong, export the names as “Last, First”.",
        "A family name of two words would be cut in the wrong place.",
    ),
    Kind(
        "computed_column",
        NOTICE,
        "Column that was computed",
        "{column} was computed: {how}.",
        "Nothing to do if that is right.",
        "It is used like a column of your file; if it is wrong, the amounts are wrong.",
    ),
    Kind(
        "blank_taken_as_none",
        NOTICE,
        "Blank amounts taken as none",
        "{rows} nothing that belongs to {column}. It was taken as 0.00 there.",
        "Nothing to do if that is right.",
        "A blank may also be an amount that was not exported.",
    ),
)
MAPPING_FINDINGS = Catalogue((*FILE_KINDS, *MAPPING_KINDS))

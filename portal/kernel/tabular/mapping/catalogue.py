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
    ),
    Kind(
        "name_not_on_roster",
        ERROR,
        "Name not on the roster",
        "Nobody on your agency's roster has the name “{value}”.",
        "Correct the name, or add the officer to the roster first. A column with payroll ids is "
        "safer than names.",
    ),
    Kind(
        "name_not_unique",
        ERROR,
        "Name of more than one officer",
        "“{value}” can be more than one officer{who}: a name alone does not say which.",
        "Add a column with the officers' payroll ids, or write the name with its middle name.",
    ),
    Kind(
        "name_unusable",
        ERROR,
        "Name that cannot be read",
        "“{value}” in {column} is not a name the portal can take apart.",
        "Write it as “Last, First”, in letters from A to Z.",
    ),
    Kind(
        "negative_result",
        ERROR,
        "Negative amount after adding up",
        "{result} is {value} after adding up {column}.",
        "Correct the amounts so that the result is not below zero. A correction of an earlier "
        "period belongs into that period's row.",
    ),
    Kind(
        "salary_differs",
        ERROR,
        "Different annual salaries in one period",
        "Rows {rows} are of one officer and period, but give different annual salaries: {value}.",
        "Give all rows of the period the same annual salary.",
    ),
    Kind(
        "unknown_pay_code",
        ERROR,
        "Pay code that is not matched",
        "The pay code “{value}” is in {count} rows (together {sum}), and nobody said yet what "
        "it is.",
        "Open “Match columns” and choose what this pay code is.",
    ),
    Kind(
        "unknown_title",
        ERROR,
        "Title that is not sorted",
        "The title “{value}” is in {count} rows, and nobody said yet whether to take them.",
        "Open “Match columns” and choose whether to take or leave out this title.",
    ),
    Kind(
        "amount_missing",
        ERROR,
        "Hours without an amount",
        "The row has hours for the pay code “{value}” but no amount in {column}.",
        "Export the table with the amounts that were paid, not only the hours.",
    ),
    Kind(
        "period_not_regular",
        ERROR,
        "Period that does not fit the pay frequency",
        "A pay period that ends on {value} is not one of those paid {frequency}.",
        "Choose another pay frequency, or match a column with the first day of the period.",
    ),
    Kind(
        "repeated_source_row",
        WARNING,
        "The same row twice",
        "Row {row} repeats row {other} in every column; both were added up.",
        "If it was exported twice, delete one. If both are right, say why in the justification.",
    ),
    Kind(
        "excluded_pay",
        NOTICE,
        "Pay that is left out",
        "“{value}” was left out ({reason}): {sum} in {count} rows.",
        "Nothing to do if that is right. Otherwise match it to a column that is reimbursed.",
    ),
    Kind(
        "columns_not_needed",
        NOTICE,
        "Columns that are not needed",
        "These columns were not read: {value}.",
        "Nothing to do if that is right.",
    ),
    Kind(
        "rows_left_out",
        NOTICE,
        "Rows left out by title",
        "{count} rows with the title “{value}” were left out.",
        "Nothing to do if that is right. Otherwise open “Match columns” and take this title.",
    ),
    Kind(
        "others_left_out",
        NOTICE,
        "Rows of persons not on the roster",
        "{count} rows of {persons} persons who are not on the roster were left out: {value}.",
        "Nothing to do if none of them is an officer. Otherwise add the officer to the roster first, "
        "then send the file again.",
    ),
    Kind(
        "rows_combined",
        NOTICE,
        "Rows added up",
        "{count} rows were added up to {results}, one for each officer, period and payday. The "
        "column ext_rows names the rows of your file.",
        "Nothing to do.",
    ),
    Kind(
        "names_matched",
        NOTICE,
        "Officers found by name",
        "{count} rows name the officer in {column}; {officers} officers were found on the roster, "
        "{loosely} of them although the name is not written the same.",
        "Check a few of them. A column with payroll ids is safer than names.",
    ),
    Kind(
        "ids_from_names",
        NOTICE,
        "Ids made from names",
        "{count} officers have no id in the file and are not on the roster. They get one made of "
        "their name, like {value}.",
        "Nothing to do. If your payroll has ids, send a file with them instead.",
    ),
    Kind(
        "names_divided",
        NOTICE,
        "Names divided at the last word",
        "{count} names have no comma, so their last word was taken for the family name; the first "
        "is in row {row}.",
        "Check them. If it is wrong, export the names as “Last, First”.",
    ),
    Kind(
        "computed_column",
        NOTICE,
        "Column that was computed",
        "{column} was computed: {how}.",
        "Nothing to do if that is right.",
    ),
    Kind(
        "blank_taken_as_none",
        NOTICE,
        "Blank amounts taken as none",
        "{count} rows have nothing that belongs to {column}. It was taken as 0.00 there.",
        "Nothing to do if that is right.",
    ),
)
MAPPING_FINDINGS = Catalogue((*FILE_KINDS, *MAPPING_KINDS))

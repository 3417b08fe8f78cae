"""What can be wrong with any file, whatever it is about: the part all catalogues share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from portal.kernel.findings import Catalogue, Finding, Kind, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_FILE = (
    Kind(
        "file_too_large",
        ERROR,
        "File too large",
        "The file is larger than 25 MB.",
        "Split it into several files, for example one per pay period.",
    ),
    Kind(
        "file_empty",
        ERROR,
        "Empty file",
        "The file holds nothing.",
        "Check that the export has finished, then send the file again.",
    ),
    Kind(
        "wrong_file_type",
        ERROR,
        "Not a CSV or Excel file",
        "This is not an Excel workbook (.xlsx) or a CSV file: it looks like {looks_like}.",
        "{advice}",
    ),
    Kind(
        "file_has_password",
        ERROR,
        "File has a password",
        "The file is protected with a password, so the portal cannot read it.",
        "Remove the password in Excel (File, Info, Protect Workbook), save, and send it again.",
    ),
    Kind(
        "file_damaged",
        ERROR,
        "Damaged workbook",
        "The Excel workbook is damaged or incomplete: {why}.",
        "Open it in Excel, save it again as “Excel Workbook (.xlsx)”, and send that file.",
    ),
    Kind(
        "file_unsafe",
        ERROR,
        "Workbook with unsafe content",
        "The Excel workbook was not opened, because {why}.",
        "Copy the rows into the template of this page and send that file.",
    ),
    Kind(
        "file_encoding",
        ERROR,
        "Letters the portal cannot read",
        "The file is not UTF-8 text{where}.",
        "In Excel choose “Save As”, type “CSV UTF-8 (Comma delimited)”, and send that file.",
    ),
    Kind(
        "file_quotes",
        ERROR,
        "Quotation mark without its partner",
        'A quotation mark (") in row {row} is not closed where it should be, so the rows after it '
        "cannot be told apart.",
        "Correct row {row}, or save the file again from Excel as “CSV UTF-8”.",
    ),
    Kind(
        "too_many_rows",
        ERROR,
        "Too many rows",
        "The file has more than 150,000 rows.",
        "Split it into several files.",
    ),
    Kind(
        "too_many_columns",
        ERROR,
        "Too many columns",
        "The file has more than 200 columns.",
        "Keep only the columns of the template.",
    ),
    Kind(
        "far_cell",
        ERROR,
        "A cell far outside the table",
        "Cell {cell} holds something, far outside the table.",
        "Delete the rows and columns after your data, save, and send the file again.",
    ),
    Kind(
        "two_sheets",
        ERROR,
        "More than one sheet with data",
        "The workbook has data in more than one sheet: {sheets}.",
        "Keep one sheet with all the rows and delete the others (also hidden ones).",
    ),
    Kind(
        "merged_cells",
        ERROR,
        "Merged cells",
        "The cells {cells} are merged: it is not certain which row or column a value belongs to.",
        "Unmerge the cells and fill in every one.",
    ),
    Kind(
        "hidden_rows",
        NOTICE,
        "Hidden rows were read",
        "{count} hidden rows were read like all others.",
        "If they should not count, delete them and send the file again.",
    ),
    Kind(
        "other_delimiter",
        NOTICE,
        "Columns separated by something else than commas",
        "The columns are separated by {delimiter}; they were read so.",
        "Nothing to do.",
    ),
    Kind(
        "no_rows",
        ERROR,
        "No rows",
        "The file has no rows below its header.",
        "Fill in at least one row.",
    ),
    Kind(
        "row_length",
        ERROR,
        "Row with too few or too many values",
        "Row {row} has {count} values, but the header has {wanted} columns.",
        'Put amounts with a comma into quotation marks ("1,234.50") or leave the comma out.',
    ),
    Kind(
        "row_not_object",
        ERROR,
        "Row is not an object",
        "Row {row} of the list is not an object of column names and values.",
        'Send each row as an object, for example {{"officer_id": "0042"}}.',
    ),
)

_HEADER = (
    Kind(
        "missing_column",
        ERROR,
        "Missing column",
        "The column {column} is missing from the header.{hint}",
        "Add the column {column}, or use the template of this page.",
    ),
    Kind(
        "header_not_first",
        ERROR,
        "Rows above the header",
        "The header seems to be in row {row}, below other rows.",
        "Delete everything above the header, so that it is the first row.",
    ),
    Kind(
        "duplicate_column",
        ERROR,
        "Column given twice",
        "The column {column} is in the header twice.",
        "Keep one of them.",
    ),
    Kind(
        "long_column_name",
        ERROR,
        "Column name too long",
        "The column name “{value}” is longer than 60 characters.",
        "Shorten the name of the column.",
    ),
    Kind(
        "reserved_column",
        ERROR,
        "Column that the portal sets itself",
        "The column “{value}” is set by the portal and cannot be sent.",
        "Remove the column.",
    ),
    Kind(
        "sensitive_column",
        ERROR,
        "Column with protected personal data",
        "The column “{value}” looks like {what}. The portal must not receive that.",
        "Remove the column and send the file again.",
    ),
    Kind(
        "unknown_column",
        NOTICE,
        "Columns not used",
        "Columns that are not part of this file were ignored: {value}.",
        "Nothing to do. To keep a column of your own, let its name start with ext_.",
    ),
)

_VALUE = (
    Kind(
        "required_value",
        ERROR,
        "Missing value",
        "{column} is blank.{why}",
        "Fill in {column}: {expected}.",
    ),
    Kind(
        "bad_date",
        ERROR,
        "Date that cannot be read",
        "“{value}” in {column} is not a date the portal can read{why}.",
        "Write the date as 2025-10-31 or 10/31/2025.",
    ),
    Kind(
        "bad_money",
        ERROR,
        "Amount that cannot be read",
        "“{value}” in {column} is not an amount the portal can read{why}.",
        "Write the amount as 1234.50 or $1,234.50.",
    ),
    Kind(
        "negative_money",
        ERROR,
        "Negative amount",
        "“{value}” in {column} is negative.",
        "Send a corrected file: the amounts as they should have been, not the correction.",
    ),
    Kind(
        "parts_of_a_cent",
        ERROR,
        "Amount with parts of a cent",
        "“{value}” in {column} has more than two decimals.",
        "Send the amount that was paid, in dollars and cents.",
    ),
    Kind(
        "bad_hours",
        ERROR,
        "Hours that cannot be read",
        "“{value}” in {column} is not a number of hours the portal can read{why}.",
        "Write the hours as a number, for example 12.25.",
    ),
    Kind(
        "bad_id",
        ERROR,
        "Identifier that cannot be read",
        "“{value}” in {column} cannot be used as an identifier{why}.",
        "Send the identifier as text, exactly as your payroll system shows it.",
    ),
    Kind(
        "bad_choice",
        ERROR,
        "Value not in the list",
        "“{value}” in {column} is not one of the values the portal knows.",
        "Use {expected}, or leave it blank where the layout allows that.",
    ),
    Kind(
        "bad_text",
        ERROR,
        "Text with invisible characters",
        "“{value}” in {column} cannot be used{why}.",
        "Type the text again.",
    ),
    Kind(
        "looks_like_ssn",
        ERROR,
        "Looks like a social security number",
        "A value in {column} looks like a social security number. It is not repeated here.",
        "Remove it. The portal must never receive social security numbers.",
    ),
    Kind(
        "looks_like_alien_number",
        ERROR,
        "Looks like an alien registration number",
        "A value in {column} looks like an alien registration number. It is not repeated here.",
        "Remove it. The portal must never receive data about the persons officers deal with.",
    ),
    Kind(
        "formula_cell",
        ERROR,
        "Formula instead of a value",
        "The cell in {column} holds a formula.",
        "Copy the column and paste it as values (Paste Special, Values), then send the file again.",
    ),
    Kind(
        "error_cell",
        ERROR,
        "Error in a cell",
        "The cell in {column} shows a spreadsheet error.",
        "Replace it by the value it should have.",
    ),
    Kind(
        "wrong_cell",
        ERROR,
        "Another kind of value",
        "{column} holds {why} where the portal expects {expected}.",
        "Replace it by {expected}.",
    ),
    Kind(
        "total_row",
        ERROR,
        "Row with a total",
        "Row {row} looks like a total, not like one officer's row.",
        "Delete the rows with totals and subtotals.",
    ),
    Kind(
        "more_of_the_same",
        NOTICE,
        "More findings of one kind",
        "{count} more findings “{title}”{where} are not listed.",
        "Correct those listed first; most often they have one cause.",
    ),
)

FILE_KINDS = _FILE + _HEADER + _VALUE
FILE_FINDINGS = Catalogue(FILE_KINDS)

LISTED_OF_ONE_KIND = 500


def limit_findings(catalogue: Catalogue, findings: Iterable[Finding]) -> list[Finding]:
    """Findings in row order, at most 500 of one code and column; a notice counts the others."""
    seen: Counter[tuple[str, str]] = Counter()
    listed: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: finding.row or 0):
        seen[finding.code, finding.column] += 1
        if seen[finding.code, finding.column] <= LISTED_OF_ONE_KIND:
            listed.append(finding)
    for (code, column), count in seen.items():
        if count > LISTED_OF_ONE_KIND:
            listed.append(
                catalogue.finding(
                    "more_of_the_same",
                    column=column,
                    count=f"{count - LISTED_OF_ONE_KIND:,}",
                    title=catalogue.kinds[code].title,
                    where=f" in {column}" if column else "",
                )
            )
    return listed

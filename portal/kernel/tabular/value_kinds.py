"""What can be wrong with one value of any file."""

from __future__ import annotations

from portal.kernel.findings import Kind, Severity

ERROR, NOTICE = Severity.ERROR, Severity.NOTICE

VALUE_KINDS = (
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

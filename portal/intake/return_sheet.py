"""The sheet of faulty rows that goes out to be corrected, and what can be wrong when it comes back."""

from __future__ import annotations

from portal.kernel.findings import Catalogue, Kind, Severity
from portal.kernel.tabular.patch import MAX_EDITS, MAX_TEXT

RETURN_SHEET = "Fix and return"
FILE, ROW, WHAT, OUT = "Portal file", "Portal row", "What to fix", "Leave out (yes)"

_ERROR = Severity.ERROR
RETURN_FINDINGS = Catalogue(
    (
        Kind(
            "not_the_returned_rows",
            _ERROR,
            "Not the sheet to send back",
            f"The file has no columns “{FILE}” and “{ROW}”, so it is not the sheet “{RETURN_SHEET}”.",
            f"Download the error workbook again, correct the rows in its sheet “{RETURN_SHEET}”, and "
            "send the workbook, or that sheet saved as CSV.",
        ),
        Kind(
            "returned_to_other_file",
            _ERROR,
            "Rows of another file",
            "Row {row} belongs to the file “{value}”. This is “{expected}”.",
            "Send it back on the page of the file it was downloaded from.",
        ),
        Kind(
            "returned_row_unknown",
            _ERROR,
            "Row that was not sent out",
            f"Row {{row}} has “{{value}}” in “{ROW}”; the workbook was given no such row.",
            f"Leave the columns “{FILE}” and “{ROW}” as they were. To add rows, send a new file.",
        ),
        Kind(
            "returned_row_twice",
            _ERROR,
            "Row that comes back twice",
            f"Row {{row}} has “{{value}}” in “{ROW}”, and so has a row above it.",
            "Delete one of the two.",
        ),
        Kind(
            "returned_column_unknown",
            _ERROR,
            "Column that the file does not have",
            "The file has no column “{value}”.",
            "Write corrections into the columns that were there; delete the new one.",
        ),
        Kind(
            "returned_leave_out_unclear",
            _ERROR,
            "Leave out: yes or blank",
            f"Row {{row}} has “{{value}}” in “{OUT}”.",
            "Write yes to leave the row out, or nothing to keep it.",
        ),
        Kind(
            "returned_unchanged",
            _ERROR,
            "Nothing was corrected",
            "Every row came back as it was sent out.",
            f"Correct the coloured cells, or write yes under “{OUT}”, save, and send it again.",
        ),
        Kind(
            "returned_value_too_long",
            _ERROR,
            "Correction that is too long",
            "Row {row} has a correction of {length} characters in “{column}”.",
            f"Write up to {MAX_TEXT} characters.",
        ),
        Kind(
            "returned_too_many",
            _ERROR,
            "Too many corrections",
            "With these the file would have {count} corrections.",
            f"A file takes up to {MAX_EDITS:,}. Correct your own file and send it again.",
        ),
    )
)

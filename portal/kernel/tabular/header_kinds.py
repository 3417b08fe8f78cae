"""What can be wrong with the header of any file."""

from __future__ import annotations

from portal.kernel.findings import Kind, Severity

ERROR, NOTICE = Severity.ERROR, Severity.NOTICE

HEADER_KINDS = (
    Kind(
        "wrong_kind_of_file",
        ERROR,
        "Another kind of file",
        "This is {other}, not {wanted}: it has the columns {columns}, and none that only {wanted} has.",
        "Send it on the page for {other}, and {wanted} here.",
        "A roster says who is authorized; payroll says who was paid. Neither can stand in for the other.",
        about=("columns",),
    ),
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
        "sensitive_column_dropped",
        NOTICE,
        "Column left out",
        "The column “{value}” looks like {what}. It was left out before the file was kept.",
        "Nothing to do. It is better not to export the column at all.",
    ),
    Kind(
        "forbidden_column",
        ERROR,
        "Column about other persons",
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

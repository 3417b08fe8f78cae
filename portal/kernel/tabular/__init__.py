"""Reading and writing tables: CSV, XLSX and JSON rows in, typed columns and findings out.

A file becomes a `Table` (`reading`), a `Layout` finds its columns (`layout`), a `ColumnReader`
turns cells into values (`columns`, `values`). Nothing here raises on what a person sent.
"""

from portal.kernel.tabular.book import Book, SheetReading, read_book
from portal.kernel.tabular.catalogue import FILE_FINDINGS, FILE_KINDS, limit_findings
from portal.kernel.tabular.columns import ColumnReader
from portal.kernel.tabular.export import write_csv, write_xlsx
from portal.kernel.tabular.layout import Column, Layout, MatchedTable
from portal.kernel.tabular.reading import Reading, read_table, table_from_rows
from portal.kernel.tabular.table import Cell, Table
from portal.kernel.tabular.templates import template_csv, template_xlsx

__all__ = [
    "FILE_FINDINGS",
    "FILE_KINDS",
    "Book",
    "Cell",
    "Column",
    "ColumnReader",
    "Layout",
    "MatchedTable",
    "Reading",
    "SheetReading",
    "Table",
    "limit_findings",
    "read_book",
    "read_table",
    "table_from_rows",
    "template_csv",
    "template_xlsx",
    "write_csv",
    "write_xlsx",
]

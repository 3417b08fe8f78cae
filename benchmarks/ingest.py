"""`bin/benchmark ingest`: reading, checking and storing a payroll file against a raw COPY of its rows."""

from __future__ import annotations

import io
from argparse import ArgumentParser
from collections.abc import Callable
from uuid import UUID

import psycopg
from openpyxl import load_workbook

from benchmarks.measuring import Cost, Goal, Way, measure, report
from benchmarks.payroll_files import ALL, FEW, QUARTER, payroll_csv, payroll_xlsx, roster_csv
from benchmarks.room import BARE, LINES, empty, room

ROWS, SMALL_ROWS, SMALL_TIMES = 135_000, 77, 40
BATCH = UUID(int=287)


GOALS = (
    Goal("6 CSV: 0.45 of raw COPY's rows a second", 1 / 0.45, "CSV", "raw COPY"),
    Goal("  the same with all of the template's columns", 1 / 0.45, "wide CSV", "raw COPY, wide"),
    Goal("6 workbook: 0.25 of raw COPY", 1 / 0.25, "workbook", "raw COPY"),
    Goal("6 workbook: 3 times as fast as openpyxl only parses", 1 / 3, "workbook", "openpyxl"),
    Goal(f"6 {SMALL_ROWS} rows: 1.6 times raw COPY", 1.6, "small CSV", "raw COPY, small"),
    Goal("7 our table: 0.35 of a bare one", 1 / 0.35, "raw COPY", "raw COPY, bare table"),
)


def main() -> None:
    """Measure and print goals 6 and 7."""
    parser = ArgumentParser(prog="bin/benchmark ingest", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each way is run")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the large file")
    options = parser.parse_args()
    with room() as owner:
        report(_measured(owner, options.rows, options.rounds), GOALS)


def _measured(owner: psycopg.Connection, rows: int, rounds: int) -> dict[str, list[Cost]]:
    from django.db import connection

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    csv, wide_csv, small_csv = payroll_csv(rows), payroll_csv(rows, ALL), payroll_csv(SMALL_ROWS)
    xlsx = payroll_xlsx(rows, FEW)
    text, wide_text, small_text = copy_text(csv), copy_text(wide_csv), copy_text(small_csv)
    large, small = ready(rows), ready(SMALL_ROWS)

    def way(run: Callable[[], object], times: int = 1) -> Way:
        return Way(run, lambda: empty(owner), times)

    return measure(
        {
            "CSV": way(lambda: large(csv)),
            "wide CSV": way(lambda: large(wide_csv)),
            "workbook": way(lambda: large(xlsx)),
            "small CSV": way(lambda: small(small_csv), SMALL_TIMES),
            "raw COPY": way(lambda: raw_copy(text, LINES)),
            "raw COPY, wide": way(lambda: raw_copy(wide_text, LINES)),
            "raw COPY, small": way(lambda: raw_copy(small_text, LINES), SMALL_TIMES),
            "raw COPY, bare table": way(lambda: raw_copy(text, BARE)),
            "openpyxl": way(lambda: openpyxl_rows(xlsx)),
        },
        rounds,
        backend,
    )


def ready(rows: int) -> Callable[[bytes], None]:
    """The portal's way from bytes to stored lines, for a payroll of so many rows.

    The roster stands ready; what the portal looks up of the agency and its claim is left out.
    """
    from django.db import connection, transaction

    from agreements.roster_file import parse_roster
    from claims.checking import roster_index
    from claims.payroll.checks import Known, check_against, check_file
    from claims.payroll.lines import COPY_LINES, copy_blocks
    from claims.payroll.parse import parse_payroll
    from claims.payroll.roles import PAYROLL_TARGET
    from portal.kernel.collector import collector_paused
    from portal.kernel.tabular import read_table
    from portal.kernel.tabular.apart import read_apart
    from portal.kernel.tabular.mapping import fits, recognise

    roster = parse_roster(read_table(roster_csv(rows))).rows
    known = Known(roster_index(roster, QUARTER))

    @collector_paused()  # as in the job
    def ingest(content: bytes) -> None:
        reading = read_apart(content, recognise=recognise(PAYROLL_TARGET), drop_sensitive=True)
        assert reading.table is not None
        assert fits(PAYROLL_TARGET, reading.table.header)
        parsed = parse_payroll(reading)
        findings = parsed.findings + check_file(parsed.rows, QUARTER)
        findings += check_against(parsed.rows, known, QUARTER)
        if findings or len(parsed.rows) != rows:
            raise SystemExit(f"the benchmark's file must be clean: {findings[:3]}")
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY_LINES) as copy:
            for block in copy_blocks(BATCH, parsed.rows):
                copy.write(block)

    return ingest


def copy_text(csv: bytes) -> bytes:
    """The lines of a payroll file in COPY's own format."""
    from claims.payroll.lines import copy_blocks
    from claims.payroll.parse import parse_payroll
    from portal.kernel.tabular import read_table

    return "".join(copy_blocks(BATCH, parse_payroll(read_table(csv)).rows)).encode()


def raw_copy(text: bytes, table: str) -> None:
    """Nothing but the database's work: COPY of ready text, and the commit."""
    from django.db import connection, transaction

    from claims.payroll.lines import COPY_LINES

    command = COPY_LINES.replace(LINES, table)
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.write(text)


def openpyxl_rows(content: bytes) -> int:
    """Every row of a workbook, the way openpyxl is fastest."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))


if __name__ == "__main__":
    main()

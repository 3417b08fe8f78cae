"""The error workbook: what was found in a file, and its faulty rows to be corrected and sent back."""

from __future__ import annotations

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from portal.intake.faulty import Faulty
from portal.intake.queue import by_officer, by_rule
from portal.intake.return_sheet import FILE, OUT, RETURN_FINDINGS, RETURN_SHEET, ROW, WHAT
from portal.kernel.findings import Finding, Kind, Severity
from portal.kernel.tabular.apart import read_sheet_apart
from portal.kernel.tabular.export import inert
from portal.kernel.tabular.patch import LEAVE_OUT, MAX_TEXT, Edit, text_of
from portal.kernel.tabular.reading import Reading
from portal.kernel.tabular.table import Table, is_control, show

if TYPE_CHECKING:
    from portal.intake.models import Batch, BatchFinding

_OWN = (FILE, ROW, WHAT, OUT)
_YES = frozenset({"yes", "y", "x", "true", "1"})
_NO = frozenset({"", "no", "n", "false", "0"})

_HEAD = Font(bold=True)
_WRONG = PatternFill("solid", fgColor="F8E8E4")
_DOUBTFUL = PatternFill("solid", fgColor="FAF3D1")
_OURS = PatternFill("solid", fgColor="F0F0F0")
_WRAPPED = Alignment(wrap_text=True, vertical="top")

_SHORT = 18


def name_of(batch: Batch) -> str:
    """What a file is called in its error workbook, unlike every other file of the portal."""
    return f"{batch.agency.number} {batch._meta.verbose_name} {batch.reference}"


def error_workbook(
    batch: Batch, findings: Sequence[BatchFinding], kinds: Mapping[str, Kind]
) -> bytes:
    """An Excel workbook to read, correct and send back. Nothing in it is a formula."""
    faulty = Faulty.of_text(batch.faulty)
    book = Workbook()
    del book["Sheet"]
    _listing(
        book, "Read me", ("About this workbook",), ((line,) for line in _advice(batch)), (110,)
    )
    _listing(
        book,
        "By officer",
        (
            "Officer",
            "Row",
            "Kind",
            "What was found",
            "What to do",
            "Column",
            "Read",
            "Expected",
            "Dollars",
        ),
        (
            (
                finding.officer_id,
                finding.row,
                finding.severity,
                finding.message,
                finding.fix,
                finding.column,
                finding.value,
                finding.expected,
                finding.dollars,
            )
            for group in by_officer(findings)
            for finding in group.findings
        ),
        (14, 8, 10, 50, 50, 18, 18, 18, 14),
    )
    _listing(
        book,
        "By rule",
        ("Rule", "Kind", "Findings", "Rows", "Dollars", "What to do", "Code"),
        (
            (
                group.title,
                group.severity,
                group.count,
                len(group.rows),
                group.dollars,
                group.findings[0].fix,
                group.key,
            )
            for group in by_rule(findings, kinds)
        ),
        (45, 10, 10, 8, 14, 70, 26),
    )
    if faulty.rows:
        _rows_to_fix(book, batch, faulty, findings)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_returned(content: bytes) -> Reading:
    """The rows somebody sends back: the sheet of that name of the whole workbook, or the one there is."""
    reading = read_sheet_apart(content, RETURN_SHEET)
    if reading.table is not None and not set(reading.table.header) >= {FILE, ROW}:
        return Reading(None, [RETURN_FINDINGS.finding("not_the_returned_rows")])
    return reading


def edits_of(table: Table, batch: Batch) -> tuple[list[Edit], list[Finding]]:
    """What was corrected in the rows that came back; with any error finding nothing may be applied."""
    faulty = Faulty.of_text(batch.faulty)
    if not set(table.header) >= {FILE, ROW}:
        return [], [RETURN_FINDINGS.finding("not_the_returned_rows")]
    findings = [
        RETURN_FINDINGS.finding("returned_column_unknown", column=show(column), value=show(column))
        for column in table.header
        if column not in _OWN and column not in _shown_names(faulty.header)
    ]
    edits: list[Edit] = []
    seen: Counter[int] = Counter()
    for number, cells in zip(table.numbers, table.rows, strict=True):
        texts = dict(zip(table.header, map(text_of, cells), strict=True))
        row = _place(texts, number, batch, faulty, seen, findings)
        if row is not None:
            edits.extend(_edits_of_row(texts, number, row, faulty, findings))
    if not edits and not findings:
        findings.append(RETURN_FINDINGS.finding("returned_unchanged"))
    return edits, findings


def _place(
    texts: dict[str, str],
    number: int,
    batch: Batch,
    faulty: Faulty,
    seen: Counter[int],
    findings: list[Finding],
) -> int | None:
    """The row of the file that a returned row is; None and a finding when that is not certain."""
    file, asked = texts[FILE].strip(), texts[ROW].strip()
    row = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    seen[row] += 1
    code, column, value, expected = "", ROW, asked, ""
    if file != name_of(batch):
        code, column, value, expected = "returned_to_other_file", FILE, file, name_of(batch)
    elif row not in faulty.rows:
        code = "returned_row_unknown"
    elif seen[row] > 1:
        code = "returned_row_twice"
    if not code:
        return row
    findings.append(
        RETURN_FINDINGS.finding(
            code, row=number, column=column, value=show(value), expected=expected
        )
    )
    return None


def _edits_of_row(
    texts: dict[str, str], number: int, row: int, faulty: Faulty, findings: list[Finding]
) -> Iterator[Edit]:
    answer = texts.get(OUT, "").strip().casefold()
    if answer in _YES:
        yield Edit(row, LEAVE_OUT, "", "yes")
        return
    if answer not in _NO:
        findings.append(
            RETURN_FINDINGS.finding(
                "returned_leave_out_unclear", row=number, column=OUT, value=show(answer)
            )
        )
    for shown, column, was in zip(
        _shown_names(faulty.header), faulty.header, faulty.rows[row], strict=True
    ):
        now = texts.get(shown, was).strip()
        # What went out with an apostrophe, so that no program calculates it, comes back with it.
        if now.startswith("'") and inert(now[1:]) == now:
            now = now[1:]
        if _holdable(now).strip() == _holdable(was).strip():
            continue
        if len(now) > MAX_TEXT:
            findings.append(
                RETURN_FINDINGS.finding(
                    "returned_value_too_long",
                    row=number,
                    column=show(column),
                    length=f"{len(now):,}",
                )
            )
        yield Edit(row, column, was, now)


def _rows_to_fix(
    book: Workbook, batch: Batch, faulty: Faulty, findings: Iterable[BatchFinding]
) -> None:
    sheet = book.create_sheet(RETURN_SHEET)
    header = [*_OWN, *_shown_names(faulty.header)]
    _head(sheet, header, (30, 10, 60, 14, *(16 for _ in faulty.header)))
    sheet.freeze_panes = "E2"
    found: dict[int, list[BatchFinding]] = defaultdict(list)
    for finding in findings:
        if finding.severity != Severity.NOTICE:
            for row in faulty.rows_of(finding):
                found[row].append(finding)
    for place, (row, cells) in enumerate(sorted(faulty.rows.items()), start=2):
        what = "\n".join(_told(finding, row) for finding in found[row])
        sheet.append([name_of(batch), row, _plain(what), "", *map(_plain, cells)])
        for column in range(1, 4):
            sheet.cell(place, column).fill = _OURS
        sheet.cell(place, 3).alignment = _WRAPPED
        for column in range(5, len(header) + 1):
            # Text stays text: leading zeros, and days as they were written.
            sheet.cell(place, column).number_format = "@"
        _mark(sheet, place, faulty, found[row])


def _told(finding: BatchFinding, row: int) -> str:
    words = f"{finding.severity.capitalize()}: {finding.message} {finding.fix}"
    return words if finding.row == row else f"Part of row {finding.row}: {words}"


def _mark(sheet: Worksheet, place: int, faulty: Faulty, found: Iterable[BatchFinding]) -> None:
    said: dict[str, list[BatchFinding]] = defaultdict(list)
    for finding in found:
        for column in faulty.columns_of(finding):
            said[column].append(finding)
    for column, about in said.items():
        cell = sheet.cell(place, len(_OWN) + 1 + faulty.header.index(column))
        wrong = any(finding.severity == Severity.ERROR for finding in about)
        cell.fill = _WRONG if wrong else _DOUBTFUL
        words = "\n".join(f"{finding.message} {finding.fix}" for finding in about)
        cell.comment = Comment(_plain(words), "Portal", height=160, width=320)


def _shown_names(header: Sequence[str]) -> list[str]:
    """The file's own columns as the sheet names them: not like the portal's own four."""
    return [f"{name} (file)" if name in _OWN else _plain(name) for name in header]


def _advice(batch: Batch) -> Iterator[str]:
    yield f"What the checks found in {name_of(batch)} ({batch.sent_name})."
    yield f"1. Open the sheet “{RETURN_SHEET}”: the rows of your file that need a look."
    yield "2. Red cells block the file. Yellow ones want a second look. A comment says what is wrong."
    yield f"3. Correct the cells. To leave a whole row out, write yes under “{OUT}”."
    yield f"4. Leave “{FILE}” and “{ROW}” as they are. You can delete rows that you do not change."
    yield "5. Save, and send this workbook, or only that sheet as CSV, on the page of the file."
    yield "The file you sent stays as it was. What you change is kept on record beside it."


def _listing(
    book: Workbook,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str | int | None]],
    widths: Sequence[int],
) -> None:
    sheet = book.create_sheet(title)
    _head(sheet, header, widths)
    sheet.freeze_panes = "A2"
    for place, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            shown = _plain(value) if isinstance(value, str) else value
            cell = sheet.cell(place, column, shown)
            # A style costs more than a cell; short texts look the same without.
            if isinstance(shown, str) and len(shown) > _SHORT:
                cell.alignment = _WRAPPED


def _head(sheet: Worksheet, header: Sequence[str], widths: Sequence[int]) -> None:
    sheet.append([_plain(name) for name in header])
    for number, width in enumerate(widths, start=1):
        sheet.cell(1, number).font = _HEAD
        sheet.column_dimensions[get_column_letter(number)].width = width


def _plain(text: str) -> str:
    """Text a workbook can hold and no program calculates."""
    return inert(_holdable(text))


def _holdable(text: str) -> str:
    return "".join(mark for mark in text if mark in "\t\n" or not is_control(mark))

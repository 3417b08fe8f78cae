"""Payroll rows as they are stored: the columns of a line, and the text that COPY reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from claims.payroll.parse import PayrollRow
from portal.kernel.canonical import canonical_json

LINE_COLUMNS = (
    "batch_id",
    "row",
    "officer_id",
    "period_start",
    "period_end",
    "paid_on",
    "annual_salary",
    "regular_pay",
    "overtime_hours",
    "overtime_pay",
    "overtime_paid_by_others",
    "benefits",
    "ext",
)
COPY_LINES = f"COPY claims_payrollline ({', '.join(LINE_COLUMNS)}) FROM STDIN"
# So many lines travel at once: the database works while the next ones are written.
_BLOCK_ROWS = 5_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class _Texts(dict[Any, str]):
    """Values as COPY reads them, each put into words once: a file has few, whatever its rows."""

    def __init__(self, text_of: Callable[[Any], str]) -> None:
        super().__init__()
        self._text_of = text_of

    def __missing__(self, value: Any) -> str:
        text = self[value] = self._text_of(value)
        return text


def line_values(batch_id: object, row: PayrollRow) -> tuple[Any, ...]:
    """A row of a file as its stored line, in the order of `LINE_COLUMNS`."""
    return (batch_id, *row[:10], canonical_json(dict(row.benefits)), canonical_json(row.ext))


def copy_blocks(batch_id: object, rows: Sequence[PayrollRow]) -> Iterator[str]:
    """The same lines as text for `COPY … FROM STDIN`, in blocks."""
    ids, days = _Texts(_escaped), _Texts(str)
    benefits_texts = _Texts(_benefits)
    ext_texts = _Texts(lambda pairs: _escaped(canonical_json(dict(pairs))))
    for begin in range(0, len(rows), _BLOCK_ROWS):
        block = rows[begin : begin + _BLOCK_ROWS]
        (
            numbers,
            officers,
            start,
            end,
            paid,
            salary,
            regular,
            hours,
            overtime,
            others,
            benefits,
            ext,
        ) = zip(*block, strict=True)
        lines = zip(
            [str(batch_id)] * len(block),
            map(str, numbers),
            map(ids.__getitem__, officers),
            map(days.__getitem__, start),
            map(days.__getitem__, end),
            map(days.__getitem__, paid),
            map(str, salary),
            map(str, regular),
            [r"\N" if each is None else str(each) for each in hours],
            map(str, overtime),
            map(str, others),
            map(benefits_texts.__getitem__, benefits),
            [ext_texts[tuple(each.items())] if each else "{}" for each in ext],
            strict=True,
        )
        yield "\n".join([*map("\t".join, lines), ""])


def _benefits(benefits: tuple[tuple[str, int], ...]) -> str:
    """As `canonical_json` writes them: sorted they are already, and a name has letters and digits only."""
    return "{" + ",".join([f'"{name}":{cents}' for name, cents in benefits]) + "}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if not text.isalnum() else text

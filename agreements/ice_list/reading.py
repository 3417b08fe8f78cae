"""One of ICE's lists: from the file as published to rows and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from agreements.agency_names import name_key
from agreements.ice_list.checks import check_together
from agreements.ice_list.counties import county_hint, find_county
from agreements.ice_list.day import day_of, list_day, named_day, signed_after
from agreements.ice_list.layout import (
    ADDENDUM,
    AGENCY,
    COUNTY,
    MOA,
    OF_SIGNED,
    REQUIRED,
    SIGNED,
    STATE,
    SUPPORT_TYPE,
    TYPE,
    ListTable,
    find_list,
    nearest_header,
)
from agreements.ice_list.links import unwrap
from agreements.ice_list.notes import Notes
from agreements.ice_list.rows import IceList, IceRow, ListKind
from agreements.ice_list.values import (
    Meant,
    find_date,
    find_model,
    find_state,
    find_type,
    is_absent,
    plain_text,
)
from portal.kernel import clock
from portal.kernel.counting import counted
from portal.kernel.program import MODELS
from portal.kernel.states import STATES
from portal.kernel.tabular import Cell, SheetReading, read_book
from portal.kernel.tabular.table import is_blank

_LONGEST_NAME = 200
_LONGEST_EVIDENCE = 500
_FIRST_AGREEMENT = date(2002, 1, 1)
_MISSING_MEANS = {
    TYPE: "the types of the agencies stay as they are known",
    COUNTY: "the counties of the agencies stay as they are known",
    SIGNED: "no agreement has a date of signature",
    MOA: "no agreement has a link",
    ADDENDUM: "no addendum has a link",
}


def read_ice_list(
    source: bytes | Path,
    filename: str = "",
    *,
    as_of: date | None = None,
    today: date | None = None,
) -> IceList:
    """Read ICE's list of participating or of pending agencies. Never raises on its content.

    The kind follows from the columns and the day, unless `as_of` gives it, from `day`; the file's
    name is a hint that is contradicted where it is wrong. Rows with a finding are kept as far as
    they can be read.
    """
    filename = filename or (source.name if isinstance(source, Path) else "")
    today = today or clock.today()
    book = read_book(source)
    notes = Notes()
    for sheet in book.sheets:
        if table := find_list(sheet.table):
            break
    else:
        for finding in book.findings:
            notes.keep(finding)
        if not book.findings:
            missing = min((nearest_header(sheet.table) for sheet in book.sheets), key=len)
            notes.add("not_a_list", missing=", ".join(missing))
        return IceList(
            _named_kind(filename) or "participating", None, book.saved_at, (), 0, notes.all()
        )
    kind = _kind(table, filename, notes)
    _about_sheet(sheet, table, notes)
    _about_columns(table, kind, notes)
    reader = _RowReader(sheet, table, kind, notes)
    read = [reader.read(number, cells) for number, cells in table.rows]
    rows = [row for row in read if row is not None]
    if not rows:
        notes.add("header_only")
    if hidden := sum(row.is_hidden for row in rows):
        notes.add("hidden_rows", rows=counted(hidden, "hidden row was", "hidden rows were"))
    as_of = as_of or _as_of(rows, filename, book.saved_at, today, notes)
    for row in rows:
        _check_signed(row, as_of or today, notes)
    check_together(rows, notes)
    return IceList(kind, as_of, book.saved_at, tuple(rows), hidden, notes.all())


def _named_kind(filename: str) -> ListKind | None:
    name = filename.casefold()
    is_pending, is_participating = "pending" in name, "participating" in name
    if is_pending == is_participating:
        return None
    return "pending" if is_pending else "participating"


def _kind(table: ListTable, filename: str, notes: Notes) -> ListKind:
    kind: ListKind = "pending"
    if any(column in table.columns for column in OF_SIGNED):
        kind = "participating"
    named = _named_kind(filename)
    if named and named != kind:
        notes.add("name_says_other_kind", named=named, kind=kind)
    return kind


def _about_sheet(sheet: SheetReading, table: ListTable, notes: Notes) -> None:
    for finding in sheet.findings:
        if finding.code == "merged_cells":
            # A title above the header may be merged; below it a row's values are doubtful.
            if finding.row is None or finding.row > table.header_row:
                notes.add("merged_in_list", row=finding.row, what=finding.message)
        elif finding.code != "hidden_rows":
            notes.keep(finding)


def _about_columns(table: ListTable, kind: ListKind, notes: Notes) -> None:
    expected = [TYPE, COUNTY, *(OF_SIGNED if kind == "participating" else ())]
    for column in expected:
        if column not in table.columns:
            notes.add("older_layout", column=column, consequence=_MISSING_MEANS[column])


def _as_of(
    rows: Sequence[IceRow], filename: str, saved_at: datetime | None, today: date, notes: Notes
) -> date | None:
    signed = [row.signed_on for row in rows if row.signed_on]
    saved_on = day_of(saved_at)
    named = named_day(filename, today)
    as_of = list_day(named.day, saved_on, signed, today)
    if named.digits and not named.day:
        notes.add("name_without_day", value=named.digits)
    if as_of is None:
        notes.add("day_unknown")
    elif named.day and named.day != as_of:
        after = signed_after(named.day, signed)
        reason = f"the workbook was last saved on {saved_on}"
        if after and named.day < as_of:
            reason = f"{after:,} of its agreements were signed after that day"
        notes.add("name_says_other_day", named_on=named.day, as_of=as_of, reason=reason)
    return as_of


def _check_signed(row: IceRow, as_of: date, notes: Notes) -> None:
    if row.signed_on is None:
        return
    written = row.signed_on.isoformat()
    if row.signed_on > as_of:
        notes.add("signed_in_future", row.row, written, column=SIGNED, as_of=as_of)
    elif row.signed_on < _FIRST_AGREEMENT:
        notes.add("signed_too_early", row.row, written, column=SIGNED)


class _RowReader:
    """Reads the rows of one list, noting what it folds and what it cannot read."""

    def __init__(self, sheet: SheetReading, table: ListTable, kind: ListKind, notes: Notes) -> None:
        self.columns = table.columns
        self.links = sheet.links
        self.hidden = sheet.hidden
        self.is_signed_list = kind == "participating"
        self.notes = notes

    def read(self, number: int, cells: Sequence[Cell]) -> IceRow | None:
        """The row, None when it names neither state nor agency nor model."""
        texts = {column: self._text(column, cells[at]) for column, at in self.columns.items()}
        if not any(texts[column] for column in REQUIRED):
            self.notes.add("stray_row", number)
            return None
        for column in REQUIRED:
            if not texts[column]:
                self.notes.add("blank_in_list", number, column=column)
        state = self._meant(number, STATE, texts[STATE], find_state(texts[STATE]), STATES)
        name = self._name(number, texts[AGENCY])
        model = find_model(texts[SUPPORT_TYPE])
        return IceRow(
            row=number,
            state=state,
            name=name,
            name_key=name_key(name),
            agency_type=self._type(number, texts.get(TYPE, "")),
            county=self._county(number, state, texts),
            model=self._meant(number, SUPPORT_TYPE, texts[SUPPORT_TYPE], model, MODELS),
            support_type=texts[SUPPORT_TYPE],
            signed_on=self._signed(number, cells, texts),
            moa_url=self._link(number, MOA),
            addendum_url=self._link(number, ADDENDUM),
            is_hidden=number in self.hidden,
            cells={
                column: str(cells[at])[:_LONGEST_EVIDENCE].replace("\0", "")
                for column, at in self.columns.items()
                if texts[column]
            },
        )

    def _text(self, column: str, cell: Cell) -> str:
        text = plain_text(cell)
        # The words of a link's cell (`link pending `) carry nothing.
        is_padded = isinstance(cell, str) and not is_blank(cell) and text != cell
        if is_padded and column not in (MOA, ADDENDUM):
            self.notes.fold("padding_folded", "")
        return text

    def _meant(
        self, number: int, column: str, written: str, meant: Meant, names: Mapping[str, str]
    ) -> str:
        if meant.value and not meant.is_usual:
            self.notes.fold("spelling_folded", column, written, names[meant.value])
        elif written and not meant.value:
            code = "unknown_state" if column == STATE else "unknown_model"
            self.notes.add(code, number, written, column=column)
        return meant.value

    def _name(self, number: int, written: str) -> str:
        if len(written) > _LONGEST_NAME:
            self.notes.add(
                "name_too_long",
                number,
                written,
                column=AGENCY,
                length=len(written),
                longest=_LONGEST_NAME,
            )
        if written.casefold().rstrip(")").endswith(("addendum", "amendment")):
            self.notes.add("addendum_in_name", number, written, column=AGENCY)
        return written[:_LONGEST_NAME].strip()

    def _type(self, number: int, written: str) -> str:
        if is_absent(written):
            return ""
        meant = find_type(written)
        if not meant.value:
            self.notes.add("unknown_type", number, written, column=TYPE)
        elif not meant.is_usual:
            self.notes.fold("spelling_folded", TYPE, written, meant.value.replace("_", " "))
        return meant.value

    def _county(self, number: int, state: str, texts: Mapping[str, str]) -> str:
        if COUNTY not in self.columns:
            return ""
        written = texts[COUNTY]
        if is_absent(written):
            self.notes.fold("county_not_given", COUNTY)
            return ""
        # Without its state no county can be looked up, and the state has its own finding.
        if not state:
            return written
        if county := find_county(state, written):
            if name_key(county) != name_key(written):
                self.notes.fold("spelling_folded", COUNTY, written, county)
            return county
        hint = county_hint(state, written)
        self.notes.add(
            "unknown_county",
            number,
            written,
            column=COUNTY,
            state=STATES[state],
            hint=f" {hint}".rstrip(),
        )
        return written

    def _signed(self, number: int, cells: Sequence[Cell], texts: Mapping[str, str]) -> date | None:
        if SIGNED not in self.columns:
            return None
        cell = cells[self.columns[SIGNED]]
        written = texts[SIGNED]
        if is_absent(written):
            self.notes.add("signed_missing", number, column=SIGNED)
            return None
        signed_on = find_date(cell)
        if signed_on is None:
            self.notes.add("signed_unreadable", number, written, column=SIGNED)
        elif not isinstance(cell, date):
            self.notes.fold("date_folded", SIGNED, written, signed_on.isoformat())
        return signed_on

    def _link(self, number: int, column: str) -> str:
        if column not in self.columns:
            return ""
        written = self.links.get((number, self.columns[column]), "")
        address = unwrap(written)
        if not written:
            if column == MOA and self.is_signed_list:
                self.notes.fold("moa_not_linked", MOA)
        elif not address:
            self.notes.add("link_unusable", number, written, column=column)
        elif address != written.strip():
            self.notes.fold("links_unwrapped", "")
        return address

"""What is seen only when a list's rows are looked at together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from agreements.agency_names import likeness
from agreements.ice_list.layout import AGENCY, COUNTY, TYPE
from agreements.ice_list.notes import Notes
from agreements.ice_list.rows import IceRow


def check_together(rows: Iterable[IceRow], notes: Notes) -> None:
    """Note rows given twice, facts that differ within an agency, and spellings of names."""
    agreements: dict[tuple[str, str, str], list[IceRow]] = defaultdict(list)
    agencies: dict[tuple[str, str], list[IceRow]] = defaultdict(list)
    names: dict[tuple[str, str], dict[str, IceRow]] = defaultdict(dict)
    for row in rows:
        if row.state and row.name_key:
            agencies[row.state, row.name_key].append(row)
            names[row.state, likeness(row.name)].setdefault(row.name_key, row)
            if row.model:
                agreements[row.key].append(row)
    for same in agreements.values():
        _check_twice(same, notes)
    for same in agencies.values():
        _check_facts(same, notes)
    for alike in names.values():
        first, *others = alike.values()
        for other in others:
            _about_pair("names_alike", AGENCY, first, other, first.name, other.name, notes)


def _check_twice(same: Sequence[IceRow], notes: Notes) -> None:
    first, *others = same
    for row in others:
        difference = ""
        if row.signed_on != first.signed_on:
            difference = f", signed on {first.signed_on or '?'} and {row.signed_on or '?'}"
        notes.add(
            "listed_twice",
            row.row,
            row.name,
            column=AGENCY,
            other=first.row,
            difference=difference,
        )


def _check_facts(same: Sequence[IceRow], notes: Notes) -> None:
    first = same[0]
    spellings = {row.name: row for row in reversed(same)}
    for name, row in reversed(spellings.items()):
        if name != first.name:
            _about_pair("spelled_in_two_ways", AGENCY, first, row, first.name, name, notes)
    for column, field in ((TYPE, "agency_type"), (COUNTY, "county")):
        answers = {getattr(row, field): row for row in reversed(same) if getattr(row, field)}
        (first_answer, *others) = reversed(answers.items()) if answers else [("", first)]
        for answer, row in others:
            before, earlier = first_answer
            _about_pair("facts_differ", column, earlier, row, before, answer, notes)


def _about_pair(
    code: str, column: str, first: IceRow, row: IceRow, before: str, value: str, notes: Notes
) -> None:
    notes.add(code, row.row, value, column=column, other=first.row, first=before)

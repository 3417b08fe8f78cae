"""Several rows of one officer, period and payday become one, which names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from portal.kernel import money
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping.draft import ROWS, Draft
from portal.kernel.tabular.values import MAX_TEXT_CHARACTERS


def combine(draft: Draft) -> None:
    """Add up rows that agree in the target's key; a group with a spoiled row is left out."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for index, key in enumerate(zip(*_key_columns(draft), strict=True)):
        groups.setdefault(key, []).append(index)
    _report_repeated(draft, groups.values())
    spoiled = draft.spoiled
    # Who was paid nothing but a payout has no row, and needs no salary or roster.
    rows = [
        group
        for group in groups.values()
        if spoiled.isdisjoint(group) and not draft.excluded.issuperset(group)
    ]
    count = sum(map(len, rows))
    if len(rows) < count:
        draft.note("rows_combined", count=f"{count:,}", results=f"{len(rows):,}")
    named = [_listed([draft.numbers[index] for index in group]) for group in rows]
    for group, behind in zip(rows, named, strict=True):
        draft.ext[group[0]] = {ROWS: behind}
    for name, amounts in draft.amounts.items():
        draft.amounts[name] = [_sum(amounts, group) for group in rows]
    for name, values in draft.values.items():
        if name.startswith("ext_"):
            draft.values[name] = [_joined(values, group) for group in rows]
        elif name in draft.target.key:
            draft.values[name] = [values[group[0]] for group in rows]
        else:
            draft.values[name] = [_agreed(draft, name, values, group) for group in rows]
    draft.values[ROWS] = named
    draft.ext = [draft.ext[group[0]] for group in rows]
    draft.ids = [draft.ids[group[0]] for group in rows]
    draft.numbers = [draft.numbers[group[0]] for group in rows]
    # Rows are counted anew; those that could not agree are spoiled still.
    draft.spoiled = {
        position for position, group in enumerate(rows) if not spoiled.isdisjoint(group)
    }
    keep_unspoiled(draft)


def keep_unspoiled(draft: Draft) -> None:
    """Take the rows with errors out of the draft."""
    if not draft.spoiled:
        return
    kept = [index for index in range(len(draft.numbers)) if index not in draft.spoiled]
    draft.amounts = {name: [a[index] for index in kept] for name, a in draft.amounts.items()}
    draft.values = {name: [v[index] for index in kept] for name, v in draft.values.items()}
    draft.ids = [draft.ids[index] for index in kept]
    draft.ext = [draft.ext[index] for index in kept]
    draft.numbers = [draft.numbers[index] for index in kept]
    draft.spoiled = set()


def repeated_rows(draft: Draft) -> set[int]:
    """The rows (from 0) that have officer, period and payday in common with another row."""
    if not draft.target.key:
        return set()
    keys = list(zip(*_key_columns(draft), strict=True))
    times = Counter(keys)
    return {index for index, key in enumerate(keys) if times[key] > 1}


def _key_columns(draft: Draft) -> list[Sequence[Any]]:
    nothing = [None] * len(draft.numbers)
    named = {"officer_id": draft.ids}
    return [named.get(name) or draft.values.get(name, nothing) for name in draft.target.key]


def _report_repeated(draft: Draft, groups: Iterable[Sequence[int]]) -> None:
    """One row twice may be right; all rows of an officer and period twice are a file pasted twice."""
    for group in groups:
        alike: dict[tuple[Any, ...], list[int]] = {}
        for index in group:
            alike.setdefault(tuple(draft.table.rows[index]), []).append(index)
        if all(len(same) > 1 for same in alike.values()):
            listed = _listed([draft.numbers[index] for index in group])
            draft.ext[group[0]] = {ROWS: listed}
            draft.report("repeated_source_rows", group[0], rows=listed)
            continue
        for first, *others in alike.values():
            for index in others:
                draft.report("repeated_source_row", index, other=draft.numbers[first])


def _sum(amounts: Sequence[int | None], group: Sequence[int]) -> int | None:
    found = [amount for index in group if (amount := amounts[index]) is not None]
    return sum(found) if found else None


def _agreed(draft: Draft, name: str, values: Sequence[Any], group: Sequence[int]) -> Any:
    found = list(dict.fromkeys(values[index] for index in group if values[index] is not None))
    if len(found) > 1:
        is_money = draft.target.layout.column(name).kind is Kind.MONEY
        draft.report(
            "salary_differs",
            group[0],
            column=name,
            value=", ".join(money.text(v) if is_money else str(v) for v in found[:5]),
            rows=_listed([draft.numbers[index] for index in group]),
        )
    return found[0] if found else None


def _joined(values: Sequence[str], group: Sequence[int]) -> str:
    return "; ".join(dict.fromkeys(values[index] for index in group if values[index]))[
        :MAX_TEXT_CHARACTERS
    ]


def _listed(numbers: Sequence[int]) -> str:
    """`4, 9, 12`, short enough for a cell."""
    shown = ", ".join(map(str, numbers[:20]))
    return f"{shown} and {len(numbers) - 20:,} more" if len(numbers) > 20 else shown

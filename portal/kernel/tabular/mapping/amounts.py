"""Amounts: those of one role are added up with their sign, and what is left out is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from portal.kernel import money
from portal.kernel.counting import counted
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping.cells import read_signed_hours, read_signed_money
from portal.kernel.tabular.mapping.codes import rows_by_code
from portal.kernel.tabular.mapping.combining import keep_unspoiled, repeated_rows
from portal.kernel.tabular.mapping.draft import Draft
from portal.kernel.tabular.mapping.model import code_key
from portal.kernel.tabular.mapping.target import code_roles_of, sources_of, template_column
from portal.kernel.tabular.table import show

SIGNED_MONEY = "dollars, like 1234.50; -1234.50 and (1,234.50) are taken off"
_CORRECT = "Correct the amounts so that the result is not below zero."
_ADD_UP = (
    "Open “Match the columns again” and choose “Add up rows of one officer, period and payday”, for the "
    "officer has other rows of that payday. Or correct the amounts."
)
SIGNED_HOURS = "hours, like 12.25"


def read_amounts(draft: Draft) -> None:
    """Add up the columns, or the rows' pay codes, that have one role."""
    parts: defaultdict[str, list[Sequence[int | None]]] = defaultdict(list)
    for header, code in draft.mapping.columns:
        role = draft.target.role(code)
        if role is None or not role.many:
            continue
        if role.kind is Kind.HOURS:
            cells = draft.read(header, read_signed_hours, SIGNED_HOURS)
        elif role.kind is Kind.MONEY:
            cells = draft.read(header, read_signed_money, SIGNED_MONEY)
        else:
            continue
        if role.choices:
            _note_excluded(draft, header, dict(role.choices)[code.partition(":")[2]], cells)
        else:
            parts[template_column(code, header)].append(cells)
    for column, columns in parts.items():
        draft.amounts[column] = _added(columns)
    if draft.mapping.headers("amount"):
        _spread_codes(draft)


def _added(columns: Sequence[Sequence[int | None]]) -> list[int | None]:
    if len(columns) == 1:
        return list(columns[0])
    return [
        sum(amount or 0 for amount in row) if any(amount is not None for amount in row) else None
        for row in zip(*columns, strict=True)
    ]


def _spread_codes(draft: Draft) -> None:
    """Rows with a pay code: each amount goes where its code belongs."""
    target, mapping = draft.target, draft.mapping
    header = mapping.headers("amount")[0]
    amounts = draft.read(header, read_signed_money, SIGNED_MONEY)
    hours: list[int | None] = [None] * len(amounts)
    for column in mapping.headers("hours"):
        hours = draft.read(column, read_signed_hours, SIGNED_HOURS)
    roles = code_roles_of(mapping)
    for code, rows in rows_by_code(draft.cells(mapping.headers(target.code_column)[0])).items():
        found = [amounts[index] for index in rows]
        code_role = roles.get(code_key(code))
        if code_role is None:
            draft.spoiled.update(rows)
            _note_unknown(draft, code, found)
        elif (role := target.code_role(code_role)) and role.choices:
            draft.excluded.update(rows)
            _note_excluded(draft, code, dict(role.choices)[code_role.partition(":")[2]], found)
        else:
            _put(draft, template_column(code_role, code), rows, amounts)
            if code_role == "overtime_pay" and mapping.headers("hours"):
                _put(draft, "overtime_hours", rows, hours)
            for index in rows:
                if amounts[index] is None and hours[index] and index not in draft.spoiled:
                    draft.report("amount_missing", index, column=header, value=show(code))


def _put(draft: Draft, column: str, rows: Iterable[int], source: Sequence[int | None]) -> None:
    nothing: list[int | None] = [None] * len(source)
    amounts = draft.amounts.setdefault(column, nothing)
    for index in rows:
        amounts[index] = source[index]


def _note_unknown(draft: Draft, code: str, found: Sequence[int | None]) -> None:
    draft.note(
        draft.target.unknown_code,
        column=draft.mapping.headers(draft.target.code_column)[0],
        value=show(code),
        rows=counted(len(found), "row"),
        **_sum_of(found),
    )


def _note_excluded(draft: Draft, name: str, reason: str, found: Sequence[int | None]) -> None:
    paid = sum(amount not in (None, 0) for amount in found)
    if not paid:
        return
    draft.note(
        "excluded_pay",
        column=name,
        value=show(name),
        reason=reason,
        rows=counted(paid, "row"),
        **_sum_of(found),
    )


def _sum_of(found: Sequence[int | None]) -> dict[str, str]:
    cents = sum(amount or 0 for amount in found)
    return {"dollars": money.text(cents), "sum": money.format_cents(cents)}


def settle_amounts(draft: Draft) -> None:
    """What was added up is not below zero, and a required amount that is nowhere is none."""
    nothing: list[int | None] = [None] * len(draft.numbers)
    for name in draft.target.required_amounts:
        amounts = draft.amounts.get(name, nothing)
        if blank := sum(amount is None for amount in amounts):
            draft.note(
                "blank_taken_as_none", column=name, rows=counted(blank, "row has", "rows have")
            )
        draft.amounts[name] = [amount or 0 for amount in amounts]
    repeated = repeated_rows(draft)
    for name, amounts in draft.amounts.items():
        for index, amount in enumerate(amounts):
            if amount is not None and amount < 0:
                draft.report(
                    "negative_result",
                    index,
                    column=" + ".join(sources_of(draft.mapping, name)) or name,
                    result=name,
                    value=money.text(amount),
                    advice=_ADD_UP if index in repeated else _CORRECT,
                )
    keep_unspoiled(draft)

"""Who a row is about: by id, by the id behind a name, or by a name on the agency's own roster."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kernel import money
from portal.kernel.counting import counted
from portal.kernel.tabular.layout import Kind
from portal.kernel.tabular.mapping.cells import plain, read_signed_money
from portal.kernel.tabular.mapping.draft import Draft
from portal.kernel.tabular.mapping.model import Role
from portal.kernel.tabular.mapping.names import PersonName, id_of_name, split_name
from portal.kernel.tabular.mapping.target import NAME_ROLES
from portal.kernel.tabular.table import show
from portal.kernel.tabular.values import Problem, read_id

# The value for a whole file that says what becomes of persons who are not on the roster.
OTHERS = "not_on_roster"


def identify(draft: Draft) -> None:
    """Fill in the officers' ids and, where the template has them, their names."""
    by_id = draft.mapping.headers("officer_id")
    if by_id:
        ids = draft.read(by_id[0], read_id, Kind.ID.value, needed=True)
        draft.ids = [officer_id or "" for officer_id in ids]
    if by_id and not draft.target.makes_ids:
        _leave_others_out(draft, draft.ids)
        return
    column, names = _names(draft)
    if draft.target.makes_ids:
        draft.values["last_name"] = [name.last for name in names]
        draft.values["first_name"] = [name.first for name in names]
        _note_divided(draft, names)
    if not by_id:
        draft.ids = _ids(draft, column, names)
        _leave_others_out(draft, [_written(name) for name in names])


def _leave_others_out(draft: Draft, shown: Sequence[str]) -> None:
    """If the clerk said so: go on without the rows of persons who are not on the roster."""
    if not draft.mapping.value(OTHERS):
        return
    known, spoiled = draft.people.ids, draft.spoiled
    others = {i for i, found in enumerate(draft.ids) if found not in known and i not in spoiled}
    if others:
        persons = dict.fromkeys(shown[index] for index in sorted(others))
        more = f" and {len(persons) - 10:,} more" if len(persons) > 10 else ""
        draft.note(
            "others_left_out",
            rows=counted(len(others), "row"),
            persons=counted(len(persons), "person"),
            **_pay_of(draft, others),
            value=", ".join(show(person) for person in list(persons)[:10]) + more,
        )
        draft.leave_out(others)


def _pay_of(draft: Draft, rows: set[int]) -> dict[str, str]:
    """What rows that are left out would have asked for; cells that are no amounts do not count."""
    cents = 0
    for header, code in draft.mapping.columns:
        role = draft.target.role(code)
        if role is not None and role.kind is Kind.MONEY and not role.choices and _is_pay(role):
            cells = draft.cells(header)
            amounts = (read_signed_money(cells[index]) for index in rows)
            cents += sum(amount for amount in amounts if isinstance(amount, int))
    return {"dollars": money.text(cents), "sum": money.format_cents(cents)}


def _is_pay(role: Role) -> bool:
    return role.many or role.code == "amount"


def _names(draft: Draft) -> tuple[str, Sequence[PersonName]]:
    """Where the names stand, and the name of each row."""
    mapping = draft.mapping
    if written := mapping.headers("officer_name"):
        cells = draft.cells(written[0])
        known = {cell: split_name(plain(cell)) for cell in set(cells)}
        return written[0], [known[cell] for cell in cells]
    parts = {
        role: [plain(cell) for cell in draft.cells(header)]
        for role in NAME_ROLES[1:]
        for header in mapping.headers(role)
    }
    nothing = [""] * len(draft.numbers)
    rows = zip(*(parts.get(role, nothing) for role in NAME_ROLES[1:]), strict=True)
    names = [
        PersonName(f"{last} {suffix}".strip(), f"{first} {middle}".strip())
        for last, first, middle, suffix in rows
    ]
    return mapping.headers("last_name")[0], names


def _note_divided(draft: Draft, names: Sequence[PersonName]) -> None:
    divided = [index for index, name in enumerate(names) if not name.is_certain]
    if divided:
        names_found = counted(len(divided), "name has", "names have")
        draft.note("names_divided", row=draft.numbers[divided[0]], names=names_found)


def _ids(draft: Draft, column: str, names: Sequence[PersonName]) -> list[str]:
    found = {name: _whom(draft, name) for name in dict.fromkeys(names)}
    first_rows: dict[PersonName, int] = {}
    for index, name in enumerate(names):
        outcome = found[name]
        other = first_rows.setdefault(name, index)
        if isinstance(outcome, Problem):
            if outcome.code == "name_not_on_roster" and draft.mapping.value(OTHERS):
                continue
            draft.report(outcome.code, index, column=column, value=_written(name), who=outcome.why)
        elif draft.target.makes_ids and other != index and not name.officer_id:
            who = f" (also in row {draft.numbers[other]})"
            draft.report("name_not_unique", index, column=column, value=_written(name), who=who)
    ids = {name: "" if isinstance(o, Problem) else o for name, o in found.items()}
    _note_how(draft, column, names, ids)
    return [ids[name] for name in names]


def _whom(draft: Draft, name: PersonName) -> str | Problem:
    """The id a name stands for. A name that only a roster can explain is looked up in it."""
    if name.officer_id:
        officer_id = read_id(name.officer_id)
        return officer_id if isinstance(officer_id, str) else Problem("name_unusable")
    if not name.first or not name.last:
        return Problem("name_unusable")
    people = draft.people
    text = f"{name.first} {name.last}"
    ids = people.find(name.last, name.first) if name.is_certain else people.find_written(text)
    if len(ids) == 1:
        return ids[0]
    if ids:
        return Problem("name_not_unique", f" ({', '.join(ids[:5])} on the roster)")
    if not draft.target.makes_ids:
        return Problem("name_not_on_roster")
    made = id_of_name(name.last, name.first)
    if made in people.ids:
        return Problem("name_not_unique", f" ({made} is another officer's id on the roster)")
    return made or Problem("name_unusable")


def _note_how(
    draft: Draft, column: str, names: Sequence[PersonName], ids: dict[PersonName, str]
) -> None:
    by_name = {name: officer_id for name, officer_id in ids.items() if officer_id}
    by_name = {name: found for name, found in by_name.items() if not name.officer_id}
    made = [found for found in by_name.values() if found not in draft.people.ids]
    if made:
        draft.note("ids_from_names", count=f"{len(made):,}", value=made[0])
    known = {name: found for name, found in by_name.items() if found in draft.people.ids}
    if known:
        loose = sum(not draft.people.is_exact(name.last, name.first) for name in known)
        draft.note(
            "names_matched",
            column=column,
            rows=counted(sum(name in known for name in names), "row names", "rows name"),
            officers=counted(len(set(known.values())), "officer was", "officers were"),
            loosely=f", {loose:,} of them under a name that is not written the same"
            if loose
            else "",
        )


def _written(name: PersonName) -> str:
    return ", ".join(part for part in (name.last, name.first) if part)[:60]

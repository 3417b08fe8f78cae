"""What one of ICE's lists would do to the agreements there are, as deeds. Nothing is written here.

What a list says is taken as it is; what it cannot mean changes nothing:

- A pending agreement that is listed as signed becomes signed, and active from its day of signing.
- Another day of signing moves the first active day, where a list had given that day. A day after
  the list that last named the agreement means that it was signed anew: one ends, another begins.
- A day of signing after the list's own, or before the program's first agreement, opens no period.
- What is missing, or listed as pending though it is signed, ends only if a person confirms it; its
  last active day is then the day before the list's.
- What has ended comes back only with a day of signing after its last active day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from agreements.ice_list import Change, Comparison, IceList, IceRow, KnownAgreement, compare
from agreements.models import ActivePeriod, Agreement, AgreementChange
from agreements.pipeline.list_known import AgencyKey, Known
from portal.kernel.canonical import canonical_json, sha256_text

What = AgreementChange.What
Status = Agreement.Status
Ending = ActivePeriod.Ending

_FIRST_AGREEMENT = date(2002, 1, 1)
_ONE_DAY = timedelta(days=1)
_LONGEST_SUPPORT_TYPE = 100
_AGENCY_FACTS = {"county": "county", "agency_type": "kind"}


@dataclass(slots=True)
class Deed:
    """One thing a list does to one agreement; its objects are not saved yet.

    `opens` is a new active period, `changes` an old one with other days. A deed without a row is
    about an agreement the list does not name.
    """

    what: str
    key: tuple[str, str, str]
    agreement: Agreement
    row: IceRow | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    opens: ActivePeriod | None = None
    changes: ActivePeriod | None = None

    @property
    def agency_key(self) -> AgencyKey:
        return self.key[:2]


@dataclass(slots=True)
class Plan:
    """What a list would do: `deeds` when it is imported, `endings` only if they are confirmed too.

    `left` are rows that contradict the record and change nothing, each with the reason.
    """

    ice_list: IceList
    as_of: date
    known: Known
    comparison: Comparison
    deeds: list[Deed] = field(default_factory=list)
    endings: list[Deed] = field(default_factory=list)
    left: list[tuple[IceRow, str]] = field(default_factory=list)

    @property
    def new_agencies(self) -> dict[AgencyKey, list[IceRow]]:
        """The rows by which agencies appear that there are not yet."""
        rows: dict[AgencyKey, list[IceRow]] = {}
        for deed in self.deeds:
            if deed.row and deed.agency_key not in self.known.agencies:
                rows.setdefault(deed.agency_key, []).append(deed.row)
        return rows

    @property
    def sha256(self) -> str:
        """The hash of all of it: what a person confirms is what they were shown."""
        told = [
            [deed.what, deed.key, deed.row.row if deed.row else None, deed.before, deed.after]
            for deed in (*self.deeds, *self.endings)
        ]
        return sha256_text(canonical_json([self.ice_list.kind, self.as_of, told]))

    def count(self, what: str) -> int:
        """How many agreements this happens to without further confirmation."""
        return len({deed.key for deed in self.deeds if deed.what == what})


def plan_list(ice_list: IceList, as_of: date, *, for_update: bool = False) -> Plan:
    """What the list of a day would change now; `for_update` locks what it is compared with."""
    known = Known(for_update=for_update)
    ice_list = known.in_its_words(ice_list)
    comparison = compare(ice_list, known.compared())
    plan = Plan(ice_list, as_of, known, comparison)
    is_signed = ice_list.kind == "participating"
    for row in comparison.created:
        _create(plan, row, is_signed)
    for change in comparison.changed:
        _change(plan, change, is_signed)
    for change in comparison.moved:
        _sign(plan, change) if is_signed else _send_back(plan, change)
    for change in comparison.returned:
        _return(plan, change, is_signed)
    for missing in comparison.missing:
        _end_missing(plan, missing)
    return plan


def _create(plan: Plan, row: IceRow, is_signed: bool) -> None:
    agency = plan.known.agency_of(row)
    agreement = Agreement(
        agency=agency,
        model=row.model,
        status=Status.SIGNED if is_signed else Status.PENDING,
        signed_on=row.signed_on,
        support_type=row.support_type[:_LONGEST_SUPPORT_TYPE],
        moa_url=row.moa_url,
        addendum_url=row.addendum_url,
        first_listed_on=plan.as_of,
        last_listed_on=plan.as_of,
    )
    deed = Deed(What.CREATED, row.key, agreement, row, after=_facts(row))
    if is_signed:
        _open(plan, deed, row.signed_on)
    plan.deeds.append(deed)


def _change(plan: Plan, change: Change, is_signed: bool) -> None:
    agreement = _agreement(plan, change.known)
    row = change.row
    if is_signed and _is_signed_anew(plan, agreement, row):
        _sign_anew(plan, change, agreement)
        return
    deed = _deed(What.CHANGED, change, agreement)
    before = agreement.signed_on
    _take_facts(agreement, change)
    if is_signed and row.signed_on != before:
        _correct_first_day(plan, deed, before, row.signed_on)
    plan.deeds.append(deed)


def _sign(plan: Plan, change: Change) -> None:
    agreement = _agreement(plan, change.known)
    deed = _deed(What.MOVED, change, agreement)
    _take_facts(agreement, change)
    agreement.status = Status.SIGNED
    deed.before["status"], deed.after["status"] = Status.PENDING.value, Status.SIGNED.value
    _open(plan, deed, change.row.signed_on)
    plan.deeds.append(deed)


def _send_back(plan: Plan, change: Change) -> None:
    agreement = _agreement(plan, change.known)
    if agreement.last_listed_on and agreement.last_listed_on > plan.as_of:
        plan.left.append((change.row, "A later list names it as signed."))
        return
    deed = Deed(What.MOVED, change.known.key, agreement, change.row)
    if _close(plan, deed, agreement, Ending.OTHER):
        agreement.status = Status.PENDING
        deed.before["status"], deed.after["status"] = Status.SIGNED.value, Status.PENDING.value
        plan.endings.append(deed)
    plan.left.append((change.row, "It is on record as signed, and stays so unless confirmed."))


def _return(plan: Plan, change: Change, is_signed: bool) -> None:
    old = _agreement(plan, change.known)
    row = change.row
    last = max((p.active_to or date.max for p in plan.known.periods_of(old)), default=None)
    if is_signed and last and not (row.signed_on and row.signed_on > last):
        plan.left.append((row, "It has ended on record, and the day of signing is not after that."))
        return
    _create(plan, row, is_signed)


def _end_missing(plan: Plan, missing: KnownAgreement) -> None:
    agreement = _agreement(plan, missing)
    deed = Deed(What.ENDED, missing.key, agreement)
    if _close(plan, deed, agreement, Ending.TERMINATED):
        agreement.status = Status.ENDED
        deed.before["status"], deed.after["status"] = missing.status, Status.ENDED.value
        plan.endings.append(deed)


def _is_signed_anew(plan: Plan, agreement: Agreement, row: IceRow) -> bool:
    last_listed_on = agreement.last_listed_on
    return bool(
        last_listed_on
        and agreement.signed_on
        and row.signed_on
        and last_listed_on < row.signed_on <= plan.as_of
    )


def _sign_anew(plan: Plan, change: Change, agreement: Agreement) -> None:
    """One agreement ends the day before another of the same model begins."""
    row = change.row
    ended = Deed(What.ENDED, change.known.key, agreement, row)
    assert row.signed_on is not None
    if _close(plan, ended, agreement, Ending.SUPERSEDED, row.signed_on - _ONE_DAY):
        ended.before["status"], ended.after["status"] = agreement.status, Status.ENDED.value
        agreement.status = Status.ENDED
        plan.deeds.append(ended)
        _create(plan, row, is_signed=True)
        plan.deeds[-1].what = What.CHANGED
        plan.deeds[-1].before = {fact.field: fact.before for fact in change.fields}


def _correct_first_day(plan: Plan, deed: Deed, before: date | None, after: date | None) -> None:
    own = [p for p in plan.known.periods_of(deed.agreement) if p.agreement_id == deed.agreement.pk]
    if not own:
        _open(plan, deed, after)
        return
    period = own[0]
    if (
        after is not None
        and _is_possible(after, plan.as_of)
        and deed.agreement.last_listed_on
        and period.active_from == before
        and after <= (period.active_to or date.max)
        and not any(
            (p.active_to or date.max) >= after
            for p in plan.known.periods_of(deed.agreement)
            if p.active_from < period.active_from
        )
    ):
        deed.before["active_from"], deed.after["active_from"] = str(before), str(after)
        period.active_from = after
        deed.changes = period


def _open(plan: Plan, deed: Deed, signed_on: date | None) -> None:
    """Let the agreement be active from its signing, or from the day after an earlier one's end."""
    if signed_on is None or not _is_possible(signed_on, plan.as_of):
        return
    earlier = plan.known.periods_of(deed.agreement)
    last = max((p.active_to or date.max for p in earlier), default=date.min)
    if last == date.max:
        return
    first = max(signed_on, last + _ONE_DAY)
    deed.opens = ActivePeriod(model=deed.agreement.model, active_from=first)
    deed.after["active_from"] = first.isoformat()


def _close(
    plan: Plan, deed: Deed, agreement: Agreement, because: str, last: date | None = None
) -> bool:
    """End the open active period; false when it begins too late for that."""
    last = last or plan.as_of - _ONE_DAY
    for period in plan.known.periods_of(agreement):
        if period.agreement_id == agreement.pk and (period.active_to or date.max) > last:
            if period.active_from > last:
                return False
            deed.before["active_to"] = period.active_to and period.active_to.isoformat()
            deed.after["active_to"] = last.isoformat()
            period.active_to, period.ended_because = last, because
            deed.changes = period
    return True


def _deed(what: str, change: Change, agreement: Agreement) -> Deed:
    return Deed(
        what,
        change.known.key,
        agreement,
        change.row,
        before={fact.field: fact.before for fact in change.fields},
        after={fact.field: fact.after for fact in change.fields},
    )


def _take_facts(agreement: Agreement, change: Change) -> None:
    for fact in change.fields:
        if fact.field not in _AGENCY_FACTS:
            setattr(agreement, fact.field, getattr(change.row, fact.field))
    agreement.support_type = change.row.support_type[:_LONGEST_SUPPORT_TYPE]


def _facts(row: IceRow) -> dict[str, Any]:
    names = ("signed_on", "county", "agency_type", "moa_url", "addendum_url")
    return {name: str(getattr(row, name)) for name in names if getattr(row, name)}


def _agreement(plan: Plan, known: KnownAgreement) -> Agreement:
    return plan.known.agreements[known.key]


def _is_possible(signed_on: date, as_of: date) -> bool:
    return _FIRST_AGREEMENT <= signed_on <= as_of

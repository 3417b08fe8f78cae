"""What a newer list changes: listed, never decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from agreements.ice_list import (
    Comparison,
    FieldChange,
    IceList,
    IceRow,
    KnownAgreement,
    compare,
)
from agreements.ice_list.rows import ListKind

SIGNED = date(2025, 6, 25)


def row(name: str = "troy police", number: int = 2, **values: object) -> IceRow:
    plain = IceRow(
        row=number,
        state="TX",
        name=name.title(),
        name_key=name,
        agency_type="municipal",
        county="Bell County",
        model="TFM",
        support_type="Task Force Model",
        signed_on=SIGNED,
        moa_url="",
        addendum_url="",
        is_hidden=False,
        cells={},
    )
    return plain._replace(**values)


def listed(*rows: IceRow, kind: ListKind = "participating") -> IceList:
    return IceList(kind, date(2025, 9, 2), None, rows, 0, ())


def known(one: IceRow, status: str = "signed") -> KnownAgreement:
    return KnownAgreement(
        *one.key, status, one.signed_on, one.county, one.agency_type, one.moa_url, one.addendum_url
    )


def filled(comparison: Comparison) -> set[str]:
    return {name for name, part in comparison._asdict().items() if part}


def names(rows: Iterable[IceRow]) -> list[str]:
    return [one.name_key for one in rows]


def test_a_list_against_itself_changes_nothing() -> None:
    rows = [row(), row(model="WSO"), row("waco police")]
    assert filled(compare(listed(*rows), map(known, rows))) == {"unchanged"}


def test_everything_in_a_first_list_is_created() -> None:
    comparison = compare(listed(row(signed_on=date(2019, 5, 1))), [])
    assert filled(comparison) == {"created"}


def test_changed_facts_are_named() -> None:
    new = row(signed_on=date(2025, 7, 1), moa_url="https://www.ice.gov/a.pdf")
    (change,) = compare(listed(new), [known(row())]).changed
    assert change.fields == (
        FieldChange("signed_on", "2025-06-25", "2025-07-01"),
        FieldChange("moa_url", "", "https://www.ice.gov/a.pdf"),
    )


def test_what_a_list_does_not_say_is_no_change() -> None:
    silent = row(county="", agency_type="", signed_on=None)
    assert filled(compare(listed(silent), [known(row())])) == {"unchanged"}
    unasked = KnownAgreement(*row().key, "signed", SIGNED)
    assert filled(compare(listed(row()), [unasked])) == {"unchanged"}


def test_missing_agreements_are_those_of_the_lists_own_kind() -> None:
    signed, waiting = known(row("troy police")), known(row("waco police"), "pending")
    ended = known(row("hico police"), "ended")
    everything = [signed, waiting, ended]
    assert compare(listed(), everything).missing == (signed,)
    assert compare(listed(kind="pending"), everything).missing == (waiting,)


def test_pending_agreements_move_when_they_are_signed_and_back() -> None:
    comparison = compare(listed(row()), [known(row(signed_on=None), "pending")])
    assert filled(comparison) == {"moved"}
    assert comparison.moved[0].fields == (FieldChange("signed_on", "", "2025-06-25"),)
    back = compare(listed(row(signed_on=None), kind="pending"), [known(row())])
    assert filled(back) == {"moved"}
    assert back.moved[0].known.status == "signed"


def test_an_ended_agreement_that_is_listed_again_returns() -> None:
    assert filled(compare(listed(row()), [known(row(), "ended")])) == {"returned"}


def test_of_two_rows_the_one_signed_last_counts() -> None:
    old, new = row(number=2), row(number=3, signed_on=date(2025, 8, 1))
    for rows in ((old, new), (new, old)):
        comparison = compare(listed(*rows), [known(new)])
        assert comparison.left_out == (old,)
        assert filled(comparison) == {"unchanged", "left_out"}


def test_rows_that_are_not_certain_are_left_out() -> None:
    comparison = compare(listed(row(state=""), row(model="", number=3)), [])
    assert filled(comparison) == {"left_out"}
    assert len(comparison.left_out) == 2


def test_a_missing_agreement_may_be_a_created_one_under_another_name() -> None:
    new = row("bell county sheriff's office")
    same = known(row("bell county sheriffs office"))
    typo = known(row("bel county sheriff's office"))
    elsewhere = known(row("bell county sheriffs office", state="OK"))
    comparison = compare(listed(new), [same, typo, elsewhere])
    assert comparison.respelled == ((new, same), (new, typo))
    assert comparison.created == (new,)
    assert len(comparison.missing) == 3


def test_a_new_row_signed_long_ago_is_pointed_out() -> None:
    rows = [row("troy police"), row("waco police", signed_on=date(2024, 6, 25))]
    comparison = compare(listed(*rows), [known(row("hico police"))])
    assert names(comparison.dated_late) == ["waco police"]
    assert names(comparison.created) == ["troy police", "waco police"]
    after_a_pending_list = compare(listed(*rows), [known(row("hico police"), "pending")])
    assert after_a_pending_list.dated_late == ()

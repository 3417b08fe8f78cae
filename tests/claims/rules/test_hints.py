"""What is worth a look in a claim, and what is not."""

from __future__ import annotations

import pytest

from claims.rules.hints import OfficerQuarter, hints_of


def officer(**changes) -> OfficerQuarter:
    """An officer's quarter without anything remarkable."""
    plain = OfficerQuarter(
        position=1,
        title="Deputy",
        days=92,
        regular=18_000_00,
        benefits=6_000_00,
        overtime=1_234_56,
        cap=18_000_00,
        used_before=0,
        overtime_allowed=1_234_56,
        total=25_234_56,
    )
    return plain._replace(**changes)


def codes(now: list[OfficerQuarter], before: list[OfficerQuarter] | None = None) -> set[str]:
    """The hints for officers 0, 1, … of both quarters."""
    then = before if before is not None else now
    pairs = {
        str(i): (
            now[i] if i < len(now) else None,
            then[i] if i < len(then) else None,
        )
        for i in range(max(len(now), len(then)))
    }
    return {hint.code for hint in hints_of(pairs)}


def differing(count: int, **changes) -> list[OfficerQuarter]:
    """Officers whose overtime is never the same nor round."""
    return [officer(overtime=1_234_56 + 17 * i, **changes) for i in range(count)]


def test_an_ordinary_claim_gives_no_hint():
    assert codes(differing(10)) == set()
    assert codes([]) == set()


def test_everybody_exactly_at_the_cap():
    at_cap = [
        officer(overtime=5_000_01 + i, used_before=13_000_00, overtime_allowed=5_000_00)
        for i in range(3)
    ]
    assert codes(at_cap) == {"at_cap"}
    assert codes(at_cap + differing(4)) == set(), "fewer than half"
    assert codes(at_cap[:2]) == set(), "too few to be a pattern"


@pytest.mark.parametrize(
    ("now", "before", "hint"),
    [
        ({"overtime": 2_500_01}, {"overtime": 1_250_00}, {"overtime_jump"}),
        ({"overtime": 2_400_01}, {"overtime": 1_250_00}, set()),
        ({"overtime": 900_01}, {"overtime": 100_00}, set()),
        ({"benefits": 13_500_01}, {}, {"high_benefits"}),
        ({"benefits": 13_500_00}, {}, set()),
        ({"regular": 21_600_00}, {}, {"pay_jump"}),
        ({"regular": 21_599_99}, {}, set()),
        ({"regular": 9_000_00, "days": 46, "benefits": 0}, {}, set()),
        ({"title": "Lieutenant"}, {}, {"command_overtime"}),
        ({"title": "Lieutenant", "overtime": 0}, {}, set()),
    ],
)
def test_one_officer(now, before, hint):
    assert codes([officer(**now)], [officer(**before)]) == hint


def test_round_and_same_overtime_need_several_officers():
    rounded = [officer(overtime=(10 + i) * 100_00) for i in range(3)]
    assert codes(rounded) == {"round_overtime"}
    assert codes(rounded[:2]) == set()
    assert codes([officer()] * 3) == {"same_overtime"}
    assert codes([officer()] * 2) == set()


def test_many_new_officers_count_only_beside_an_earlier_claim():
    assert codes(differing(8), differing(5)) == {"many_new"}
    assert codes(differing(13), differing(10)) == set()
    assert codes(differing(8), []) == set()

"""Two files side by side: every officer once, every difference to the cent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims.comparison import Summary, compare_summaries

CENTS = st.integers(0, 10**8)
FILES = st.lists(
    st.builds(Summary, st.sampled_from("abcdefg"), st.integers(1, 9), CENTS, CENTS, CENTS),
    unique_by=lambda one: one.officer_id,
)


def test_the_largest_difference_stands_first_and_the_unchanged_are_told_apart():
    before = [
        Summary("1", 7, 100, 10, 0),
        Summary("2", 7, 100, 10, 0),
        Summary("3", 7, 500, 0, 0),
        Summary("5", 1, 100, 0, 50),
    ]
    after = [
        Summary("1", 7, 100, 10, 0),
        Summary("2", 7, 90, 10, 5),
        Summary("4", 1, 20, 0, 0),
        Summary("5", 1, 50, 0, 100),
    ]
    found = compare_summaries(before, after)
    assert [(one.officer_id, one.difference) for one in found.changed] == [
        ("3", -500),
        ("4", 20),
        ("2", -5),
        ("5", 0),
    ]
    assert [one.officer_id for one in found.unchanged] == ["1"]
    assert (found.only_before, found.only_after) == (1, 1)
    assert found.changed[2][0] == "2"
    assert (found.changed[2].regular_pay, found.changed[2].benefits) == (-10, 0)
    assert found.changed[2].overtime_pay == 5
    assert found.difference == -485


@given(FILES, FILES)
def test_differences_add_up_and_turn_around(before, after):
    there, back = compare_summaries(before, after), compare_summaries(after, before)
    assert sum(one.difference for one in there.officers) == there.difference
    assert there.difference == -back.difference
    assert len(there.officers) == len({one.officer_id for one in before + after})
    for one in there.officers:
        assert one.regular_pay + one.benefits + one.overtime_pay == one.difference


@given(FILES)
def test_a_file_does_not_differ_from_itself(file):
    assert compare_summaries(file, file).changed == []

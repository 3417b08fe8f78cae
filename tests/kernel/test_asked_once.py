"""A page asks once; whoever decides asks anew."""

from __future__ import annotations

from portal.kernel.asked_once import asked_once, asking_once

asked: list[tuple[object, ...]] = []


@asked_once
def double(number: int, *, plus: int = 0) -> int:
    asked.append((number, plus))
    return 2 * number + plus


def test_within_the_block_a_question_is_asked_once_for_what_it_is_about():
    asked.clear()
    with asking_once():
        assert [double(2), double(2), double(3), double(2, plus=1)] == [4, 4, 6, 5]
    assert asked == [(2, 0), (3, 0), (2, 1)]


def test_outside_it_is_asked_anew_each_time():
    asked.clear()
    with asking_once():
        double(2)
    double(2)
    double(2)
    assert len(asked) == 3


def test_no_answer_is_an_answer_too():
    calls = []

    @asked_once
    def nothing() -> None:
        calls.append(1)

    with asking_once():
        nothing()
        nothing()
    assert calls == [1]


def test_one_block_within_another_begins_anew():
    asked.clear()
    with asking_once():
        double(2)
        with asking_once():
            double(2)
        double(2)
    assert len(asked) == 2

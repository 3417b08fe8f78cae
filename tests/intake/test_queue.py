"""The error queue: groups in the order they need attention, each row's dollars once."""

from __future__ import annotations

from portal.intake.queue import Note, by_officer, by_rule, cents_of
from portal.kernel.findings import Kind, Severity

KINDS = {
    "bad_money": Kind(
        "bad_money", Severity.ERROR, "Amount that cannot be read", "", "", why="Why."
    ),
    "salary_zero": Kind("salary_zero", Severity.WARNING, "Salary of zero", "", ""),
}


def note(number: int, code: str, severity: str, row: int | None, officer: str, dollars: str = ""):
    return Note(number, code, severity, row, officer, dollars, "")


NOTES = [
    note(1, "bad_money", "error", 3, "0042", "10.00"),
    note(2, "strange_thing", "notice", None, ""),
    note(3, "salary_zero", "warning", 3, "0042", "-12.50"),
    note(4, "salary_zero", "warning", 4, "A-7", "1.00"),
    note(5, "salary_zero", "warning", 5, "A-7"),
]


def test_by_rule_what_blocks_comes_first_with_its_words():
    groups = by_rule(NOTES, KINDS)
    assert [(g.key, g.title, g.count) for g in groups] == [
        ("bad_money", "Amount that cannot be read", 1),
        ("salary_zero", "Salary of zero", 3),
        ("strange_thing", "Strange thing", 1),
    ]
    assert (groups[0].why, groups[1].rows) == ("Why.", {3, 4, 5})


def test_by_officer_who_has_an_error_comes_first():
    assert [(g.title, g.severity, g.count) for g in by_officer(NOTES)] == [
        ("Officer 0042", "error", 2),
        ("Officer A-7", "warning", 2),
        ("No officer named", "notice", 1),
    ]


def test_of_several_amounts_about_one_row_the_largest_counts():
    assert cents_of(NOTES) == -1250 + 100
    assert cents_of([NOTES[1]]) is None


def test_findings_about_the_file_are_counted_one_by_one():
    whole = [note(1, "a", "error", None, "", "1.00"), note(2, "a", "error", None, "", "2.00")]
    assert cents_of(whole) == 300

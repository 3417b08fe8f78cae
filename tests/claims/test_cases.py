"""Case folders: every worked example, to the cent, and what a case folder may not hold."""

from __future__ import annotations

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.cases import calculate_case, read_case
from portal.kernel.errors import BadInput

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
# The cases of the common ground, where the repository lies beside it.
NEIGHBOUR = ROOT.parent / "shared" / "cases"
FOLDERS = sorted(
    path.parent
    for place in (CASES, NEIGHBOUR)
    for path in place.glob("**/case.toml")
    if not (place == NEIGHBOUR and (CASES / "shared" / path.parent.name).is_dir())
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_calculated_to_the_cent(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert calculate_case(read_case(folder)) == expected


def test_the_command_prints_the_answer_as_json() -> None:
    folder = CASES / "a13-award-tiers-at-the-edge"
    printed = StringIO()
    call_command("calculate_case", str(folder), stdout=printed)
    expected = (folder / "expected.json").read_text(encoding="utf-8")
    assert printed.getvalue() == expected


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of a case with counts, roster, agreements and payroll, to spoil."""
    return shutil.copytree(CASES / "a15-lines-of-real-life", tmp_path / "case")


@pytest.mark.parametrize(
    ("file", "before", "after", "complaint"),
    [
        ("case.toml", '"FY2026Q1"', '"FY2026Q5"', "not a fiscal quarter"),
        ("case.toml", '["FY2026Q1"]', "[]", "quarters must name"),
        ("case.toml", '["FY2026Q1"]', '["FY2026Q2", "FY2026Q1"]', "in order"),
        ("case.toml", '["FY2026Q1"]', '["FY2026Q1", "FY2026Q1"]', "each once"),
        ("case.toml", '["FY2026Q1"]', '"FY2026Q1"', "quarters cannot be 'FY2026Q1'"),
        ("case.toml", "title =", "name =", "unknown keys: name"),
        ("case.toml", "title =", "title ", "cannot be read"),
        ("case.toml", "quarters =", 'as_of = "2026-01-02"\nquarters =', "as_of must be a date"),
        ("case.toml", '"FY2026Q1"]', '"FY2026Q1"]\n[rules]\nheadcount = 1', "no rule headcount"),
        (
            "case.toml",
            '"FY2026Q1"]',
            '"FY2026Q1"]\n[rules]\nprogram_start_on = 2025-01-01',
            "no rule program_start_on",
        ),
        (
            "case.toml",
            '"FY2026Q1"]',
            '"FY2026Q1"]\n[rules]\novertime_share_percent = "25"',
            "overtime_share_percent must be a number",
        ),
        ("agreements.csv", "TFM,2025-02-20,", "TFM,,", "agreements.csv, row 2, active_from"),
        ("agreements.csv", "TFM,", "XYZ,", "agreements.csv, row 2, model"),
        ("agreements.csv", "active_from", "from", "agreements.csv, active_from"),
        ("roster.csv", "2019-04-01", "", "roster.csv, row 2, hired_on"),
        ("payroll.csv", "55.00", "-55.00", "payroll.csv, row 2, overtime_pay"),
        ("payroll.csv", "37200,0,,55.00,", "37200,0,,55.00,55.01", "payroll.csv, row 2"),
        (
            "payroll.csv",
            "0x1,2025-11-01,2025-11-01",
            "9,2025-11-01,2025-11-01",
            "not on the roster",
        ),
        ("performance.csv", "2,2", "2,3", "no more can be located than referred"),
        ("performance.csv", "2,2", "-1,-1", "negative"),
        ("performance.csv", "2,2", "2.5,2", "not a whole number"),
        ("performance.csv", "FY2026Q1", "2026Q1", "not a fiscal quarter"),
        ("performance.csv", "FY2026Q1,2,2", "FY2026Q1,2,2\nFY2026Q1,3,3", "reported twice"),
    ],
)
def test_a_case_that_cannot_be_read_is_refused_with_the_place(
    case: Path, file: str, before: str, after: str, complaint: str
) -> None:
    text = (case / file).read_text(encoding="utf-8")
    assert before in text
    (case / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=complaint):
        calculate_case(read_case(case))


def test_a_missing_file_is_refused(case: Path) -> None:
    (case / "payroll.csv").unlink()
    with pytest.raises(BadInput, match=r"payroll\.csv is missing"):
        read_case(case)


def test_the_command_refuses_with_the_reason(case: Path) -> None:
    (case / "performance.csv").write_text("quarter,referred,located\nFY2026Q1,1,2\n")
    with pytest.raises(CommandError, match="2 located of 1 referred"):
        call_command("calculate_case", str(case))


def test_quarters_and_files_without_rows_are_nothing_but_listed(case: Path) -> None:
    for name in ("agreements.csv", "payroll.csv", "performance.csv"):
        header = (case / name).read_text(encoding="utf-8").splitlines()[0]
        (case / name).write_text(header + "\n", encoding="utf-8")
    (answer,) = calculate_case(read_case(case)).values()
    assert isinstance(answer, dict)
    assert (answer["total"], list(answer["officers"])) == ("0.00", ["x/1", "0x1"])

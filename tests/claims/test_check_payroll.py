"""The command `check_payroll`: a process without any database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.claims.test_checking import FAULTS, MAPPING, OWN_COLUMNS
from tests.factories import PAYROLL, ROSTER

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    contents = {"roster": ROSTER, "payroll": PAYROLL, "faults": FAULTS, "own": OWN_COLUMNS}
    for name, content in contents.items():
        (tmp_path / f"{name}.csv").write_text(content)
    (tmp_path / "mapping.json").write_text(MAPPING.as_json())
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DATABASE_URL": NOWHERE,
        "DATABASE_OWNER_URL": NOWHERE,
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "PORTAL_VAR": str(folder / "var"),
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "check_payroll", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_clean_file_is_reported_and_the_exit_code_is_0(files: Path) -> None:
    done = run(files, "payroll.csv", "--roster", "roster.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert "payroll.csv: 3 rows read, 0 errors" in done.stdout
    assert "regular pay: $8,190.77" in done.stdout
    assert "Checked for FY2026Q1, the quarter that most rows have days in." in done.stdout
    assert "The agreement is taken to cover every day" in done.stdout


def test_errors_are_grouped_with_what_to_do_and_the_exit_code_is_1(files: Path) -> None:
    done = run(files, "faults.csv", "--roster", "roster.csv", "--quarter", "FY2026Q1")
    assert done.returncode == 1
    assert "Checked for FY2026Q1, as you said." in done.stdout
    assert "  negative_money, regular_pay: 1\n    row 4: " in done.stdout
    assert "What to do:" in done.stdout


def test_json_is_one_document_in_the_words_of_the_interface(files: Path) -> None:
    done = run(files, "faults.csv", "--roster", "roster.csv", "--json")
    document = json.loads(done.stdout)
    assert document["quarter"] == "FY2026Q1"
    assert document["errors"] == sum(f["severity"] == "error" for f in document["findings"])
    assert document["findings"][0]["number"] == 1
    assert document["roster"]["rows"] == 2
    assert document["totals"]["overtime_pay"] == "1768.11"


def test_a_mapping_is_written_edited_and_given_back(files: Path) -> None:
    asked = run(files, "own.csv", "--roster", "roster.csv", "--write-mapping", "draft.json")
    assert asked.returncode == 1
    assert "File #: officer_id" in asked.stdout
    assert "Still open:" in asked.stdout
    draft = json.loads((files / "draft.json").read_text())
    draft["codes"] = json.loads((files / "mapping.json").read_text())["codes"]
    (files / "draft.json").write_text(json.dumps(draft))
    done = run(files, "own.csv", "--roster", "roster.csv", "--mapping", "draft.json")
    assert done.returncode == 0, done.stdout
    assert "regular pay: $2,780.00" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("missing.csv", "--roster", "roster.csv"), "cannot be read"),
        (("own.csv", "--roster", "roster.csv", "--mapping", "roster.csv"), "is no mapping"),
        (("payroll.csv", "--roster", "roster.csv", "--quarter", "Q1"), "write it like FY2026Q1"),
    ],
    ids=["no file", "no mapping", "no quarter"],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    files: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run(files, *arguments)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr

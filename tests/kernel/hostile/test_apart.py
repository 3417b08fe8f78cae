"""Reading in a process of its own: the same table, and an end when a file costs too much."""

from __future__ import annotations

import io
import os
import pickle

import pytest

from portal.kernel.findings import Severity
from portal.kernel.tabular.apart import Limits, _Results, read_apart
from tests.kernel.hostile.outcomes import HEADER, ROW, read, recognise, text
from tests.kernel.hostile.test_workbooks import book


def test_a_workbook_read_apart_is_the_same_table() -> None:
    content = book(["Title"], [*HEADER.split(","), "DOB"], [*ROW.split(","), "1"])
    apart = read_apart(content, recognise=recognise, drop_sensitive=True)
    assert apart == read(content)


def test_small_text_is_read_in_place() -> None:
    assert read_apart(text(HEADER, ROW)).table == read(text(HEADER, ROW)).table


@pytest.mark.parametrize(
    "limits",
    [
        Limits(memory_bytes=200_000_000),
        Limits(computing_seconds=1),
        Limits(wall_seconds=1),
    ],
    ids=["memory", "computing", "wall"],
)
def test_a_file_that_costs_too_much_is_refused(limits: Limits) -> None:
    wide = ",".join(f"c{n}" for n in range(200))
    content = text(wide, *[",".join(["ab"] * 200)] * 40_000)
    reading = read_apart(content, limits=limits)
    assert reading.table is None
    assert [finding.code for finding in reading.findings] == ["file_too_costly"]


def test_what_a_child_says_makes_nothing_but_a_reading() -> None:
    with pytest.raises(pickle.UnpicklingError):
        _Results(io.BytesIO(pickle.dumps(os.system))).load()


def test_a_severity_comes_back_by_its_value_alone() -> None:
    pickled = pickle.dumps(Severity.ERROR)
    assert b"getattr" not in pickled
    assert _Results(io.BytesIO(pickled)).load() is Severity.ERROR

"""The payroll files of an archive: what is submitted of them when packing begins, of any quarter."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.archives.layout import FILE, ArchiveWriter, Listed
from claims.pipeline.packing_files import pack_payroll
from portal.accounts.roles import Role
from tests.claims.linked import FIRST, SECOND, TO_APPROVE, row
from tests.claims.pipeline.test_packet_snapshot import SIGNED, House, house
from tests.claims.pipeline.test_packet_unsent import LOW, SECRET, answered
from tests.factories import make_person

pytestmark = pytest.mark.django_db

__all__ = ("house",)


class Interrupted(ArchiveWriter):
    """A writer while which something happens: once, before its first file is told."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(io.BytesIO())
        self.told: dict[str, Any] = {}
        self._happens: Callable[[], object] | None = happens

    def add_text(self, path: str, text: str, what: str) -> Listed:
        """Note what is told of a file."""
        if path.endswith(FILE):
            self.told[path.split("/")[1]] = json.loads(text)
            if self._happens:
                happens, self._happens = self._happens, None
                happens()
        return super().add_text(path, text, what)


def packed(
    house: House, references: set[str], happens: Callable[[], object] = bool
) -> dict[str, Any]:
    """What is told of the files of the first quarter's claim, by reference."""
    writer = Interrupted(happens)
    claim = house.claim(FIRST)
    pack_payroll(writer, make_person(Role.AUDITOR), claim, references, "payroll")
    return writer.told


def texts(file: dict[str, Any]) -> set[str]:
    """The answers in what is told of a file."""
    return {one["answer"]["text"] for one in file["findings"] if one["answer"]}


def test_an_answer_for_another_quarters_draft_is_not_told(house: House) -> None:
    """Fingerprints of salaries name no quarter: the same warning comes up in each."""
    for quarter in (FIRST, SECOND):
        house.send(quarter, row(quarter, **LOW))
    answered(house, house.claim(FIRST).version, "Said before.")
    house.walk(FIRST, *TO_APPROVE)
    answered(house, house.claim(SECOND).version, SECRET)
    assert texts(packed(house, set())["FY2026Q1-1"]) == {"Said before."}
    house.walk(SECOND, *SIGNED)
    assert SECRET in texts(packed(house, set())["FY2026Q1-1"])


def test_what_happens_while_files_are_packed_is_not_told(house: House) -> None:
    house.send(FIRST, row(FIRST, **LOW))
    second = house.send(FIRST, row(FIRST, **LOW, officer="A-7"))
    answered(house, house.claim(FIRST).version, "Said before.")
    house.walk(FIRST, *TO_APPROVE)

    def happens() -> None:
        house.walk(FIRST, "amend")
        answered(house, house.claim(FIRST).version, SECRET)
        house.send(FIRST, row(FIRST, **LOW, officer="A-7"), replaces=second)

    told = packed(house, set(), happens)
    assert set(told) == {"FY2026Q1-1", "FY2026Q1-2"}
    assert told["FY2026Q1-2"]["state"] == "accepted"
    assert texts(told["FY2026Q1-2"]) == {"Said before."}


def test_another_quarters_story_is_read_once_for_all_of_its_files(house: House) -> None:
    house.send(FIRST, row(FIRST))
    house.walk(FIRST, *TO_APPROVE)
    references = {house.send(SECOND, row(SECOND)).reference for _ in range(3)}
    with CaptureQueriesContext(connection) as captured:
        told = packed(house, references)
    assert references < set(told)
    asked = [query["sql"] for query in captured if f"-{SECOND}' ORDER BY" in query["sql"]]
    assert len(asked) == 1, asked

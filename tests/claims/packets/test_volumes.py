"""A large claim: the main document lists volumes, and each of them is a document of its own."""

from __future__ import annotations

import csv
import io
import json

import pytest

from claims.packets.document import volume_context
from claims.packets.enclosures import enclosures
from claims.packets.facts import PacketFacts
from claims.packets.masking import masked
from claims.packets.parts import Volume, rows_of, volumes_of
from claims.packets.writing import amount
from claims.rules.facts import OfficerFacts
from portal.kernel import money
from tests.claims.packets.reading import attachments, bookmarks, failures, pages, text
from tests.claims.packets.sample import IMPRINT, made_volume, made_with_volumes, packet_facts


def with_lines(*numbers: int) -> tuple[OfficerFacts, ...]:
    """Officers with so many payroll lines."""
    officer = packet_facts(1).calculation.claim.officers[0]
    return tuple(officer._replace(lines=officer.lines[:1] * number) for number in numbers)


@pytest.fixture(scope="module")
def facts() -> PacketFacts:
    return packet_facts(45, adjusted=True)


@pytest.fixture
def volumes(facts: PacketFacts, monkeypatch: pytest.MonkeyPatch) -> tuple[Volume, ...]:
    """Volumes of twenty officers."""
    monkeypatch.setattr("claims.packets.parts.OFFICERS_PER_VOLUME", 20)
    monkeypatch.setattr("claims.packets.parts.OFFICERS_IN_ONE_DOCUMENT", 20)
    return volumes_of(facts.calculation.claim.officers)


@pytest.mark.parametrize(
    ("officers", "sizes"),
    [(0, []), (1, []), (500, []), (501, [250, 250, 1]), (1_000, [250] * 4), (5_000, [250] * 20)],
)
def test_volumes_hold_at_most_five_hundred_officers(officers: int, sizes: list[int]) -> None:
    made = volumes_of(with_lines(*[7] * officers))
    assert [len(range(officers)[volume.places]) for volume in made] == sizes
    assert [volume.number for volume in made] == list(range(1, len(sizes) + 1))
    assert max(sizes, default=0) <= 500


@pytest.mark.parametrize(
    ("lines", "sizes"),
    [
        ([11] * 500, []),
        ([11] * 499 + [12], [250, 250]),
        ([57] * 500, [116] * 4 + [36]),
        ([6_997], []),
        ([6_998], [1]),
        ([0, 3_497, 3_497, 0, 1, 8_000, 0, 1], [4, 1, 1, 2]),
    ],
)
def test_volumes_hold_no_more_lines_than_can_be_set(lines: list[int], sizes: list[int]) -> None:
    """Each officer has three benefits."""
    officers = with_lines(*lines)
    made = volumes_of(officers)
    assert [len(officers[volume.places]) for volume in made] == sizes
    assert [place for volume in made for place in range(len(lines))[volume.places]] == (
        list(range(len(lines))) if sizes else []
    )
    for volume in made:
        within = officers[volume.places]
        assert len(within) == 1 or sum(map(rows_of, within)) <= 7_000


def test_what_an_officer_has_on_record_is_counted_with_the_benefits() -> None:
    (officer,) = with_lines(2)
    assert rows_of(officer) == 3 + 2
    for benefits, rows in ((0, 2), (7, 7 + 2), (8, 8 + 2 * 2), (198, 198 + 2 * 25)):
        paid = tuple((f"benefit {number}", 1) for number in range(benefits))
        lines = tuple(line._replace(benefits=paid) for line in officer.lines)
        assert rows_of(officer._replace(lines=lines)) == rows


def test_an_officer_with_more_lines_than_a_volume_may_have_is_explained_by_sums(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("claims.packets.parts.ROWS_IN_A_DOCUMENT", 9)
    facts = packet_facts(2, waiting=True)
    outcome = facts.calculation.result.officers[1]
    volumes = volumes_of(facts.calculation.claim.officers)
    content = made_volume(facts, volumes[1])
    enclosed = attachments(content)
    (told,) = json.loads(enclosed["explanations.json"][1])["officers"]
    sections = {section["key"]: section for section in told["sections"]}
    assert failures(content) == []
    assert "is explained by sums" in text(content)
    assert len(list(csv.DictReader(io.StringIO(enclosed["payroll-lines.csv"][1].decode())))) == 7
    for key, cents in (
        ("regular", outcome.regular),
        ("benefits", outcome.benefits),
        ("overtime", outcome.overtime_submitted),
        ("cap", outcome.overtime_cap),
        ("total", outcome.total),
    ):
        assert sections[key]["amount"] == money.text(cents)
    assert [step["label"] for step in sections["regular"]["steps"]] == ["5 payroll rows"]
    assert [step["label"] for step in told["waiting"]] == ["2 payroll rows"]
    assert told["periods"] == []


def test_what_prints_no_lines_says_nothing_of_sums(
    facts: PacketFacts, volumes: tuple[Volume, ...]
) -> None:
    assert "explained by sums" not in text(made_volume(facts, volumes[1]))


def test_explanations_stand_alone(facts: PacketFacts, volumes: tuple[Volume, ...]) -> None:
    claim = facts.calculation.claim
    of_volume = json.loads(enclosures(facts, volumes[1])[0].content)
    of_main = json.loads(enclosures(facts)[0].content)["explanations"]
    for said in (of_volume, of_main):
        assert said["quarter"] == "FY2026Q1"
        assert said["as_of"] == "2026-01-20"
        assert [row["active_from"] for row in said["agreements"]] == [
            period.active_from.isoformat() for period in claim.agreements
        ]
        assert said["agreements"][0]["words"]
        assert said["rules"]
    for key in ("calculation", "snapshot", "explanations"):
        assert not any(f"“{key}”" in words for words in of_volume["about"]), "it has none"


def test_the_main_document_names_each_volume_with_its_hash(
    facts: PacketFacts, volumes: tuple[Volume, ...]
) -> None:
    content = made_with_volumes(facts, volumes)
    said, result = text(content), facts.calculation.result
    assert failures(content) == []
    assert "Officer schedule" not in bookmarks(content)
    assert "Payroll lines by officer" not in bookmarks(content)
    for volume in volumes:
        subtotal = sum(outcome.total for outcome in result.officers[volume.places])
        assert f"{volume.number:064x}" in said
        assert f"volume-{volume.number}.pdf" in said
        assert amount(subtotal) in said
    assert amount(result.reimbursement) in said


def test_the_main_document_carries_the_claim_without_the_officers_explained(
    facts: PacketFacts, volumes: tuple[Volume, ...]
) -> None:
    enclosed = attachments(made_with_volumes(facts, volumes))
    assert list(enclosed) == ["claim.json"]
    said = json.loads(enclosed["claim.json"][1])
    assert len(said["calculation"]["officers"]) == 45
    assert isinstance(said["explanations"]["officers"], str)
    assert said["explanations"]["claim"]


def test_a_volume_has_its_officers_and_no_others(
    facts: PacketFacts, volumes: tuple[Volume, ...]
) -> None:
    content = made_volume(facts, volumes[1])
    said = text(content)
    assert failures(content) == []
    assert bookmarks(content) == ["Volume 2 of 3", "Officer schedule", "Overtime worksheet"]
    assert "Officers 21 to 40 of 45 · claim A00042-FY2026Q1, version 1 · FY2026Q1" in said
    for place, outcome in enumerate(facts.calculation.result.officers, 1):
        assert (f"{outcome.officer_id} · Deputy" in said) == (20 < place <= 40)
    sheets = pages(content)
    assert all(f"Page {number} of {len(sheets)}" in sheet for number, sheet in enumerate(sheets, 1))
    assert all("Volume 2 of 3" in sheet for sheet in sheets)


def test_a_volume_adds_up(facts: PacketFacts, volumes: tuple[Volume, ...]) -> None:
    outcomes = facts.calculation.result.officers[volumes[2].places]
    shown = volume_context(facts, IMPRINT, volumes[2])
    assert [row.described.split(" · ")[0] for row in shown["officers"]] == [
        f"No. {place}" for place in range(41, 46)
    ]
    assert shown["sums"][-1] == amount(sum(outcome.total for outcome in outcomes))
    assert shown["officer_totals"].name == "Officers 41 to 45"


def test_the_lines_and_explanations_of_a_volumes_officers_are_attached(
    facts: PacketFacts, volumes: tuple[Volume, ...]
) -> None:
    enclosed = attachments(made_volume(facts, volumes[1]))
    ids = [outcome.officer_id for outcome in facts.calculation.result.officers[20:40]]
    rows = csv.DictReader(io.StringIO(enclosed["payroll-lines.csv"][1].decode()))
    said = json.loads(enclosed["explanations.json"][1])
    assert list(dict.fromkeys(row["officer_id"] for row in rows)) == ids
    assert [(row["place"], row["officer_id"]) for row in said["officers"]] == list(
        enumerate(ids, 21)
    )


def test_a_masked_volume_is_archivable_too(facts: PacketFacts, volumes: tuple[Volume, ...]) -> None:
    content = made_volume(masked(facts), volumes[0])
    assert failures(content) == []
    assert "Sample, Pat" not in text(content)
    assert "Officer 20" in text(content)

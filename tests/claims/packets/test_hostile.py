"""Hostile text in every field that prints, in every part of a packet."""

from __future__ import annotations

import json

import pytest

from claims.packets.enclosures import claim_json
from claims.packets.masking import masked
from claims.packets.parts import volumes_of
from tests.claims.packets.reading import failures, text
from tests.claims.packets.sample import (
    appealed,
    in_the_third_quarter,
    made_volume,
    made_with_volumes,
    packet_facts,
    renamed,
)
from tests.claims.packets.test_pdf import HOSTILE, make

WORDS = HOSTILE | {
    "formula": '=HYPERLINK("http://localhost:9","x")',
    "a page long": "It was a long story, and here is all of it. " * 90,
    "lines": "one\n\n\ntwo\r\nthree\ttabbed",
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_field_that_prints_may_hold_anything(words: str) -> None:
    facts = in_the_third_quarter(appealed(packet_facts(2, name=words, adjusted=True)))
    content = make(renamed(facts, words))
    assert failures(content) == []
    assert "\u202e" not in text(content)


@pytest.mark.parametrize("name", ["markup", "very long"])
def test_volumes_and_masked_copies_stand_it_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.packets.parts.OFFICERS_PER_VOLUME", 2)
    monkeypatch.setattr("claims.packets.parts.OFFICERS_IN_ONE_DOCUMENT", 2)
    facts = renamed(appealed(packet_facts(3, name=WORDS[name], adjusted=True)), WORDS[name])
    volumes = volumes_of(3)
    assert failures(made_with_volumes(facts, volumes)) == []
    assert failures(made_volume(facts, volumes[1])) == []
    assert failures(make(masked(facts))) == []


def test_the_attached_claim_holds_every_character() -> None:
    name = WORDS["control characters"]
    said = json.loads(claim_json(renamed(packet_facts(1, decided=True), name)))
    assert said["snapshot"]["agency"]["name"] == name
    assert said["snapshot"]["rulings"][0]["note"] == name

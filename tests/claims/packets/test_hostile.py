"""Hostile text in every field that prints, in every part of a packet."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

from claims.packets.enclosures import claim_json
from claims.packets.faces import legible
from claims.packets.facts import PacketFacts
from claims.packets.masking import masked
from claims.packets.parts import volumes_of
from claims.packets.writing import BEGINNING
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
    "lines": "One\n\n\ntwo\r\nthree\ttabbed",
    # Composed with the `>` before it, the mark left a tag open: what follows became its attributes.
    "mark that joins with a tag": "\u0338 style=position:fixed;top:0;width:9in;background:white x",
    "mark that asks for a file": "\u0338 style=background:url(http://localhost:9/x)",
    "marks beside markup": "\u0338\u0338<\u0338b>\u0338&\u0338lt;\u0338=\u0338\"\u0338'\u0338",
    "mark of an accent": "\u0301Quillfeather, Jane\u0301",
    "sign that becomes another": "\u037e&lt\u037eb&gt\u037e \u1fef",
}
PLAIN = "Quillfeather, Jane"


def all_of_it(words: str) -> PacketFacts:
    """A packet of every section, with `words` wherever people write."""
    facts = in_the_third_quarter(appealed(packet_facts(2, name=words, adjusted=True)))
    return renamed(facts, words)


def printed(content: bytes, words: str) -> int:
    """How often the words stand on the pages, however their lines are broken, but for running headers."""
    said, squeezed = "".join(text(content).split()), "".join(legible(words).split())
    return said.replace(f"version1·{squeezed}", "").count(squeezed)


@pytest.fixture(scope="module")
def places() -> int:
    """In how many places of a packet words that people wrote are printed."""
    return printed(make(all_of_it(PLAIN)), PLAIN)


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_field_that_prints_may_hold_anything(words: str, places: int) -> None:
    content = make(all_of_it(words))
    assert failures(content) == []
    assert "\u202e" not in text(content)
    if len(legible(words)) <= BEGINNING:
        assert printed(content, words) == places
    else:
        assert printed(content, words[:20])


def test_no_mark_joins_with_markup() -> None:
    for mark in filter(_changes_what_stands_beside_it, map(chr, range(0x80, 0x11_0000))):
        html = f'<p title="{mark}x">{mark}y &lt;{mark} &amp;lt{mark}</p>{mark}'
        assert _markup(legible(html)) == _markup(html), f"U+{ord(mark):04X}"


def _markup(html: str) -> str:
    return re.sub(r"[^<>=\"&]", "", html)


def _changes_what_stands_beside_it(mark: str) -> bool:
    composed = unicodedata.normalize("NFC", mark)
    return bool(unicodedata.combining(mark)) or composed != mark


@pytest.mark.parametrize("name", ["markup", "very long"])
def test_volumes_and_masked_copies_stand_it_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.packets.parts.OFFICERS_PER_VOLUME", 2)
    monkeypatch.setattr("claims.packets.parts.OFFICERS_IN_ONE_DOCUMENT", 2)
    facts = renamed(appealed(packet_facts(3, name=WORDS[name], adjusted=True)), WORDS[name])
    volumes = volumes_of(facts.calculation.claim.officers)
    assert failures(made_with_volumes(facts, volumes)) == []
    assert failures(made_volume(facts, volumes[1])) == []
    assert failures(make(masked(facts))) == []


def test_the_attached_claim_holds_every_character() -> None:
    name = WORDS["control characters"]
    said = json.loads(claim_json(renamed(packet_facts(1, decided=True), name)))
    assert said["snapshot"]["agency"]["name"] == name
    assert said["snapshot"]["rulings"][0]["note"] == name

"""The file itself: both standards, the same bytes, nothing from outside, any name anybody has."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator

import pytest
from weasyprint import HTML

from claims.packets import document, pdf
from claims.packets.enclosures import enclosures
from claims.packets.facts import PacketFacts
from tests.claims.packets.reading import failures, text
from tests.claims.packets.sample import IMPRINT, packet_facts, renamed

HOSTILE = {
    "markup": "</td><script>alert(1)</script><img src=http://localhost:9/x.png> & <b>O'Neil</b>",
    "style": "<style>@import url(http://localhost:9/x.css)</style>{{ 7|add:7 }}",
    "from right to left": "אברהם \u202eneila\u202c مُحَمَّد",
    "very long": "Wolfeschlegelsteinhausenbergerdorff" * 6,
    "emoji": "Zoë 👮🏽‍♀️ Nuñez 🦅",
    "control characters": "Al\x00an\x07 \ufeffJ\u2028r \ud7ff",
    "other scripts": "Łukasz Ђорђе Νίκος 李小龍 สมชาย",
    "composed apart": "Rene\u0301e Nguyê\u0303n",
}


def make(facts: PacketFacts) -> bytes:
    """The PDF of these facts."""
    return pdf.write(
        document.main_html(facts, IMPRINT), enclosures(facts), facts.closed_at, "a packet"
    )


@pytest.mark.parametrize("officers", [1, 40])
def test_a_packet_is_archivable_and_accessible(officers: int) -> None:
    assert failures(make(packet_facts(officers, decided=True, waiting=True))) == []


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_whatever_people_are_called_the_packet_stays_conformant(name: str) -> None:
    content = make(renamed(packet_facts(name=name, decided=True), name))
    assert failures(content) == []
    assert "\u202e" not in text(content)


def test_markup_in_a_name_is_text() -> None:
    content = make(packet_facts(name="<b>O'Neil</b> & Sons {{ sha256 }}"))
    assert "<b>O'Neil</b> & Sons {{ sha256 }}" in text(content)


def test_a_character_the_typeface_lacks_stands_as_its_code_point() -> None:
    content = make(packet_facts(name="Zoë 🦅 \u202eneila"))
    assert "Zoë [U+1F985] [U+202E]neila" in text(content)


def test_the_same_facts_give_the_same_bytes_in_any_process() -> None:
    here = make(packet_facts(3, decided=True))
    assert make(packet_facts(3, decided=True)) == here
    script = (
        "import sys, django; django.setup();"
        "from tests.claims.packets.test_pdf import make;"
        "from tests.claims.packets.sample import packet_facts;"
        "sys.stdout.buffer.write(make(packet_facts(3, decided=True)))"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONHASHSEED": "287", "TZ": "Asia/Tokyo"},
        capture_output=True,
        check=True,
    )
    assert elsewhere.stdout == here


def test_leaving_out_the_rules_for_notes_changes_nothing_on_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = make(packet_facts(2, decided=True))
    monkeypatch.setattr(pdf.Page, "_ua_stylesheets", HTML._ua_stylesheets)
    assert make(packet_facts(2, decided=True)) == ours


def test_no_stream_ends_where_a_validator_could_read_its_length_in_two_ways() -> None:
    notes = next(n for n in map(str, range(99_999)) if zlib.adler32(n.encode()) & 0xFF == ord("\r"))
    enclosure = pdf.Enclosure("notes.txt", "Notes", "Data", notes.encode())
    html = '<html lang="en"><title>x</title><h1>x</h1></html>'
    content = pdf.write(html, [enclosure], packet_facts().closed_at, "a packet")
    assert b"\r\nendstream" not in content
    assert failures(content) == []


@pytest.fixture
def visited() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and the paths that were asked of it."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{0}/x.png" alt="">',
        '<link rel="stylesheet" href="{0}/x.css">',
        '<style>@import url("{0}/x.css");</style>',
        '<style>@font-face {{ font-family: X; src: url("{0}/x.ttf") }}</style>',
        '<p style="background: url({0}/x.png)">x</p>',
        '<object data="{0}/x.svg"></object>',
        '<img src="file:///etc/hostname" alt="">',
        '<img src="asset:../../../../package.json" alt="">',
        '<link rel="attachment" href="file:///etc/hostname">',
    ],
)
def test_nothing_is_loaded_from_outside(visited: tuple[str, list[str]], markup: str) -> None:
    server, paths = visited
    html = f'<html lang="en"><title>x</title>{markup.format(server)}</html>'
    with pytest.raises(pdf.OutsideResource):
        pdf.write(html, [], packet_facts().closed_at, "a packet")
    assert paths == []


def test_a_name_with_an_address_loads_nothing(visited: tuple[str, list[str]]) -> None:
    server, paths = visited
    name = f'<img src="{server}/x.png">" style="background: url({server}/y)'
    make(renamed(packet_facts(name=name), name))
    assert paths == []

"""The QR code says what it was made of, and a packet stays conformant with it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pikepdf
import pytest
import segno

from claims.packets import pdf
from claims.packets.qr import QUIET, qr_svg
from tests.claims.packets.reading import failures

LINK = "https://portal.example.gov/verify/?code=" + "0a1b2c3d" * 4


def drawn(svg: str) -> set[tuple[int, int]]:
    """The dark modules of a drawing, without the white around them."""
    return {
        (int(x) + place - QUIET, int(y) - QUIET)
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg)
        for place in range(int(length))
    }


@pytest.mark.parametrize("text", [LINK, "x", LINK + "&" + "ü" * 100])
def test_what_is_drawn_are_the_modules_of_the_code(text: str) -> None:
    code = segno.make_qr(text, error="m")
    dark = {(x, y) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}
    svg = qr_svg(text)
    assert drawn(svg) == dark
    side = len(code.matrix) + 2 * QUIET
    assert f'viewBox="0 0 {side} {side}"' in svg
    assert code.error in ("M", "Q", "H")


def test_the_modules_are_large_enough_for_a_telephone_at_26_millimetres() -> None:
    host = "reimbursement-portal.agency.example.gov"
    svg = qr_svg(LINK.replace("portal.example.gov", host))
    side = int(re.search(r"viewBox=\"0 0 (\d+)", svg)[1])  # type: ignore[index]  # it is there
    assert 26 / side > 0.5


def test_the_same_text_is_drawn_the_same_and_words_stay_words() -> None:
    assert qr_svg(LINK) == qr_svg(LINK)
    assert "<title>&lt;b&gt;</title>" in qr_svg(LINK, "<b>")


def test_in_a_packet_it_is_a_figure_with_words_for_who_cannot_see_it() -> None:
    html = f'<html lang="en"><title>x</title><h1>x</h1><p>{qr_svg(LINK, "Leads to it")}</p></html>'
    content = pdf.write(html, [], datetime(2026, 1, 20, tzinfo=UTC), "a packet")
    assert failures(content) == []
    with pikepdf.open(io.BytesIO(content)) as file:
        tags = [tag for tag in file.objects if isinstance(tag, pikepdf.Dictionary)]
        figures = [str(tag.Alt) for tag in tags if tag.get("/S") == "/Figure"]
    assert figures == ["Leads to it"]

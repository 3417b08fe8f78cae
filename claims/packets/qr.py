"""The QR code on a packet's cover, as a drawing inside the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4
"""Modules of white around the code; without them telephones do not find it."""


def qr_svg(text: str, title: str = "QR code") -> SafeString:
    """A QR code of `text` as inline SVG: read with 15 % of it stained, or more where that is free.

    `title` is its text for who cannot see it. The same text gives the same drawing; its size is up to
    the style sheet.
    """
    code = segno.make_qr(text, error="m")
    side = code.symbol_size(border=QUIET)[0]
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}"><title>{1}</title><path fill="#000" d="{2}"/></svg>',
        side,
        title,
        "".join(_bars(code.matrix)),
    )


def _bars(matrix: Iterable[Iterable[int]]) -> Iterator[str]:
    """Neighbours in a row as one bar; all bars are filled at once, so no seams show between them."""
    for y, row in enumerate(matrix, QUIET):
        for is_dark, modules in groupby(enumerate(row, QUIET), key=itemgetter(1)):
            if is_dark:
                places = [x for x, _ in modules]
                yield f"M{places[0]} {y}h{len(places)}v1h-{len(places)}z"

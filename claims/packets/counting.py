"""How many pages a packet has, from its own bytes."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"/Type /ObjStm.*?stream\r?\n(.*?)\nendstream", re.DOTALL)
_PAGES = re.compile(rb"/Type /Pages\b[^>]*/Count (\d+)")


def pages_of(content: bytes) -> int:
    """The pages of a PDF that `pdf.write` made; ValueError for any other."""
    for packed in _STREAM.finditer(content):
        said = _PAGES.search(zlib.decompress(packed[1]))
        if said:
            return int(said[1])
    raise ValueError("the file does not say how many pages it has")

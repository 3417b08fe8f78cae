"""A record of the demonstration as an office scans it: a timesheet on one page."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pydyf  # type: ignore[import-untyped]  # like WeasyPrint, it has no hints

_LETTER = (0, 0, 612, 792)
_MARGIN, _TOP, _LEADING = 72, 700, 22


def timesheet(lines: Iterable[str]) -> bytes:
    """A PDF of one page with these lines on it; the same lines give the same bytes."""
    pdf = pydyf.PDF()
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": "/Helvetica",
            "Encoding": "/WinAnsiEncoding",
        }
    )
    text = pydyf.Stream()
    text.begin_text()
    text.set_font_size("Text", 12)
    for place, line in enumerate(lines):
        text.set_text_matrix(1, 0, 0, 1, _MARGIN, _TOP - place * _LEADING)
        text.show_text_string(line)
    text.end_text()
    for part in (font, text):
        pdf.add_object(part)
    pdf.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": pdf.pages.reference,
                "MediaBox": pydyf.Array(_LETTER),
                "Contents": text.reference,
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"Text": font.reference})}),
            }
        )
    )
    written = io.BytesIO()
    pdf.write(written)
    return written.getvalue()

"""The typefaces packets are set in, and what becomes of characters they do not have."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it has no hints

FOLDER = "@uswds/uswds/dist/fonts"
PEOPLE_WRITE_IN = (
    "PublicSans-Regular.ttf",
    "PublicSans-Italic.ttf",
    "PublicSans-SemiBold.ttf",
    "PublicSans-Bold.ttf",
)
#: In this one stand only numbers, days and references that the portal itself writes.
COLUMNS = "roboto-mono-v5-latin-regular.ttf"
FILES = {name: f"public-sans/{name}" for name in PEOPLE_WRITE_IN} | {
    COLUMNS: f"roboto-mono/{COLUMNS}"
}


def face(name: str) -> Path:
    """Where the file of one face lies; FileNotFoundError when it is not ours or not installed."""
    path = Path(settings.NPM_ROOT) / FOLDER / FILES.get(name, "")
    if not path.is_file():
        raise FileNotFoundError(f"the typeface {name} is not installed (npm ci in static/)")
    return path


def legible(text: str) -> str:
    """The text in composed form, with a code point such as `[U+05D0]` for what the faces lack.

    Otherwise a face of the machine would stand in, or an empty box, which PDF/A forbids; and a mark
    that turns the direction of writing could make a name read as another. The attachments keep
    every character.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    unknown = set(text) - _known()
    return text.translate({ord(mark): f"[U+{ord(mark):04X}]" for mark in unknown})


@cache
def _known() -> frozenset[str]:
    covered = set.intersection(*(set(TTFont(face(name)).getBestCmap()) for name in PEOPLE_WRITE_IN))
    visible = {chr(point) for point in covered if unicodedata.category(chr(point))[0] != "C"}
    return frozenset(visible | {"\n", "\t"})

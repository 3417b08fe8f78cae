"""The typefaces packets are set in, and what becomes of characters they do not have."""

from __future__ import annotations

import re
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

# What may be composed, with the letter before it. Of all else in ASCII only `<`, `=` and `>` join with
# a mark, and in finished HTML they are markup: a joined `>` left its tag open.
_COMPOSABLE = re.compile(r"[^<=>]?[^\x00-\x7f]+")


def face(name: str) -> Path:
    """Where the file of one face lies; FileNotFoundError when it is not ours or not installed."""
    path = Path(settings.NPM_ROOT) / FOLDER / FILES.get(name, "")
    if not path.is_file():
        raise FileNotFoundError(f"the typeface {name} is not installed (npm ci in static/)")
    return path


def legible(text: str) -> str:
    """A text, or finished HTML, composed and with a code point such as `[U+05D0]` for what the faces lack.

    Markup stays as it is: nothing is composed across it. For what the faces lack a face of the machine
    would stand in, or an empty box, which PDF/A forbids; and a mark that turns the direction of writing
    could make a name read as another. The attachments keep every character.
    """
    text = _COMPOSABLE.sub(_composed, text.replace("\r\n", "\n"))
    unknown = set(text) - _known()
    return text.translate({ord(mark): f"[U+{ord(mark):04X}]" for mark in unknown})


def _composed(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


@cache
def _known() -> frozenset[str]:
    covered = set.intersection(*(set(TTFont(face(name)).getBestCmap()) for name in PEOPLE_WRITE_IN))
    visible = {chr(point) for point in covered if unicodedata.category(chr(point))[0] != "C"}
    return frozenset(visible | {"\n", "\t"})

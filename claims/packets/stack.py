"""What sets a packet: with the same versions of all of it, the same facts give the same bytes."""

from __future__ import annotations

import hashlib
import platform
import tomllib
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version as version_of
from itertools import product
from pathlib import Path
from zoneinfo import TZPATH

from django.conf import settings
from weasyprint.text import ffi

from claims.packets.faces import FILES, face

APPS = ("agreements", "awards", "claims", "portal")
LIBRARIES = (
    "weasyprint",
    "pydyf",
    "fonttools",
    "tinycss2",
    "tinyhtml5",
    "cssselect2",
    "pyphen",
    "segno",
    "msgspec",
    "Django",
)


@cache
def rendered_with() -> dict[str, str]:
    """Versions of what sets the pages, and hashes of the typefaces, templates and code that it sets."""
    return {
        "portal": _portal(),
        "python": platform.python_version(),
        **{name.lower(): version_of(name) for name in LIBRARIES},
        "pango": _of_number(ffi.pango.pango_version()),
        "harfbuzz": _harfbuzz(),
        "harfbuzz_subset": "present" if ffi.harfbuzz_subset else "absent",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "tzdata": _tzdata(),
        "typefaces_sha256": _sha256(face(name) for name in FILES),
        "templates_sha256": _sha256(_inside(settings.BASE_DIR / "templates" / "packets", "*.*")),
        "code_sha256": _sha256(code()),
    }


def code() -> list[Path]:
    """The modules and rule files of the portal: a packet's words and numbers come from all over it."""
    files = (
        file
        for app, names in product(APPS, ("*.py", "*.toml"))
        for file in _inside(settings.BASE_DIR / app, names)
    )
    return [file for file in files if "migrations" not in file.parts]


def _portal() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def _tzdata() -> str:
    """The version of the time zones that instants are told in: the machine's, else the package's."""
    for folder in TZPATH:
        listed = Path(folder) / "tzdata.zi"
        if listed.is_file():
            with listed.open() as file:
                return file.readline().removeprefix("# version ").strip()
    return version_of("tzdata")


def _of_number(number: int) -> str:
    """Pango says 1.52.1 as 15201."""
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def _harfbuzz() -> str:
    """The renderer binds no more of HarfBuzz than the question whether it is at least a version."""
    numbers = [0, 0, 0]
    for place in range(len(numbers)):
        while ffi.harfbuzz.hb_version_atleast(*_next(numbers, place)):
            numbers = _next(numbers, place)
    return ".".join(map(str, numbers))


def _next(numbers: list[int], place: int) -> list[int]:
    return [*numbers[:place], numbers[place] + 1, *(0 for _ in numbers[place + 1 :])]


def _inside(folder: Path, names: str) -> list[Path]:
    return sorted(folder.rglob(names))


def _sha256(files: Iterable[Path]) -> str:
    """One hash of several files: of their hashes and names, a line each, in the order of their paths."""
    lines = (
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()

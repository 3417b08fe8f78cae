"""Serve the few files the pages need from the npm packages, and nothing else of them.

USWDS alone ships 2,681 files. Collecting all of them takes a minute; leaving some out by pattern
breaks the manifest storage, which insists on every `url(…)` and `sourceMappingURL`. So the wanted
files are named here, and what they refer to is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import utils
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

#: Where a package's folder appears below STATIC_URL, and the files wanted from it.
PACKAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor/uswds": (
        "@uswds/uswds/dist",
        (
            "css/uswds.min.css",
            "img/sprite.svg",
            "fonts/public-sans/PublicSans-Regular.woff2",
            "fonts/public-sans/PublicSans-Italic.woff2",
            "fonts/public-sans/PublicSans-SemiBold.woff2",
            "fonts/public-sans/PublicSans-Bold.woff2",
            # Packets are set in the same face, columns in another; their renderer reads TrueType.
            "fonts/public-sans/PublicSans-Regular.ttf",
            "fonts/public-sans/PublicSans-Italic.ttf",
            "fonts/public-sans/PublicSans-SemiBold.ttf",
            "fonts/public-sans/PublicSans-Bold.ttf",
            "fonts/roboto-mono/roboto-mono-v5-latin-regular.ttf",
        ),
    ),
    "vendor/htmx": ("htmx.org/dist", ("htmx.min.js",)),
}

_REFERENCE = re.compile(r"""url\(\s*['"]?([^'")\s]+)['"]?\s*\)|sourceMappingURL=(\S+)""")
_ELSEWHERE = ("data:", "http:", "https:", "//", "#", "/")


@cache
def files_with_references(folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names and everything below `folder` that their style sheets and scripts refer to."""
    waiting, found = list(names), dict.fromkeys(names)
    while waiting:
        name = waiting.pop()
        if not name.endswith((".css", ".js")):
            continue
        for reference in _references((folder / name).read_text(encoding="utf-8")):
            target = normpath(str(PurePosixPath(name).parent / reference))
            if target.startswith("../"):
                continue
            if target not in found and (folder / target).is_file():
                found[target] = None
                waiting.append(target)
    return tuple(found)


def _references(text: str) -> Iterator[str]:
    for match in _REFERENCE.finditer(text):
        reference = (match[1] or match[2]).partition("#")[0].partition("?")[0]
        if reference and not reference.startswith(_ELSEWHERE):
            yield reference


class NpmFinder(BaseFinder):
    """Finds the files of `PACKAGES` in the folder `settings.NPM_ROOT` (a `node_modules`)."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.root = Path(settings.NPM_ROOT)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """An error for each wanted file that is not installed."""
        return [
            Error(
                f"The front-end file {folder}/{name} is missing.",
                hint="Run `npm ci` in static/, or start with bin/demo, which does.",
                id="web.E001",
            )
            for folder, names in PACKAGES.values()
            for name in names
            if not (self.root / folder / name).is_file()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The absolute path of one static file, or an empty list."""
        for prefix, (folder, names) in PACKAGES.items():
            if not path.startswith(f"{prefix}/"):
                continue
            name = path.removeprefix(f"{prefix}/")
            if name in files_with_references(self.root / folder, names):
                found = str(self.root / folder / name)
                return [found] if find_all else found
        return []

    def list(
        self, ignore_patterns: Iterable[str] | None
    ) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every file to collect, with the storage that holds it."""
        for prefix, (folder, names) in PACKAGES.items():
            storage = FileSystemStorage(location=self.root / folder)
            # collectstatic reads the place below STATIC_ROOT from this attribute.
            storage.prefix = prefix  # type: ignore[attr-defined]
            for name in files_with_references(self.root / folder, names):
                if not utils.matches_patterns(name, list(ignore_patterns or [])):
                    yield name, storage

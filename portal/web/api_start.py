"""The page “Getting started with the API”, printed from docs/api-getting-started.md, and the client.

The tests run the page's code as it stands, so what is shown is what works.
"""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from portal.web.api_docs import marked
from portal.web.download import attachment
from portal.web.show import show

TEXT = "docs/api-getting-started.md"
CLIENT = "clients/python/portal287g"
PORTAL = "https://portal.example"
"""The portal's address in the text; the page shows its own."""

_FENCED = re.compile(r"^```(\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One piece of the text: a `title`, `heading`, `text`, `items` or `code` in a `language`."""

    kind: str
    source: str
    language: str = ""

    @property
    def words(self) -> SafeString:
        """The piece as HTML, code words marked."""
        return marked(self.source)

    @property
    def items(self) -> list[SafeString]:
        """The items of a list."""
        return [marked(" ".join(item.split())) for item in self.source[2:].split("\n- ")]

    @property
    def label(self) -> str:
        """What a screen reader says before the code."""
        return {"sh": "Example with curl", "python": "Example with Python"}[self.language]

    @property
    def anchor(self) -> str:
        """Where a heading stands."""
        return re.sub(r"[^\w]+", "-", self.source.lower()).strip("-")


@functools.cache
def text() -> str:
    """The Markdown of the page."""
    return (Path(settings.BASE_DIR) / TEXT).read_text(encoding="utf-8")


def blocks(markdown: str) -> Iterator[Block]:
    """The pieces in order. Of Markdown it knows headings, paragraphs, lists with dashes and fenced code."""
    for place, part in enumerate(_FENCED.split(markdown)):
        # The pattern has two groups: between them and the text around it the parts take turns.
        if place % 3 == 1:
            language = part
        elif place % 3 == 2:
            yield Block("code", part, language)
        else:
            yield from map(_prose, filter(None, part.strip().split("\n\n")))


def code(language: str, markdown: str | None = None) -> str:
    """Everything the page shows in one language, as the one program it is."""
    found = blocks(text() if markdown is None else markdown)
    return "\n\n".join(block.source for block in found if block.language == language) + "\n"


def start(request: HttpRequest) -> HttpResponse:
    """From a key to accepted payroll, step by step."""
    own = text().replace(PORTAL, request.build_absolute_uri("/").rstrip("/"))
    return show(request, "api/start.html", blocks=list(blocks(own)))


@functools.cache
def client_zip() -> bytes:
    """The Python client, ready to be unpacked beside a program."""
    folder = Path(settings.BASE_DIR) / CLIENT
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted([*folder.glob("*.py"), folder / "py.typed"]):
            archive.writestr(zipfile.ZipInfo(f"{folder.name}/{file.name}"), file.read_bytes())
    return packed.getvalue()


def client(request: HttpRequest) -> HttpResponse:
    """The Python client as a file."""
    return attachment(client_zip(), "portal287g.zip", "application/zip")


def _prose(part: str) -> Block:
    marks, _, words = part.partition(" ")
    kinds = {"#": "title", "##": "heading"}
    if marks == "-":
        return Block("items", part)
    return Block(kinds[marks], words) if marks in kinds else Block("text", " ".join(part.split()))

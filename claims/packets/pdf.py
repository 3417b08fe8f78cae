"""HTML into one PDF that is PDF/A-3a and PDF/UA-1 at once; the same facts give the same bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

import pydyf  # type: ignore[import-untyped]  # like WeasyPrint, it has no hints
import weasyprint
from django.template.loader import render_to_string
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from claims.packets.faces import face, legible
from portal.jobs.registry import Fruitless

# The renderer declares one of the two standards; this is the other, and the schema PDF/A wants.
_UA_DECLARATION = b"""\
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1" />
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

# What has a rule for every element costs a style for every element: a third of the memory.
_NOTES = re.compile(r"(?m)^::(footnote|note)-.*$")

_AMBIGUOUS_END = re.compile(rb"\r\nendstream")
_TRIES = 9


class OutsideResource(Fruitless):
    """A packet asked for something other than its own typefaces; nothing was fetched."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels inside the PDF; `relationship` as PDF/A-3 names it."""

    name: str
    description: str
    relationship: Literal["Source", "Data"]
    content: bytes


class Faces(URLFetcher):
    """Answers `asset:` addresses of the packet's typefaces and ends the rendering at any other."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme != "asset":
            raise PermissionError(f"packets load nothing from outside: {url[:200]}")
        return URLFetcherResponse(url, face(name).read_bytes(), {"Content-Type": "font/ttf"})


class Page(HTML):
    """HTML under the renderer's own style sheet without its rules for notes; only lists have markers."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_plain_elements()]


def write(html: str, enclosures: Iterable[Enclosure], made_at: datetime, seed: str) -> bytes:
    """The PDF of a packet; OutsideResource when the HTML refers to anything but the typefaces.

    `made_at` and the identifier made of `seed` stand in the file instead of the clock and chance.
    """
    enclosures, made_at = tuple(enclosures), made_at.astimezone(UTC)
    page_source, identifier = legible(html), hashlib.sha256(seed.encode()).digest()[:16]
    for filling in range(_TRIES):
        content = _write(page_source, enclosures, made_at, identifier, filling)
        if not _AMBIGUOUS_END.search(content):
            return content
    raise RuntimeError("no way was found to write the packet without an ambiguous stream end")


def _write(
    html: str,
    enclosures: tuple[Enclosure, ...],
    made_at: datetime,
    identifier: bytes,
    filling: int,
) -> bytes:
    fetcher, fonts, style = _setting()
    try:
        return bytes(
            Page(string=html, url_fetcher=fetcher).write_pdf(
                stylesheets=[style],
                font_config=fonts,
                attachments=[_attachment(enclosure, made_at, fetcher) for enclosure in enclosures],
                pdf_variant="pdf/a-3a",
                pdf_identifier=identifier,
                finisher=partial(_finish, filling=filling),
            )
        )
    except FatalURLFetchingError as error:
        # It is a BaseException, which a worker would take for its own end.
        raise OutsideResource(str(error)) from error


@cache
def _setting() -> tuple[Faces, FontConfiguration, CSS]:
    """What all packets of a process share: parsing it takes as long as a small packet."""
    fetcher, fonts = Faces(), FontConfiguration()
    text = render_to_string("packets/packet.css")
    return fetcher, fonts, CSS(string=text, url_fetcher=fetcher, font_config=fonts)


@cache
def _plain_elements() -> CSS:
    text = (Path(weasyprint.__file__).parent / "css/html5_ua.css").read_text()
    return CSS(string=_NOTES.sub("", text).replace("\n::marker", "\nli::marker"))


def _attachment(enclosure: Enclosure, made_at: datetime, fetcher: Faces) -> Attachment:
    return Attachment(
        string=enclosure.content,
        name=enclosure.name,
        description=enclosure.description,
        relationship=enclosure.relationship,
        created=made_at,
        modified=made_at,
        url_fetcher=fetcher,
    )


def _finish(document: Any, pdf: Any, filling: int) -> None:
    """Declare PDF/UA-1, and leave no stream whose end can be read in two ways.

    A stream that ends in a carriage return runs into the line feed before `endstream`; a validator
    then counts both as the end of a line and finds the length wrong. Such a stream stays
    uncompressed. Other objects are compressed together later: for them, `filling` adds an object
    that nobody uses.
    """
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    (text,) = metadata.stream
    metadata.stream = [text.replace(b"</rdf:RDF>", _UA_DECLARATION + b"</rdf:RDF>")]
    metadata.compress = False
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and _AMBIGUOUS_END.search(stream.data):
            stream.compress = False
    if filling:
        pdf.add_object(pydyf.String(" " * filling))

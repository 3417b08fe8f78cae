"""What a reader, an archive or a screen reader gets out of a PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import page
import pikepdf

BOTH_STANDARDS = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
_MAPPED = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def failures(content: bytes) -> list[str]:
    """What keeps the file from being PDF/A-3a and PDF/UA-1."""
    return [
        f"{profile.name} {failure.rule_id}: {failure.message}"
        for profile in BOTH_STANDARDS
        for failure in page.validate_pdf_bytes(content, profile=profile).failures
    ]


def pages(content: bytes) -> list[str]:
    """The text of each page as the file itself says its glyphs are to be read."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return ["".join(_text(sheet)) for sheet in pdf.pages]


def text(content: bytes) -> str:
    """The text of all pages, with single spaces."""
    return " ".join(" ".join(pages(content)).split())


def attachments(content: bytes) -> dict[str, tuple[str, bytes]]:
    """The attached files by name: their relationship to the document and their bytes."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {
            name: (str(spec.obj.AFRelationship), spec.get_file().read_bytes())
            for name, spec in pdf.attachments.items()
        }


def bookmarks(content: bytes) -> list[str]:
    """The titles of the outline, all levels in order."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return list(_titles(outline.root))


def _titles(items: list[pikepdf.OutlineItem]) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _text(sheet: pikepdf.Page) -> Iterator[str]:
    maps = {name: _glyphs(font) for name, font in sheet.resources.Font.items()}
    glyphs: dict[bytes, str] = {}
    for operands, operator in pikepdf.parse_content_stream(sheet):
        match str(operator):
            case "Tf":
                glyphs = maps[str(operands[0])]
            case "TJ":
                for part in operands[0]:
                    if isinstance(part, pikepdf.String):
                        code = bytes(part)
                        yield from (glyphs.get(code[i : i + 2], "") for i in range(0, len(code), 2))
            case "Tj":
                code = bytes(operands[0])
                yield from (glyphs.get(code[i : i + 2], "") for i in range(0, len(code), 2))
            case "ET":
                yield " "


def _glyphs(font: pikepdf.Object) -> dict[bytes, str]:
    table = font.ToUnicode.read_bytes().split(b"beginbfchar", 1)[1]
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(shown.decode()).decode("utf-16-be")
        for code, shown in _MAPPED.findall(table)
    }

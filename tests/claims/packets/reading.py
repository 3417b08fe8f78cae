"""What a reader, an archive or a screen reader gets out of a PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import page
import pikepdf

BOTH_STANDARDS = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
Marked = dict[tuple[int, int], dict[int, str]]
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


class Cell(NamedTuple):
    """A cell of a table as a screen reader has it: `headers` are the texts its `/Headers` lead to."""

    kind: str
    text: str
    headers: tuple[str, ...]


class Table(NamedTuple):
    """A table of the structure tree; one that goes on over pages is there once for each."""

    caption: str
    rows: tuple[tuple[Cell, ...], ...]


def tables(content: bytes) -> list[Table]:
    """The tables of the structure tree, in order."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        marked = {sheet.obj.objgen: _marked(sheet) for sheet in pdf.pages}
        root = pdf.Root.StructTreeRoot
        return [_table(found, marked) for found in _elements(root, "/Table")]


def _table(table: pikepdf.Object, marked: Marked) -> Table:
    rows = [[cell for cell in row.K if cell.S in ("/TH", "/TD")] for row in _elements(table, "/TR")]
    names = {
        bytes(cell.A.ID if "/ID" in cell.A else cell.ID): _words(cell, marked)
        for row in rows
        for cell in row
        if cell.S == "/TH"
    }
    return Table(
        " ".join(_words(caption, marked) for caption in _elements(table, "/Caption")),
        tuple(
            tuple(
                Cell(
                    str(cell.S),
                    _words(cell, marked),
                    tuple(names[bytes(key)] for key in cell.A.get("/Headers", [])),
                )
                for cell in row
            )
            for row in rows
        ),
    )


def _elements(element: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    for child in element.get("/K", []):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            if kind == child.S:
                yield child
            else:
                yield from _elements(child, kind)


def _words(element: pikepdf.Object, marked: Marked) -> str:
    return " ".join("".join(_pieces(element, marked)).split())


def _pieces(element: pikepdf.Object, marked: Marked) -> Iterator[str]:
    for child in element.get("/K", []):
        if isinstance(child, int):
            yield marked[element.Pg.objgen].get(child, "") + " "
        elif isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from _pieces(child, marked)


def _marked(sheet: pikepdf.Page) -> dict[int, str]:
    """The texts of a page by the number of the marked content they stand in."""
    maps = {name: _glyphs(font) for name, font in sheet.resources.Font.items()}
    found: dict[int, str] = {}
    number, glyphs = -1, dict[bytes, str]()
    for operands, operator in pikepdf.parse_content_stream(sheet):
        match str(operator):
            case "BDC":
                number = int(operands[1].get("/MCID", -1))
            case "Tf":
                glyphs = maps[str(operands[0])]
            case "TJ" | "Tj":
                found[number] = found.get(number, "") + _shown(operands[0], glyphs)
    return found


def _shown(operand: pikepdf.Object, glyphs: dict[bytes, str]) -> str:
    parts = [operand] if isinstance(operand, pikepdf.String) else operand
    codes = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
    return "".join(
        glyphs.get(code[at : at + 2], "") for code in codes for at in range(0, len(code), 2)
    )


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
            case "TJ" | "Tj":
                yield _shown(operands[0], glyphs)
            case "ET":
                yield " "


def _glyphs(font: pikepdf.Object) -> dict[bytes, str]:
    table = font.ToUnicode.read_bytes().split(b"beginbfchar", 1)[1]
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(shown.decode()).decode("utf-16-be")
        for code, shown in _MAPPED.findall(table)
    }

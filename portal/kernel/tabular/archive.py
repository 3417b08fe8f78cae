"""The guard before a workbook: a ZIP file's parts, read with limits; only plain XML is passed on.

The spreadsheet library never sees the file a person sent. It gets a new archive of the parts read
here, so a lying size, a part given twice, a bomb or a path outside cannot reach it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.table import FileRefused

MAX_PARTS = 2_000
MAX_EXPANDED_BYTES = 200 * 1024 * 1024
# Legitimate sheets shrink about thirteen times; a bomb a thousand times.
MAX_RATIO = 100
SMALL_PART_BYTES = 1024 * 1024

PROPERTIES = "docProps/core.xml"

_XML = (".xml", ".rels")
_TEXT = (*_XML, ".vml", ".txt", ".csv", ".json", ".html")
_UNSAFE_NAME = re.compile(r"(^|/)\.\.(/|$)|^/|\\|\0|:")
_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_OTHER_ENCODING = re.compile(
    rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"']|us-ascii[\"'])", re.IGNORECASE
)
_ANNOUNCED = b"niqueCount"
_COUNT = re.compile(rb"\s(?:uniqueCount|count)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_STRINGS_TAG = re.compile(rb"<(?:\w+:)?sst(?:\s+[\w:]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*\s*/?>")
_OTHER_OFFICE = {
    "xl/workbook.bin": ("a binary Excel workbook (.xlsb)", "Excel"),
    "word/document.xml": ("a Word document", "Word"),
    "ppt/presentation.xml": ("a PowerPoint file", "PowerPoint"),
    "content.xml": ("an OpenDocument file", "LibreOffice"),
    "Index/Document.iwa": ("an Apple Numbers file", "Numbers"),
}
# Programs for spreadsheets write Excel's format themselves.
_SAVED_AS = {
    "Excel": "Excel Workbook (.xlsx)",
    "LibreOffice": "Excel 2007–365 (.xlsx)",
    "Numbers": "Excel (.xlsx)",
}


def read_parts(content: bytes) -> dict[str, bytes]:
    """The XML parts of an Excel workbook by name; raises FileRefused for everything else."""
    parts = _unpacked(content, _is_wanted)
    for name, part in parts.items():
        _check_xml(part)
        parts[name] = _without_counts(part)
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise _unsafe("it holds macros")
    return parts


def text_parts(content: bytes) -> dict[str, bytes]:
    """All parts that hold text, also those from which nothing is read; raises FileRefused."""
    return _unpacked(content, lambda name: name.lower().endswith(_TEXT))


def pack(parts: dict[str, bytes]) -> io.BytesIO:
    """A new archive of the parts, not compressed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return packed


def _unpacked(content: bytes, is_wanted: Callable[[str], bool]) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            _check_kind({entry.filename for entry in entries})
            return {e.filename: archive.read(e) for e in entries if is_wanted(e.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _damaged("its parts cannot be unpacked") from error
    except (NotImplementedError, RuntimeError) as error:
        raise _damaged("it is packed in an unusual way") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise _unsafe(f"it has more than {MAX_PARTS:,} parts")
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise _unsafe("it holds one part twice")
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED_BYTES:
        raise _unsafe("it unpacks to more than 200 MB")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise FileRefused(FILE_FINDINGS.finding("file_has_password"))
        if _UNSAFE_NAME.search(entry.filename):
            raise _unsafe("a part of it has a name that leads elsewhere")
        if entry.filename.lower().endswith("vbaproject.bin"):
            raise _unsafe("it holds macros")
        if entry.filename.lower().startswith("xl/externallinks/"):
            raise _unsafe("it takes values from other workbooks; paste them as values")
        if entry.filename.lower().startswith("xl/embeddings/"):
            raise _unsafe("other files are embedded in it")
        large = entry.file_size > SMALL_PART_BYTES
        if large and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise _unsafe("a part of it unpacks to far more than its size")


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    for name, (looks_like, program) in _OTHER_OFFICE.items():
        if name in names:
            kind = _SAVED_AS.get(program, "")
            how = f"save it as “{kind}”" if kind else "copy the table into Excel, save it as .xlsx"
            advice = f"Open it in {program}, {how}, and send that file."
            raise FileRefused(
                FILE_FINDINGS.finding("wrong_file_type", looks_like=looks_like, advice=advice)
            )
    raise FileRefused(
        FILE_FINDINGS.finding(
            "wrong_file_type",
            looks_like="a ZIP archive",
            advice="Unpack it and send the Excel or CSV file in it.",
        )
    )


def _is_wanted(name: str) -> bool:
    folders = ("xl/", "_rels/", "[Content_Types].xml", PROPERTIES)
    unused = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/printerSettings/", "xl/embeddings/")
    return name.startswith(folders) and not name.startswith(unused) and name.lower().endswith(_XML)


def _check_xml(part: bytes) -> None:
    # Only UTF-8 is let through, so that searching the bytes sees what an XML parser would see.
    if b"\0" in part or part.startswith((b"\xff\xfe", b"\xfe\xff")) or _OTHER_ENCODING.search(part):
        raise _unsafe("a part of it is not UTF-8 text")
    if _DOCTYPE.search(part):
        raise _unsafe("a part of it defines its own XML entities")


def _without_counts(part: bytes) -> bytes:
    """The part without the number of shared strings it announces; memory is set aside for them."""
    if _ANNOUNCED not in part:
        return part
    part = _STRINGS_TAG.sub(lambda tag: _COUNT.sub(b"", tag[0]), part)
    if _ANNOUNCED in part:
        raise _unsafe("a part of it is written in an unusual way")
    return part


def _damaged(why: str) -> FileRefused:
    return FileRefused(FILE_FINDINGS.finding("file_damaged", why=why))


def _unsafe(why: str) -> FileRefused:
    return FileRefused(FILE_FINDINGS.finding("file_unsafe", why=why))

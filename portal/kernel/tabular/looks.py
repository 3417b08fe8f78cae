"""How a workbook shows its numbers, where that says what they are: 123456789 shown as 123-45-6789."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

_SOCIAL_SECURITY = re.compile(r"[0#?]{3}([-. ])[0#?]{2}\1[0#?]{4}")
# Conditions and languages in brackets, and the marks for “as it stands”.
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|[\\\"]")
# 001-01-0001 is the lowest there can be; without its zeros it has seven digits.
_LOWEST, _BEYOND = 1_000_000, 10**9


def social_security_looks(parts: Mapping[str, bytes]) -> frozenset[bytes]:
    """The styles of a workbook, by number as cells name them, that show a social security number."""
    found: set[bytes] = set()
    for name, part in parts.items():
        if name.lower().endswith("styles.xml"):
            found.update(_looks_in(part))
    return frozenset(found)


def in_that_look(number: int) -> str | None:
    """A whole number as such a style shows it; None when it is too short or too long for one."""
    if not _LOWEST <= number < _BEYOND:
        return None
    digits = f"{number:09d}"
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def _looks_in(styles: bytes) -> set[bytes]:
    try:
        # `read_parts` has refused every DOCTYPE, without which there is nothing to expand.
        root = ElementTree.fromstring(styles)  # noqa: S314 - see above
    except ElementTree.ParseError:
        return set()
    formats = {
        node.get("numFmtId")
        for node in root.iter()
        if _local(node) == "numFmt"
        and _SOCIAL_SECURITY.search(_NOT_SHOWN.sub("", node.get("formatCode", "")))
    }
    cells = next((node for node in root if _local(node) == "cellXfs"), ())
    return {b"%d" % n for n, node in enumerate(cells) if node.get("numFmtId") in formats}


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]

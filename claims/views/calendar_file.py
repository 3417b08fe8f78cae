"""Days as a calendar file that calendar programs subscribe to or import.

Source: RFC 5545.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

_LINE_BYTES = 75


def calendar(entries: Iterable[tuple[str, date, str]], made_at: datetime) -> bytes:
    """Whole days as iCalendar; an entry is a lasting name, the day and its words."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//287(g) reimbursement portal//EN"]
    for name, day, words in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@287g-portal",
            f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}",
            f"SUMMARY:{_escaped(words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """A line in parts of at most 75 bytes, never cut within a character."""
    part = b""
    for sign in line:
        encoded = sign.encode()
        if len(part) + len(encoded) > _LINE_BYTES:
            yield part
            part = b" "
        part += encoded
    yield part

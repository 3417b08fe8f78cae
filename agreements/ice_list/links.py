"""Addresses behind cells: what a mail gateway or a viewer put around them is taken off."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

_WRAPPINGS_AT_MOST = 5
_LONGEST = 2_000
_VIEWER = re.compile(r"(?:chrome|moz|edge)-extension://[^/]+/(?=https?:)", re.IGNORECASE)
_LOST_SLASH = re.compile(r"^(https?:/)(?=[^/])", re.IGNORECASE)
_PROOFPOINT_3 = re.compile(r"/v3/__(.+?)__;([\w\-=]*)")
_RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def unwrap(address: str) -> str:
    """The address a person meant, or nothing when it is none of the web (http, https).

    Taken off are Microsoft's Safe Links, Proofpoint's URL Defense (1 to 3), Google's redirects and
    the prefix of a browser's PDF viewer; one may be in another. A slash lost on the way is put
    back (`https:/www…`).
    """
    address = address.strip()
    for _ in range(_WRAPPINGS_AT_MOST):
        within = _LOST_SLASH.sub(r"\1/", _within(address))
        if within == address:
            break
        address = within
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.hostname
    return address if is_web and address.isprintable() and len(address) <= _LONGEST else ""


def _within(address: str) -> str:
    if viewer := _VIEWER.match(address):
        return address[viewer.end() :]
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
        query = parse_qs(parts.query)
    except ValueError:
        return address
    if host.endswith("safelinks.protection.outlook.com"):
        return query.get("url", [address])[0]
    if host in ("www.google.com", "google.com") and parts.path == "/url":
        return query.get("url", query.get("q", [address]))[0]
    if host.endswith(("urldefense.proofpoint.com", "urldefense.com", "urldefense.us")):
        return _proofpoint(address, parts.path, query)
    return address


def _proofpoint(address: str, path: str, query: dict[str, list[str]]) -> str:
    if match := _PROOFPOINT_3.search(address):
        return _proofpoint_3(match[1], match[2]) or address
    if path.startswith("/v2/") and "u" in query:
        return unquote(query["u"][0].translate(str.maketrans("-_", "%/")))
    return query.get("u", [address])[0]


def _proofpoint_3(written: str, cut_out: str) -> str:
    """Version 3 puts `*` (one) or `**` and a letter (a run) in place of letters it keeps apart."""
    try:
        letters = base64.urlsafe_b64decode(cut_out + "=" * (-len(cut_out) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    position = 0

    def restored(mark: re.Match[str]) -> str:
        nonlocal position
        count = _RUNS.index(mark[1]) + 2 if mark[1] else 1
        position += count
        return letters[position - count : position]

    return re.sub(r"\*(?:\*([A-Za-z0-9_\-]))?", restored, written)

"""The malware scanner, if there is one: a clamd, asked over its socket before a file is opened."""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS = 3
ANSWER_SECONDS = 60
_CHUNK = 64 * 1024


class ScannerAway(Exception):
    """The scanner does not answer, or not in words that settle the matter; ask again later."""


def is_configured() -> bool:
    """Whether files are scanned at all."""
    return bool(settings.PORTAL_SCANNER)


def malware_in(content: bytes) -> str:
    """The name of what the scanner found, empty when it found nothing; raises ScannerAway."""
    try:
        with _connected(settings.PORTAL_SCANNER) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerAway("an answer that says neither")


def _connected(address: str) -> socket.socket:
    """A connection to `unix:///path` or `tcp://host:port`."""
    place = urlsplit(address)
    if place.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(place.path)
        except OSError:
            connection.close()
            raise
    else:
        connection = socket.create_connection((place.hostname, place.port), CONNECT_SECONDS)
    connection.settimeout(ANSWER_SECONDS)
    return connection


def _answer(connection: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0"):
        part = connection.recv(4096)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")

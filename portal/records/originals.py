"""Handing out a file as it came in; who read it and when is put on record."""

from __future__ import annotations

from typing import Any, BinaryIO

from portal.kernel.errors import Refused
from portal.records import audit, storage
from portal.records.models import Document


def read_original(document: Document, *, actor: Any) -> bytes:
    """The stored bytes, read by `actor`, who must be allowed to by the caller's selector.

    Refused when they are not there: a file with data the portal must not hold is not kept, and one may
    be lost.
    """
    with open_original(document, actor=actor) as file:
        return file.read()


def open_original(document: Document, *, actor: Any) -> BinaryIO:
    """The same as an open file, for those too large to be in memory; the caller closes it."""
    try:
        file = storage.path_of(document.sha256).open("rb")
    except FileNotFoundError as error:
        raise _not_there(document) from error
    audit.record(
        "document.read",
        subject=f"document/{document.pk}",
        actor=actor,
        agency_id=document.agency_id,
        file=document.filename,
        sha256=document.sha256,
    )
    return file


def _not_there(document: Document) -> Refused:
    """Why the bytes are not there: what the portal makes itself it withholds from nobody, so it was lost."""
    if document.kind in (Document.Kind.PACKET, Document.Kind.ARCHIVE):
        return Refused(
            "file_not_kept",
            "The portal made this file, but it is missing from the portal’s storage. Nothing in it was "
            "refused or withheld.",
            "Tell the program office the name of the file: the portal’s operators must find out what became "
            "of it. Its hash stays on record and shows whether a copy of it is the same.",
        )
    return Refused(
        "file_not_kept",
        "The portal did not keep this file, because it held data the portal must not have.",
        "Its name, size and hash stay on record. Send a file without that data.",
    )

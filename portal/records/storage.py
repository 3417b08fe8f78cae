"""Files by content: the same bytes are stored once, under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.records import audit
from portal.records.models import Document


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie, or would."""
    return Path(settings.DOCUMENTS_ROOT) / sha256[:2] / sha256[2:4] / sha256


def keep(
    chunks: Iterable[bytes],
    *,
    kind: Document.Kind,
    filename: str,
    media_type: str,
    agency: Any = None,
    created_by: Any = None,
) -> Document:
    """Store bytes durably, then their row. The file is on disk before any row can name it."""
    root = Path(settings.DOCUMENTS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, prefix="incoming-", delete=False) as file:
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            target = path_of(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink()
            raise
    _sync_directory(target.parent)
    return Document.objects.create(
        kind=kind,
        filename=safe_filename(filename),
        media_type=media_type,
        agency=agency,
        size=size,
        sha256=digest.hexdigest(),
        created_by=created_by,
    )


def read(document: Document) -> bytes:
    """The bytes of a document; FileNotFoundError when they were purged or lost."""
    return path_of(document.sha256).read_bytes()


def is_there(document: Document) -> bool:
    """Whether the bytes are kept; they were purged from a file that must not be."""
    return path_of(document.sha256).exists()


def kept_sha256(document: Document) -> str | None:
    """The hash of a document's bytes while they are kept; None once they were purged."""
    return document.sha256 if is_there(document) else None


def purge(document: Document) -> None:
    """Delete the bytes of a refused file that must not be kept; its row (name, size, hash) stays."""
    path = path_of(document.sha256)
    if not path.exists():
        return
    for same in Document.objects.filter(sha256=document.sha256):
        audit.record("document.purge", subject=f"document/{same.pk}", agency_id=same.agency_id)
    path.unlink()


def is_intact(document: Document) -> bool:
    """Whether the stored bytes still have the hash they were stored under."""
    try:
        with path_of(document.sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == document.sha256
    except FileNotFoundError:
        return False


def safe_filename(name: str) -> str:
    """The last part of a client's file name without control or direction-changing characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*')
    stem, dot, ending = shown.strip(" .").rpartition(".")
    if not dot:
        return shown.strip(" .")[:150] or "file"
    return f"{stem[:150]}.{ending[:10]}"


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Files on their way in, apart from the evidence, until a job has looked at them."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid4

from django.conf import settings

from portal.intake.models import Batch

LEFT_BEHIND_SECONDS = 24 * 60 * 60
OVERDUE_SECONDS = 60 * 60


class Sent(NamedTuple):
    """What is known of a file before anybody has looked into it; the size in bytes."""

    pk: UUID
    size: int
    sha256: str


@contextmanager
def arriving(chunks: Iterable[bytes]) -> Iterator[Sent]:
    """A file kept under the id its batch will have; gone again if the block fails.

    Stands around the transaction: a batch that was not stored leaves no file.
    """
    sent = keep(uuid4(), chunks)
    try:
        yield sent
    except BaseException:
        drop(sent.pk)
        raise


def keep(pk: UUID, chunks: Iterable[bytes]) -> Sent:
    """Write a batch's file durably; nothing is left of one that could not be written whole."""
    folder = Path(settings.QUARANTINE_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path_of(pk)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _sync(folder)
    except BaseException:
        path.unlink()
        raise
    return Sent(pk, size, digest.hexdigest())


def read(pk: UUID) -> bytes:
    """The bytes of a batch's file; FileNotFoundError when they were dropped."""
    return _path_of(pk).read_bytes()


def drop(pk: UUID) -> None:
    """Delete a batch's file; it may be gone already."""
    _path_of(pk).unlink(missing_ok=True)


def holds(pk: UUID) -> bool:
    """Whether a batch's file is still there."""
    return _path_of(pk).exists()


def clear() -> None:
    """Drop files a day old whose batch has ended, or was never stored."""
    old = _older_than(LEFT_BEHIND_SECONDS)
    for pk in old - _batches(old, state__in=Batch.UNFINISHED):
        drop(UUID(pk))


def left_behind() -> Iterator[str]:
    """Files that are still there although their batch ended an hour ago, one sentence each."""
    old = _older_than(OVERDUE_SECONDS)
    for pk in sorted(_batches(old) - _batches(old, state__in=Batch.UNFINISHED)):
        yield f"file {pk} is still in quarantine although its batch has ended"


def _older_than(seconds: int) -> set[str]:
    folder = Path(settings.QUARANTINE_ROOT)
    before = time.time() - seconds
    if not folder.exists():
        return set()
    return {path.name for path in folder.iterdir() if path.stat().st_mtime < before}


def _batches(pks: set[str], **such: object) -> set[str]:
    return {
        str(pk)
        for kind in Batch.__subclasses__()
        for pk in kind._default_manager.filter(pk__in=pks, **such).values_list("pk", flat=True)
    }


def _path_of(pk: UUID) -> Path:
    return Path(settings.QUARANTINE_ROOT) / str(pk)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

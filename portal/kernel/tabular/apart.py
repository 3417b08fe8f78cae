"""Reading a file in a process of its own: what a file does to its reader, it does there alone.

The process has limits of memory and time, an empty environment, and nothing open but its three
pipes. Only workbooks and large text go there; small text is read in place.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.kernel.tabular.book import read_sheet_named
from portal.kernel.tabular.catalogue import FILE_FINDINGS
from portal.kernel.tabular.reading import Reading, content_of, is_workbook, read_table
from portal.kernel.tabular.table import FileRefused, Recognise

READ_IN_PLACE_BYTES = 8 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: bytes of memory, seconds of computing, seconds in all."""

    memory_bytes: int = 1_500_000_000
    computing_seconds: int = 60
    wall_seconds: int = 90


def read_apart(
    content: bytes,
    *,
    may_be_empty: bool = False,
    recognise: Recognise | None = None,
    drop_sensitive: bool = False,
    limits: Limits | None = None,
) -> Reading:
    """What `read_table` reads, within limits. `recognise` must be picklable.

    A file that costs too much is refused.
    """
    read = partial(
        read_table,
        may_be_empty=may_be_empty,
        recognise=recognise,
        drop_sensitive=drop_sensitive,
    )
    return _within(limits, read, content)


def read_sheet_apart(content: bytes, name: str, limits: Limits | None = None) -> Reading:
    """What `read_sheet_named` reads, within limits."""
    return _within(limits, partial(read_sheet_named, name=name), content)


def _within(limits: Limits | None, read: Callable[[bytes], Reading], content: bytes) -> Reading:
    try:
        content_of(content)
    except FileRefused as refusal:
        return Reading(None, [refusal.finding])
    if limits is None and not is_workbook(content) and len(content) <= READ_IN_PLACE_BYTES:
        return read(content)
    limits = limits or Limits()
    try:
        # The arguments are ours; what the file holds goes in by the pipe.
        child = subprocess.run(
            [sys.executable, "-P", "-m", __name__],
            input=pickle.dumps((limits, read)) + content,
            capture_output=True,
            timeout=limits.wall_seconds,
            env={"PYTHONPATH": os.fspath(_ROOT), "PYTHONUTF8": "1"},
            cwd=_ROOT,
            check=False,
        )
        if child.returncode == 0:
            reading: Reading = _Results(io.BytesIO(child.stdout)).load()
            return reading
    except subprocess.TimeoutExpired:
        pass
    return Reading(None, [FILE_FINDINGS.finding("file_too_costly")])


class _Results(pickle.Unpickler):
    """Makes nothing but what a reading consists of, whatever the child was brought to say."""

    _KNOWN = frozenset(
        {
            ("portal.kernel.tabular.reading", "Reading"),
            ("portal.kernel.tabular.by_column", "unpacked"),
            ("portal.kernel.tabular.table", "Table"),
            ("portal.kernel.tabular.table", "Odd"),
            ("portal.kernel.findings", "Finding"),
            ("portal.kernel.findings", "Severity"),
            ("datetime", "date"),
            ("datetime", "datetime"),
        }
    )

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self._KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a reading")
        return getattr(importlib.import_module(module), name)


def _serve() -> None:
    limits, read = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `_within`
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.computing_seconds,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reading = read(sys.stdin.buffer.read())
    pickle.dump(reading, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()
    os._exit(0)  # the memory goes with the process, not cell by cell


if __name__ == "__main__":
    _serve()

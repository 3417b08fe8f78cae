"""Where the embedded services keep their data and sockets."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

#: The kernel allows 107 bytes for a socket's whole path; the longest name used here needs 15.
LONGEST_FOLDER_BYTES = 90


def socket_folder(var: Path) -> Path:
    """A folder only this user may enter: `var/run`, or a temporary one where that is too long."""
    folder = var / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if len(os.fsencode(folder)) <= LONGEST_FOLDER_BYTES:
        return folder
    pointer = folder / "elsewhere"
    if pointer.exists() and _is_private(elsewhere := Path(pointer.read_text(encoding="utf-8"))):
        return elsewhere
    elsewhere = Path(tempfile.mkdtemp(prefix="portal-"))
    pointer.write_text(str(elsewhere), encoding="utf-8")
    return elsewhere


def _is_private(folder: Path) -> bool:
    # A temporary folder may have been swept away, and its name taken by somebody else.
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    return folder.is_dir() and status.st_uid == os.getuid() and status.st_mode & 0o777 == 0o700

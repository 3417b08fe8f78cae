"""A secret that is made once and stays on its machine."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def generated_secret(path: Path) -> str:
    """The secret in `path`; the first caller makes it, readable by nobody else."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
        # Linking is the step only one of several starters wins, and it shows a whole file.
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text(encoding="ascii")

"""Children are started again when they die, and none stays behind."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from portal.supervisor import Supervisor

NAP = ["sh", "-c", "echo up; sleep 60 & wait"]


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("napper", NAP)
        threading.Thread(target=processes.watch, args=[lambda: None], daemon=True).start()
        log = tmp_path / "napper.log"
        wait_for(lambda: log.read_text() == "up\n")
        processes.children[0].process.kill()
        wait_for(lambda: log.read_text() == "up\nup\n")


def test_children_of_children_end_with_the_block(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as processes:
        processes.start("napper", NAP)
        wait_for(lambda: (tmp_path / "napper.log").read_text() == "up\n")
        group = processes.children[0].process.pid
        os.killpg(group, 0)
    wait_for(lambda: not group_exists(group))


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Return when the condition holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)

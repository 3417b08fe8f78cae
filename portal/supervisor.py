"""Processes that are started, watched, started again when they die, and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from portal.schema import ROOT

STOP_SECONDS = 15
BESIDE_SECONDS = 3
LONGEST_PAUSE_SECONDS = 30.0
#: A process that lived this long did not die of how it was started.
HEALTHY_SECONDS = 60.0


@dataclass
class Child:
    """One process: how to start it, and since when it runs."""

    name: str
    command: list[str]
    keep: tuple[int, ...]
    process: subprocess.Popen[bytes]
    started: float
    pause_seconds: float = 1.0


class Supervisor:
    """Children with output in `logs`/NAME.log; they end with the block and with this process."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.children: list[Child] = []

    def __enter__(self) -> Supervisor:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str, command: list[str], *, keep: tuple[int, ...] = ()) -> None:
        """Start a child; it inherits the file descriptors in `keep`."""
        (self.logs / f"{name}.log").write_bytes(b"")
        process = self._launch(name, command, keep)
        self.children.append(Child(name, command, keep, process, time.monotonic()))

    def watch(self, beside: Callable[[], None]) -> None:
        """Start again whatever dies, after pauses that grow while it keeps dying. Never returns.

        Every few seconds `beside` looks after what is not a child.
        """
        looked = time.monotonic()
        while True:
            time.sleep(0.5)
            if time.monotonic() - looked > BESIDE_SECONDS:
                beside()
                looked = time.monotonic()
            for child in self.children:
                if child.process.poll() is not None:
                    self._revive(child)

    def stop(self) -> None:
        """Ask all to end, the last started first; kill what has not ended in time."""
        for child in reversed(self.children):
            child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            _end_group(child.process)
        self.children.clear()

    def _revive(self, child: Child) -> None:
        if time.monotonic() - child.started > HEALTHY_SECONDS:
            child.pause_seconds = 1.0
        print(
            f"==> {child.name} ended with {child.process.returncode};"
            f" starting it again in {child.pause_seconds:.0f} s (see {child.name}.log)",
            file=sys.stderr,
            flush=True,
        )
        time.sleep(child.pause_seconds)
        _end_group(child.process)
        child.pause_seconds = min(2 * child.pause_seconds, LONGEST_PAUSE_SECONDS)
        child.process = self._launch(child.name, child.command, child.keep)
        child.started = time.monotonic()

    def _launch(
        self, name: str, command: list[str], keep: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches only the supervisor, which ends all in order.
        # The death signal: they end too when the supervisor is killed.
        with (self.logs / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "--", *command],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=keep,
                start_new_session=True,
            )


def _end_group(process: subprocess.Popen[bytes]) -> None:
    # The whole group, so that nobody's children stay behind.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""A real Celery worker for tests, in a process group of its own so that it can be killed whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY_SECONDS = 60


@contextmanager
def running_worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker on this process's database and broker, ready to hear the doorbell."""
    command = [
        *(sys.executable, "-m", "celery", "--app", "portal", "worker", "--concurrency=1"),
        *("--loglevel=INFO", "--without-gossip", "--without-mingle"),
    ]
    with tempfile.NamedTemporaryFile(dir=os.environ["PORTAL_VAR"], suffix=".log") as output:
        log = Path(output.name)
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            deadline = time.monotonic() + READY_SECONDS
            while " ready." not in log.read_text():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """What a power cut does: the worker and its children are gone, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

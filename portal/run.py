"""`python -m portal.run COMMAND…`: manage.py with services running and the schema up to date."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import psycopg

from portal.embedded import ServiceFailed, services
from portal.schema import ROOT, migrate_if_changed


def main(arguments: list[str]) -> int:
    """Run one management command and return its exit code."""
    var = Path(os.environ.get("PORTAL_VAR", ROOT / "var"))
    try:
        with services(var) as addresses:
            os.environ.update(addresses)
            migrate_if_changed()
            return run_to_its_end([sys.executable, str(ROOT / "manage.py"), *arguments])
    except ServiceFailed as failure:
        print(f"\nStopped: {failure}", file=sys.stderr)
    except psycopg.OperationalError as failure:
        print(f"\nStopped: the database does not answer. {failure}", file=sys.stderr)
    return 1


def run_to_its_end(command: list[str]) -> int:
    """Run a command; Ctrl-C and termination are its to answer, so that the services outlive it."""
    with subprocess.Popen(command) as process:

        def pass_on(number: int, frame: FrameType | None) -> None:
            process.send_signal(number)

        def leave_to_it(number: int, frame: FrameType | None) -> None:
            # The terminal sends Ctrl-C to the command as well.
            return

        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGINT, leave_to_it)
        code = process.wait()
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The demo: everything a production host would run, below one folder, until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import FrameType

import psycopg

from portal.embedded import ServiceFailed, own_services, revive, services, stop_services
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey
from portal.ports import listen_on_loopback
from portal.schema import ROOT, migrate_if_changed
from portal.supervisor import Supervisor

#: What the demo takes for the present when it is first started: Q1's last payments are just made.
FIRST_NOW = datetime(2026, 1, 20, 15, tzinfo=UTC)
READY_SECONDS = 90
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def main(arguments: list[str]) -> int:
    """Run the demo, or with --check one pass through its main job; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="bin/demo", description="Run the portal with sample data."
    )
    parser.add_argument("--check", action="store_true", help="do the main job once, then stop")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away first")
    parser.add_argument("--port", type=int, default=8000, help="first port to try (8000)")
    options = parser.parse_args(arguments)
    var = Path(os.environ.get("PORTAL_VAR", ROOT / "var"))
    signal.signal(signal.SIGTERM, _stop_like_ctrl_c)
    try:
        with only_demo_in(var):
            if options.reset:
                reset(var)
            return run(var, options.port, check=options.check)
    except ServiceFailed as failure:
        print(f"\nStopped: {failure}", file=sys.stderr)
    except psycopg.OperationalError as failure:
        print(f"\nStopped: the database does not answer. {failure}", file=sys.stderr)
    except subprocess.CalledProcessError as failure:
        step = " ".join(map(str, failure.cmd))
        print(f"\nStopped: `{step}` failed; its words stand above.", file=sys.stderr)
    except KeyboardInterrupt:
        say("Stopped")
        return 1 if options.check else 0
    return 1


def run(var: Path, first_port: int, *, check: bool) -> int:
    """Start all there is, then wait for Ctrl-C, or with `check` for the main job's exit code."""
    started = time.monotonic()
    os.environ["PORTAL_CLOCK_SHIFT"] = clock_shift(var)
    say("Services")
    own = own_services(var)
    with services(var) as addresses:
        os.environ.update(addresses)
        is_new = migrate_if_changed()
        collect_static(var)
        with listen_on_loopback(first_port) as sockets, Supervisor(var / "log") as processes:
            port = sockets[0].getsockname()[1]
            url = os.environ["PORTAL_ADDRESS"] = f"http://localhost:{port}"
            processes.start("worker", worker())
            processes.start("sweeper", [*MANAGE, "sweep"])
            if is_new or not (var / "demo.json").exists():
                say("Sample data")
                subprocess.run([*MANAGE, "load_demo"], check=True)
            publish(var, url)
            descriptors = tuple(listener.fileno() for listener in sockets)
            processes.start("web", web(descriptors), keep=descriptors)
            wait_until_ready(port)
            say(f"The portal listens on {url} (ready after {time.monotonic() - started:.0f} s)")
            if check:
                journey = [sys.executable, "-m", "tests.journeys.main_job", "--url", url]
                return subprocess.run(journey, cwd=ROOT).returncode
            say(f"Who may sign in stands in {var / 'demo.json'}, mail in {var / 'mail'}")
            say("Ctrl-C stops it")
            processes.watch(beside=lambda: look_after(var, own))
    return 0


def collect_static(var: Path) -> None:
    """Gather the front end's files, unless they are those gathered last time."""
    sources = [ROOT / "requirements.txt", ROOT / "static" / "package-lock.json"]
    sources += sorted(path for path in (ROOT / "static" / "src").rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.name.encode() + path.read_bytes())
    stamp = var / "static" / ".collected"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        say("Static files")
        subprocess.run([*MANAGE, "collectstatic", "--noinput", "--verbosity=0"], check=True)
        stamp.write_text(digest.hexdigest())


def look_after(var: Path, own: list[Postgres | Valkey]) -> None:
    """Start PostgreSQL or Valkey again when one has died under the demo, and say so."""
    try:
        for name in revive(var, own):
            say(f"{name} had ended; it runs again")
    except ServiceFailed as failure:
        say(f"A service has ended and does not start: {failure}")


def worker() -> list[str]:
    """The command that works on jobs."""
    return [
        *(sys.executable, "-m", "celery", "--app", "portal", "worker", "--loglevel=INFO"),
        *("--pool=prefork", "--without-gossip", "--without-mingle"),
    ]


def web(descriptors: tuple[int, ...]) -> list[str]:
    """The command that serves pages on sockets already listening."""
    return [
        *(sys.executable, "-m", "gunicorn", "portal.wsgi", "--workers=2", "--threads=4"),
        # Loaded once, before the workers are forked.
        "--preload",
        *("--no-control-socket", "--timeout=60", "--graceful-timeout=5"),
        *(f"--bind=fd://{descriptor}" for descriptor in descriptors),
    ]


def wait_until_ready(port: int) -> None:
    """Return when the portal answers; fail when it does not in time."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            visit = http.client.HTTPConnection("localhost", port, timeout=5)
            visit.request("GET", "/health/")
            if visit.getresponse().status == HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise ServiceFailed("the portal does not answer. Its words stand in log/web.log below var/.")


def publish(var: Path, url: str) -> None:
    """Write the address into demo.json, beside the users that load_demo has put there."""
    path = var / "demo.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(known | {"url": url}, indent=2) + "\n", encoding="utf-8")


def clock_shift(var: Path) -> str:
    """Seconds between the demo's clock and the real one, the same on every run."""
    path = var / "clock-shift"
    if not path.exists():
        shift = FIRST_NOW - datetime.now(UTC)
        path.write_text(str(round(shift.total_seconds())), encoding="ascii")
    return path.read_text(encoding="ascii")


def reset(var: Path) -> None:
    """Throw away all the demo has kept; refused while somebody uses its services."""
    if os.environ.get("DATABASE_URL"):
        raise ServiceFailed("--reset leaves a database in DATABASE_URL alone. Empty it yourself.")
    if not stop_services(var):
        raise ServiceFailed("another command uses the services in var/. Let it end first.")
    say("Starting over")
    for path in var.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix != ".lock":
            path.unlink()


@contextmanager
def only_demo_in(var: Path) -> Iterator[None]:
    """Hold the folder: two demos on one database would take each other's jobs."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceFailed(
                f"a demo already runs in {var}; its address stands in demo.json there."
                " Stop it first, or set PORTAL_VAR to another folder."
            ) from None
        yield


def say(words: str) -> None:
    """One line of progress."""
    print(f"==> {words}", file=sys.stderr, flush=True)


def _stop_like_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

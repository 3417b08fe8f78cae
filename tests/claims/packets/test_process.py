"""A document is set apart: it costs no more than it may, and takes nothing with it when it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import connection

from claims.packets import document, pdf
from claims.packets.enclosures import enclosures
from claims.packets.parts import Imprint
from claims.packets.process import (
    Died,
    Limits,
    NotInTime,
    TookTooLong,
    TookTooMuchMemory,
    apart,
    write_apart,
)
from portal.accounts.models import User
from tests.claims.packets.sample import CERTIFIED_AT, packet_facts

SMALL = '<html lang="en"><title>x</title><h1>x</h1></html>'
ENDLESS = f'<html lang="en"><title>x</title><table>{"<tr><td>x<td>y" * 20_000}</table></html>'
LOOPBACK = ("127.0.0.1", 0)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes forked here. A browser or a worker of other tests may be a child of ours too."""
    numbers: list[int] = []
    fork = os.fork

    def noted() -> int:
        number = fork()
        numbers.append(number)
        return number

    monkeypatch.setattr(os, "fork", noted)
    return numbers


def none_left(forked: list[int]) -> bool:
    """Whether what was forked has ended and has been seen off."""
    assert forked
    return not any(Path(f"/proc/{number}").exists() for number in forked)


def test_a_document_set_apart_has_the_bytes_of_one_set_here(forked: list[int]) -> None:
    facts = packet_facts(3, decided=True)
    html = document.main_html(facts, Imprint("0" * 32, "https://portal.example/verify/"))
    parts = html, enclosures(facts), facts.closed_at, "a packet"
    assert write_apart(*parts) == pdf.write(*parts)
    assert none_left(forked)


def test_a_large_result_comes_whole() -> None:
    assert apart(lambda: bytes(30_000_000)) == bytes(30_000_000)


@pytest.mark.parametrize("megabytes", [1, 20, 80])
def test_a_document_that_takes_too_much_memory_is_ended(megabytes: int, forked: list[int]) -> None:
    with pytest.raises(TookTooMuchMemory):
        write_apart(ENDLESS, (), CERTIFIED_AT, "", Limits(memory_bytes=megabytes * 1_000_000))
    assert none_left(forked)


def test_a_document_that_takes_too_much_computing_is_ended(forked: list[int]) -> None:
    with pytest.raises(TookTooLong):
        write_apart(ENDLESS, (), CERTIFIED_AT, "", Limits(computing_seconds=1))
    assert none_left(forked)


@pytest.mark.parametrize("stopped", [False, True])
def test_a_document_that_takes_too_long_is_ended_even_if_it_computes_nothing(
    stopped: bool, forked: list[int]
) -> None:
    def wait() -> bytes:
        if stopped:
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(30)
        return b""

    began_at = time.monotonic()
    with pytest.raises(NotInTime):
        apart(wait, Limits(wall_seconds=0.3))
    assert time.monotonic() - began_at < 10
    assert none_left(forked)


def test_a_process_that_is_killed_is_a_reason_and_no_result() -> None:
    def die() -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("it lives")

    with pytest.raises(Died, match="-9"):
        apart(die)


def test_a_document_that_asks_for_something_outside_says_for_what() -> None:
    html = '<html lang="en"><title>x</title><img src="http://portal.example/x.png" alt="">'
    with pytest.raises(pdf.OutsideResource, match=r"http://portal\.example/x\.png"):
        write_apart(html, (), CERTIFIED_AT, "")


def connects() -> bytes:
    """Reach for the network past the renderer."""
    with socket.create_server(LOOPBACK):
        return b"reached"


def starts_a_program() -> bytes:
    """Start what is installed on the machine."""
    return subprocess.check_output(["true"])


@pytest.mark.parametrize("work", [connects, starts_a_program, os.fork])
def test_the_process_reaches_no_network_and_starts_nothing(work: Callable[[], bytes]) -> None:
    with pytest.raises(Died):
        apart(work)


@pytest.mark.django_db
def test_the_process_has_no_database_and_leaves_ours_alone() -> None:
    connection.ensure_connection()
    here = connection.connection.info.backend_pid
    with pytest.raises(Died):
        apart(lambda: bytes(User.objects.count()))
    assert User.objects.count() == 0
    assert connection.connection.info.backend_pid == here


def test_who_waits_may_be_interrupted_and_leaves_no_process_behind(forked: list[int]) -> None:
    def interrupt(number: int, frame: object) -> NoReturn:
        raise InterruptedError

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(InterruptedError):
            write_apart(ENDLESS, (), CERTIFIED_AT, "")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert none_left(forked)


def test_a_worker_that_may_have_no_children_of_its_own_sets_documents_too() -> None:
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)

    def work() -> None:
        writer.send_bytes(write_apart(SMALL, (), CERTIFIED_AT, ""))

    process = context.Process(target=work, daemon=True)
    process.start()
    assert reader.poll(30)
    assert reader.recv_bytes() == pdf.write(SMALL, (), CERTIFIED_AT, "")
    process.join(10)
    assert process.exitcode == 0

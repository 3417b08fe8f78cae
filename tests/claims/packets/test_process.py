"""A document is set apart: it costs no more than it may, and takes nothing with it when it ends."""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import connection
from django.template import TemplateSyntaxError

from claims.packets import document, pdf, process
from claims.packets.enclosures import enclosures
from claims.packets.parts import Imprint
from claims.packets.process import (
    Built,
    Died,
    Limits,
    NotBuilt,
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


def endless() -> Built:
    """A document that takes seconds and hundreds of megabytes."""
    return ENDLESS, ()


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
    enclosed = enclosures(facts)
    written = write_apart(lambda: (html, enclosed), facts.closed_at, "a packet")
    assert written.content == pdf.write(html, enclosed, facts.closed_at, "a packet")
    assert written.enclosures == [
        {
            "name": one.name,
            "sha256": hashlib.sha256(one.content).hexdigest(),
            "size": len(one.content),
        }
        for one in enclosed
    ]
    assert none_left(forked)


def test_a_large_result_comes_whole() -> None:
    assert apart(lambda: bytes(30_000_000)) == bytes(30_000_000)


@pytest.mark.parametrize("megabytes", [1, 20, 80])
def test_a_document_that_takes_too_much_memory_is_ended(megabytes: int, forked: list[int]) -> None:
    with pytest.raises(TookTooMuchMemory):
        write_apart(endless, CERTIFIED_AT, "", Limits(memory_bytes=megabytes * 1_000_000))
    assert none_left(forked)


def test_a_document_that_takes_too_much_computing_is_ended(forked: list[int]) -> None:
    with pytest.raises(TookTooLong):
        write_apart(endless, CERTIFIED_AT, "", Limits(computing_seconds=1))
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


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP, signal.SIGBUS])
def test_a_crash_near_the_limit_of_memory_is_about_memory_and_another_is_not(
    number: signal.Signals,
) -> None:
    def crash(megabytes: int) -> NoReturn:
        _held = b"x" * megabytes * 1_000_000
        os.kill(os.getpid(), number)
        raise AssertionError("it lives")

    limits = Limits(memory_bytes=300_000_000)
    with pytest.raises(TookTooMuchMemory):
        apart(partial(crash, 250), limits)
    with pytest.raises(Died, match=f"-{number}"):
        apart(partial(crash, 20), limits)


def test_what_is_built_counts_too(forked: list[int]) -> None:
    def too_large() -> Built:
        return SMALL, (pdf.Enclosure("x", "x", "Data", bytes(200_000_000)),)

    with pytest.raises(TookTooMuchMemory):
        write_apart(too_large, CERTIFIED_AT, "", Limits(memory_bytes=100_000_000))
    assert none_left(forked)


def test_a_fault_in_a_template_is_told_as_a_fault_however_much_memory_there_was(
    tmp_path: Path,
) -> None:
    def faulty() -> Built:
        _held = bytes(90_000_000)
        raise TemplateSyntaxError("no such tag")

    entries = logging.FileHandler(tmp_path / "log", delay=True)
    process.log.addHandler(entries)
    try:
        with pytest.raises(NotBuilt, match="TemplateSyntaxError"):
            write_apart(faulty, CERTIFIED_AT, "", Limits(memory_bytes=100_000_000))
    finally:
        process.log.removeHandler(entries)
    assert "no such tag" in (tmp_path / "log").read_text()


def test_a_child_whose_beginning_fails_does_not_go_on_with_its_parents_work(
    monkeypatch: pytest.MonkeyPatch, forked: list[int]
) -> None:
    here = os.getpid()

    def fails_in_the_child(*_: object) -> int:
        if os.getpid() == here:
            return 0
        raise OSError("no more files")

    with monkeypatch.context() as broken:
        broken.setattr("claims.packets.process._memory", fails_in_the_child)
        broken.setattr("claims.packets.process._limit", fails_in_the_child)
        try:
            with pytest.raises(Died, match="ended with 1"):
                apart(lambda: b"")
        finally:
            if os.getpid() != here:
                os._exit(9)
    assert none_left(forked)


def test_a_document_that_asks_for_something_outside_says_for_what() -> None:
    html = '<html lang="en"><title>x</title><img src="http://portal.example/x.png" alt="">'
    with pytest.raises(pdf.OutsideResource, match=r"http://portal\.example/x\.png"):
        write_apart(lambda: (html, ()), CERTIFIED_AT, "")


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
            write_apart(endless, CERTIFIED_AT, "")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert none_left(forked)


def test_a_worker_that_may_have_no_children_of_its_own_sets_documents_too() -> None:
    context = multiprocessing.get_context("fork")
    reader, writer = context.Pipe(duplex=False)

    def work() -> None:
        writer.send_bytes(write_apart(lambda: (SMALL, ()), CERTIFIED_AT, "").content)

    worker = context.Process(target=work, daemon=True)
    worker.start()
    assert reader.poll(30)
    assert reader.recv_bytes() == pdf.write(SMALL, (), CERTIFIED_AT, "")
    worker.join(10)
    assert worker.exitcode == 0

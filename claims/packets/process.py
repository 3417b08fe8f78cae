"""Building and setting a document in a process of its own: what its content costs, it costs there.

The process is forked from one in which the renderer is loaded, which takes milliseconds instead of
seconds. It has limits of memory and time, and of what is open in its parent it keeps only the pipe
that its result goes through: no database, no broker. It may not start programs or reach a network.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, NoReturn

import msgspec
from django.template.loader import render_to_string

from claims.packets import pdf
from portal.jobs.registry import Fruitless

log = logging.getLogger(__name__)

Built = tuple[str, tuple[pdf.Enclosure, ...]]
"""The HTML of a document and what is attached to it."""

_DONE, _FAILED, _NO_MEMORY, _OUTSIDE, _NOT_BUILT = 0, 1, 3, 4, 5
_CRASHES = frozenset({signal.SIGSEGV, signal.SIGABRT, signal.SIGTRAP, signal.SIGBUS})
_READ_BYTES = 1 << 20
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


class TookTooLong(Fruitless):
    """Setting the document took more computing than it may."""


class NotInTime(RuntimeError):
    """The document was not set in the time it may take; a machine with less to do may set it."""


class TookTooMuchMemory(Fruitless):
    """Setting the document took more memory than it may."""


class Died(RuntimeError):
    """The process ended without a result and without saying why."""


class NotBuilt(RuntimeError):
    """The pages' words or the attached files could not be put together: a fault of the portal."""


class Written(NamedTuple):
    """A document, and its attached files by name, hash and size."""

    content: bytes
    enclosures: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost: memory beyond that of its parent, computing, time in all.

    500 officers with seven lines each take 420 MB and 14 seconds on a machine with nothing else to do, the
    fullest document there can be (`parts`) 540 MB and 18 seconds. All that people can write in the tables
    of single entries adds about 15 seconds of computing. A job is ended by force after two minutes and must
    have been told before.
    """

    memory_bytes: int = 1_000_000_000
    computing_seconds: int = 60
    wall_seconds: float = 90


LIMITS = Limits()


def write_apart(
    build: Callable[[], Built], made_at: datetime, seed: str, limits: Limits = LIMITS
) -> Written:
    """What `pdf.write` gives of what `build` gives, both computed apart.

    Else NotBuilt, OutsideResource, Died, or why it took more than the limits.
    """
    _load()
    listed, _, content = apart(partial(_written, build, made_at, seed), limits).partition(b"\n")
    return Written(content, msgspec.json.decode(listed))


def apart(work: Callable[[], bytes], limits: Limits = LIMITS) -> bytes:
    """What `work` returns, computed in a process of its own that ends with it."""
    ends_at = monotonic() + limits.wall_seconds
    mapped, held = _memory("VmSize"), _memory("VmRSS")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _alone(work, writer, limits, mapped)
    os.close(writer)
    try:
        said = _read(reader, ends_at)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        raise
    finally:
        os.close(reader)
        _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if -code in _CRASHES and used.ru_maxrss * 1024 - held > limits.memory_bytes // 2:
        # A library in C that gets no memory goes on without it. Of what it asked for it had not used all.
        code = _NO_MEMORY
    return _result(said, code)


@cache
def _load() -> None:
    """Load renderer, templates and typefaces here, by a packet of nothing, so that no child has to."""
    nothing = render_to_string("packets/packet.html")
    pdf.write(nothing, (), datetime.fromtimestamp(0, UTC), "")


def _written(build: Callable[[], Built], made_at: datetime, seed: str) -> bytes:
    """The list of the attached files as a line of JSON, then the document."""
    html, enclosures = _built(build)
    listed = [
        {"name": one.name, "sha256": sha256(one.content).hexdigest(), "size": len(one.content)}
        for one in enclosures
    ]
    return msgspec.json.encode(listed) + b"\n" + pdf.write(html, enclosures, made_at, seed)


def _built(build: Callable[[], Built]) -> Built:
    try:
        return build()
    except MemoryError:
        raise
    except Exception as error:
        raise NotBuilt(f"Building the document failed: {type(error).__name__}.") from error


def _read(reader: int, ends_at: float) -> bytes:
    """All that comes until the other end is closed, which happens when the child ends."""
    parts: list[bytes] = []
    while select.select([reader], [], [], max(ends_at - monotonic(), 0))[0]:
        part = os.read(reader, _READ_BYTES)
        if not part:
            return b"".join(parts)
        parts.append(part)
    raise NotInTime("The document was not set in the time it may take.")


def _result(said: bytes, code: int) -> bytes:
    if code == _DONE:
        return said
    if code == _OUTSIDE:
        raise pdf.OutsideResource(said.decode())
    if code == _NOT_BUILT:
        raise NotBuilt(said.decode())
    if code == _NO_MEMORY:
        raise TookTooMuchMemory("Setting the document took more memory than it may.")
    if code == -signal.SIGALRM:
        raise NotInTime("The document was not set in the time it may take.")
    if code == -signal.SIGXCPU:
        raise TookTooLong("Setting the document took more computing than it may.")
    raise Died(f"The process that set the document ended with {code}.")


def _alone(work: Callable[[], bytes], writer: int, limits: Limits, mapped: int) -> NoReturn:
    """The child's whole life. It never returns into what its parent was doing.

    `mapped` is the address space that it began with, in bytes.
    """
    code = _FAILED
    try:
        _close_all_but(writer)
        _leave_signals_to_the_system()
        _limit(limits, mapped)
        # The memory goes with the process, not cell by cell; looking for cycles took a quarter.
        gc.freeze()
        gc.disable()
        sys.addaudithook(_refuse)
        _write(writer, work())
        code = _DONE
    except MemoryError:
        code = _NO_MEMORY
    except pdf.OutsideResource as error:
        _write(writer, str(error).encode())
        code = _OUTSIDE
    except NotBuilt as error:
        log.exception("a document could not be built")
        _write(writer, str(error).encode())
        code = _NOT_BUILT
    except BaseException:
        # A library that gets no memory may say anything.
        if _memory("VmPeak") - mapped > limits.memory_bytes * 3 // 4:
            code = _NO_MEMORY
        log.exception("a document could not be set")
    finally:
        os._exit(code)


def _close_all_but(writer: int) -> None:
    os.closerange(3, writer)
    os.closerange(writer + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _leave_signals_to_the_system() -> None:
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)


def _memory(which: str) -> int:
    """The bytes of memory that the process has mapped (`VmSize`), had at most (`VmPeak`), holds (`VmRSS`)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{which}:", 1)[1].split(None, 1)[0]) * 1024


def _limit(limits: Limits, has: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (has + limits.memory_bytes,) * 2)
    # With nothing between the two, the system would kill without saying that it is about time.
    seconds = limits.computing_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Its parent ends it by the clock; this is for when the parent itself was ended.
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for a process that sets a document")


def _write(writer: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(writer, rest) :]

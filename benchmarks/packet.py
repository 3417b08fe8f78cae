"""`bin/benchmark packet`: a packet against its bare rendering, and against a table row per payroll line.

The product's way is all that makes a document: reading the stored calculation and checking its hash, the
words of the pages, the files inside it, and the PDF set in a process of its own.
"""

from __future__ import annotations

import dataclasses
import json
import resource
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from time import perf_counter
from typing import Any

from benchmarks.measuring import Goal, Way, measure, report
from benchmarks.naive_packet import bare, naive
from benchmarks.payroll_files import ALL, QUARTER, payroll_csv, roster_csv
from benchmarks.people import load_roster, office
from benchmarks.room import room

NOW = datetime(2026, 1, 20, 15, tzinfo=UTC)
SIZES = (77, 385, 2_100)
HALF, LARGE = 350, 35_000
MEGABYTES = 300

GOALS = (
    *(Goal(f"9 {n:,} rows: bare rendering", 1.1, f"packet {n}", f"bare {n}") for n in SIZES),
    *(Goal(f"9 {n:,} rows: a table row per line", 0.4, f"packet {n}", f"naive {n}") for n in SIZES),
    Goal("10 an empty page: bare rendering", 0.6, "empty page", "bare empty page"),
    Goal("10 nobody listed: bare rendering", 0.6, "packet of nobody", "bare of nobody"),
    Goal("10 2,100 rows: 1.2 times 350 by the row", 7.2, "packet 2100", f"packet {HALF}"),
)


def main() -> None:
    """Measure and print goals 9 and 10."""
    parser = ArgumentParser(prog="bin/benchmark packet", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is run")
    parser.add_argument("--large", type=int, default=LARGE, help="rows of the claim in volumes")
    parser.add_argument(
        "--volumes-of", metavar="PACKET", help="make one large packet, say its cost"
    )
    options = parser.parse_args()
    if options.volumes_of:
        print(json.dumps(_volumes(options.volumes_of)))
        return
    with room():
        _measure(options.rounds, options.large)


def _measure(rounds: int, large: int) -> None:
    from django.db import connection

    from portal.kernel import clock

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    with clock.clock_at(NOW):
        packets = {rows: _certified(rows) for rows in (*SIZES, HALF, large)}
        _say_peak(packets.pop(large), large)
        _make(packets[HALF])  # what is loaded once per process is loaded now
        report(measure(dict(_ways(packets)), rounds, backend), GOALS)


def _certified(rows: int) -> str:
    """The packet of a claim with so many payroll lines, signed and waiting to be made."""
    from claims.models import Claim, Packet
    from claims.services.claims import perform
    from claims.services.payroll import receive_payroll
    from portal.intake.uploads import Upload
    from portal.jobs.queue import silent_doorbell
    from portal.jobs.running import run_due

    preparer, certifier, _ = office(f"County {rows}")
    load_roster(preparer, roster_csv(rows))
    with silent_doorbell():
        receive_payroll(
            actor=preparer,
            agency=preparer.agency,
            quarter=QUARTER,
            upload=Upload("payroll.csv", "text/csv", [payroll_csv(rows, ALL)]),
        )
        run_due()
        version: Any = Claim.objects.get(agency=preparer.agency).version
        for actor, code in ((preparer, "ready"), (certifier, "certify")):
            version = perform(
                actor=actor,
                version=version,
                code=code,
                shown_sha256=version.calculation.sha256,
                title="Sheriff",
            )
    return str(Packet.objects.get(version=version).pk)


def _ways(packets: dict[int, str]) -> Iterator[tuple[str, Way]]:
    from claims.packets.pdf import write
    from claims.packets.process import write_apart
    from claims.pipeline.packet import load

    for rows, pk in packets.items():
        yield f"packet {rows}", Way(partial(_make, pk))
        if rows in SIZES:
            facts = load(_packet(pk))
            yield f"bare {rows}", Way(bare(_html(facts)))
            yield f"naive {rows}", Way(naive(facts, _context(facts)))
    nobody = _without_officers(load(_packet(packets[SIZES[0]])))
    yield "packet of nobody", Way(partial(_set, nobody))
    yield "bare of nobody", Way(bare(_html(nobody)))
    page = '<html lang="en"><head><title>x</title></head><h1>x</h1></html>'
    yield "empty page", Way(partial(write_apart, lambda: (page, ()), NOW, "benchmark"), times=5)
    yield "  not set apart", Way(partial(write, page, (), NOW, "benchmark"), times=5)
    yield "bare empty page", Way(bare(page), times=5)


def _make(pk: str) -> bytes:
    from claims.pipeline.packet import load

    return _set(load(_packet(pk)))


def _set(facts: Any) -> bytes:
    from claims.packets.enclosures import enclosures
    from claims.packets.process import write_apart

    def build() -> Any:
        return _html(facts), enclosures(facts)

    return write_apart(build, facts.closed_at, "benchmark").content


def _html(facts: Any) -> str:
    from claims.packets.document import main_html

    return main_html(facts, _imprint())


def _context(facts: Any) -> dict[str, Any]:
    from claims.packets.document import main_context

    return main_context(facts, _imprint())


def _imprint() -> Any:
    from claims.packets.parts import Imprint

    return Imprint("0" * 32, "https://portal.example/verify/?code=" + "0" * 32)


def _packet(pk: str) -> Any:
    from claims.models import Packet

    return Packet.objects.select_related(
        "version__claim__agency",
        "version__claim__follows",
        "version__calculation",
        "version__certification",
    ).get(pk=pk)


def _without_officers(facts: Any) -> Any:
    calculation = facts.calculation
    return dataclasses.replace(
        facts,
        calculation=dataclasses.replace(
            calculation,
            claim=dataclasses.replace(calculation.claim, officers=()),
            result=dataclasses.replace(calculation.result, officers=()),
        ),
    )


def _say_peak(pk: str, rows: int) -> None:
    """Make the large packet in a process that did nothing before, and print what it took."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.packet", "--volumes-of", pk],
        stdout=subprocess.PIPE,
        check=True,
    )
    cost = json.loads(said.stdout)
    print(f"{rows:,} rows: {cost['documents']} documents in {cost['seconds']:.0f} s")
    for name in ("worker", "apart"):
        met = "yes" if cost[name] <= MEGABYTES else "no"
        print(f"10 at most {MEGABYTES} MB, {name}: {cost[name]:.0f} MB  {met}")
    print()


def _volumes(pk: str) -> dict[str, float]:
    """Seconds, documents, and megabytes at most held by this process and by those set apart."""
    import django

    django.setup()
    from portal.jobs.queue import silent_doorbell
    from portal.jobs.running import run

    began_at = perf_counter()
    with silent_doorbell():
        while not (packet := _packet(pk)).is_made:
            assert not packet.job.is_finished, packet.reason
            run(packet.job_id)
    return {
        "documents": packet.files.exclude(part="manifest").count(),
        "seconds": perf_counter() - began_at,
        "worker": _peak(resource.RUSAGE_SELF),
        "apart": _peak(resource.RUSAGE_CHILDREN),
    }


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()

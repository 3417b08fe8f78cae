"""Measuring several ways of doing a thing side by side: interleaved, in random order, medians."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Cost(NamedTuple):
    """Seconds: of processors (this process, its children, the database's backend), and of the clock."""

    cpu: float
    wall: float


class Way(NamedTuple):
    """One way of doing a thing; `prepare` runs before each round and is not measured."""

    run: Callable[[], object]
    prepare: Callable[[], object] = lambda: None
    times: int = 1


class Goal(NamedTuple):
    """A limit of processor time, `way` to `baseline`."""

    name: str
    at_most: float
    way: str
    baseline: str


def measure(ways: Mapping[str, Way], rounds: int, backend: int) -> dict[str, list[Cost]]:
    """The cost of every way in every round, for one of its `times`; `backend` is a process id.

    Each round runs all ways once, in an order drawn by lot: what else the machine does meets them all.
    """
    lot = random.Random(287)  # noqa: S311 - an order, not a secret
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in lot.sample(list(ways), len(ways)):
            way = ways[name]
            cpu = wall = 0.0
            for _ in range(way.times):
                way.prepare()
                before = _now(backend)
                way.run()
                after = _now(backend)
                cpu += after.cpu - before.cpu
                wall += after.wall - before.wall
            costs[name].append(Cost(cpu / way.times, wall / way.times))
    return costs


def ratio(costs: Mapping[str, list[Cost]], one: str, other: str) -> Cost:
    """How many times the cost of `other` the cost of `one` is: the median over the rounds."""
    pairs = list(zip(costs[one], costs[other], strict=True))
    return Cost(
        median(a.cpu / b.cpu for a, b in pairs),
        median(a.wall / b.wall for a, b in pairs),
    )


def typical(costs: list[Cost]) -> Cost:
    """The median cost."""
    return Cost(median(cost.cpu for cost in costs), median(cost.wall for cost in costs))


def report(costs: Mapping[str, list[Cost]], goals: Iterable[Goal]) -> None:
    """Print what was measured, and which goals that meets."""
    print(f"{'way':<24}{'CPU ms':>10}{'clock ms':>10}")
    for name, each in costs.items():
        cpu, wall = typical(each)
        print(f"{name:<24}{cpu * 1000:>10.2f}{wall * 1000:>10.2f}")
    print(f"\n{'goal':<54}{'at most':>8}{'CPU':>7}{'clock':>7}  met")
    for goal in goals:
        cpu, wall = ratio(costs, goal.way, goal.baseline)
        met = "yes" if cpu <= goal.at_most else "no"
        print(f"{goal.name:<54}{goal.at_most:>8.2f}{cpu:>7.2f}{wall:>7.2f}  {met}")


def _now(backend: int) -> Cost:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The scheduler's own account, in nanoseconds; the usual one counts hundredths of a second.
    nanoseconds = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0])
    own = time.process_time() + children.ru_utime + children.ru_stime
    return Cost(own + nanoseconds / 1e9, time.perf_counter())

"""Clocks. Calls to be compared take turns, so that what else the machine does hits them alike."""

from __future__ import annotations

import gc
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
Timed = tuple[Any, float, float]
"""What a call returned, its wall seconds, and its CPU seconds."""

Clocked = Callable[[int], Timed]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of many calls: wall, and CPU of all threads."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def p50(self) -> float:
        return statistics.median(self.wall)

    @property
    def p99(self) -> float:
        return sorted(self.wall)[min(len(self.wall) - 1, int(0.99 * len(self.wall)))]

    @property
    def cpu50(self) -> float:
        return statistics.median(self.cpu)

    def __str__(self) -> str:
        return f"{_short(self.p50)} ms (cpu {_short(self.cpu50)})"


def _short(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def timed(call: Callable[[], T]) -> tuple[T, float, float]:
    """What a call returns, its wall seconds, and its CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = call()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def in_turns(calls: Mapping[str, Callable[[int], object]], times: int, warm: int = 3) -> dict[str, Times]:
    """Each of the calls with the numbers 0..times-1, one after the other."""

    def clocked(call: Callable[[int], object]) -> Clocked:
        return lambda number: timed(lambda: call(number))

    return turns({name: clocked(call) for name, call in calls.items()}, times, warm)[0]


def turns(
    calls: Mapping[str, Clocked], times: int, warm: int = 3
) -> tuple[dict[str, Times], dict[str, list[Any]]]:
    """The same of calls that are clocked elsewhere; and what each returned, without the warming up."""
    measured: dict[str, list[Timed]] = {name: [] for name in calls}
    gc.collect()
    for number in range(-warm, times):
        for name, call in calls.items():
            found = call(abs(number))
            if number >= 0:
                measured[name].append(found)
    times_of = {
        name: Times(*(tuple(1000 * one[column] for one in found) for column in (1, 2)))
        for name, found in measured.items()
    }
    return times_of, {name: [one[0] for one in found] for name, found in measured.items()}


def process(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[str, float, float]:
    """Run Python on its own: what it prints, its wall and CPU seconds. Raises CalledProcessError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

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
from typing import TypeVar

T = TypeVar("T")


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
    measured: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in calls}
    gc.collect()
    for number in range(-warm, times):
        for name, call in calls.items():
            _, wall, cpu = timed(lambda call=call, number=number: call(abs(number)))  # type: ignore[misc]
            if number >= 0:
                measured[name][0].append(1000 * wall)
                measured[name][1].append(1000 * cpu)
    return {name: Times(tuple(wall), tuple(cpu)) for name, (wall, cpu) in measured.items()}


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

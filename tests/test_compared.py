"""Calls that are compared run in processes of their own. A file of its own: those processes read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.sides import Calls, Side
from benchmarks.timing import turns


@contextmanager
def counting(first: int) -> Iterator[Calls]:
    asked: list[int] = []

    def ask(number: int) -> tuple[int, int, int]:
        asked.append(number)
        return first + number, len(asked), os.getpid()

    yield {"ask": ask}


def test_sides_run_in_processes_of_their_own_and_hand_back_what_they_found() -> None:
    with Side(counting, 10) as one, Side(counting, 20) as other:
        times, found = turns({"one": one.clocked("ask"), "other": other.clocked("ask")}, 2, warm=1)
        (first, *_, place), (_, count, elsewhere) = found["one"]
        assert [answer[0] for answer in found["other"]] == [20, 21]
        assert (first, count) == (10, 3), "warming up is asked, and left out"
        assert len({place, found["other"][0][2], os.getpid()}) == 3
        assert place == elsewhere
        assert times["one"].cpu50 < 50
        with pytest.raises(RuntimeError, match="has ended"):
            one.ask("what it has not")

"""All vectors of a library in memory, to compare a question with some or all of them exactly.

Rows stand in the order of the papers' texts, so that a paper is one run of rows and a filter needs no list of
passages. They come from the catalogue, and are fetched anew only where they are new.

`vecdot` reads the rows as fast as memory gives them, on one core. `rows @ vector` would wake a thread for
each core and wait for the last of them: 16 ms instead of 0.1 for 5,000 rows, where the cores have other work.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue

SMALL = 12_000
"""Rows that are fetched at once, in some 50 ms: sooner done than Chroma is opened."""

BLOCK = 1024  # scattered rows that are copied together at a time: 1.5 MB stay in the processor's cache
RUN = 8  # rows; runs that are longer on average are compared where they stand, without copying
FETCHED = 4000  # rows of one query, after each of which a build can be stopped

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Matrix:
    """The vectors of one generation of a library. Never changes."""

    generation: int
    rows: Vectors  # [parts, dimensions], unit length
    keys: Sequence[str]  # of each row
    chunk_ids: Sequence[str]
    first: Numbers  # the rows of chunk n are first[n]:first[n + 1]
    papers: Mapping[str, tuple[int, int]]  # the rows of each paper: from, to
    owner: NDArray[np.int32] = field(repr=False)  # the number of each row's chunk

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.chunk_ids)}

    def size_of(self, papers: Collection[str]) -> int:
        """How many rows these papers have."""
        return sum(end - start for start, end in map(self._run, papers))

    def nearest(self, vector: Vectors, k: int, papers: AbstractSet[str] | None = None) -> dict[str, float]:
        """The k chunks nearest to a unit vector with their cosines, of these papers only if any are given."""
        if papers is None:
            return self._best(np.vecdot(self.rows, vector), self.owner, k)
        runs = _joined(sorted(run for run in map(self._run, papers) if run[0] < run[1]))
        if not runs:
            return {}
        chosen = _numbers_in(runs)
        return self._best(self._compared(vector, runs, chosen), self.owner[chosen], k)

    def cosines(self, vector: Vectors, chunk_ids: Sequence[str]) -> dict[str, float]:
        """The cosine of each of these chunks, of its best part; those that are not here are left out."""
        numbers = [number for name in chunk_ids if (number := self._numbers.get(name)) is not None]
        if not numbers:
            return {}
        chosen = _numbers_in([(int(self.first[n]), int(self.first[n + 1])) for n in numbers])
        starts = np.concatenate(([0], np.cumsum(self.first[np.add(numbers, 1)] - self.first[numbers])[:-1]))
        best = np.maximum.reduceat(self._scattered(vector, chosen), starts)
        return {self.chunk_ids[n]: score for n, score in zip(numbers, best.tolist(), strict=True)}

    def _run(self, paper: str) -> tuple[int, int]:
        return self.papers.get(paper, (0, 0))

    def _compared(self, vector: Vectors, runs: Sequence[tuple[int, int]], chosen: Numbers) -> Vectors:
        """The cosines of the chosen rows, in the cheapest of three ways."""
        if len(chosen) >= RUN * len(runs):
            return np.concatenate([np.vecdot(self.rows[start:end], vector) for start, end in runs])
        if len(chosen) * 2 < len(self.rows):
            return self._scattered(vector, chosen)
        return np.asarray(np.vecdot(self.rows, vector)[chosen])

    def _scattered(self, vector: Vectors, chosen: Numbers) -> Vectors:
        scores = np.empty(len(chosen), np.float32)
        for at in range(0, len(chosen), BLOCK):
            some = chosen[at : at + BLOCK]
            scores[at : at + BLOCK] = np.vecdot(self.rows[some], vector)
        return scores

    def _best(self, scores: Vectors, owner: NDArray[np.int32], k: int) -> dict[str, float]:
        """The k best chunks. A chunk's parts stand together, and the best of them stands for it."""
        starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
        if len(starts) < len(scores):
            scores, owner = np.maximum.reduceat(scores, starts), owner[starts]
        top = np.argpartition(-scores, k)[:k] if k < len(scores) else np.arange(len(scores))
        top = top[np.lexsort((owner[top], -scores[top]))]
        return {self.chunk_ids[owner[at]]: float(scores[at]) for at in top}


class VectorMemory:
    """Keeps the matrix of the present generation, within `limit_mb`. Thread-safe."""

    def __init__(self, catalogue: Catalogue, limit_mb: int) -> None:
        self._catalogue = catalogue
        self._limit = limit_mb * 1_000_000
        self._guard = threading.Lock()
        self._matrix: Matrix | None = None
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._asked = 0

    def matrix(self, generation: int, parts: int, dimensions: int) -> Matrix | None:
        """The matrix of this generation, None where there is none yet, or the limit forbids one.

        A small one is made at once. A large one is made in the background from the second question on: a
        process that asks once is done sooner without it.
        """
        with self._guard:
            held = self._matrix
            if held and held.generation == generation:
                return held
            if parts == 0 or parts * dimensions * 4 > self._limit or self._closed.is_set():
                self._matrix = None
                return None
            if parts <= SMALL:
                self._matrix = build(self._catalogue, generation, held, self._closed)
                return self._matrix
            self._asked += 1
            if self._asked > 1 and not (self._thread and self._thread.is_alive()):
                self._thread = threading.Thread(
                    target=self._build, args=(generation, held), name="vectors", daemon=True
                )
                self._thread.start()
            return None

    def wait(self) -> None:
        """Until a build that is going on has ended."""
        thread = self._thread
        if thread:
            thread.join()

    def close(self) -> None:
        self._closed.set()
        self.wait()

    def _build(self, generation: int, held: Matrix | None) -> None:
        made = build(self._catalogue, generation, held, self._closed)
        if made:
            with self._guard:
                self._matrix = made


def build(catalogue: Catalogue, generation: int, held: Matrix | None, stop: threading.Event) -> Matrix | None:
    """The matrix of a generation, with the rows of an older one where they are the same.

    None where the catalogue has moved on meanwhile, or `stop` was set.
    """
    parts = catalogue.embedded_parts()
    if catalogue.generation != generation or not parts:
        return None
    keys = [key for _, _, key in parts]
    rows = _rows(catalogue, keys, held, stop)
    if rows is None:
        return None
    starts = [at for at, part in enumerate(parts) if at == 0 or part[1] != parts[at - 1][1]]
    papers: dict[str, tuple[int, int]] = {}
    for at, (paper, _, _) in enumerate(parts):
        papers[paper] = (papers[paper][0] if paper in papers else at, at + 1)
    first = np.array([*starts, len(parts)], np.int64)
    return Matrix(
        generation=generation,
        rows=rows,
        keys=keys,
        chunk_ids=[parts[at][1] for at in starts],
        first=first,
        papers=papers,
        owner=np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(first)),
    )


def _rows(
    catalogue: Catalogue, keys: Sequence[str], held: Matrix | None, stop: threading.Event
) -> Vectors | None:
    """The vectors of these keys; None where one is gone from the catalogue, or `stop` was set."""
    known = {key: at for at, key in enumerate(held.keys)} if held else {}
    rows: Vectors | None = None
    for start in range(0, len(keys), FETCHED):
        some = keys[start : start + FETCHED]
        fetched = catalogue.embeddings([key for key in some if key not in known])
        for at, key in enumerate(some, start):
            row = held.rows[known[key]] if held and key in known else fetched.get(key)
            if row is None or stop.is_set():
                return None
            if rows is None:
                rows = np.empty((len(keys), len(row)), np.float32)
            rows[at] = row
    return rows


def _joined(runs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted runs, with those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in runs:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _numbers_in(runs: Sequence[tuple[int, int]]) -> Numbers:
    """Every row number of the runs, in their order."""
    starts, ends = np.array(runs, np.int64).T
    sizes = ends - starts
    offsets = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    return np.asarray(np.arange(sizes.sum()) + np.repeat(starts - offsets, sizes))

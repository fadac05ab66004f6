"""All vectors of a library in memory, to compare a question with some or all of them exactly.

Rows stand in the order of the papers' texts, so that a paper is one run of rows and a filter needs no list of
passages. They come from the catalogue, and are fetched anew only where they are new. Many rows are kept as
int16 with a scale for each, in half the memory: the cosine of such a row is right to 0.00001, and costs half
as much again. (float16 costs twelve times as much: numpy turns it into float32 number by number.)

`vecdot` reads the rows as fast as memory gives them, on one core. `rows @ vector` would wake a thread for
each core and wait for the last of them: 16 ms instead of 0.1 for 5,000 rows, where the cores have other work.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue

SMALL = 12_000
"""Rows that are fetched at once, in some 50 ms: sooner done than Chroma is opened."""

BLOCK = 1024  # scattered rows that are copied together at a time: 1.5 MB stay in the processor's cache
RUN, SCALED_RUN = 30, 100
"""Rows, of float32 and of int16. Longer runs are compared where they stand, shorter ones copied together."""

FETCHED = 4000  # rows of one query, after each of which a build can be stopped
STEPS = 32_767  # of int16, for the largest number of a row

Vectors = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Matrix:
    """The vectors of one generation of a library. Never changes."""

    generation: int
    rows: Vectors | NDArray[np.int16]  # [parts, dimensions]; times their scale, of unit length
    scales: Vectors | None  # of each row of int16; None: the rows are the vectors themselves
    keys: NDArray[np.bytes_]  # of each row
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
            return self._best(self._run_of(vector, 0, len(self.rows)), self.owner, k)
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
        if len(chosen) >= (RUN if self.scales is None else SCALED_RUN) * len(runs):
            return np.concatenate([self._run_of(vector, start, end) for start, end in runs])
        if len(chosen) * 2 < len(self.rows):
            return self._scattered(vector, chosen)
        return self._run_of(vector, 0, len(self.rows))[chosen]

    def _run_of(self, vector: Vectors, start: int, end: int) -> Vectors:
        """The cosines of rows that stand together."""
        if self.scales is None:
            return np.asarray(np.vecdot(self.rows[start:end], vector))
        scores = np.empty(end - start, np.float32)
        for at in range(start, end, BLOCK):
            some = slice(at, min(at + BLOCK, end))
            scores[at - start : some.stop - start] = self._scores(vector, some)
        return scores

    def _scattered(self, vector: Vectors, chosen: Numbers) -> Vectors:
        scores = np.empty(len(chosen), np.float32)
        for at in range(0, len(chosen), BLOCK):
            some = chosen[at : at + BLOCK]
            scores[at : at + BLOCK] = self._scores(vector, some)
        return scores

    def _scores(self, vector: Vectors, which: slice | Numbers) -> Vectors:
        """The cosines of few rows, which are copied."""
        rows = self.rows[which].astype(np.float32, copy=False)
        scores = np.vecdot(rows, vector)
        return np.asarray(scores if self.scales is None else scores * self.scales[which])

    def vectors(self, which: Sequence[int]) -> Vectors:
        """These rows as they were, float32."""
        rows = self.rows[which].astype(np.float32, copy=False)
        return rows if self.scales is None else rows * self.scales[which, np.newaxis]

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
            size = parts * dimensions * (4 if parts <= SMALL else 2)
            if parts == 0 or size > self._limit or self._closed.is_set():
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
    made = _rows(catalogue, keys, held, stop)
    if made is None:
        return None
    starts = [at for at, part in enumerate(parts) if at == 0 or part[1] != parts[at - 1][1]]
    papers: dict[str, tuple[int, int]] = {}
    for at, (paper, _, _) in enumerate(parts):
        papers[paper] = (papers[paper][0] if paper in papers else at, at + 1)
    first = np.array([*starts, len(parts)], np.int64)
    return Matrix(
        generation=generation,
        rows=made[0],
        scales=made[1],
        keys=np.array(keys, "S"),  # a third of the memory of strings
        chunk_ids=[parts[at][1] for at in starts],
        first=first,
        papers=papers,
        owner=np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(first)),
    )


def _rows(
    catalogue: Catalogue, keys: Sequence[str], held: Matrix | None, stop: threading.Event
) -> tuple[Vectors | NDArray[np.int16], Vectors | None] | None:
    """The vectors of these keys, many with scales; None where one is gone, or `stop` was set."""
    known = {key.decode(): at for at, key in enumerate(held.keys.tolist())} if held else {}
    many = len(keys) > SMALL
    rows: NDArray[Any] | None = None
    scales = np.empty(len(keys), np.float32) if many else None
    for start in range(0, len(keys), FETCHED):
        some = _fetched(catalogue, keys[start : start + FETCHED], held, known)
        if some is None or stop.is_set():
            return None
        if rows is None:
            rows = np.empty((len(keys), some.shape[1]), np.int16 if many else np.float32)
        end = start + len(some)
        if scales is not None:
            scales[start:end] = np.maximum(np.abs(some).max(axis=1), np.float32(1e-9)) / STEPS
            some = np.rint(some / scales[start:end, np.newaxis])
        rows[start:end] = some
    return None if rows is None else (rows, scales)


def _fetched(
    catalogue: Catalogue, keys: Sequence[str], held: Matrix | None, known: Mapping[str, int]
) -> Vectors | None:
    """The vectors of some keys as float32, from an older matrix where it has them; None where one is gone."""
    fetched = catalogue.embeddings([key for key in keys if key not in known])
    if any(key not in fetched and key not in known for key in keys):
        return None
    places = [at for at, key in enumerate(keys) if key in known]
    if held is None or not places:
        return np.stack([fetched[key] for key in keys])
    old = held.vectors([known[keys[at]] for at in places])
    rows = np.empty((len(keys), old.shape[1]), np.float32)
    rows[places] = old
    for at, key in enumerate(keys):
        if key in fetched:
            rows[at] = fetched[key]
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

"""All vectors of a library in memory, to compare a question with some or all of them exactly.

Rows stand in the order of the papers' texts, so that a paper is one run of rows and a filter needs no list of
passages. They come from the catalogue, and are fetched anew only where they are new. Many rows are kept as
int16 with a scale for each, in half the memory: the cosine of such a row is right to 0.00001, and costs half
as much again. (float16 costs twelve times as much: numpy turns it into float32 number by number.)

Rows are copied some at a time, always to the same place: new memory for each block, which the system has to
give and take back, costs up to five times as much as comparing it.

`vecdot` reads the rows as fast as memory gives them, on one core. `rows @ vector` would wake a thread for
each core and wait for the last of them: 16 ms instead of 0.1 for 5,000 rows, where the cores have other work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue

SMALL = 12_000
"""Rows that are fetched at once, in some 50 ms: sooner done than Chroma is opened."""

BLOCK = 256  # rows that are copied at a time: 0.6 MB with both copies stay in the processor's cache
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
    papers: Mapping[str, int]  # the number of each paper
    bounds: Numbers  # the rows of paper n are bounds[n]:bounds[n + 1]
    owner: NDArray[np.int32] = field(repr=False)  # the number of each row's chunk

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.chunk_ids)}

    def nearest(self, vector: Vectors, k: int, papers: AbstractSet[str] | None = None) -> dict[str, float]:
        """The k chunks nearest to a unit vector with their cosines, of these papers only if any are given."""
        if papers is None:
            return self._best(self._of_all(vector), self.owner, k)
        known = self.papers
        numbers = np.array(sorted([known[paper] for paper in papers if paper in known]), np.int64)
        chosen = _numbers_in(self.bounds[numbers], self.bounds[numbers + 1])
        return self._best(self._of(vector, chosen), self.owner[chosen], k) if len(chosen) else {}

    def cosines(self, vector: Vectors, chunk_ids: Sequence[str]) -> dict[str, float]:
        """The cosine of each of these chunks, of its best part; those that are not here are left out."""
        known = self._numbers
        numbers = np.array([known[name] for name in chunk_ids if name in known], np.int64)
        if not len(numbers):
            return {}
        starts, ends = self.first[numbers], self.first[numbers + 1]
        scores = self._of(vector, _numbers_in(starts, ends))
        best = np.maximum.reduceat(scores, _places(starts, ends))
        return {self.chunk_ids[n]: score for n, score in zip(numbers.tolist(), best.tolist(), strict=True)}

    def _of_all(self, vector: Vectors) -> Vectors:
        """The cosine of every row."""
        if self.scales is None:
            return np.asarray(np.vecdot(self.rows, vector))
        starts = range(0, len(self.rows), BLOCK)
        return (
            self._compared(vector, len(self.rows), (self.rows[at : at + BLOCK] for at in starts))
            * self.scales
        )

    def _of(self, vector: Vectors, chosen: Numbers) -> Vectors:
        """The cosines of the chosen rows."""
        if 2 * len(chosen) >= len(self.rows):
            return self._of_all(vector)[chosen]
        scores = self._compared(vector, len(chosen), self._copied(chosen))
        return scores if self.scales is None else scores * self.scales[chosen]

    def _copied(self, chosen: Numbers) -> Iterator[Vectors | NDArray[np.int16]]:
        """The chosen rows, a block at a time; each takes the place of the one before."""
        block = np.empty((min(BLOCK, len(chosen)), self.rows.shape[1]), self.rows.dtype)
        for at in range(0, len(chosen), BLOCK):
            some = chosen[at : at + BLOCK]
            # They are all there: what "raise" makes of each block before it checks that is one more copy.
            yield self.rows.take(some, axis=0, out=block[: len(some)], mode="clip")

    def _compared(
        self, vector: Vectors, count: int, blocks: Iterable[Vectors | NDArray[np.int16]]
    ) -> Vectors:
        """The product of each of `count` rows, as they are kept, and the vector."""
        scores, at = np.empty(count, np.float32), 0
        whole = np.empty((min(BLOCK, count), len(vector)), np.float32)
        for block in blocks:
            end = at + len(block)
            if self.scales is not None:
                whole[: len(block)] = block
            rows = block if self.scales is None else whole[: len(block)]
            np.vecdot(rows, vector, out=scores[at:end])
            at = end
        return scores

    def vectors(self, which: Sequence[int]) -> Vectors:
        """These rows as they were, float32."""
        rows = self.rows[which].astype(np.float32, copy=False)
        return rows if self.scales is None else rows * self.scales[which, np.newaxis]

    def _best(self, scores: Vectors, owner: NDArray[np.int32], k: int) -> dict[str, float]:
        """The k best chunks. A chunk's parts stand together, and the best of them stands for it."""
        if len(self.chunk_ids) < len(self.rows):
            starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
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
    starts, bounds = (
        [at for at, part in enumerate(parts) if at == 0 or part[column] != parts[at - 1][column]]
        for column in (1, 0)
    )
    first = np.array([*starts, len(parts)], np.int64)
    return Matrix(
        generation=generation,
        rows=made[0],
        scales=made[1],
        keys=np.array(keys, "S"),  # a third of the memory of strings
        chunk_ids=[parts[at][1] for at in starts],
        first=first,
        papers={parts[at][0]: number for number, at in enumerate(bounds)},
        bounds=np.array([*bounds, len(parts)], np.int64),
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


def _places(starts: Numbers, ends: Numbers) -> Numbers:
    """Where each of these runs begins, when they stand one after the other."""
    sizes = ends - starts
    return np.asarray(np.cumsum(sizes) - sizes)


def _numbers_in(starts: Numbers, ends: Numbers) -> Numbers:
    """Every row number of these runs, in their order."""
    sizes = ends - starts
    return np.asarray(np.arange(sizes.sum()) + np.repeat(starts - _places(starts, ends), sizes))

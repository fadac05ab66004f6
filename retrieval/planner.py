"""How the passages nearest to a question are found: the one place that decides.

    walk        through Chroma's graph, farther than asked where a filter cuts some of what it finds
    memory      exactly, over the vectors in memory: all, or the rows of the papers allowed
    catalogue   exactly, over the vectors of the papers allowed, read from the catalogue

The cheapest is taken, by costs that were measured (benchmarks/vectors.py) with Chroma embedded; a walk on a
server costs some milliseconds more. Chroma's own filters are not used: they cost 40 times as much as the
dearest of these. While a server is away, searches are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue
from retrieval.errors import ServerAway
from retrieval.shelf import Shelf
from retrieval.vector_index import VectorIndex
from retrieval.vector_memory import Matrix, VectorMemory

Way = Literal["walk", "memory", "catalogue"]

WALK_MS, WALKED_MS = 0.8, 0.005
"""Milliseconds of a walk, and of each neighbour it brings. The others are of a row: 384 float32, one core."""

MEMORY_MS = 0.00006
CATALOGUE_MS = 0.0025
SPARE = 1.5  # how much farther a walk goes than a filter's share of the library asks for
LEAST_WALK = 200  # neighbours; Chroma looks at so many anyway (ef_search)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, and what it should cost."""

    way: Way
    reach: int = 0  # neighbours to walk to
    ms: float = 0.0


def plan(k: int, allowed: int, total: int, in_memory: bool) -> Plan:
    """How to find the k nearest of `allowed` vectors among `total`. All three are at least 1."""
    filtered = allowed < total
    reach = max(LEAST_WALK, math.ceil(SPARE * k * total / allowed)) if filtered else k
    ways = [Plan("walk", min(reach, total), WALK_MS + WALKED_MS * reach)]
    if in_memory:
        ways.append(Plan("memory", ms=MEMORY_MS * allowed))
    if filtered:
        ways.append(Plan("catalogue", ms=CATALOGUE_MS * allowed))
    return min(ways, key=lambda way: way.ms)


@dataclass(frozen=True)
class VectorSearch:
    """The vectors of one generation of a library. Thread-safe."""

    catalogue: Catalogue
    index: VectorIndex
    memory: VectorMemory
    shelf: Shelf
    generation: int
    parts: int  # how many vectors there are; a long chunk has several

    def nearest(
        self, vector: NDArray[np.float32], k: int, papers: AbstractSet[str] | None = None
    ) -> dict[str, float]:
        """The k chunks nearest to a unit vector, of these papers only where any are given, best first.

        A cosine, -1..1, for each chunk: that of its best part. Exact, but for walks (recall@10 .99 and more).
        Raises IndexBroken.
        """
        chunks = sum(self.shelf.sizes.get(paper, 0) for paper in papers) if papers is not None else None
        if k < 1 or self.parts == 0 or chunks == 0:
            return {}
        matrix = self._matrix(vector)
        share = self.parts / max(1, len(self.shelf.owners))  # parts of a chunk
        allowed = self.parts if chunks is None else min(self.parts, math.ceil(chunks * share))
        way = plan(math.ceil(k * share), allowed, self.parts, matrix is not None)
        if way.way == "walk":
            with suppress(ServerAway):  # an exact search needs no server
                found = self._walked(vector, way.reach, papers)
                if len(found) >= k or papers is None:
                    return _first(found, k)
        return self._exact(vector, k, papers, matrix)

    def cosines(self, vector: NDArray[np.float32], chunk_ids: Sequence[str]) -> dict[str, float]:
        """The cosine of each of these chunks, of its best part. Ids that are not known are left out."""
        matrix = self._matrix(vector) if chunk_ids else None
        if matrix:
            return matrix.cosines(vector, chunk_ids)
        return _by_chunk(vector, *self.catalogue.vectors_of(chunk_ids))

    def _matrix(self, vector: NDArray[np.float32]) -> Matrix | None:
        return self.memory.matrix(self.generation, self.parts, len(vector))

    def _walked(
        self, vector: NDArray[np.float32], reach: int, papers: AbstractSet[str] | None
    ) -> dict[str, float]:
        found: dict[str, float] = {}
        owners = self.shelf.owners
        for part, cosine in self.index.nearest(vector, reach).items():  # best first
            chunk = part.rpartition(".")[0]
            paper = owners.get(chunk)
            if paper is not None and (papers is None or paper in papers):
                found.setdefault(chunk, cosine)
        return found

    def _exact(
        self, vector: NDArray[np.float32], k: int, papers: AbstractSet[str] | None, matrix: Matrix | None
    ) -> dict[str, float]:
        if matrix:
            return matrix.nearest(vector, k, papers)
        wanted = sorted(self.shelf.papers if papers is None else papers)
        found: dict[str, float] = {}
        for start in range(0, len(wanted), 500):  # to bound memory
            some = self.catalogue.vectors_of_papers(wanted[start : start + 500])
            found = _first(found | _by_chunk(vector, *some), k)
        return found


def _by_chunk(
    vector: NDArray[np.float32], chunk_ids: Sequence[str], rows: NDArray[np.float32]
) -> dict[str, float]:
    best: dict[str, float] = {}
    if chunk_ids:
        for name, cosine in zip(chunk_ids, np.vecdot(rows, vector).tolist(), strict=True):
            best[name] = max(cosine, best.get(name, -1.0))
    return best


def _first(found: dict[str, float], k: int) -> dict[str, float]:
    """The k best, best first."""
    return dict(sorted(found.items(), key=lambda pair: -pair[1])[:k])

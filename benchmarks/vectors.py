"""Nearest passages, with filters and without, beside Chroma's own filters and plain numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.libraries import ASKED, Chroma, reading
from benchmarks.synthetic import FIRST_YEAR, Synthetic
from benchmarks.tables import Row
from benchmarks.timing import in_turns
from retrieval.library import Library
from retrieval.models import NO_FILTERS, Filters
from retrieval.search import Source

TOP = 10
TIMES = 40  # questions of each row


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    filters: Filters
    where: dict[str, object] | None  # the same in Chroma's words
    reach: str


CASES = (
    Case("venue 5 %", Filters(venue="VENUE 3"), {"venue": "VENUE 3"}, "<= 1/20"),
    Case("one paper", Filters(paper="p000007"), {"paper_id": "p000007"}, "<= 1/40"),
    Case("years 75 %", Filters(year_from=FIRST_YEAR + 4), {"year": {"$gte": FIRST_YEAR + 4}}, "<= 1/20"),
    Case("no filter", NO_FILTERS, None, "<= 1.2 at recall >= .995"),
)


def rows(made: Synthetic, library: Library, peer: Chroma, *, documents: bool) -> Iterator[Row]:
    """A row a case. Footnote fetches the texts of the ten, and so does Chroma where it holds them."""
    source = reading(library)
    asked = made.questions(ASKED)
    held = "in memory" if source.vectors._matrix(asked[0]) else "not in memory"
    include = ["distances", "metadatas", *(["documents"] if documents else [])]
    for case in CASES:
        allowed = rows_of(made, source, case)

        def ours(number: int, case: Case = case) -> dict[str, object]:
            papers, _ = source.shelf.allowed(case.filters)
            found = source.vectors.nearest(asked[number], TOP, papers)
            return {**found, **source.catalogue.chunks(list(found))}

        def theirs(number: int, case: Case = case) -> list[str]:
            found = peer.collection.query(
                query_embeddings=[asked[number]], n_results=TOP, where=case.where, include=include
            )
            return list(found["ids"][0])

        def plain(number: int, allowed: np.ndarray[tuple[int], np.dtype[np.int64]] = allowed) -> object:
            near = (made.vectors @ asked[number])[allowed]
            return np.argpartition(-near, min(TOP, len(near) - 1))[:TOP]

        times = in_turns({"ours": ours, "chroma": theirs, "numpy": plain}, TIMES)
        right = recall(made, allowed, ours), recall(made, allowed, theirs)
        reach = case.reach
        if made.size > 250_000:
            reach = "<= 1.5 at recall >= .97" if case.where is None else "<= 1/20"
        yield Row(
            f"{made.size:,} passages, {case.name}",
            str(times["ours"]),
            "Chroma `where`" if case.where else "Chroma with documents" if documents else "Chroma",
            str(times["chroma"]),
            times["ours"].p50 / times["chroma"].p50,
            reach,
            f"recall@10 {right[0]:.3f}, Chroma's {right[1]:.3f}; our vectors {held}",
        )
        yield Row(
            "",
            "",
            "numpy, exact",
            str(times["numpy"]),
            times["ours"].p50 / times["numpy"].p50,
            "<= 2" if case.name.startswith("years") else "",
        )


def rows_of(made: Synthetic, source: Source, case: Case) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The numbers of the passages that pass."""
    papers, _ = source.shelf.allowed(case.filters)
    chosen = sorted(source.shelf.papers if papers is None else papers)
    return np.array([int(name[1:]) for paper in chosen for name in made.ids_of(int(paper[1:]))])


def recall(
    made: Synthetic,
    allowed: np.ndarray[tuple[int], np.dtype[np.int64]],
    search: Callable[[int], object],
) -> float:
    """The share of the truly ten nearest that a search finds, over all the questions that are timed."""
    asked, hits = made.questions(ASKED), 0
    for number in range(TIMES):
        near = made.vectors @ asked[number]
        near = near[allowed] if len(allowed) < made.size else near
        best = {f"c{allowed[at]:07d}" for at in np.argsort(-near)[:TOP]}
        found = search(number)
        assert isinstance(found, dict | list)
        hits += len(best & set(found))
    return hits / (TIMES * TOP)

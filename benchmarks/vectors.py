"""Nearest passages, with filters and without, beside Chroma's own filters and plain numpy."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.libraries import ASKED, chroma, opened, reading
from benchmarks.sides import Calls, Side
from benchmarks.synthetic import FIRST_YEAR, Synthetic
from benchmarks.tables import Row
from benchmarks.timing import turns
from retrieval.models import NO_FILTERS, Filters, Paper

Numbers = NDArray[np.int64]

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


def rows(made: Synthetic, library: Path, peer: Path, *, documents: bool, times: int = TIMES) -> Iterator[Row]:
    """Rows of each case. Footnote fetches the texts of the ten, and so does Chroma where it holds them.

    `library` and `peer` are folders. Each side runs in a process of its own, and Footnote takes turns with
    one of them after the other.
    """
    fresh = replace(made)  # without vectors: each makes its own faster than they are sent
    with (
        Side(_footnote, fresh, library) as ours,
        Side(_chroma, fresh, peer, documents) as theirs,
        Side(_numpy, fresh) as plain,
    ):
        held = "in memory" if ours.ask("held")[0] else "not in memory"
        for number, case in enumerate(CASES):
            mine = ours.clocked("nearest", number)
            clocked, found = turns({"ours": mine, "chroma": theirs.clocked("nearest", number)}, times)
            beside, _ = turns({"ours": mine, "numpy": plain.clocked("nearest", number)}, times)
            allowed = rows_of(made, case)
            right = [recall(made, allowed, found[name]) for name in ("ours", "chroma")]
            reach = case.reach
            if made.size > 250_000:
                reach = "<= 1.5 at recall >= .97" if case.where is None else "<= 1/20"
            yield Row(
                f"{made.size:,} passages, {case.name}",
                str(clocked["ours"]),
                "Chroma `where`" if case.where else "Chroma with documents" if documents else "Chroma",
                str(clocked["chroma"]),
                clocked["ours"].p50 / clocked["chroma"].p50,
                reach,
                f"recall@10 {right[0]:.3f}, Chroma's {right[1]:.3f}; our vectors {held}",
            )
            yield Row(
                "",
                str(beside["ours"]),
                "numpy, exact",
                str(beside["numpy"]),
                beside["ours"].p50 / beside["numpy"].p50,
                "<= 2" if case.name.startswith("years") else "",
            )


@contextmanager
def _footnote(made: Synthetic, folder: Path) -> Iterator[Calls]:
    asked = made.questions(ASKED)
    with opened(made, folder) as library:
        source = reading(made, library)

        def nearest(case: int, number: int) -> list[str]:
            papers, _ = source.shelf.allowed(CASES[case].filters)
            found = source.vectors.nearest(asked[number], TOP, papers)
            texts = source.catalogue.chunks(list(found))
            return [name for name in found if name in texts]

        yield {"nearest": nearest, "held": lambda: source.vectors._matrix(asked[0]) is not None}


@contextmanager
def _chroma(made: Synthetic, folder: Path, documents: bool) -> Iterator[Calls]:
    asked, collection = made.questions(ASKED), chroma(made, folder, documents=documents).collection
    include = ["distances", "metadatas", *(["documents"] if documents else [])]

    def nearest(case: int, number: int) -> list[str]:
        found = collection.query(
            query_embeddings=[asked[number]], n_results=TOP, where=CASES[case].where, include=include
        )
        return list(found["ids"][0])

    yield {"nearest": nearest}


@contextmanager
def _numpy(made: Synthetic) -> Iterator[Calls]:
    asked, vectors = made.questions(ASKED), made.vectors
    rows = [rows_of(made, case) for case in CASES]

    def nearest(case: int, number: int) -> list[int]:
        allowed = rows[case]
        near = (vectors @ asked[number])[allowed]
        best = np.argpartition(-near, min(TOP, len(near) - 1))[:TOP]
        return [int(allowed[at]) for at in best]

    yield {"nearest": nearest}


def rows_of(made: Synthetic, case: Case) -> Numbers:
    """The numbers of the passages that pass, by what their papers were made with."""
    passing = [number for number in range(made.papers) if _passes(made.paper(number), case.filters)]
    return np.array([int(name[1:]) for number in passing for name in made.ids_of(number)])


def _passes(paper: Paper, filters: Filters) -> bool:
    return (
        filters.venue in (None, paper.venue)
        and filters.paper in (None, paper.id)
        and (paper.year or 0) >= (filters.year_from or 0)
    )


def recall(made: Synthetic, allowed: Numbers, found: Sequence[Collection[str]]) -> float:
    """The share of the truly ten nearest that was found, over the questions 0, 1, 2 ..."""
    asked, hits = made.questions(ASKED), 0
    for number, names in enumerate(found):
        near = (made.vectors @ asked[number])[allowed]
        best = {f"c{allowed[at]:07d}" for at in np.argsort(-near)[:TOP]}
        hits += len(best & set(names))
    return hits / (len(found) * TOP)

"""The vectors nearest to a question, found in each of the ways there are, held against plain numpy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from benchmarks.synthetic import Synthetic, Vectors
from retrieval import planner, vector_memory
from retrieval.catalogue import Catalogue, PaperRecord, vector_id
from retrieval.models import Chunk, Paper
from retrieval.planner import VectorSearch, plan
from retrieval.shelf import Shelf
from retrieval.vector_index import VectorIndex
from retrieval.vector_memory import VectorMemory

MADE = Synthetic(4_000)
QUESTIONS = MADE.questions(10)
CHUNKS = MADE.ids


def test_the_cheapest_way_is_taken() -> None:
    def way(k: int, allowed: int, total: int, memory: bool) -> str:
        return plan(k, allowed, total, memory).way

    assert way(240, 500_000, 500_000, True) == "walk"
    assert way(240, 2_000, 2_000, True) == "memory"
    assert way(240, 50, 500_000, False) == "catalogue"
    assert way(240, 5_000, 100_000, False) == "catalogue"
    assert way(240, 5_000, 100_000, True) == "memory"
    assert way(240, 375_000, 500_000, True) == "walk"
    assert way(240, 375_000, 500_000, False) == "walk"


def test_a_filtered_walk_goes_farther_the_less_is_allowed() -> None:
    half, most = plan(200, 250_000, 500_000, False), plan(200, 400_000, 500_000, False)
    assert (half.reach, most.reach) == (600, 375)
    assert plan(10, 499_999, 500_000, False).reach == planner.LEAST_WALK
    assert plan(10, 300, 300, False).reach == 10


@dataclass(slots=True)
class Made:
    """A library of 80 papers of 50 chunks, each of one part; the first paper's chunks have two."""

    catalogue: Catalogue
    index: VectorIndex
    memory: VectorMemory
    shelf: Shelf

    def search(self) -> VectorSearch:
        parts = self.catalogue.count().vectors
        return VectorSearch(
            self.catalogue, self.index, self.memory, self.shelf, self.catalogue.generation, parts
        )

    def write(self, paper: str, vectors: dict[str, list[Vectors]]) -> None:
        """A paper with these chunks and the vectors of their parts, in catalogue and index."""
        named = {name: tuple(f"{name}-{at}" for at in range(len(rows))) for name, rows in vectors.items()}
        keyed = {
            key: row for name, rows in vectors.items() for key, row in zip(named[name], rows, strict=True)
        }
        chunks = tuple(Chunk(name, paper, "made", f"text of {name}") for name in vectors)
        record = PaperRecord(Paper(paper, f"Paper {paper}"), paper, chunks, tuple(named.values()))
        self.catalogue.add_embeddings(keyed)
        self.index.put(
            {vector_id(name, at): row for name, rows in vectors.items() for at, row in enumerate(rows)}
        )
        self.catalogue.write_papers([record], [])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("made")
    catalogue = Catalogue(folder / "catalogue.sqlite")
    found = Made(catalogue, VectorIndex(folder / "chroma"), VectorMemory(catalogue, 512), Shelf({}, {}, {}))
    for number in range(MADE.papers):
        rows = {name: [MADE.vectors[int(name[1:])]] for name in MADE.ids_of(number)}
        if number == 0:
            for name in rows:
                rows[name].append(-rows[name][0])
        found.write(MADE.paper(number).id, rows)
    found.shelf = Shelf.of(catalogue)
    yield found
    found.index.close()
    catalogue.close()


def exact(question: Vectors, papers: set[str] | None, k: int = 10) -> set[str]:
    scores = MADE.vectors @ question
    scores[:50] = np.abs(scores[:50])  # the first paper's second parts point the other way
    if papers is not None:
        allowed = [int(n[1:]) for p in papers for n in MADE.ids_of(int(p[1:]))]
        scores[np.setdiff1d(np.arange(len(scores)), allowed)] = -2
    return {CHUNKS[at] for at in np.argsort(-scores)[:k]}


PAPERS = [MADE.paper(number).id for number in range(MADE.papers)]
FILTERS = {
    "none": None,
    "one paper": {PAPERS[0]},
    "some papers": set(PAPERS[3::20]),
    "a third": set(PAPERS[::3]),  # more rows than are copied at once, in no run
    "most papers": set(PAPERS[::4] + PAPERS[1::4] + PAPERS[2::4]),
}


@pytest.mark.parametrize("papers", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("way", ["walk", "memory", "catalogue", "as planned"])
def test_every_way_finds_the_nearest(
    made: Made, way: str, papers: set[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    dear = {"WALK_MS", "MEMORY_MS", "CATALOGUE_MS"} - {f"{way.upper()}_MS"}
    for name in dear if way != "as planned" else ():
        monkeypatch.setattr(planner, name, 1e6)
    if way in ("walk", "catalogue"):  # else a walk that finds too few goes on in memory
        made.memory = VectorMemory(made.catalogue, 0)
    search = made.search()
    hits = 0
    for question in QUESTIONS:
        found = search.nearest(question, 10, papers)
        assert list(found.values()) == sorted(found.values(), reverse=True)
        hits += len(found.keys() & exact(question, papers))
    assert hits >= 0.99 * 10 * len(QUESTIONS)


@pytest.mark.parametrize("megabytes", [0, 512])
def test_the_cosine_of_a_chunk_is_that_of_its_best_part(made: Made, megabytes: int) -> None:
    made.memory = VectorMemory(made.catalogue, megabytes)
    search = made.search()
    names = [CHUNKS[3], CHUNKS[100], "nowhere", CHUNKS[99]]
    for question in QUESTIONS:
        found = search.cosines(question, names)
        assert found.keys() == set(names) - {"nowhere"}
        assert found[CHUNKS[3]] == pytest.approx(abs(float(MADE.vectors[3] @ question)), abs=1e-5)
        assert found[CHUNKS[100]] == pytest.approx(float(MADE.vectors[100] @ question), abs=1e-5)
    assert search.cosines(QUESTIONS[0], []) == {}


def test_nothing_is_allowed_and_nothing_is_found(made: Made) -> None:
    assert made.search().nearest(QUESTIONS[0], 10, set()) == {}
    assert made.search().nearest(QUESTIONS[0], 10, {"nobody"}) == {}
    assert made.search().nearest(QUESTIONS[0], 0) == {}


def test_a_large_matrix_is_made_in_the_background_from_the_second_question_on(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_memory, "SMALL", 10)
    memory = VectorMemory(made.catalogue, 512)
    generation, parts = made.catalogue.generation, made.catalogue.count().vectors
    assert memory.matrix(generation, parts, 384) is None
    memory.wait()
    assert memory.matrix(generation, parts, 384) is None, "one question is answered sooner without it"
    memory.wait()
    matrix = memory.matrix(generation, parts, 384)
    assert matrix is not None
    assert len(matrix.rows) == parts
    memory.close()


@pytest.mark.parametrize(("megabytes", "kept"), [(0, False), (6, False), (7, True)])
def test_the_matrix_keeps_within_its_limit(made: Made, megabytes: int, kept: bool) -> None:
    memory = VectorMemory(made.catalogue, megabytes)
    matrix = memory.matrix(made.catalogue.generation, made.catalogue.count().vectors, 384)  # 6.2 MB
    assert (matrix is not None) == kept


def test_a_changed_library_is_compared_as_it_is_now(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    made = Made(catalogue, VectorIndex(tmp_path / "chroma"), VectorMemory(catalogue, 512), Shelf({}, {}, {}))
    first, second, third = np.eye(3, dtype=np.float32)
    made.write("a", {"a1": [first], "a2": [second]})
    made.write("b", {"b1": [third]})
    made.shelf = Shelf.of(catalogue)
    assert list(made.search().nearest(second, 1)) == ["a2"]
    made.write("a", {"a1": [first]})
    made.write("c", {"c1": [third, second]})
    made.shelf = Shelf.of(catalogue)
    assert made.search().nearest(second, 1) == {"c1": 1.0}
    assert set(made.search().nearest(third, 9)) == {"a1", "b1", "c1"}
    made.index.close()
    catalogue.close()


def test_a_matrix_is_not_made_of_a_generation_that_is_over(made: Made) -> None:
    parts = made.catalogue.count().vectors
    assert VectorMemory(made.catalogue, 512).matrix(made.catalogue.generation - 1, parts, 384) is None


def test_many_rows_are_kept_in_half_the_memory_and_are_as_near(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = made.catalogue.generation
    exactly = vector_memory.build(made.catalogue, generation, None, Event())
    monkeypatch.setattr(vector_memory, "SMALL", 10)
    smaller = vector_memory.build(made.catalogue, generation, exactly, Event())
    again = vector_memory.build(made.catalogue, generation, smaller, Event())
    assert exactly and smaller and again
    assert smaller.rows.nbytes * 2 == exactly.rows.nbytes
    assert abs(smaller.rows.astype(int) - again.rows).max() <= 1
    names = list(exactly.chunk_ids)
    for papers in FILTERS.values():
        for question in QUESTIONS:
            near, same = (matrix.nearest(question, 50, papers) for matrix in (exactly, smaller))
            assert len(near.keys() & same.keys()) >= len(near) - 1
            assert list(same.values()) == pytest.approx(list(near.values()), abs=1e-5)
    assert smaller.cosines(question, names) == pytest.approx(exactly.cosines(question, names), abs=1e-5)

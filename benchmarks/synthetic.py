"""A library made by chance: clustered unit vectors, papers of 50 passages, 20 venues, 16 years.

Real vectors lie in clusters, and a graph finds its way in clusters as it would in a real library; evenly
spread ones would be much harder. Nothing here is read from a file, so every run on every machine is alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import FileRow, PaperRecord, vector_id
from retrieval.ingest import Indexes, entry
from retrieval.models import Block, Chunk, Document, Paper

DIMENSIONS = 384
PAPER = 50  # passages of one paper
VENUES, FIRST_YEAR, YEARS = 20, 2008, 16
CLUSTER = 250  # passages that lie around one centre
NOISE, ASKED = 0.7, 0.5  # length of what parts a passage, or a question, from its centre, which has length 1
WORDS = 200  # of a passage, 1.3 kB
VOCABULARY = 30_000

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Synthetic:
    """`size` passages; the same numbers give the same library. The last paper may have fewer than 50."""

    size: int
    seed: int = 0
    words_of_passage: int = WORDS

    @cached_property
    def vectors(self) -> Vectors:
        """float32 [size, 384], unit length; a paper's passages share a few centres."""
        made = np.empty((self.size, DIMENSIONS), np.float32)
        random = np.random.default_rng(self.seed + 1)
        for start in range(0, self.size, 50_000):
            rows = made[start : start + 50_000]
            places = np.arange(start, start + len(rows)) // 10 * 7919 % len(self._centres)
            rows[:] = _unit(self._centres[places] + NOISE * _directions(random, len(rows)))
        return made

    @cached_property
    def _centres(self) -> Vectors:
        return _directions(np.random.default_rng(self.seed), max(1, self.size // CLUSTER))

    def questions(self, count: int) -> Vectors:
        """Unit vectors near centres, none of which is a passage's."""
        random = np.random.default_rng(self.seed + 2)
        centres = self._centres[random.integers(0, len(self._centres), count)]
        return _unit(centres + ASKED * _directions(random, count))

    @property
    def ids(self) -> list[str]:
        return [f"c{number:07d}" for number in range(self.size)]

    def paper(self, number: int) -> Paper:
        return Paper(
            id=f"p{number:06d}",
            title=f"{self.words(number, 6)} {number}".capitalize(),
            authors=(f"Ann {self.words(number + 1, 1)}", f"Bob {self.words(number + 2, 1)}"),
            year=FIRST_YEAR + number * 7 % YEARS,
            venue=f"VENUE {number % VENUES}",
            sources=(f"synthetic.jsonl#{number}",),
        )

    @property
    def papers(self) -> int:
        return -(-self.size // PAPER)

    def words(self, seed: int, count: int) -> str:
        """Words as rare and as common as in a language (Zipf's law), the same for the same seed."""
        random = np.random.default_rng(seed)
        ranks = np.minimum(random.zipf(1.2, count), VOCABULARY)
        return " ".join(_word(int(rank)) for rank in ranks)

    def records(self, start: int = 0) -> Iterator[PaperRecord]:
        """The papers from number `start` on."""
        for number in range(start, self.papers):
            paper, ids = self.paper(number), self.ids_of(number)
            chunks = tuple(
                Chunk(
                    name, paper.id, paper.sources[0], self.words(1000 + int(name[1:]), self.words_of_passage)
                )
                for name in ids
            )
            yield PaperRecord(paper, paper.id, chunks, tuple((f"key-{name}",) for name in ids))

    def ids_of(self, number: int) -> list[str]:
        """The ids of the passages of one paper."""
        return [f"c{at:07d}" for at in range(PAPER * number, min(self.size, PAPER * (number + 1)))]

    def fill(self, indexes: Indexes, papers: int = 400, said: Callable[[int], None] = lambda _: None) -> None:
        """Write it all into a library, `papers` at a time; one that was broken off goes on where it was."""
        records = self.records(indexes.catalogue.count().papers)
        while some := list(islice(records, papers)):
            chunks = [chunk for record in some for chunk in record.chunks]
            start = int(chunks[0].id[1:])
            rows = self.vectors[start : start + len(chunks)]
            keys = [key for record in some for (key,) in record.keys]
            indexes.catalogue.add_embeddings(dict(zip(keys, rows, strict=True)))
            indexes.vectors.put(
                {vector_id(chunk.id, 0): row for chunk, row in zip(chunks, rows, strict=True)}
            )
            indexes.words.change(
                add=[entry(chunk, record.paper) for record in some for chunk in record.chunks]
            )
            indexes.catalogue.write_papers(some, [])
            documents = [("digest", _document(record)) for record in some]
            path = f"synthetic-{start}.jsonl"
            indexes.catalogue.replace_file(FileRow(path, None, path, "digest"), documents)
            indexes.catalogue.put(pending="0")  # nothing is to be told apart, or to be embedded
            said(start + len(chunks))


def _document(record: PaperRecord) -> Document:
    """What a file would say of the paper: the catalogue keeps that too."""
    paper, blocks = record.paper, tuple(Block(chunk.text) for chunk in record.chunks)
    return Document(paper.sources[0], paper.title, paper.authors, paper.year, paper.venue, blocks=blocks)


def _directions(random: np.random.Generator, count: int) -> Vectors:
    return _unit(random.standard_normal((count, DIMENSIONS), np.float32))


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _word(rank: int) -> str:
    """A pronounceable word for a rank, shorter for the common ones."""
    letters = ""
    rank += 20
    while rank:
        rank, digit = divmod(rank, 80)
        letters += "bdfghklmnprstvwz"[digit % 16] + "aeiou"[digit // 16]
    return letters

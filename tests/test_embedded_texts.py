"""What the catalogue keeps of documents and vectors comes back as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retrieval.catalogue import Catalogue, PaperRecord
from retrieval.catalogue.rows import pack, unpack
from retrieval.errors import CatalogueBroken
from retrieval.models import Block, Chunk, Document, Paper


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    found = Catalogue(tmp_path / "catalogue.sqlite")
    yield found
    found.close()


def test_a_document_is_kept_whole_in_less_than_half_the_room() -> None:
    blocks = tuple(Block(f"Of rain and snow, α ≥ 3, line {n}. " * 8, "1 Weather", n) for n in range(20))
    document = Document("a.txt#1", "Weather", ("Zoë Ünal",), 2024, blocks=blocks, extra=(("k", "v"),))
    assert unpack(pack(document)) == document
    assert len(pack(document)) < 0.5 * sum(len(block.text) for block in blocks)


def record(paper: str, keys: dict[str, tuple[str, ...]]) -> PaperRecord:
    chunks = tuple(Chunk(name, paper, "made", name) for name in keys)
    return PaperRecord(Paper(paper, paper), paper, chunks, tuple(keys.values()))


def test_vectors_are_found_by_chunk_and_by_paper(catalogue: Catalogue) -> None:
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    catalogue.add_embeddings({f"k{n}": row for n, row in enumerate(rows)})
    catalogue.write_papers([record("p", {"a": ("k0", "k1"), "b": ("k2",)}), record("q", {"c": ("k0",)})], [])
    names, found = catalogue.vectors_of(["c", "a", "nowhere"])
    assert sorted(zip(names, found.tolist(), strict=True)) == [
        ("a", [0, 1, 2]),
        ("a", [3, 4, 5]),
        ("c", [0, 1, 2]),
    ]
    names, found = catalogue.vectors_of_papers(["p"])
    assert sorted(names) == ["a", "a", "b"]
    assert catalogue.vectors_of([])[0] == []
    assert catalogue.embedded_parts() == [
        ("p", "a", "k0"),
        ("p", "a", "k1"),
        ("p", "b", "k2"),
        ("q", "c", "k0"),
    ]


def test_embeddings_that_no_chunk_uses_are_dropped_and_others_kept(catalogue: Catalogue) -> None:
    catalogue.add_embeddings({name: np.ones(3, np.float32) for name in ("used", "unused")})
    catalogue.write_papers([record("p", {"a": ("used",)})], [])
    catalogue.drop_unused_embeddings()
    assert catalogue.known_keys(["used", "unused"]) == {"used"}


def test_a_read_that_fails_says_what_to_do(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.write_papers([record("p", {"a": ()})], [])
    assert [chunk.id for chunk in catalogue.chunks_of(["p"])] == ["a"]
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as other:
        other.execute("ALTER TABLE chunks RENAME TO elsewhere")
    with pytest.raises(CatalogueBroken, match=r"no such table.*footnote verify"):
        catalogue.chunks_of(["p"])

"""The same synthetic passages in a library of Footnote's and in Chroma as its users fill it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import DIMENSIONS, PAPER, Synthetic
from retrieval.candidates import Source
from retrieval.ingest import Indexes
from retrieval.library import Library
from retrieval.settings import RetrievalSettings

ASKED = 300  # questions whose vectors are made ready


class Ready:
    """An embedder that knows the vectors of its questions beforehand: what is timed is the search."""

    name, dimensions, max_tokens = "ready", DIMENSIONS, 256

    def __init__(self, made: Synthetic) -> None:
        self._vectors = dict(zip(questions(made), made.questions(ASKED), strict=True))

    def count_tokens(self, text: str) -> int:
        return 2 + len(text.split())

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vectors[text] for text in texts])

    # and as LangChain asks
    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self._vectors[text]]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError("the passages' vectors are made by Synthetic")


def questions(made: Synthetic) -> list[str]:
    """Of eight words each, as rare as in the passages."""
    return [f"{made.words(90_000_000 + number, 7)} {number}" for number in range(ASKED)]


def fill(made: Synthetic, folder: Path) -> Path:
    """A library in `folder`, made where it is not there yet, or finished where that was broken off."""
    if not folder.exists():
        part = folder.with_name(f"{folder.name}-part")
        with opened(made, part, writable=True) as library:
            made.fill(writing(library))
        part.rename(folder)
    return folder


@contextmanager
def opened(
    made: Synthetic, folder: Path, *, writable: bool = False, memory_mb: int = 512
) -> Iterator[Library]:
    settings = RetrievalSettings.model_validate({"FOOTNOTE_DATA": folder, "VECTOR_MEMORY_MB": memory_mb})
    with Library.open(settings, writable=writable, create=writable, embedder=Ready(made)) as library:
        yield library


def writing(library: Library) -> Indexes:
    """The library's inner parts, to fill it without files."""
    return library._indexes()


def reading(made: Synthetic, library: Library) -> Source:
    """The library's inner parts, to time them one by one. Its vectors are in memory if they ever will be."""
    for _ in range(2):
        library.search(questions(made)[0])
    library._memory.wait()
    return library._source()


@dataclass(frozen=True, slots=True)
class Chroma:
    """A collection on the disk."""

    client: Any
    collection: Any
    folder: Path


def chroma(made: Synthetic, folder: Path, *, documents: bool = True) -> Chroma:
    """Chroma at its defaults, but for the cosine; with texts and four facts of each passage.

    Without documents its graph is written more seldom too, so that half a million are in within minutes.
    """
    import chromadb
    from chromadb.config import Settings

    hnsw = {"space": "cosine"} | ({} if documents else {"sync_threshold": 50_000})
    configuration: Any = {"hnsw": hnsw}
    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(
        "langchain",
        configuration=configuration,
        embedding_function=None,  # LangChain's own name for it
    )
    records = made.records(collection.count() // PAPER)  # what was broken off goes on
    while some := list(islice(records, 100)):
        chunks = [chunk for record in some for chunk in record.chunks]
        facts: list[Any] = [
            {
                "paper_id": record.paper.id,
                "venue": record.paper.venue,
                "year": record.paper.year,
                "page": page,
            }
            for record in some
            for page in range(len(record.chunks))
        ]
        start = int(chunks[0].id[1:])
        collection.add(
            ids=[chunk.id for chunk in chunks],
            embeddings=made.vectors[start : start + len(chunks)],
            metadatas=facts,
            documents=[chunk.text for chunk in chunks] if documents else None,
        )
    return Chroma(client, collection, folder)


def size_of(folder: Path) -> int:
    """Bytes of all files under a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

"""The derived indexes held against the catalogue, id by id, and mended from it. Nothing is embedded anew."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from retrieval.catalogue import Catalogue
from retrieval.errors import LibraryBusy
from retrieval.ingest import REBUILDING, Indexes, entry
from retrieval.ownership import own


def differences(indexes: Indexes) -> tuple[str, ...]:
    """In words, what the indexes lack or have too many; empty when they are right."""
    catalogue = indexes.catalogue
    chunks = {name for name, _ in catalogue.chunk_owners()}
    pairs = (
        ("the vector index", "vectors", set(catalogue.vector_keys()), indexes.vectors.ids()),
        ("the lexical index", "chunks", chunks, indexes.words.ids()),
    )
    return tuple(
        f"{index} {verb} {len(odd)} {things}"
        for index, things, wanted, there in pairs
        for verb, odd in (("lacks", wanted - there), ("has, beyond the catalogue,", there - wanted))
        if odd
    )


def mend(indexes: Indexes) -> None:
    """Put back what the indexes lack and drop what they have beyond the catalogue."""
    _mend_vectors(indexes)
    _mend_words(indexes)


def _mend_vectors(indexes: Indexes) -> None:
    keys = indexes.catalogue.vector_keys()
    there = indexes.vectors.ids()
    indexes.vectors.drop(there - keys.keys())
    missing = {name: keys[name] for name in keys.keys() - there}
    vectors = indexes.catalogue.embeddings(list(set(missing.values())))
    indexes.vectors.put({name: vectors[key] for name, key in missing.items()})


def _mend_words(indexes: Indexes) -> None:
    catalogue = indexes.catalogue
    wanted = {name for name, _ in catalogue.chunk_owners()}
    there = indexes.words.ids()
    papers = {paper.id: paper for paper, _ in catalogue.papers()}
    missing = catalogue.chunks(sorted(wanted - there))
    indexes.words.change(
        add=[entry(chunk, papers[chunk.paper_id]) for chunk in missing.values()],
        drop=sorted(there - wanted),
    )


def mend_unowned(indexes: Indexes, data: Path) -> None:
    """Mend for a reader that found an index missing, unless somebody owns the folder and will do it."""
    try:
        lock = own(data, "mending the indexes", 0)
    except LibraryBusy:
        return
    with lock:
        mend(indexes)


def begin_rebuilding(catalogue: Catalogue, indexes: Sequence[Path]) -> None:
    """Throw the derived indexes away. Until the next `settle` has ended, nobody searches the library."""
    catalogue.put(recipe=REBUILDING, pending="1")
    for folder in indexes:
        shutil.rmtree(folder, ignore_errors=True)

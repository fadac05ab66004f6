"""The derived indexes held against the catalogue, id by id, and mended from it. Nothing is embedded anew."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from retrieval.catalogue import Catalogue, migrate
from retrieval.errors import LibraryBusy, SchemaOutdated
from retrieval.ingest import REBUILDING, Indexes, entry
from retrieval.ownership import own

UPDATING = 60.0
"""Seconds to wait for another process that may be bringing the catalogue up to date."""


def open_catalogue(path: Path, owned: bool) -> Catalogue:
    """The catalogue, brought up to date first where it is of an older schema: by its owner only.

    Who does not own the folder yet owns it for that long. Raises LibraryBusy, CatalogueBroken, IndexMismatch.
    """
    try:
        return Catalogue(path)
    except SchemaOutdated:
        with nullcontext() if owned else own(path.parent, "bringing the catalogue up to date", UPDATING):
            migrate(path)
        return Catalogue(path)


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

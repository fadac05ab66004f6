"""The derived indexes held against the catalogue, id by id, and mended from it. Nothing is embedded anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from retrieval.catalogue import is_damaged, rescue
from retrieval.errors import CatalogueBroken, IndexBroken, LibraryBusy, ServerAway
from retrieval.ingest import Indexes, entry
from retrieval.lexical_index import LexicalIndex
from retrieval.opening import VECTORS, WORDS, another_folder, sweep
from retrieval.ownership import own
from retrieval.vector_index import BATCH, VectorIndex

NEAR = 1e-5
"""How far a number of a vector may be from what went in: Chroma brings vectors to length one anew."""

SMALL = 20_000
"""Vectors whose values are compared whenever the library is opened to be changed: half a second."""


def rescue_catalogue(data: Path) -> dict[str, int]:
    """Put what can be read of a damaged catalogue into a new one. Returns the rows saved of each table.

    Empty where there was no damage. Raises LibraryBusy, CatalogueBroken.
    """
    path = data / "catalogue.sqlite"
    if not path.exists() or not is_damaged(path):
        return {}
    with own(data, "rescuing the catalogue", 0):
        return rescue(path)


def faults(indexes: Indexes) -> tuple[str, ...]:
    """In words, all that is wrong with the library; empty when it is sound."""
    damaged = is_damaged(indexes.vectors.folder.parent / "catalogue.sqlite")
    return (*(("the catalogue is damaged",) if damaged else ()), *differences(indexes))


def differences(indexes: Indexes, values: bool = True) -> tuple[str, ...]:
    """In words, what the indexes lack, have too many or hold wrong; empty when they are right.

    `values` compares each vector too, not only its id.
    """
    return (*_of_vectors(indexes, values), *_of_words(indexes))


def _of_vectors(indexes: Indexes, values: bool) -> Iterator[str]:
    if values and indexes.vectors.damaged():
        yield "the vector index is damaged"
        return
    try:
        keys, there = indexes.catalogue.vector_keys(), indexes.vectors.ids()
        yield from _odd("the vector index", "vectors", keys.keys() - there, there - keys.keys())
        wrong = _wrong(indexes, keys, sorted(there & keys.keys())) if values else []
        if wrong:
            yield f"the vector index holds {len(wrong)} vectors wrong"
    except IndexBroken as error:
        yield f"the vector index cannot be read: {error}"


def _of_words(indexes: Indexes) -> Iterator[str]:
    damaged = indexes.words.damaged()
    if damaged:
        yield f"the lexical index is damaged: {', '.join(damaged)}"
        return
    try:
        wanted, there = {name for name, _ in indexes.catalogue.chunk_owners()}, indexes.words.ids()
        yield from _odd("the lexical index", "chunks", wanted - there, there - wanted)
    except IndexBroken as error:
        yield f"the lexical index cannot be read: {error}"


def _odd(index: str, things: str, lacking: set[str], beyond: set[str]) -> Iterator[str]:
    if lacking:
        yield f"{index} lacks {len(lacking)} {things}"
    if beyond:
        yield f"{index} has, beyond the catalogue, {len(beyond)} {things}"


def _wrong(indexes: Indexes, keys: Mapping[str, str], there: list[str]) -> list[str]:
    """The ids whose vector is not that of the catalogue."""
    wrong: list[str] = []
    for start in range(0, len(there), BATCH):
        names, rows = indexes.vectors.vectors(there[start : start + BATCH])
        known = indexes.catalogue.embeddings([keys[name] for name in names])
        for name, row in zip(names, rows, strict=True):
            vector = known.get(keys[name])
            if vector is None or vector.shape != row.shape or not np.abs(vector - row).max() < NEAR:
                wrong.append(name)
    return wrong


def mend(indexes: Indexes) -> None:
    """Put back what the indexes lack, hold wrong or cannot read, drop what they have beyond the catalogue.

    Where there was something to do, the generation moves, so that readers open the indexes anew.
    Raises ServerAway, once what it can is mended, and IndexBroken.
    """
    away: ServerAway | None = None
    try:
        _mend_index(indexes, indexes.vectors, VECTORS, _mend_vectors)
    except ServerAway as error:
        away = error
    _mend_index(indexes, indexes.words, WORDS, _mend_words)
    indexes.catalogue.move()
    if away:
        raise away


def _mend_index(
    indexes: Indexes, index: VectorIndex | LexicalIndex, name: str, put_back: Callable[[Indexes], None]
) -> None:
    """Put back what `index` lacks: in another folder where it is damaged, or turns out not to be readable."""
    if not index.damaged():
        try:
            put_back(indexes)
            return
        except ServerAway:
            raise
        except IndexBroken:
            pass
    index.reopen(another_folder(indexes.catalogue, index.folder.parent, name))
    put_back(indexes)


def _mend_vectors(indexes: Indexes) -> None:
    keys = indexes.catalogue.vector_keys()
    there = indexes.vectors.ids()
    indexes.vectors.drop(there - keys.keys())
    wanted = sorted(keys.keys() - there) + _wrong(indexes, keys, sorted(there & keys.keys()))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        vectors = indexes.catalogue.embeddings(list({keys[name] for name in some}))
        indexes.vectors.put({name: vectors[keys[name]] for name in some})


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


def mend_on_opening(indexes: Indexes) -> tuple[str, ...]:
    """Mend for the owner. Values of many vectors are compared only if the last owner did not close.

    Nothing is searched before: a damaged index can end the process. Returns what was wrong.
    """
    catalogue = indexes.catalogue
    values = catalogue.count().vectors <= SMALL or catalogue.get("open") == "1"
    catalogue.put(open="1")
    wrong = differences(indexes, values)
    if wrong:
        mend(indexes)
    sweep(indexes, indexes.vectors.folder.parent)
    return wrong


def mend_unowned(indexes: Indexes, data: Path) -> tuple[str, ...]:
    """Mend for a reader that found an index missing, unless somebody owns the folder and will do it.

    Returns what was wrong and is mended.
    """
    try:
        lock = own(data, "mending the indexes", 0)
    except (LibraryBusy, CatalogueBroken):  # it is read as it is
        return ()
    with lock:
        wrong = differences(indexes)
        with suppress(ServerAway):  # whoever changes the library says so; searches do without
            mend(indexes)
    return wrong

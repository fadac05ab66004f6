"""The derived indexes held against the catalogue, id by id, and mended from it. Nothing is embedded anew."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path

import numpy as np

from retrieval.catalogue import Catalogue, is_damaged, migrate, refuse_empty, rescue
from retrieval.embedding import Embedder
from retrieval.errors import (
    CatalogueBroken,
    IndexBroken,
    LibraryBusy,
    LibraryMissing,
    SchemaOutdated,
    ServerAway,
)
from retrieval.ingest import Indexes, entry
from retrieval.lexical_index import LexicalIndex
from retrieval.ownership import own
from retrieval.read_only import Lent, is_barred, itself
from retrieval.settings import RetrievalSettings
from retrieval.vector_index import BATCH, VectorIndex
from retrieval.vector_place import place_of

VECTORS, WORDS = "chroma", "lexical"
"""The indexes: the folder of each, and where `meta` says that another folder took its place."""

NEAR = 1e-5
"""How far a number of a vector may be from what went in: Chroma brings vectors to length one anew."""

SMALL = 20_000
"""Vectors whose values are compared whenever the library is opened to be changed: half a second."""

UPDATING = 60.0
"""Seconds to wait for another process that may be bringing the catalogue up to date."""


def open_catalogue(path: Path, owned: bool) -> Catalogue:
    """The catalogue, brought up to date first where it is of an older schema: by its owner only.

    Who does not own the folder yet owns it for that long. Raises LibraryBusy, CatalogueBroken, IndexMismatch.
    """
    refuse_empty(path)
    try:
        return Catalogue(path, read_only=not owned and is_barred(path.parent))
    except SchemaOutdated:
        with nullcontext() if owned else own(path.parent, "bringing the catalogue up to date", UPDATING):
            migrate(path)
        return Catalogue(path)


def missing(data: Path) -> LibraryMissing:
    """What to say of a folder without a catalogue."""
    if any(data.glob(f"{VECTORS}*/chroma.sqlite3")):
        return LibraryMissing(
            f"The catalogue of the library in {data} is gone, and its indexes hold no texts. `footnote "
            "restore FILE` puts a backup in its place; without one, `footnote ingest FOLDER` makes it anew."
        )
    return LibraryMissing(
        f"There is no library in {data}. Run `footnote ingest FOLDER` to make one, or set FOOTNOTE_DATA to "
        "where it is."
    )


def close_catalogue(catalogue: Catalogue, owned: bool) -> None:
    """Close it, and let its owner note that he was not killed."""
    with suppress(CatalogueBroken):  # whose error somebody has seen already
        if owned:
            catalogue.put(open="0")
    catalogue.close()


def open_indexes(
    catalogue: Catalogue,
    settings: RetrievalSettings,
    embedder: Embedder,
    owned: bool,
    lent: Lent | None = None,
) -> Indexes:
    """Both indexes. A lexical one that cannot be read is begun anew, by the owner or if there is none.

    `lent` has places for them where the folder cannot be written. Raises IndexBroken.
    """
    data = settings.data
    vectors = VectorIndex(_folder(catalogue, data, VECTORS), place_of(catalogue, settings, lent))
    try:
        words = LexicalIndex(_folder(catalogue, data, WORDS), lent.linked if lent else itself)
    except IndexBroken as error:
        try:
            with nullcontext() if owned else own(data, "mending the indexes", 0):
                words = LexicalIndex(_another_folder(catalogue, data, WORDS))
        except (LibraryBusy, CatalogueBroken, OSError):
            raise error from None
    return Indexes(catalogue, vectors, words, embedder)


def see_anew(indexes: Indexes, data: Path) -> None:
    """See what another process wrote to the indexes, or put in their place."""
    indexes.vectors.reopen(_folder(indexes.catalogue, data, VECTORS))
    indexes.words.reopen(_folder(indexes.catalogue, data, WORDS))


def _folder(catalogue: Catalogue, data: Path, index: str) -> Path:
    return data / (catalogue.get(index) or index)


def _another_folder(catalogue: Catalogue, data: Path, index: str) -> Path:
    """From now on the index stands in another folder, which is empty.

    The old one stays for those who read it, until the library is opened to be changed again.
    """
    folder = free_folder(catalogue, data, index)
    catalogue.put(**{index: folder.name})
    return folder


def free_folder(catalogue: Catalogue, data: Path, index: str) -> Path:
    """Where the next one of this index may be made, while the present one is read."""
    now = _folder(catalogue, data, index).name
    number = int(now.rpartition("-")[2]) + 1 if "-" in now else 2
    shutil.rmtree(data / f"{index}-{number}", ignore_errors=True)  # of a run that was killed
    return data / f"{index}-{number}"


def sweep(indexes: Indexes, data: Path) -> None:
    """Remove folders of indexes that others took the place of."""
    kept = {indexes.vectors.folder, indexes.words.folder}
    for folder in data.iterdir():
        if folder not in kept and re.fullmatch(rf"({VECTORS}|{WORDS})(-\d+)?", folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    indexes.vectors.sweep()


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
    index.reopen(_another_folder(indexes.catalogue, index.folder.parent, name))
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
    values = catalogue.count()[3] <= SMALL or catalogue.get("open") == "1"
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

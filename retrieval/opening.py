"""A library's catalogue and indexes opened, and where they stand.

An index stands in the folder of its name, or in the one beside it that `meta` names, as `lexical-2`: so
another can be made while the old one is read, and takes its place at once.
"""

from __future__ import annotations

import re
import shutil
from contextlib import nullcontext, suppress
from pathlib import Path

from retrieval.catalogue import Catalogue, migrate, refuse_empty
from retrieval.embedding import Embedder
from retrieval.errors import CatalogueBroken, IndexBroken, LibraryBusy, LibraryMissing, SchemaOutdated
from retrieval.ingest import Indexes
from retrieval.lexical_index import LexicalIndex
from retrieval.ownership import own
from retrieval.read_only import Lent, is_barred, itself
from retrieval.settings import RetrievalSettings
from retrieval.vector_index import VectorIndex
from retrieval.vector_place import place_of

VECTORS, WORDS = "chroma", "lexical"
"""The indexes: the folder of each, and where `meta` says that another folder took its place."""

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


def note_end(catalogue: Catalogue) -> None:
    """Let the owner of a folder note that he was not killed."""
    with suppress(CatalogueBroken):  # whose error somebody has seen already
        catalogue.put(open="0")


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
                words = LexicalIndex(another_folder(catalogue, data, WORDS))
        except (LibraryBusy, CatalogueBroken, OSError):
            raise error from None
    return Indexes(catalogue, vectors, words, embedder)


def see_anew(indexes: Indexes, data: Path) -> None:
    """See what another process wrote to the indexes, or put in their place."""
    indexes.vectors.reopen(_folder(indexes.catalogue, data, VECTORS))
    indexes.words.reopen(_folder(indexes.catalogue, data, WORDS))


def _folder(catalogue: Catalogue, data: Path, index: str) -> Path:
    return data / (catalogue.get(index) or index)


def another_folder(catalogue: Catalogue, data: Path, index: str) -> Path:
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

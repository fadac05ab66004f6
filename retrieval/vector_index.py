"""The vector index: Chroma, embedded or a server (`vector_server`). It holds ids and unit vectors alone.

Texts and facts stay in the catalogue: in Chroma they would cost six times the disk and four times the work.
The index is derived: whatever it lacks is put back from the catalogue's embeddings.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ServerAway, is_fault, unusable
from retrieval.read_only import Lend, is_barred, itself, uri_to_read

COLLECTION = "passages"
BATCH = 5000  # Chroma takes at most 5,461 records in one call
CONFIGURATION: Any = {
    "hnsw": {
        "space": "cosine",  # its default is l2
        "ef_search": 200,  # recall@10 .98 at 500k vectors, where the default 100 gives .94
        "sync_threshold": 20_000,  # 1,000 make bulk ingest quadratic; 50,000 leave 80 MB of log behind
        "batch_size": BATCH,
    }
}

T = TypeVar("T")


class Place(Protocol):
    """Where vectors stand: in folders, or on a server, which knows each index by the name of its folder."""

    def open(self, folder: Path) -> tuple[Any, Any]:
        """A client, which is to be closed, and the collection."""

    def whole(self, folder: Path, count: int) -> bool:
        """Whether a reader may take it that all `count` vectors are there."""

    def damaged(self, folder: Path) -> bool:
        """Whether asking for them may end the process."""

    def clear(self, folder: Path) -> None:
        """Remove what is there under this name."""

    def sweep(self, folder: Path) -> None:
        """Remove what the library has outside its data folder, but for the index of this name."""


class Embedded:
    """Chroma within this process, in folders. `lend` has other places for those that cannot be written."""

    def __init__(self, lend: Lend = itself) -> None:
        self._lend = lend

    def open(self, folder: Path) -> tuple[Any, Any]:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings

        if self._lend is itself:
            folder.mkdir(parents=True, exist_ok=True)
        place = str(self._lend(folder))
        try:
            client: Any = chromadb.PersistentClient(place, settings=Settings(anonymized_telemetry=False))
        except BaseException:
            # Chroma keeps a client that did not start, and would hand it to whoever asks next.
            if place not in SharedSystemClient._identifier_to_refcount:
                SharedSystemClient._identifier_to_system.pop(place, None)
            raise
        try:
            # Vectors come ready-made: Chroma's own embedder pads, and reloads its model at every call.
            return client, client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration=CONFIGURATION
            )
        except BaseException:
            with suppress(Exception):
                client.close()
            raise

    def whole(self, folder: Path, count: int) -> bool:
        """Whether there is an index on the disk. Opens nothing."""
        return (folder / "chroma.sqlite3").exists()

    def damaged(self, folder: Path) -> bool:
        """Whether SQLite finds a fault in Chroma's database. Chroma itself may end the process over one."""
        path = folder / "chroma.sqlite3"
        if not path.exists():
            return False
        try:
            how = uri_to_read(path) if is_barred(folder) else f"{path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(how, uri=True, timeout=30)) as db:
                return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
        except sqlite3.OperationalError:
            return False  # it is locked or out of reach, of which Chroma will speak
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return True

    def clear(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, folder: Path) -> None:
        """Nothing is outside the data folder."""


class VectorIndex:
    """Ids and their vectors. Thread-safe within one process; other processes must not write beside it.

    Chroma is opened at the first use: that takes longer than to answer a question from a small library.
    """

    def __init__(self, folder: Path, place: Place | None = None) -> None:
        self._folder = folder
        self._place = place or Embedded()
        self._guard = threading.RLock()
        self._client: Any = None
        self._opened: Any = None

    @property
    def _collection(self) -> Any:
        if self._opened is None:
            with self._guard:
                if self._opened is None:
                    self._client, self._opened = self._place.open(self._folder)
        return self._opened

    @property
    def folder(self) -> Path:
        return self._folder

    def reopen(self, folder: Path | None = None) -> None:
        """See, with the next use, what another process has written since, or the index in another folder."""
        with self._guard:
            self.close()
            self._folder = folder or self._folder

    def close(self) -> None:
        with self._guard:
            client, self._client, self._opened = self._client, None, None
            if client is not None:
                client.close()

    def whole(self, count: int) -> bool:
        """Whether a reader may take it that all `count` vectors are there."""
        return self._place.whole(self._folder, count)

    def damaged(self) -> bool:
        """Whether asking for vectors may end the process."""
        return self._place.damaged(self._folder)

    def beside(self, folder: Path) -> VectorIndex:
        """An empty one in the same place, to take this one's place later."""
        self._place.clear(folder)
        return VectorIndex(folder, self._place)

    def sweep(self) -> None:
        """Remove indexes that this one took the place of, where they are not in folders."""
        self._place.sweep(self._folder)

    def ids(self) -> set[str]:
        return set(self._asked(lambda index: index.get(include=[]))["ids"])

    def count(self) -> int:
        return int(self._asked(lambda index: index.count()))

    def _asked(self, call: Callable[[Any], T]) -> T:
        """Ask Chroma, one thread at a time: another may be about to reopen. An answer takes a millisecond.

        Twice more if need be: after a crash, Chroma may fail at first while it applies its log.
        """
        with self._guard:
            for pause in (0.1, 0.5, None):
                try:
                    return call(self._collection)
                except ServerAway:
                    raise
                except BaseException as error:
                    if not is_fault(error):
                        raise
                    with suppress(Exception):
                        self.close()
                    if pause is None:
                        raise unusable("vector", error) from error
                    time.sleep(pause)
        raise AssertionError("unreachable")

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Add vectors, or replace those of the same id (`add` would keep the old ones without a word)."""
        for ids in _batches(list(vectors)):
            self._asked(partial(_upsert, ids, np.stack([vectors[name] for name in ids])))

    def drop(self, ids: Iterable[str]) -> None:
        for some in _batches(sorted(ids)):
            self._asked(partial(_delete, some))

    def nearest(self, vector: NDArray[np.float32], k: int) -> dict[str, float]:
        """The cosine, -1..1, of the k nearest ids, best first; of all, where there are fewer."""
        found = self._asked(  # without asking for the count, which costs as much again
            lambda index: index.query(query_embeddings=[vector], n_results=k, include=["distances"])
        )
        return {
            name: 1.0 - distance
            for name, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        }

    def vectors(self, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The vectors of those of `ids` that are here: their ids and an array [n, dimensions]."""
        names: list[str] = []
        rows: list[NDArray[np.float32]] = []
        for some in _batches(ids):
            found = self._asked(partial(_embeddings_of, some))
            names += found["ids"]
            rows.append(np.asarray(found["embeddings"], np.float32))
        return names, np.concatenate(rows) if names else np.empty((0, 0), np.float32)


def _embeddings_of(ids: Sequence[str], index: Any) -> Any:
    return index.get(ids=ids, include=["embeddings"])


def _upsert(ids: Sequence[str], rows: NDArray[np.float32], index: Any) -> None:
    index.upsert(ids=ids, embeddings=rows)


def _delete(ids: Sequence[str], index: Any) -> None:
    index.delete(ids=ids)


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))

"""Vectors on a Chroma server: a collection for each index of a library. The server gets ids and vectors."""

from __future__ import annotations

import base64
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.chroma_wire import CHANGING, COLLECTIONS, FINDING, PIECE, Wire
from retrieval.errors import ServerAway
from retrieval.vector_index import CONFIGURATION

REST = 10.0
"""Seconds after a failure in which searches do not ask again: each would wait for as long as that one did."""

PAGE = 10_000
"""Ids in one answer."""

_log = logging.getLogger(__name__)


class Server:
    """Where the vectors of a library stand: at `url`, in collections that begin with the library's name."""

    def __init__(
        self,
        url: str,
        token: str | None,
        library: str,
        patience: float = FINDING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url, self._token, self._patience, self._clock = url, token, patience, clock
        self._prefix = f"footnote-{library}-"
        self._failed: tuple[float, ServerAway] | None = None  # when, and with what
        self._warned = False  # the log, since it last answered

    def open(self, folder: Path) -> tuple[Wire, Collection]:
        """What is to be closed, and the collection. Asks nothing yet."""
        wire = self._wire()
        return wire, Collection(wire, self._prefix + folder.name, self._search)

    def whole(self, folder: Path, count: int) -> bool:
        """Whether it holds as many vectors as that; True too while nobody can tell."""
        wire, collection = self.open(folder)
        try:
            return collection.count() == count
        except ServerAway:
            return True
        finally:
            wire.close()

    def damaged(self, folder: Path) -> bool:
        """Never: a server looks after its files."""
        return False

    def clear(self, folder: Path) -> None:
        """Remove what a run that was killed left under this name."""
        self._remove(lambda name: name == self._prefix + folder.name)

    def sweep(self, folder: Path) -> None:
        """Remove the library's other collections, and what stood in the folder before there was a server."""
        with suppress(ServerAway):
            self._remove(lambda name: name.startswith(self._prefix) and name != self._prefix + folder.name)
        shutil.rmtree(folder, ignore_errors=True)

    def _remove(self, which: Callable[[str], bool]) -> None:
        wire = self._wire()
        try:
            for name in [name for name in wire.collections() if which(name)]:
                wire.ask("DELETE", f"{COLLECTIONS}/{name}")
        finally:
            wire.close()

    def _wire(self) -> Wire:
        return Wire(self._url, self._token, self._note, self._patience)

    def _note(self, error: ServerAway | None) -> None:
        self._failed = (self._clock(), error) if error else None
        self._warned = self._warned and error is not None

    def _search(self, ask: Callable[[], Any]) -> Any:
        """What is asked for, or its fault at once while the server is known to be away. The log hears of it
        once: whoever searches does without, and would not see that."""
        failed = self._failed
        if failed and self._clock() - failed[0] < REST:
            raise ServerAway(*failed[1].args)  # a kept one would grow with each search
        try:
            return ask()
        except ServerAway as error:
            if not self._warned:
                _log.warning("%s Until then all vectors are compared.", error)
            self._warned = True
            raise


class Collection:
    """As much of a collection of Chroma's as `VectorIndex` uses. One that is not there is empty, until
    something is put into it. All methods raise ServerAway."""

    def __init__(self, wire: Wire, name: str, search: Callable[[Callable[[], Any]], Any]) -> None:
        self._wire, self._name, self._search = wire, name, search
        self._id: str | None = None

    def count(self) -> int:
        return int(self._asked("GET", "count", patience=self._wire.patience) if self._there() else 0)

    def get(self, include: Sequence[str], ids: Sequence[str] | None = None) -> dict[str, Any]:
        """All ids; of some, the vectors of those that are there."""
        found: dict[str, Any] = {"ids": [], "embeddings": []}
        for asked in self._pages() if ids is None else ({"ids": some} for some in _pieces(ids)):
            if not self._there():
                break
            page = self._asked("POST", "get", {**asked, "include": list(include)})
            found["ids"] += page["ids"]
            found["embeddings"] += page.get("embeddings") or []
            if ids is None and len(page["ids"]) < PAGE:
                break
        return found

    def query(
        self, query_embeddings: Sequence[NDArray[np.float32]], n_results: int, include: Sequence[str]
    ) -> Any:
        rows = [row.tolist() for row in query_embeddings]
        body = {"query_embeddings": rows, "n_results": n_results, "include": list(include)}
        return self._search(lambda: self._found(body))

    def _found(self, body: object) -> Any:
        if not self._there():
            raise self._gone()
        return self._asked("POST", "query", body, self._wire.patience)

    def upsert(self, ids: Sequence[str], embeddings: NDArray[np.float32]) -> None:
        if not self._there():
            body = {"name": self._name, "get_or_create": True, "configuration": CONFIGURATION}
            made = self._wire.ask("POST", COLLECTIONS, body)
            if made is None:
                raise self._wire.fault("has no place for collections", "Start one with its default database")
            self._id = str(made["id"])
        rows = embeddings.astype("<f4")
        for start in range(0, len(ids), PIECE):
            coded = [base64.b64encode(row.tobytes()).decode() for row in rows[start : start + PIECE]]
            self._asked("POST", "upsert", {"ids": list(ids[start : start + PIECE]), "embeddings": coded})

    def delete(self, ids: Sequence[str]) -> None:
        for some in _pieces(ids) if self._there() else ():
            self._asked("POST", "delete", {"ids": some})

    def _there(self) -> bool:
        if self._id is None:
            known = self._wire.ask("GET", f"{COLLECTIONS}/{self._name}", patience=self._wire.patience)
            self._id = str(known["id"]) if known else None
        return self._id is not None

    def _asked(self, method: str, verb: str, body: object = None, patience: float = CHANGING) -> Any:
        said = self._wire.ask(method, f"{COLLECTIONS}/{self._id}/{verb}", body, patience)
        if said is None:  # somebody removed it, and may have made another of that name
            self._id = None
            raise self._gone()
        return said

    def _gone(self) -> ServerAway:
        return self._wire.fault("no longer holds the vectors of this library", "Somebody deleted them there")

    @staticmethod
    def _pages() -> Iterator[dict[str, int]]:
        start = 0
        while True:
            yield {"limit": PAGE, "offset": start}
            start += PAGE


def _pieces(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(ids[start : start + PIECE]) for start in range(0, len(ids), PIECE))

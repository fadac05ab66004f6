"""Vectors on a Chroma server: a collection for each index of a library. The server gets ids and vectors.

Its HTTP interface is spoken to directly. Chroma's own client waits without end for a server that hangs, and
does not say with which status an error came.
"""

from __future__ import annotations

import base64
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ServerAway
from retrieval.settings import host_of
from retrieval.vector_index import CONFIGURATION

CONNECTING = 3.0
"""Seconds until a server that lets nobody in counts as away."""

FINDING, CHANGING = 10.0, 120.0
"""Seconds that it may say nothing to a search (5 ms), and to all else: a deletion that comes while it builds
its graph took it 36."""

REST = 10.0
"""Seconds after a failure in which searches do not ask again: each would wait for as long as that one did."""

PIECE, PAGE = 1000, 10_000
"""Vectors in one request: 2 MB and a second. Ids in one answer."""

COLLECTIONS = "/tenants/default_tenant/databases/default_database/collections"

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

    def open(self, folder: Path) -> tuple[Wire, Collection]:
        """What is to be closed, and the collection. Asks nothing yet."""
        wire = self._wire()
        return wire, Collection(wire, self._prefix + folder.name, self._refuse_while_resting)

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
        if error and not self._failed:
            _log.warning("%s", error)
        self._failed = (self._clock(), error) if error else None

    def _refuse_while_resting(self) -> None:
        failed = self._failed
        if failed and self._clock() - failed[0] < REST:
            raise failed[1]


class Collection:
    """As much of a collection of Chroma's as `VectorIndex` uses. One that is not there is empty, until
    something is put into it. All methods raise ServerAway."""

    def __init__(self, wire: Wire, name: str, ready: Callable[[], None]) -> None:
        self._wire, self._name, self._ready = wire, name, ready
        self._id: str | None = None

    def count(self) -> int:
        return int(self._asked("GET", "count") if self._there() else 0)

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
        self._ready()
        if not self._there():
            raise self._gone()
        rows = [row.tolist() for row in query_embeddings]
        body = {"query_embeddings": rows, "n_results": n_results, "include": list(include)}
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
            known = self._wire.ask("GET", f"{COLLECTIONS}/{self._name}")
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


class Wire:
    """Requests to one server, and its faults in words. The token is told to nobody else."""

    def __init__(
        self,
        url: str,
        token: str | None,
        note: Callable[[ServerAway | None], None],
        patience: float = FINDING,
    ) -> None:
        self.patience = patience  # seconds, with what should take none
        self._host, self._note = host_of(url), note
        headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        self._http = httpx.Client(base_url=url.rstrip("/") + "/api/v2", headers=headers)
        self._greeted = False

    def close(self) -> None:
        self._http.close()

    def version(self) -> str:
        """Of the server's interface. Raises ServerAway for one that is not that of Chroma 1.x."""
        said = self._said("GET", "/version", None, self.patience)
        if not (isinstance(said, str) and said.startswith("1.")):
            told = f"version {said[:20]}" if isinstance(said, str) else "no version that is known"
            raise self._failure(f"is none of Chroma 1.x ({told})", "Start one of that version there")
        self._greeted = True
        return said

    def ask(self, method: str, path: str, body: object = None, patience: float = CHANGING) -> Any:
        """What the server answers; None for something that is not there. Raises ServerAway."""
        if not self._greeted:
            self.version()
        said = self._said(method, path, body, patience)
        self._note(None)
        return said

    def collections(self) -> list[str]:
        """The names of all of them."""
        names: list[str] = []
        while True:
            page = self.ask("GET", f"{COLLECTIONS}?limit={PIECE}&offset={len(names)}") or []
            names += [str(one["name"]) for one in page]
            if len(page) < PIECE:
                return names

    def _said(self, method: str, path: str, body: object, patience: float) -> Any:
        reply = self._sent(method, path, body, patience)
        if reply.status_code == 404:
            return None
        if reply.status_code in (401, 403):
            raise self._failure("refuses CHROMA_TOKEN, or wants one", "Put it right")
        try:
            if reply.is_success:
                return reply.json()
        except ValueError:
            raise self._failure("answers, but not as Chroma does", "Put CHROMA_URL right") from None
        told = " ".join(reply.text.split())[:120]
        raise self._failure(
            f"answers with status {reply.status_code}" + (f" ({told})" if told else ""), "Look into its log"
        )

    def _sent(self, method: str, path: str, body: object, patience: float) -> httpx.Response:
        """Twice if need be: a connection that was kept may be one to a server that was started anew."""
        timeout = httpx.Timeout(patience, connect=CONNECTING)
        for last in (False, True):
            try:
                return self._http.request(method, path, json=body, timeout=timeout)
            except httpx.ConnectTimeout:
                raise self._failure(f"let nobody in for {CONNECTING:g} s", "Start it") from None
            except httpx.TimeoutException:
                raise self._failure(f"said nothing for {patience:g} s", "Start it anew") from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                if last:
                    said = str(error) or type(error).__name__
                    advice = "Start it, or put CHROMA_URL right"
                    raise self._failure(f"cannot be reached ({said})", advice) from error
        raise AssertionError("unreachable")

    def _failure(self, what: str, advice: str) -> ServerAway:
        """A fault that the next search need not meet too."""
        error = self.fault(what, advice)
        self._note(error)
        return error

    def fault(self, what: str, advice: str) -> ServerAway:
        return ServerAway(
            f"The Chroma server at {self._host} (CHROMA_URL) {what}. {advice}, then run `footnote verify "
            "--mend`: what it lacks is put back from the catalogue, and nothing is embedded twice."
        )


def _pieces(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(ids[start : start + PIECE]) for start in range(0, len(ids), PIECE))

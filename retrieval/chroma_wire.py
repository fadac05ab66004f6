"""Requests to a Chroma server, and its faults in words.

Its HTTP interface is spoken to directly. Chroma's own client waits without end for a server that hangs, and
does not say with which status an error came.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx

from retrieval.errors import ServerAway
from retrieval.settings import host_of

CONNECTING = 3.0
"""Seconds until a server that lets nobody in counts as away."""

FINDING, CHANGING = 10.0, 120.0
"""Seconds that it may say nothing to a search (5 ms), and to all else: a deletion that comes while it builds
its graph took it 36."""

PIECE = 1000
"""Vectors in one request: 2 MB and a second. Names of collections in one answer."""

COLLECTIONS = "/tenants/default_tenant/databases/default_database/collections"


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
        self._http = httpx.Client(headers=headers, auth=_password(url))
        self._base = _without_password(url).rstrip("/") + "/api/v2"
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
                return self._http.request(method, self._base + path, json=body, timeout=timeout)
            except httpx.ConnectTimeout:
                raise self._failure(f"let nobody in for {CONNECTING:g} s", "Start it") from None
            except httpx.TimeoutException:
                raise self._failure(f"said nothing for {patience:g} s", "Start it anew") from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
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


def _password(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    return (unquote(parts.username), unquote(parts.password or "")) if parts.username else None


def _without_password(url: str) -> str:
    """The address that requests go to: httpx logs it."""
    return urlunsplit(urlsplit(url)._replace(netloc=host_of(url)))

"""Crossref, arXiv, OpenAlex and Semantic Scholar on loopback: one server, which answers as those do.

It holds works, answers questions for a number or a title from them, and plays the faults that it is told to.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Work:
    """What all four services know of a paper."""

    title: str
    authors: tuple[str, ...]
    year: int
    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    cited: int = 7
    retracted: bool = False


@dataclass
class Fault:
    """An answer instead of the right one; `times` is how often."""

    status: int = 500
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    times: int = 1


@dataclass
class FakeServices:
    """What the server knows, what goes wrong, and what it was asked."""

    works: list[Work]
    address: str = ""
    faults: dict[str, list[Fault]] = field(default_factory=dict)  # by the beginning of a path
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # path and parameters
    times: list[float] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, path: str, told: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        for start, waiting in self.faults.items():
            if path.startswith(start) and waiting:
                fault = waiting[0]
                fault.times -= 1
                if fault.times <= 0:
                    waiting.pop(0)
                time.sleep(fault.delay)
                return fault.status, fault.body, fault.headers
        status, body = self._right(path, told)
        return status, body, {}

    def _right(self, path: str, told: dict[str, str]) -> tuple[int, str]:
        if path.startswith("/crossref/works"):
            return self._crossref(path.removeprefix("/crossref/works"), told)
        if path == "/arxiv/api/query":
            return 200, self._arxiv(told)
        if path.startswith("/openalex/works"):
            return self._openalex(path.removeprefix("/openalex/works"), told)
        return self._scholar(path.removeprefix("/s2/graph/v1/paper/"), told)

    def _by_doi(self, doi: str) -> list[Work]:
        return [one for one in self.works if one.doi and one.doi.lower() == doi.lower()]

    def _by_words(self, words: str) -> list[Work]:
        """The works that share the most words: a search always finds something."""
        wanted = set(words.lower().split())
        near = [(len(wanted & set(one.title.lower().split())), one) for one in self.works]
        return [one for shared, one in sorted(near, key=lambda pair: -pair[0]) if shared][:5]

    def _crossref(self, rest: str, told: dict[str, str]) -> tuple[int, str]:
        def record(one: Work) -> dict[str, Any]:
            names = [{"given": n.rpartition(" ")[0], "family": n.rpartition(" ")[2]} for n in one.authors]
            notice = [
                {"type": "retraction", "DOI": "10.9999/notice", "updated": {"date-parts": [[2024, 1, 2]]}}
            ]
            return {
                "DOI": one.doi, "title": [one.title], "author": names, "type": "journal-article",
                "issued": {"date-parts": [[one.year, 5]]}, "container-title": [one.venue],
                "is-referenced-by-count": one.cited, **({"updated-by": notice} if one.retracted else {}),
            }  # fmt: skip

        printed = [one for one in self.works if one.doi]
        if rest:
            found = self._by_doi(rest.lstrip("/"))
            return (
                (200, json.dumps({"status": "ok", "message": record(found[0])}))
                if found
                else (404, "Resource not found.")
            )
        items = [record(one) for one in self._by_words(told["query.bibliographic"]) if one in printed]
        return 200, json.dumps({"status": "ok", "message": {"total-results": len(items), "items": items}})

    def _arxiv(self, told: dict[str, str]) -> str:
        if number := told.get("id_list"):
            found = [one for one in self.works if one.arxiv == number]
        else:
            found = [
                one
                for one in self._by_words(told["search_query"].removeprefix("ti:").strip('"'))
                if one.arxiv
            ]
        entries = "".join(
            f"<entry><id>http://arxiv.org/abs/{one.arxiv}v1</id><title>{escape(one.title)}</title>"
            f"<published>{one.year}-01-01T00:00:00Z</published><summary>Words.</summary>"
            + "".join(f"<author><name>{escape(name)}</name></author>" for name in one.authors)
            + "</entry>"
            for one in found
        )
        return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'

    def _openalex(self, rest: str, told: dict[str, str]) -> tuple[int, str]:
        def record(one: Work) -> dict[str, Any]:
            return {
                "id": "https://openalex.org/W1", "title": one.title, "publication_year": one.year,
                "doi": f"https://doi.org/{one.doi}" if one.doi else None, "cited_by_count": one.cited,
                "is_retracted": one.retracted, "primary_location": {"source": {"display_name": one.venue}},
                "authorships": [{"author": {"display_name": name}} for name in one.authors],
            }  # fmt: skip

        if rest:
            found = self._by_doi(rest.removeprefix("/doi:"))
            return (200, json.dumps(record(found[0]))) if found else (404, "{}")
        words = told["filter"].removeprefix("title.search:")
        return 200, json.dumps({"meta": {}, "results": [record(one) for one in self._by_words(words)]})

    def _scholar(self, rest: str, told: dict[str, str]) -> tuple[int, str]:
        def record(one: Work) -> dict[str, Any]:
            ids = {"DOI": one.doi, "ArXiv": one.arxiv}
            return {
                "paperId": "ab", "title": one.title, "year": one.year, "venue": one.venue,
                "citationCount": one.cited,
                "externalIds": {name: value for name, value in ids.items() if value},
                "authors": [{"authorId": "1", "name": name} for name in one.authors],
            }  # fmt: skip

        if rest == "search":
            found = self._by_words(told["query"])
            return 200, json.dumps({"total": len(found), "data": [record(one) for one in found]})
        kind, _, number = rest.partition(":")
        by_number = self._by_doi(number) if kind == "DOI" else [w for w in self.works if w.arxiv == number]
        return (200, json.dumps(record(by_number[0]))) if by_number else (404, '{"error": "not found"}')


@contextmanager
def serve(services: FakeServices) -> Iterator[FakeServices]:
    """The server on a port of its own; `address` is set while it runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            told = {name: values[0] for name, values in parse_qs(parts.query).items()}
            services.times.append(time.monotonic())
            services.agents.add(self.headers.get("User-Agent", ""))
            services.asked.append((unquote(parts.path), told))
            status, body, headers = services.answer(unquote(parts.path), told)
            data = body.encode()
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, format: str, *arguments: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    services.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield services
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings_of(services: FakeServices) -> dict[str, str]:
    """The environment that sends Footnote there."""
    return {
        "METADATA_FROM_OUTSIDE": "true",
        "METADATA_MAILTO": "ada@example.org",
        "METADATA_PACE": "0",
        "METADATA_TIMEOUT": "0.5",
        "CROSSREF_URL": f"{services.address}/crossref",
        "ARXIV_URL": f"{services.address}/arxiv",
        "OPENALEX_URL": f"{services.address}/openalex",
        "SEMANTIC_SCHOLAR_URL": f"{services.address}/s2",
    }

"""What services answered, a paper at a time, in a file of the data folder, which may be thrown away."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from retrieval.errors import LibraryError
from retrieval.fingerprints import digest
from retrieval.identity import normal_title
from retrieval.models import Paper
from retrieval.outside.facts import Facts, from_json, to_json

FILE = "outside.sqlite"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers (paper TEXT NOT NULL, service TEXT NOT NULL, outcome TEXT NOT NULL, "
    "facts TEXT, at INTEGER NOT NULL, PRIMARY KEY (paper, service)) WITHOUT ROWID"
)


def key_of(paper: Paper) -> str:
    """What a paper is asked by: another title, author or DOI is another question."""
    first = paper.authors[0] if paper.authors else ""
    title = "" if paper.title_is_label else normal_title(paper.title)
    return digest((paper.doi or "").lower(), paper.url or "", title, normal_title(first))


class Store:
    """Answers by paper and service; each is written at once, so that a kill loses none."""

    def __init__(self, data: Path) -> None:
        self.path = data / FILE

    def outcomes(self) -> dict[tuple[str, str], str]:
        """What came of each question that was answered: "found", or why nothing was taken."""
        rows = self._rows("SELECT paper, service, outcome FROM answers")
        return {(row[0], row[1]): row[2] for row in rows}

    def facts(self) -> Mapping[str, list[Facts]]:
        """What was found of each paper."""
        found: dict[str, list[Facts]] = {}
        for paper, told in self._rows("SELECT paper, facts FROM answers WHERE facts IS NOT NULL"):
            try:
                found.setdefault(paper, []).append(from_json(told))
            except (ValueError, TypeError, KeyError):
                continue  # of another version; the service can be asked again
        return found

    def put(self, paper: str, service: str, outcome: str, facts: Facts | None) -> None:
        """Remember an answer, in place of an earlier one. Raises LibraryError."""
        row = (paper, service, outcome, to_json(facts) if facts else None, int(time.time()))
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
                connection.execute(_TABLE)
                connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise LibraryError(self._broken(error)) from error

    def _rows(self, query: str) -> Iterable[tuple[str, ...]]:
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                return list(connection.execute(query))
        except sqlite3.Error as error:
            if "no such table" in str(error):
                return []
            raise LibraryError(self._broken(error)) from error

    def _broken(self, error: sqlite3.Error) -> str:
        return f"{self.path} cannot be used ({error}). Delete it: what it holds can be asked for again."

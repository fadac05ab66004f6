"""Words: Footnote's lexical index beside tantivy alone and SQLite FTS5."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from benchmarks.libraries import questions, reading
from benchmarks.synthetic import Synthetic
from benchmarks.tables import Row
from benchmarks.timing import in_turns
from retrieval.library import Library

TOP = 30
TIMES = 40


def rows(made: Synthetic, library: Library, folder: Path) -> Iterator[Row]:
    words = reading(made, library).words
    asked = questions(made)
    terms = [words.terms(question) for question in asked]
    prepared = [words._query(some) for some in terms]
    fts = _fts(made, folder)

    def ours(number: int) -> object:
        return words.best(words.terms(asked[number]), TOP)

    def bare(number: int) -> object:
        hits = words._searcher.search(prepared[number], TOP, count=False).hits
        return [words._searcher.doc(address)["id"] for _, address in hits]

    def sqlite(number: int) -> object:
        wanted = " OR ".join(f'"{term}"' for term in terms[number])
        return fts.execute(
            "SELECT id FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (wanted, TOP)
        ).fetchall()

    times = in_turns({"ours": ours, "tantivy": bare, "fts5": sqlite}, TIMES)
    mine = times["ours"]
    name = f"{made.size:,} passages, words, top {TOP}"
    yield Row(
        name,
        str(mine),
        "tantivy alone, query ready",
        str(times["tantivy"]),
        mine.p50 / times["tantivy"].p50,
        "<= 1.5",
    )
    yield Row("", "", "SQLite FTS5 (porter)", str(times["fts5"]), mine.p50 / times["fts5"].p50, "<= 1/20")
    fts.close()


def _fts(made: Synthetic, folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "fts5.sqlite")
    connection.execute(
        "CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, title, text, tokenize = 'porter unicode61')"
    )
    for record in made.records():
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?)",
            [(chunk.id, record.paper.title, chunk.text) for chunk in record.chunks],
        )
    connection.execute("INSERT INTO passages(passages) VALUES ('optimize')")
    connection.commit()
    return connection

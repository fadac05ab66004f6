"""Small pieces of SQL that several queries share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from retrieval.catalogue.rows import PaperRecord, chunk_to_row, paper_to_json, vector_id
from retrieval.catalogue.tables import chunks, meta, papers, vectors
from retrieval.errors import CatalogueBroken
from retrieval.read_only import uri_to_read

FULL, DAMAGED, BARRED, BUSY = (
    "The disk of the data folder is full, or fails ({said}). Make room, and run this again; nothing that was "
    "there is lost.",
    "The catalogue is damaged ({said}). `footnote restore FILE` puts a backup in its place. Without one, "
    "`footnote verify --mend` saves what can be read, and `footnote ingest FOLDER` then brings the rest.",
    "The catalogue cannot be opened or written ({said}). Footnote needs the right to write in the data "
    "folder; to search it, the right to read every file there is enough, if none was left open by a crash.",
    "Another program keeps the catalogue locked ({said}). Wait until it is done, or stop it; then try again.",
)
ADVICE = {
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR": FULL,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_READONLY": BARRED,
    "SQLITE_CANTOPEN": BARRED,
    "SQLITE_PERM": BARRED,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
}
"""What a person reads, by SQLite's name of the error; longer names say more of the same."""


def advice(error: BaseException) -> str:
    """One or two sentences on an error of SQLite's, with what to do."""
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    otherwise = "The catalogue cannot be used ({said}). `footnote verify` says more."
    return ADVICE.get(name, otherwise).format(said=error)


def translate(context: sa.engine.ExceptionContext) -> None:
    """Every error of the database becomes ours, here and nowhere else. Always raises CatalogueBroken."""
    error = context.original_exception
    raise CatalogueBroken(advice(error)) from error


def open_engine(path: Path, read_only: bool = False) -> sa.Engine:
    """An engine for the database in this file; every error of it is ours.

    One that is only read is opened anew for each query: see `retrieval.read_only`.
    """
    if read_only:
        engine = sa.create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(uri_to_read(path), uri=True, timeout=30, check_same_thread=False),
            poolclass=sa.pool.NullPool,
        )
    else:
        engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
        sa.event.listen(engine, "connect", _set_up_connection)
    sa.event.listen(engine, "handle_error", translate)
    return engine


def _set_up_connection(connection: Any, _record: Any) -> None:
    # WAL lets readers go on during a write; NORMAL keeps the file whole through a crash of the process.
    # A page of a new file holds ten vectors of 1.5 kB; of the usual size it would hold two, and much air.
    for pragma in ("page_size=16384", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def slices(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """SQLite takes a limited number of variables in one statement."""
    return (items[start : start + size] for start in range(0, len(items), size))


def get(connection: sa.Connection, key: str) -> str | None:
    return connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()


def put(connection: sa.Connection, values: Mapping[str, str]) -> None:
    upsert(connection, meta, [{"key": key, "value": value} for key, value in values.items()])


def move(connection: sa.Connection) -> None:
    """The next generation."""
    put(connection, {"generation": str(int(get(connection, "generation") or 0) + 1)})


def upsert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(table)
    primary = [column.name for column in table.primary_key]
    rest = {
        column.name: statement.excluded[column.name] for column in table.columns if column.name not in primary
    }
    connection.execute(statement.on_conflict_do_update(index_elements=primary, set_=rest), rows)


def ids_of(connection: sa.Connection, paper_ids: Iterable[str]) -> tuple[set[str], set[str]]:
    """The ids of the vectors and of the chunks of these papers."""
    parts: set[str] = set()
    whole: set[str] = set()
    for some in slices(sorted(paper_ids), 500):
        query = (
            sa.select(vectors.c.id, chunks.c.id)
            .join(chunks, chunks.c.id == vectors.c.chunk_id)
            .where(chunks.c.paper_id.in_(some))
        )
        for part, chunk in connection.execute(query):
            parts.add(part)
            whole.add(chunk)
    return parts, whole


def insert_papers(connection: sa.Connection, records: Sequence[PaperRecord]) -> None:
    """All of them in three statements: SQLAlchemy's part in one costs more than SQLite's in ten rows."""
    held = [
        {"id": record.paper.id, "digest": record.digest, "paper": paper_to_json(record.paper)}
        for record in records
    ]
    texts = [
        chunk_to_row(chunk, ordinal) for record in records for ordinal, chunk in enumerate(record.chunks)
    ]
    parts = [
        {"id": vector_id(chunk.id, part), "chunk_id": chunk.id, "key": key}
        for record in records
        for chunk, keys in zip(record.chunks, record.keys, strict=True)
        for part, key in enumerate(keys)
    ]
    for table, rows in ((papers, held), (chunks, texts), (vectors, parts)):
        if rows:
            connection.execute(table.insert(), rows)

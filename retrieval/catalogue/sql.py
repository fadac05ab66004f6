"""Small pieces of SQL that several queries share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from retrieval.catalogue.rows import PaperRecord, chunk_to_row, paper_to_json, vector_id
from retrieval.catalogue.tables import chunks, meta, papers, vectors
from retrieval.errors import CatalogueBroken


def translate(context: sa.engine.ExceptionContext) -> None:
    """Every error of the database becomes ours, here and nowhere else."""
    raise CatalogueBroken(
        f"The catalogue cannot be used: {context.original_exception}. Check that the data folder is whole, "
        "writable and not full; then try again, or put a backup of the folder in its place."
    ) from context.original_exception


def set_up_connection(connection: Any, _record: Any) -> None:
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

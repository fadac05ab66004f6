"""Queries and changes of the catalogue."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import sqlalchemy as sa

from retrieval.catalogue import sql
from retrieval.catalogue.decisions import Decisions
from retrieval.catalogue.filed import Filed
from retrieval.catalogue.migrating import ensure_schema
from retrieval.catalogue.rows import Counts, PaperRecord, chunk_from_row, paper_from_json
from retrieval.catalogue.tables import chunks, meta, papers, sources, vectors
from retrieval.models import Chunk, Paper


class Catalogue(Filed, Decisions):
    """Queries and changes. Thread-safe: each call takes a connection of its own."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open, and create the tables where they are missing. The folder must exist.

        `read_only` is for a folder that cannot be written.
        Raises CatalogueBroken, SchemaOutdated and IndexMismatch.
        """
        self._engine = sql.open_engine(path, read_only)
        try:
            ensure_schema(self._engine, path.parent)
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        self._engine.dispose()

    # -- what is remembered about the library itself

    def get(self, key: str) -> str | None:
        rows = self._fetched(sa.select(meta.c.value).where(meta.c.key == key))
        return rows[0][0] if rows else None

    def put(self, **values: str) -> None:
        with self._engine.begin() as connection:
            sql.put(connection, values)

    @property
    def generation(self) -> int:
        """Moves whenever what readers see has changed."""
        return int(self.get("generation") or 0)

    def move(self) -> None:
        """Let readers open the indexes anew, though no paper has changed."""
        with self._engine.begin() as connection:
            sql.move(connection)

    # -- what readers see

    def papers(self) -> list[tuple[Paper, int]]:
        """Every paper with the number of its chunks."""
        query = (
            sa.select(papers.c.paper, sa.func.count(chunks.c.id))
            .join(chunks, chunks.c.paper_id == papers.c.id, isouter=True)
            .group_by(papers.c.id)
        )
        return [(paper_from_json(row[0]), row[1]) for row in self._fetched(query)]

    def owners(self, paper_ids: Iterable[str]) -> dict[str, str]:
        """The paper of each source of these papers."""
        statement = (
            "SELECT source.value, papers.id FROM json_each(?) AS wanted "
            "JOIN papers ON papers.id = wanted.value JOIN json_each(papers.paper, '$.sources') AS source"
        )
        return {row[0]: row[1] for row in self._listed(statement, list(paper_ids))}

    def digests(self) -> dict[str, str]:
        """The digest of each paper, by id."""
        return {row[0]: row[1] for row in self._fetched(sa.select(papers.c.id, papers.c.digest))}

    def chunk_owners(self) -> list[tuple[str, str]]:
        """Every chunk's id with its paper's id, in the order of the papers' texts."""
        return list(self._tuples("SELECT id, paper_id FROM chunks ORDER BY paper_id, ordinal"))

    def faces(self) -> dict[str, str]:
        """The chunk of each paper that says what it is about: the first of its abstract, else of its text."""
        rows = self._tuples(  # SQLite takes the other columns from the row that has the least
            "SELECT paper_id, id, min(ordinal + 1000000000 * (kind <> 'abstract')) "
            "FROM chunks GROUP BY paper_id"
        )
        return {row[0]: row[1] for row in rows}

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        found: dict[str, Chunk] = {}
        for some in sql.slices(ids, 500):
            rows = self._listed(f"{_CHUNKS} WHERE id IN (SELECT value FROM json_each(?))", some)
            found.update((row[0], chunk_from_row(row)) for row in rows)
        return found

    def chunks_of(self, paper_ids: Sequence[str]) -> list[Chunk]:
        """The chunks of these papers, in the order of each paper's text."""
        found: list[Chunk] = []
        for some in sql.slices(paper_ids, 500):
            rows = self._listed(
                f"{_CHUNKS} WHERE paper_id IN (SELECT value FROM json_each(?)) ORDER BY paper_id, ordinal",
                some,
            )
            found.extend(map(chunk_from_row, rows))
        return found

    def write_papers(self, records: Sequence[PaperRecord], gone: Iterable[str]) -> tuple[set[str], set[str]]:
        """Put `records` in place of what was there, drop the papers `gone`: all in one transaction.

        Returns the ids of vectors and of chunks that are no more.
        """
        with self._engine.begin() as connection:
            ids = {record.paper.id for record in records} | set(gone)
            before = sql.ids_of(connection, ids)
            for some in sql.slices(sorted(ids), 500):
                connection.execute(papers.delete().where(papers.c.id.in_(some)))
            sql.insert_papers(connection, records)
            sql.move(connection)
            sql.put(connection, {"changed_at": str(int(time.time()))})
            after = sql.ids_of(connection, ids)
            return before[0] - after[0], before[1] - after[1]

    def replace_papers(self, batches: Iterable[Sequence[PaperRecord]], **values: str) -> None:
        """Put these records in place of all papers, and remember `values`: all in one transaction."""
        with self._engine.begin() as connection:
            connection.execute(papers.delete())
            for records in batches:
                sql.insert_papers(connection, records)
            sql.move(connection)
            sql.put(connection, {"changed_at": str(int(time.time())), **values})

    # -- counting

    def count(self) -> Counts:
        """How many of each there are."""
        with self._engine.connect() as connection:
            return Counts(
                *(
                    connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                    for table in (papers, sources, chunks, vectors)
                )
            )


_CHUNKS = "SELECT id, paper_id, source, text, section, page, kind, turns FROM chunks"
"""In the order of Chunk's fields. SQLAlchemy's own statement for ten ids takes four times as long."""

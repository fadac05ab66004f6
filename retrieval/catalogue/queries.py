"""Queries and changes of the catalogue."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from retrieval.catalogue import sql
from retrieval.catalogue.decisions import Decisions
from retrieval.catalogue.embedded import EmbeddedTexts
from retrieval.catalogue.migrating import ensure_schema
from retrieval.catalogue.rows import (
    FileRow,
    PaperRecord,
    chunk_from_row,
    pack,
    paper_from_json,
    unpack,
)
from retrieval.catalogue.tables import (
    chunks,
    files,
    folders,
    meta,
    papers,
    sources,
    vectors,
)
from retrieval.models import Chunk, Document, Paper


class Catalogue(EmbeddedTexts, Decisions):
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

    @contextmanager
    def _change(self) -> Iterator[sa.Connection]:
        with self._engine.begin() as connection:
            yield connection

    def _rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    # -- what is remembered about the library itself

    def get(self, key: str) -> str | None:
        rows = self._rows(sa.select(meta.c.value).where(meta.c.key == key))
        return rows[0][0] if rows else None

    def put(self, **values: str) -> None:
        with self._change() as connection:
            sql.put(connection, values)

    @property
    def generation(self) -> int:
        """Moves whenever what readers see has changed."""
        return int(self.get("generation") or 0)

    def move(self) -> None:
        """Let readers open the indexes anew, though no paper has changed."""
        with self._change() as connection:
            sql.move(connection)

    # -- folders, files and what they say

    def folders(self) -> list[str]:
        return [row[0] for row in self._rows(sa.select(folders.c.path).order_by(folders.c.path))]

    def add_folder(self, path: str) -> None:
        with self._change() as connection:
            connection.execute(insert(folders).values(path=path).on_conflict_do_nothing())

    def files(self) -> list[FileRow]:
        return [FileRow(*row) for row in self._rows(_FILES.order_by(files.c.name))]

    def file(self, path: str) -> FileRow | None:
        rows = self._rows(_FILES.where(files.c.path == path))
        return FileRow(*rows[0]) if rows else None

    def digests_of_file(self, path: str) -> dict[str, str]:
        """The digest of each of a file's sources, by source."""
        query = sa.select(sources.c.source, sources.c.digest).where(sources.c.path == path)
        return {row[0]: row[1] for row in self._rows(query)}

    def replace_file(self, row: FileRow, documents: Sequence[tuple[str, Document]] | None) -> None:
        """Remember what a file says: `documents` with their digests, in reading order.

        None keeps what it said before: its present bytes could not be read.
        """
        with self._change() as connection:
            sql.upsert(connection, files, [asdict(row)])
            if documents is None:
                return
            connection.execute(sources.delete().where(sources.c.path == row.path))
            sql.upsert(
                connection,
                sources,
                [
                    {
                        "source": document.source,
                        "path": row.path,
                        "ordinal": ordinal,
                        "digest": digest,
                        "document": pack(document),
                    }
                    for ordinal, (digest, document) in enumerate(documents)
                ],
            )
            sql.put(connection, {"pending": "1"})

    def forget_files(self, paths: Iterable[str]) -> int:
        """Forget files and all they said. Returns the number of sources."""
        with self._change() as connection:
            gone = 0
            for path in paths:
                gone += connection.execute(sources.delete().where(sources.c.path == path)).rowcount
                connection.execute(files.delete().where(files.c.path == path))
            sql.put(connection, {"pending": "1"})
            return gone

    def forget_source(self, source: str) -> int:
        """Forget one part of a file. Returns 1, or 0 where there is none such."""
        with self._change() as connection:
            its_file = sa.select(sources.c.path).where(sources.c.source == source).scalar_subquery()
            # The file is read again by the next ingest, as if it had never been.
            connection.execute(files.update().where(files.c.path == its_file).values(fingerprint=""))
            gone = connection.execute(sources.delete().where(sources.c.source == source)).rowcount
            if gone:
                sql.put(connection, {"pending": "1"})
            return gone

    def sources(self) -> list[tuple[str, str]]:
        """Every source with its digest, in the order of files and of papers in them."""
        query = (
            sa.select(sources.c.source, sources.c.digest)
            .join(files, files.c.path == sources.c.path)
            .order_by(files.c.name, sources.c.ordinal)
        )
        return [(row[0], row[1]) for row in self._rows(query)]

    def sources_of_files(self) -> dict[str, list[str]]:
        """The sources of each file, in the order in which they stand in it."""
        query = (
            sa.select(files.c.name, sources.c.source)
            .join(files, files.c.path == sources.c.path)
            .order_by(files.c.name, sources.c.ordinal)
        )
        listing: dict[str, list[str]] = {}
        for name, source in self._rows(query):
            listing.setdefault(name, []).append(source)
        return listing

    def documents(self, names: Sequence[str]) -> Iterator[Document]:
        """What these sources say, in their order, a few at a time; those that are not there are left out."""
        for some in sql.slices(names, 20):
            statement = "SELECT source, document FROM sources JOIN json_each(?) ON source = value"
            packed = {row[0]: row[1] for row in self._listed(statement, some)}
            yield from (unpack(packed[name]) for name in some if name in packed)

    # -- what readers see

    def papers(self) -> list[tuple[Paper, int]]:
        """Every paper with the number of its chunks."""
        query = (
            sa.select(papers.c.paper, sa.func.count(chunks.c.id))
            .join(chunks, chunks.c.paper_id == papers.c.id, isouter=True)
            .group_by(papers.c.id)
        )
        return [(paper_from_json(row[0]), row[1]) for row in self._rows(query)]

    def owners(self, paper_ids: Iterable[str]) -> dict[str, str]:
        """The paper of each source of these papers."""
        statement = (
            "SELECT source.value, papers.id FROM json_each(?) AS wanted "
            "JOIN papers ON papers.id = wanted.value JOIN json_each(papers.paper, '$.sources') AS source"
        )
        return {row[0]: row[1] for row in self._listed(statement, list(paper_ids))}

    def digests(self) -> dict[str, str]:
        """The digest of each paper, by id."""
        return {row[0]: row[1] for row in self._rows(sa.select(papers.c.id, papers.c.digest))}

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
        with self._change() as connection:
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
        with self._change() as connection:
            connection.execute(papers.delete())
            for records in batches:
                sql.insert_papers(connection, records)
            sql.move(connection)
            sql.put(connection, {"changed_at": str(int(time.time())), **values})

    # -- counting

    def count(self) -> tuple[int, int, int, int]:
        """Numbers of papers, sources, chunks and vectors."""
        with self._engine.connect() as connection:
            return tuple(  # type: ignore[return-value]
                connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (papers, sources, chunks, vectors)
            )


_FILES = sa.select(
    files.c.path, files.c.folder, files.c.name, files.c.fingerprint, files.c.error, files.c.notes
)

_CHUNKS = "SELECT id, paper_id, source, text, section, page, kind, turns FROM chunks"
"""In the order of Chunk's fields. SQLAlchemy's own statement for ten ids takes four times as long."""

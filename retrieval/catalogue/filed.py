"""What the files say: folders, files, and their sources."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from retrieval.catalogue import sql
from retrieval.catalogue.embedded import EmbeddedTexts
from retrieval.catalogue.rows import FileRow, pack, unpack
from retrieval.catalogue.tables import files, folders, sources
from retrieval.models import Document

_TAKEN = 500  # documents that are written together
_BEFORE = -1  # ordinal of the sources that were there before a file is read again


@dataclass(frozen=True, slots=True)
class Replaced:
    """How many sources of a file are new, say something else, say the same, and are no more."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0

    def with_some(self, some: Sequence[tuple[str, Document]], known: Mapping[str, str]) -> Replaced:
        """And these, where `known` has the digests of those that were there before."""
        old = [known[one.source] == digest for digest, one in some if one.source in known]
        return replace(
            self,
            added=self.added + len(some) - len(old),
            updated=self.updated + len(old) - sum(old),
            unchanged=self.unchanged + sum(old),
        )


class Filed(EmbeddedTexts):
    """The part of the catalogue that holds them."""

    def folders(self) -> list[str]:
        return [row[0] for row in self._fetched(sa.select(folders.c.path).order_by(folders.c.path))]

    def add_folder(self, path: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(insert(folders).values(path=path).on_conflict_do_nothing())

    def files(self) -> list[FileRow]:
        return [FileRow(*row) for row in self._fetched(_FILES.order_by(files.c.name))]

    def file(self, path: str) -> FileRow | None:
        rows = self._fetched(_FILES.where(files.c.path == path))
        return FileRow(*rows[0]) if rows else None

    def replace_file(
        self,
        row: FileRow,
        documents: Iterable[tuple[str, Document]] | None,
        notes: Callable[[], str] | None = None,
    ) -> Replaced:
        """Remember what a file says: `documents` with their digests, in reading order; how many were known.

        They are taken some at a time, in one transaction: what they raise leaves all as it was. `notes` are
        asked for when all were taken. None keeps what the file said before: its present bytes could not be
        read.
        """
        with self._engine.begin() as connection:
            sql.upsert(connection, files, [asdict(row)])
            if documents is None:
                return Replaced()
            of_file = sources.c.path == row.path
            before = connection.execute(sources.update().where(of_file).values(ordinal=_BEFORE)).rowcount
            found = Replaced()
            for ordinal, some in enumerate(_some(documents)):
                known = _digests(connection, [one.source for _, one in some]) if before else {}
                found = found.with_some(some, known)
                sql.upsert(connection, sources, _packed(row.path, ordinal * _TAKEN, some))
            if before:
                gone = connection.execute(sources.delete().where(of_file, sources.c.ordinal == _BEFORE))
                found = replace(found, removed=gone.rowcount)
            if notes is not None:
                connection.execute(files.update().where(files.c.path == row.path).values(notes=notes()))
            sql.put(connection, {"pending": "1"})
            return found

    def forget_files(self, paths: Iterable[str]) -> int:
        """Forget files and all they said. Returns the number of sources."""
        with self._engine.begin() as connection:
            gone = 0
            for path in paths:
                gone += connection.execute(sources.delete().where(sources.c.path == path)).rowcount
                connection.execute(files.delete().where(files.c.path == path))
            sql.put(connection, {"pending": "1"})
            return gone

    def forget_source(self, source: str) -> int:
        """Forget one part of a file. Returns 1, or 0 where there is none such."""
        with self._engine.begin() as connection:
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
        return [(row[0], row[1]) for row in self._fetched(query)]

    def sizes_of_files(self) -> dict[str, int]:
        """The number of sources of each file that has any, by path."""
        query = sa.select(sources.c.path, sa.func.count()).group_by(sources.c.path)
        return {row[0]: row[1] for row in self._fetched(query)}

    def sources_of_files(self) -> dict[str, list[str]]:
        """The sources of each file, in the order in which they stand in it."""
        query = (
            sa.select(files.c.name, sources.c.source)
            .join(files, files.c.path == sources.c.path)
            .order_by(files.c.name, sources.c.ordinal)
        )
        listing: dict[str, list[str]] = {}
        for name, source in self._fetched(query):
            listing.setdefault(name, []).append(source)
        return listing

    def documents(self, names: Sequence[str]) -> Iterator[Document]:
        """What these sources say, in their order, a few at a time; those that are not there are left out."""
        for some in sql.slices(names, 20):
            statement = "SELECT source, document FROM sources JOIN json_each(?) ON source = value"
            packed = {row[0]: row[1] for row in self._listed(statement, some)}
            yield from (unpack(packed[name]) for name in some if name in packed)


_FILES = sa.select(
    files.c.path, files.c.folder, files.c.name, files.c.fingerprint, files.c.error, files.c.notes
)


def _some(documents: Iterable[tuple[str, Document]]) -> Iterator[list[tuple[str, Document]]]:
    rest = iter(documents)
    while some := list(islice(rest, _TAKEN)):
        yield some


def _packed(path: str, first: int, some: Sequence[tuple[str, Document]]) -> list[dict[str, Any]]:
    return [
        {"source": one.source, "path": path, "ordinal": ordinal, "digest": digest, "document": pack(one)}
        for ordinal, (digest, one) in enumerate(some, first)
    ]


def _digests(connection: sa.Connection, names: Sequence[str]) -> dict[str, str]:
    statement = "SELECT source, digest FROM sources JOIN json_each(?) ON source = value"
    rows = connection.exec_driver_sql(statement, (json.dumps(names),))
    return {row[0]: row[1] for row in rows}

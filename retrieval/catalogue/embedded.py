"""What is embedded: the vectors of texts by key, and which key each part of each chunk has."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.dialects.sqlite import insert

from retrieval.catalogue import sql
from retrieval.catalogue.tables import embeddings, vectors
from retrieval.errors import CatalogueBroken


class EmbeddedTexts:
    """The part of the catalogue that holds vectors."""

    _engine: sa.Engine

    def known_keys(self, keys: Sequence[str]) -> set[str]:
        statement = "SELECT embeddings.key FROM json_each(?) JOIN embeddings ON embeddings.key = value"
        return {row[0] for row in self._listed(statement, keys)}

    def add_embeddings(self, vectors_by_key: Mapping[str, NDArray[np.float32]]) -> None:
        rows = [{"key": key, "vector": vector.tobytes()} for key, vector in vectors_by_key.items()]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(embeddings).on_conflict_do_nothing(), rows)

    def embeddings(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        found: dict[str, NDArray[np.float32]] = {}
        for some in sql.slices(keys, 2000):
            rows = self._listed(
                "SELECT embeddings.key, vector FROM json_each(?) JOIN embeddings ON embeddings.key = value",
                some,
            )
            found.update((row[0], np.frombuffer(row[1], np.float32)) for row in rows)
        return found

    def vector_keys(self) -> dict[str, str]:
        """The embedding key of every id that must stand in the vector index."""
        return {row[0]: row[1] for row in self._fetched(sa.select(vectors.c.id, vectors.c.key))}

    def embedded_parts(self) -> list[tuple[str, str, str]]:
        """Paper id, chunk id and key of every embedded part, in the order of the papers' texts."""
        return list(
            self._tuples(
                "SELECT paper_id, chunk_id, key FROM chunks JOIN vectors ON chunk_id = chunks.id "
                "ORDER BY paper_id, ordinal, vectors.id"
            )
        )

    def vectors_of(self, chunk_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The vectors of these chunks: the chunk's id for each row of an array [parts, dimensions]."""
        return self._rows_of(
            "SELECT chunk_id, vector FROM json_each(?) "
            "JOIN vectors ON chunk_id = value JOIN embeddings ON embeddings.key = vectors.key",
            chunk_ids,
        )

    def vectors_of_papers(self, paper_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The same for all chunks of these papers."""
        return self._rows_of(
            "SELECT chunk_id, vector FROM json_each(?) JOIN chunks ON paper_id = value "
            "JOIN vectors ON chunk_id = chunks.id JOIN embeddings ON embeddings.key = vectors.key",
            paper_ids,
        )

    def drop_unused_embeddings(self) -> None:
        with self._engine.begin() as connection:
            used = sa.select(vectors.c.key)
            connection.execute(embeddings.delete().where(embeddings.c.key.not_in(used)))

    def _rows_of(self, statement: str, values: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        rows = self._listed(statement, values)
        if not rows:
            return [], np.empty((0, 0), np.float32)
        joined = np.frombuffer(b"".join(row[1] for row in rows), np.float32)
        return [row[0] for row in rows], joined.reshape(len(rows), -1)

    def _fetched(self, query: sa.Select[Any]) -> Sequence[Any]:
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _listed(self, statement: str, values: Sequence[str]) -> Sequence[Any]:
        """A statement with any number of values as one: an IN of thousands is slow to write out."""
        return self._tuples(statement, json.dumps(list(values)))

    def _tuples(self, statement: str, *values: str) -> Sequence[Any]:
        """The driver's own tuples, on a connection of the pool: SQLAlchemy's part in a read of ten rows
        costs more than SQLite's, and its rows of very many as much again. Raises CatalogueBroken.
        """
        try:
            connection = self._engine.raw_connection()
            try:
                rows: list[Any] = connection.cursor().execute(statement, values).fetchall()
            finally:
                connection.close()  # gives it back
        except sqlite3.Error as error:
            raise CatalogueBroken(sql.advice(error)) from error
        return rows

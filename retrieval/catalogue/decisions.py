"""What a person decided of papers, and what awaits a decision: pairs of sources, in the order of their names.

Decisions speak of sources and not of papers: papers come and go with every ingest, sources stay while their
files do, and are the same when a file comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from retrieval.catalogue import sql
from retrieval.catalogue.tables import decisions, near_cases

Pair = tuple[str, str]


class Decisions:
    """The part of the catalogue that holds them."""

    _engine: sa.Engine

    def decide(self, pairs: Iterable[Pair], *, same: bool) -> None:
        """Remember that these are one paper, or two; what was said of a pair before is forgotten."""
        rows = [{"one": min(pair), "other": max(pair), "same": same} for pair in pairs]
        with self._engine.begin() as connection:
            sql.upsert(connection, decisions, rows)
            sql.put(connection, {"pending": "1"})

    def decided(self, *, same: bool) -> tuple[Pair, ...]:
        """All pairs that are one paper, or two."""
        query = sa.select(decisions.c.one, decisions.c.other).where(decisions.c.same == same)
        query = query.order_by(decisions.c.one, decisions.c.other)
        with self._engine.connect() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))

    def put_near(self, found: Sequence[tuple[str, str, str]]) -> None:
        """Put these near cases, each with its reason, in place of those of before."""
        rows = [
            {"one": one, "other": other, "place": place, "reason": reason}
            for place, (one, other, reason) in enumerate(found)
        ]
        with self._engine.begin() as connection:
            connection.execute(near_cases.delete())
            sql.upsert(connection, near_cases, rows)

    def near(self) -> list[tuple[str, str, str]]:
        """A source of each of two papers that may be one, and the reason; the nearest first."""
        query = sa.select(near_cases.c.one, near_cases.c.other, near_cases.c.reason)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(near_cases.c.place))
            return [(row[0], row[1], row[2]) for row in rows]

"""What a person decided of papers, and what awaits a decision: pairs of sources, in the order of their names.

Decisions speak of sources and not of papers: papers come and go with every ingest, sources stay while their
files do. They know the contents of the sources too, and so hold where a file goes by another name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from retrieval.catalogue import sql
from retrieval.catalogue.tables import decisions, near_cases


@dataclass(frozen=True, slots=True)
class Decision:
    """Two sources that are one paper, or two; with hashes of what they said then, "" where unknown."""

    one: str
    other: str
    same: bool
    one_content: str = ""
    other_content: str = ""


class Decisions:
    """The part of the catalogue that holds them."""

    _engine: sa.Engine

    def decide(self, pairs: Iterable[tuple[str, str]], contents: Mapping[str, str], *, same: bool) -> None:
        """Remember that these are one paper, or two; what was said of a pair before is forgotten."""
        rows = []
        for one, other in map(sorted, pairs):
            row = (one, other, same, contents.get(one, ""), contents.get(other, ""))
            rows.append(dict(zip(_COLUMNS, row, strict=True)))
        with self._engine.begin() as connection:
            sql.upsert(connection, decisions, rows)
            sql.put(connection, {"pending": "1"})

    def decided(self) -> list[Decision]:
        """All decisions, in the order of the names."""
        columns = [decisions.c[name] for name in _COLUMNS]
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(*columns).order_by(decisions.c.one, decisions.c.other))
            return [Decision(*row) for row in rows]

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


_COLUMNS = ("one", "other", "same", "one_content", "other_content")

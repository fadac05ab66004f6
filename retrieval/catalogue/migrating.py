"""From an older schema of the catalogue to that of this program: all steps, or none.

The schema stands in `meta`, where a glance finds it: Alembic is imported only where there is something to do,
and its own table of versions is set from there. Only who owns the data folder may call `migrate`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from retrieval.catalogue import sql
from retrieval.catalogue.tables import SCHEMA, meta, tables
from retrieval.errors import CatalogueBroken, IndexMismatch, SchemaOutdated

REVISIONS = Path(__file__).parent / "migrations"
FIRST = "3"
"""The schema of the first revision; there is no way here from those before."""


def ensure_schema(engine: sa.Engine, place: Path) -> None:
    """Make the tables of a new catalogue; check the schema of one that is there.

    Raises SchemaOutdated where `migrate` would help, else IndexMismatch.
    """
    if sa.inspect(engine).has_table(meta.name):
        with engine.connect() as connection:
            made = sql.get(connection, "schema")
        if made is not None:
            _check(made, place, SCHEMA)
            return
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # another process may be at it too
        tables.create_all(connection)
        if sql.get(connection, "schema") is None:
            sql.put(connection, {"schema": SCHEMA})


def _check(made: str, place: Path, wanted: str) -> None:
    if made == wanted:
        return
    if not made.isdecimal() or int(made) > int(wanted):
        raise IndexMismatch(
            f"The library in {place} was made by a newer version of Footnote (schema {made}; this one "
            f"knows {wanted}). Update Footnote, or set FOOTNOTE_DATA to another folder."
        )
    if int(made) < int(FIRST):
        raise IndexMismatch(
            f"The library in {place} was made by a version of Footnote that is too old (schema {made}). "
            "Move it away and ingest the papers again."
        )
    raise SchemaOutdated(
        f"The library in {place} was made by an older version of Footnote (schema {made}, now {wanted}). "
        "`footnote verify --mend` brings it up to date; nothing is embedded anew."
    )


def migrate(path: Path, revisions: Path | None = None) -> str:
    """Bring the catalogue in this file to the newest of the revisions in a folder. Returns its schema.

    One transaction: after an error, or a kill, everything is as it was.
    Raises CatalogueBroken, IndexMismatch.
    """
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    sa.event.listen(engine, "handle_error", sql.translate)
    try:
        with engine.connect() as connection:
            # With foreign keys on, a table that is made anew would take its dependents with it.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.rollback()
            with connection.begin():
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return _to_head(connection, path.parent, revisions or REVISIONS)
    finally:
        engine.dispose()


def _to_head(connection: sa.Connection, place: Path, revisions: Path) -> str:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(revisions), version_locations=[str(revisions)])
    head = script.get_current_head() or FIRST
    made = sql.get(connection, "schema") or "0"
    try:
        _check(made, place, head)
        return made
    except SchemaOutdated:
        _run(connection, script, made, head)
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        raise CatalogueBroken(
            f"The library in {place} could not be brought to schema {head}: {len(orphans)} rows point at "
            "nothing. It was left as it is. Put a backup in its place, or move it away and ingest again."
        )
    sql.put(connection, {"schema": head})
    logging.getLogger(__name__).info("brought the catalogue from schema %s to %s", made, head)
    return head


def _run(connection: sa.Connection, script: Any, made: str, head: str) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    steps: Callable[..., Any] = lambda current, _: script._upgrade_revs(head, current)  # noqa: E731, as Alembic's docs
    context = MigrationContext.configure(connection, opts={"fn": steps})
    context.stamp(script, made)
    with Operations.context(context):
        context.run_migrations()

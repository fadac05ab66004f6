"""What can be read of a damaged catalogue, put into a new one.

What the files said and what was embedded is taken over; papers, chunks and their vectors are made from it
again, and nothing is embedded twice. The damaged file stays beside the new one.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from retrieval.catalogue import sql
from retrieval.catalogue.queries import Catalogue
from retrieval.catalogue.tables import chunks, papers, tables, vectors
from retrieval.errors import CatalogueBroken
from retrieval.read_only import is_barred, uri_to_read

MADE = frozenset(table.name for table in (papers, chunks, vectors))
"""Tables that are made from the others."""

FAULTS = (sqlite3.DatabaseError, UnicodeDecodeError)
ENDINGS = ("", "-wal", "-shm")  # of the files of one database
COPY = "catalogue.copy"
LONGEST = 1000
"""Times that a file may have been longer: a damaged header must not fill the disk."""


def refuse_empty(path: Path) -> None:
    """Raise CatalogueBroken for a catalogue cut to nothing: it would be taken for one without papers."""
    if path.exists() and not path.stat().st_size and any(path.parent.glob("chroma*/chroma.sqlite3")):
        raise CatalogueBroken(sql.DAMAGED.format(said="it is empty, but there are indexes of it"))


def is_damaged(path: Path) -> bool:
    """Whether SQLite finds a fault in the structure of the catalogue; it reads it all.

    Raises CatalogueBroken where it cannot tell, for the file is locked, say.
    """
    try:
        refuse_empty(path)
        with closing(_opened(path)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except CatalogueBroken:
        return True
    except sqlite3.OperationalError as error:
        raise CatalogueBroken(sql.advice(error)) from error
    except FAULTS:
        return True


def rescue(path: Path) -> dict[str, int]:
    """Put a new catalogue in place of a damaged one. Returns the rows that were saved of each table.

    Only the owner of the folder may do it. Raises CatalogueBroken.
    """
    fresh = path.with_name("catalogue.rescued")
    _remove(fresh)
    Catalogue(fresh).close()
    saved: dict[str, int] = {}
    with closing(sqlite3.connect(fresh)) as new:
        with suppress(*FAULTS), closing(_opened(_readable(path))) as old:
            saved = {name: _copied(old, new, name) for name in sorted({*tables.tables} - MADE)}
        # The next `ingest` reads every file again: some of what they said may be lost.
        new.execute("UPDATE files SET fingerprint = ''")
        new.execute("INSERT OR REPLACE INTO meta VALUES ('pending', '1')")
        new.commit()
        new.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _remove(path.with_name(COPY))
    _remove(path.with_name("catalogue.damaged"))
    for ending in ENDINGS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(path.with_name("catalogue.damaged" + ending))
    fresh.rename(path)
    _remove(fresh)
    return saved


def _readable(path: Path) -> Path:
    """A copy that SQLite opens, though the end of the file be missing: it is filled with zeros."""
    copy = path.with_name(COPY)
    for ending in ENDINGS[:2]:
        with suppress(FileNotFoundError):
            shutil.copyfile(path.with_name(path.name + ending), copy.with_name(copy.name + ending))
    with copy.open("r+b") as file:
        header = file.read(32)
        # https://www.sqlite.org/fileformat.html: the size of a page, and the number of pages
        page, pages = int.from_bytes(header[16:18], "big"), int.from_bytes(header[28:32], "big")
        size = file.seek(0, 2)
        if header.startswith(b"SQLite format 3") and size < page * pages <= LONGEST * max(size, page):
            file.truncate(page * pages)
    return copy


def _opened(path: Path) -> sqlite3.Connection:
    how = uri_to_read(path) if is_barred(path.parent) else f"{path.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(how, uri=True, timeout=30)


def _remove(path: Path) -> None:
    for ending in ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _copied(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> int:
    """Copy what can be read of a table, from its beginning up to a fault and from its end back to one."""
    wanted = [column.name for column in tables.tables[table].columns]
    with suppress(*FAULTS):
        there = {row[1] for row in old.execute(f"PRAGMA table_info('{table}')")}
        names = ", ".join(f'"{name}"' for name in wanted if name in there)
        places = ", ".join("?" for name in wanted if name in there)
        for order in ("", "DESC"):
            rows = _until_a_fault(old, f'SELECT {names} FROM "{table}" ORDER BY rowid {order}')
            # A setting that a new catalogue makes itself gives way; a row that came already stays.
            verb = "REPLACE" if table == "meta" else "IGNORE"
            new.executemany(
                f'INSERT OR {verb} INTO "{table}" ({names}) VALUES ({places})',
                (row for row in rows if table != "meta" or row[0] != "schema"),
            )
            new.commit()
    return int(new.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _until_a_fault(db: sqlite3.Connection, query: str) -> Iterator[Any]:
    with suppress(*FAULTS):
        yield from db.execute(query)

"""What the bot remembers across restarts, in a small SQLite file of its own in the data folder.

It is not the library: it can be deleted at any time, and then only votes, settings, watches and the buttons
under old answers are forgotten. All access is in one thread, so that no call waits on the event loop.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
Row = tuple[Any, ...]

FILE = "discord.sqlite"
DAY = 86_400.0  # seconds
SEEN_DAYS = 2.0  # Discord replays minutes, not days

SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (id INTEGER PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS choices (
    guild INTEGER NOT NULL, channel INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (guild, channel, name));
CREATE TABLE IF NOT EXISTS answers (
    key INTEGER PRIMARY KEY, person INTEGER NOT NULL, guild INTEGER NOT NULL, channel INTEGER NOT NULL,
    question TEXT NOT NULL, refused INTEGER NOT NULL, shown TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS votes (
    key INTEGER NOT NULL, person INTEGER NOT NULL, guild INTEGER NOT NULL, good INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '', at REAL NOT NULL, PRIMARY KEY (key, person));
CREATE TABLE IF NOT EXISTS asked (
    day TEXT NOT NULL, guild INTEGER NOT NULL, person INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (day, guild, person));
CREATE TABLE IF NOT EXISTS pages (key INTEGER PRIMARY KEY, pages TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS costs (
    day TEXT NOT NULL, guild INTEGER NOT NULL, person INTEGER NOT NULL, money REAL NOT NULL,
    PRIMARY KEY (day, guild, person));
DROP TABLE IF EXISTS spent;
CREATE TABLE IF NOT EXISTS forgetful (person INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS watches (
    number INTEGER PRIMARY KEY, person INTEGER NOT NULL, topic TEXT NOT NULL, at REAL NOT NULL,
    library TEXT NOT NULL DEFAULT '', guild INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS shelves (
    library TEXT NOT NULL, paper TEXT NOT NULL, PRIMARY KEY (library, paper));
CREATE TABLE IF NOT EXISTS unfinished (
    key INTEGER PRIMARY KEY, channel INTEGER NOT NULL, message INTEGER NOT NULL, token TEXT NOT NULL,
    at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS left_servers (guild INTEGER PRIMARY KEY, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS answers_of ON answers (person);
CREATE INDEX IF NOT EXISTS answers_in ON answers (guild, at);
"""
SINCE = (
    ("watches", "library", "TEXT NOT NULL DEFAULT ''"),
    ("watches", "guild", "INTEGER NOT NULL DEFAULT 0"),
)
"""Columns that a table made by an older version has not."""
OF_PERSON = ("answers", "votes", "asked", "costs", "watches", "forgetful")
OF_SERVER = ("answers", "votes", "asked", "costs", "choices")


class Store:
    """One connection in one thread. A broken file costs the memory, never an answer: see `call`."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = folder / FILE
        self.clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._connection: sqlite3.Connection | None = None

    async def call(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What `work` returns, in one transaction; `otherwise` and a line in the log if the file fails."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._within, work)
        except (sqlite3.Error, OSError) as error:
            log.error("%s cannot be used (%s): going on without it", self._path, error)
            return otherwise

    def _within(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection or self._open()
        with connection:
            return work(connection)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch()
        for file in self._path.parent.glob(f"{FILE}*"):
            file.chmod(0o600)  # what people asked is nobody else's business; a log takes after its file
        connection = sqlite3.connect(self._path, timeout=5.0, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(SCHEMA)
        _renew(connection)
        self._connection = connection
        return connection

    async def rows(self, query: str, *values: Any) -> list[Row]:
        """All rows of a query; none if the file fails."""
        return await self.call(lambda db: db.execute(query, values).fetchall(), [])

    async def write(self, query: str, *values: Any) -> int:
        """How many rows a change touched; -1 if the file fails."""
        return await self.call(lambda db: db.execute(query, values).rowcount, -1)

    async def first_time(self, message_id: int) -> bool:
        """Whether this message is new, also to the bot's earlier lives; from now on it is not."""
        new = await self.write("INSERT OR IGNORE INTO seen VALUES (?, ?)", message_id, self.clock())
        return new != 0

    async def of_person(self, person: int) -> dict[str, list[dict[str, Any]]]:
        """All that is stored of a person, table by table."""

        def read(db: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
            found = {}
            for name in OF_PERSON:
                cursor = db.execute(f"SELECT * FROM {name} WHERE person = ?", (person,))
                columns = [column[0] for column in cursor.description]
                found[name] = [dict(zip(columns, row, strict=True)) for row in cursor]
            return found

        return await self.call(read, {name: [] for name in OF_PERSON})

    async def forget_person(self, person: int) -> int:
        """Erase all that is stored of a person. Returns the number of rows."""

        def erase(db: sqlite3.Connection) -> int:
            # the votes of others on this person's answers go too: they mean nothing without the answer
            db.execute("DELETE FROM votes WHERE key IN (SELECT key FROM answers WHERE person = ?)", (person,))
            # not "forgetful": it is the wish that nothing be kept
            names = [name for name in OF_PERSON if name != "forgetful"]
            return sum(
                db.execute(f"DELETE FROM {name} WHERE person = ?", (person,)).rowcount for name in names
            )

        return await self.call(erase, -1)

    async def forget_old(self, retention_days: float, here: Sequence[int]) -> None:
        """Forget what is older than the retention, and servers that the bot left so long ago.

        `here` are the servers that the bot is in now.
        """
        now = self.clock()
        oldest = now - retention_days * DAY

        def sweep(db: sqlite3.Connection) -> None:
            for name in ("seen", "unfinished"):
                db.execute(f"DELETE FROM {name} WHERE at < ?", (now - SEEN_DAYS * DAY,))
            for name in ("answers", "votes", "pages"):
                db.execute(f"DELETE FROM {name} WHERE at < ?", (oldest,))
            day = time.strftime("%Y-%m-%d", time.gmtime(oldest))
            for name in ("asked", "costs"):
                db.execute(f"DELETE FROM {name} WHERE day < ?", (day,))
            db.executemany("DELETE FROM left_servers WHERE guild = ?", [(guild,) for guild in here])
            # of a server that was left while the bot was away nobody told it
            known = {guild for (guild,) in db.execute("SELECT guild FROM choices")}
            left = [(guild, now) for guild in known - {*here}]
            db.executemany("INSERT OR IGNORE INTO left_servers VALUES (?, ?)", left)
            gone = db.execute("SELECT guild FROM left_servers WHERE at < ?", (oldest,)).fetchall()
            for name in (*OF_SERVER, "left_servers"):
                db.executemany(f"DELETE FROM {name} WHERE guild = ?", gone)

        await self.call(sweep, None)

    def close(self) -> None:
        """Let the last write end, and close the file."""
        self._thread.submit(self._shut).result()
        self._thread.shutdown()

    def _shut(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _renew(db: sqlite3.Connection) -> None:
    """Bring what an older version stored into today's tables. It knew but one library, whose name is ""."""
    for table, column, kind in SINCE:
        if column not in [row[1] for row in db.execute(f"PRAGMA table_info({table})")]:
            db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'shelf'").fetchone():
        with db:
            db.execute("INSERT OR IGNORE INTO shelves SELECT '', paper FROM shelf")
            db.execute("DROP TABLE shelf")

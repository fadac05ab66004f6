"""Tells people of new papers on the topics they watch, and lets the store forget what is old."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.discord_bot.listing import escaped, facts, shorten_lines, title
from bot.discord_bot.lookups import fitting
from bot.discord_bot.memory import Memory
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe
from bot.gate import holds_answer
from bot.models import Route
from bot.rendering import LIMIT
from retrieval.errors import RetrievalError
from retrieval.models import Paper

if TYPE_CHECKING:
    from bot.build import Footnote
    from retrieval.library import Library

log = logging.getLogger(__name__)

SECONDS = 300.0  # between two looks at the library
MOST = 10  # topics of one person
NEAREST = 10  # a new paper is told of when it is among so many nearest to the topic
TOLD = 5  # papers in one message

FULL = f"You watch {MOST} topics, which is as many as I can. `/watch stop` ends one."
ADDED = (
    "I will write to you directly when a new paper on “{topic}”{where} arrives. `/watch list` shows your "
    "topics."
)
NEWS = "New in the library on “{topic}”{where}:"
BROKEN = "I cannot remember that right now. The people who run this bot can see why."
NONE = "You watch no topic. `/watch add` begins."
STOPPED = "Stopped: {topics}."
ENOUGH = "-# `/watch stop` ends this."
HOW_TO_STOP = "-# `/watch stop` with its number ends one, without a number all."
COLUMNS = "number, person, topic, library, guild"
NO_SUCH = "There is no such number in `/watch list`."


@dataclass(frozen=True, slots=True)
class Watch:
    """A topic that a person watches."""

    number: int  # of its row
    person: int
    topic: str
    library: str = ""  # its name; "": the first
    guild: int = 0  # the server where that was chosen; 0 for the first library


class Watcher:
    """The watches of all people. `run` looks at the libraries now and then."""

    def __init__(
        self, client: discord.Client, memory: Memory, footnote: Footnote, retention_days: float
    ) -> None:
        self._client, self._memory, self._footnote = client, memory, footnote
        self._retention_days = retention_days

    async def add(self, person: int, topic: str, library: str = "", guild: int = 0) -> str:
        """Watch a topic in the library of that name, which this server chose; what to tell the person."""
        papers = await asyncio.to_thread(_papers, self._footnote.named(library).library)
        row = (person, topic, self._memory.store.clock(), library, guild if library else 0)

        def insert(db: sqlite3.Connection) -> str:
            (total,) = db.execute("SELECT COUNT(*) FROM watches WHERE library = ?", (library,)).fetchone()
            (own,) = db.execute("SELECT COUNT(*) FROM watches WHERE person = ?", (person,)).fetchone()
            if own >= MOST:
                return FULL
            if not total:  # nobody looked: what came meanwhile is not new to anybody
                _remember(db, library, set(papers))
            db.execute("INSERT INTO watches (person, topic, at, library, guild) VALUES (?, ?, ?, ?, ?)", row)
            return ADDED.format(topic=escaped(topic), where=_in(library))

        return await self._memory.store.call(insert, BROKEN)

    async def show(self, person: int) -> str:
        """The topics of a person, numbered."""
        watches = enumerate(await self._of(person), 1)
        lines = [f"{n}. {escaped(one.topic)}{_in(one.library)}" for n, one in watches]
        return "\n".join([*lines, HOW_TO_STOP]) if lines else NONE

    async def names(self, person: int) -> list[str]:
        """The topics of a person without any marks, each with its library if that is not the first."""
        there = [(one.topic, one.library) for one in await self._of(person)]
        return [f"{topic} ({library})" if library else topic for topic, library in there]

    async def stop(self, person: int, number: int | None) -> str:
        """Stop one of them, or all; what to tell the person."""
        watches = await self._of(person)
        if number is not None and not 1 <= number <= len(watches):
            return NO_SUCH if watches else NONE
        chosen = watches if number is None else [watches[number - 1]]
        for one in chosen:
            await self._memory.store.write("DELETE FROM watches WHERE number = ?", one.number)
        if not chosen:
            return NONE
        return STOPPED.format(topics=", ".join(f"“{escaped(one.topic)}”{_in(one.library)}" for one in chosen))

    async def _of(self, person: int) -> list[Watch]:
        query = f"SELECT {COLUMNS} FROM watches WHERE person = ? ORDER BY number"
        return [Watch(*row) for row in await self._memory.store.rows(query, person)]

    async def run(self) -> None:
        """Until cancelled: look, tell, forget what is old."""
        while True:
            rows = await self._memory.store.rows(f"SELECT {COLUMNS} FROM watches ORDER BY number")
            watches = [Watch(*row) for row in rows]
            for library in sorted({one.library for one in watches}):
                try:
                    await self._look(library, [one for one in watches if one.library == library])
                except RetrievalError as error:
                    log.warning("A library could not be looked at for news: %s", error)
                except Exception:  # what is old must be forgotten all the same, and the next look come
                    log.exception("A library could not be looked at for news")
            here = [guild.id for guild in self._client.guilds]
            await self._memory.store.forget_old(self._retention_days, here)
            await asyncio.sleep(SECONDS)

    async def _look(self, name: str, watches: Sequence[Watch]) -> None:
        """Tell who watches the library of that name what is new there since the last look."""
        if name and name not in self._footnote.others:
            return
        library = self._footnote.named(name).library
        papers = await asyncio.to_thread(_papers, library)
        rows = await self._memory.store.rows("SELECT paper FROM shelves WHERE library = ?", name)
        known = {key for (key,) in rows}
        new = papers.keys() - known
        may_choose = self._memory.preferences.may_choose  # it may have been taken from that server
        there = [watch for watch in watches if may_choose(watch.guild, name)] if new else []
        # All is looked for before anybody is told: what fails in the middle tells nobody twice.
        news = [(watch, await asyncio.to_thread(_near, library, watch.topic, new)) for watch in there]
        for watch, found in news:
            if found:
                await self._tell(watch, found)
        if papers.keys() != known:
            await self._memory.store.call(lambda db: _remember(db, name, set(papers)), None)

    async def _tell(self, watch: Watch, found: Sequence[Paper]) -> None:
        lines = [NEWS.format(topic=escaped(watch.topic), where=_in(watch.library))]
        lines += [f"- {title(paper)}\n-# {facts(paper)}" for paper in found[:TOLD]]
        if len(found) > TOLD:
            lines.append(f"-# … and {len(found) - TOLD} more.")
        lines.append(ENOUGH)
        try:
            direct = await self._client.create_dm(discord.Object(watch.person))
            await direct.send(shorten_lines(lines, LIMIT), suppress_embeds=True, allowed_mentions=NO_PINGS)
        except TROUBLE as error:
            log.warning("Somebody could not be told of new papers: %s", describe(error))


def _papers(library: Library) -> dict[str, Paper]:
    return {entry.paper.id: entry.paper for entry in library.papers()}


def _near(library: Library, topic: str, new: Collection[str]) -> list[Paper]:
    """Those of the `new` papers that are among the nearest to a topic, and near enough."""
    result = library.search(topic, papers=NEAREST)
    found = [paper for paper in fitting(result) if paper.id in new]
    return found if found and holds_answer(result, Route("find", topic)) else []


def _in(library: str) -> str:
    """Which library a topic is watched in, where it is not the first."""
    return f" (library **{escaped(library)}**)" if library else ""


def _remember(db: sqlite3.Connection, library: str, papers: set[str]) -> None:
    db.execute("DELETE FROM shelves WHERE library = ?", (library,))
    db.executemany("INSERT INTO shelves VALUES (?, ?)", [(library, key) for key in papers])

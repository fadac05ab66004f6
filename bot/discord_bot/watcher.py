"""Tells people of new papers on the topics they watch, and lets the store forget what is old."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING

import discord

from bot.discord_bot.listing import LIMIT, escaped, facts, shorten_lines, title
from bot.discord_bot.memory import Memory
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe
from bot.gate import holds_answer
from bot.models import Route
from retrieval.errors import RetrievalError
from retrieval.models import Paper

if TYPE_CHECKING:
    from retrieval.library import Library

log = logging.getLogger(__name__)

SECONDS = 300.0  # between two looks at the library
MOST = 10  # topics of one person
NEAREST = 10  # a new paper is told of when it is among so many nearest to the topic
TOLD = 5  # papers in one message

FULL = f"You watch {MOST} topics, which is as many as I can. `/watch stop` ends one."
ADDED = "I will write to you directly when a new paper on “{topic}” arrives. `/watch list` shows your topics."
BROKEN = "I cannot remember that right now. The people who run this bot can see why."
NONE = "You watch no topic. `/watch add` begins."
STOPPED = "Stopped."
NO_SUCH = "There is no such number in `/watch list`."


class Watcher:
    """The watches of all people. `run` looks at the library now and then."""

    def __init__(
        self, client: discord.Client, memory: Memory, library: Library, retention_days: float
    ) -> None:
        self._client, self._memory, self._library = client, memory, library
        self._retention_days = retention_days

    async def add(self, person: int, topic: str) -> str:
        """Watch a topic; what to tell the person."""
        papers = await asyncio.to_thread(self._papers)
        now = self._memory.store.clock()

        def insert(db: sqlite3.Connection) -> str:
            (total,) = db.execute("SELECT COUNT(*) FROM watches").fetchone()
            (own,) = db.execute("SELECT COUNT(*) FROM watches WHERE person = ?", (person,)).fetchone()
            if own >= MOST:
                return FULL
            if not total:  # nobody looked: what came meanwhile is not new to anybody
                _remember(db, set(papers))
            db.execute("INSERT INTO watches (person, topic, at) VALUES (?, ?, ?)", (person, topic, now))
            return ADDED.format(topic=escaped(topic))

        return await self._memory.store.call(insert, BROKEN)

    async def show(self, person: int) -> str:
        """The topics of a person, numbered."""
        topics = await self._topics(person)
        return "\n".join(f"{n}. {escaped(topic)}" for n, (_, topic) in enumerate(topics, 1)) or NONE

    async def stop(self, person: int, number: int | None) -> str:
        """Stop one of them, or all; what to tell the person."""
        topics = await self._topics(person)
        if number is not None and not 1 <= number <= len(topics):
            return NO_SUCH
        chosen = topics if number is None else [topics[number - 1]]
        for key, _ in chosen:
            await self._memory.store.write("DELETE FROM watches WHERE number = ?", key)
        return STOPPED if chosen else NONE

    async def _topics(self, person: int) -> list[tuple[int, str]]:
        query = "SELECT number, topic FROM watches WHERE person = ? ORDER BY number"
        return [(number, topic) for number, topic in await self._memory.store.rows(query, person)]

    async def run(self) -> None:
        """Until cancelled: look, tell, forget what is old."""
        while True:
            try:
                await self._look()
            except RetrievalError as error:
                log.warning("The library could not be looked at for news: %s", error)
            here = [guild.id for guild in self._client.guilds]
            if here:
                await self._memory.store.forget_old(self._retention_days, here)
            await asyncio.sleep(SECONDS)

    async def _look(self) -> None:
        watches = await self._memory.store.rows("SELECT person, topic FROM watches ORDER BY number")
        if not watches:
            return
        papers = await asyncio.to_thread(self._papers)
        known = {key for (key,) in await self._memory.store.rows("SELECT paper FROM shelf")}
        new = papers.keys() - known
        if new:
            for person, topic in watches:
                await self._tell_if_near(person, topic, new)
        if papers.keys() != known:
            await self._memory.store.call(lambda db: _remember(db, set(papers)), None)

    async def _tell_if_near(self, person: int, topic: str, new: set[str]) -> None:
        result = await asyncio.to_thread(self._library.search, topic, papers=NEAREST)
        least = 0.3 * result.papers[0].score if result.papers else 0.0
        found = [r.paper for r in result.papers if r.paper.id in new and r.score >= least]
        if not found or not holds_answer(result, Route("find", topic)):
            return
        lines = [f"New in the library on “{escaped(topic)}”:"]
        lines += [f"- {title(paper)}\n-# {facts(paper)}" for paper in found[:TOLD]]
        if len(found) > TOLD:
            lines.append(f"-# … and {len(found) - TOLD} more.")
        try:
            direct = await self._client.create_dm(discord.Object(person))
            await direct.send(shorten_lines(lines, LIMIT), suppress_embeds=True, allowed_mentions=NO_PINGS)
        except TROUBLE as error:
            log.warning("Somebody could not be told of new papers: %s", describe(error))

    def _papers(self) -> dict[str, Paper]:
        return {entry.paper.id: entry.paper for entry in self._library.papers()}


def _remember(db: sqlite3.Connection, papers: set[str]) -> None:
    db.execute("DELETE FROM shelf")
    db.executemany("INSERT INTO shelf VALUES (?)", [(key,) for key in papers])

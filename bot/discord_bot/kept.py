"""Answers that are kept for the buttons under them, and what people thought of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.discord_bot.footnotes import more_text, source_texts
from bot.discord_bot.store import Store
from bot.models import Answer, Question
from retrieval.models import NO_FILTERS, Filters

UP, DOWN = "👍", "👎"  # a vote for an answer, and one against it


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, and where. `key` is the id of the message or command; `guild` is 0 in direct messages."""

    key: int
    person: int
    guild: int
    channel: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as the buttons need it."""

    asked: Asked
    question: str
    filters: Filters = NO_FILTERS
    sources: tuple[str, ...] = ()  # the messages that show its footnotes
    more: str = ""  # the message that names the next best papers


class Answers:
    """The kept answers and the votes on them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, asked: Asked, question: Question, answer: Answer) -> Kept:
        """Keep an answer, in the place of an earlier one to the same message."""
        kept = Kept(asked, question.text, question.filters, source_texts(answer), more_text(answer))
        shown = {"filters": asdict(kept.filters), "sources": kept.sources, "more": kept.more}
        await self._store.write(
            "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(asked.key, asked.person, asked.guild, asked.channel),
            *(question.text, int(answer.refused), json.dumps(shown), self._store.clock()),
        )
        return kept

    async def find(self, key: int) -> Kept | None:
        """The answer under which a button was pressed; None when it was forgotten."""
        query = "SELECT person, guild, channel, question, shown FROM answers WHERE key = ?"
        for person, guild, channel, question, shown in await self._store.rows(query, key):
            told = json.loads(shown)
            return Kept(
                Asked(key, person, guild, channel),
                question,
                Filters(**told["filters"]),
                tuple(told["sources"]),
                told["more"],
            )
        return None

    async def keep_pages(self, key: int, pages: Sequence[str]) -> None:
        """Keep what a search found, for the button that shows the next page."""
        await self._store.write(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", key, json.dumps(pages), self._store.clock()
        )

    async def pages(self, key: int) -> tuple[str, ...]:
        """What was kept so; () when it was forgotten."""
        for (pages,) in await self._store.rows("SELECT pages FROM pages WHERE key = ?", key):
            return tuple(json.loads(pages))
        return ()

    async def vote(self, key: int, person: int, *, good: bool) -> bool:
        """A person's one vote on an answer, which may change; False when the answer was forgotten."""
        changed = await self._store.write(
            "INSERT INTO votes SELECT key, ?, guild, ?, '', ? FROM answers WHERE key = ? "
            "ON CONFLICT DO UPDATE SET good = excluded.good, at = excluded.at, "
            "reason = CASE WHEN excluded.good THEN '' ELSE reason END",
            *(person, int(good), self._store.clock(), key),
        )
        return changed > 0

    async def explain(self, key: int, person: int, reason: str) -> bool:
        """Why that person did not like the answer; False when the answer was forgotten."""
        changed = await self._store.write(
            "UPDATE votes SET reason = ? WHERE key = ? AND person = ?", reason[:1000], key, person
        )
        return changed > 0

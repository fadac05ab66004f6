"""Everything that the bot remembers, opened once and shared by one client after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.discord_bot.history import Threads
from bot.discord_bot.kept import Answers
from bot.discord_bot.preferences import Preferences
from bot.discord_bot.quota import Quota
from bot.discord_bot.seen import Seen
from bot.discord_bot.store import Store
from bot.discord_bot.unfinished import Unfinished
from bot.ledger import Caps
from bot.settings import BotSettings


@dataclass(frozen=True, slots=True)
class Memory:
    """What outlives a client, and in part a restart."""

    store: Store
    answers: Answers
    preferences: Preferences
    quota: Quota
    unfinished: Unfinished
    seen: Seen = field(default_factory=Seen)
    threads: Threads = field(default_factory=Threads)
    forgetful: set[int] = field(default_factory=set)  # people of whom nothing is to be remembered

    async def first_time(self, message_id: int) -> bool:
        """Whether this message is new, also to the bot's earlier lives."""
        return self.seen.first_time(message_id) and await self.store.first_time(message_id)

    async def remember_nothing(self, person: int, wish: bool) -> None:
        """Let a person's wish hold, and survive."""
        if wish:
            self.forgetful.add(person)
            await self.store.write("INSERT OR IGNORE INTO forgetful VALUES (?)", person)
        else:
            self.forgetful.discard(person)
            await self.store.write("DELETE FROM forgetful WHERE person = ?", person)


@asynccontextmanager
async def open_memory(settings: BotSettings) -> AsyncIterator[Memory]:
    """The memory in the data folder; closed at the end."""
    store = Store(settings.data)
    quota = Quota(
        store,
        person=settings.daily_questions,
        server=settings.daily_server_questions,
        cooldown=settings.cooldown,
        caps=Caps(settings.daily_person_budget, settings.daily_server_budget, settings.daily_budget),
    )
    memory = Memory(store, Answers(store), Preferences(store, settings.servers_of), quota, Unfinished(store))
    try:
        await memory.preferences.load()
        await memory.quota.load()
        await memory.unfinished.load()
        memory.forgetful.update(person for (person,) in await store.rows("SELECT person FROM forgetful"))
        yield memory
    finally:
        store.close()

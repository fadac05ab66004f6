"""Answers that were being written when the bot died: its next life marks them, or answers anew.

A stop by SIGTERM marks them itself; this is for all other ends, such as `kill -9` or a power cut.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import discord

from bot.discord_bot.store import Store
from bot.discord_bot.surfaces import cut_off
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe

log = logging.getLogger(__name__)

TOKEN_SECONDS = 15 * 60.0  # so long Discord takes answers to an interaction (docs: interactions)
ORIGINAL: Any = "@original"  # the first answer to an interaction, where Discord's routes want a message's id


@dataclass(frozen=True, slots=True)
class Left:
    """What is known of such an answer."""

    key: int  # of the question: the id of its message or interaction
    channel: int
    message: int  # the last that holds a part of it; 0 while there is none
    token: str  # of the interaction; "" for a message
    at: float  # when it began


class Unfinished:
    """The answers that are being written, on disk; and in memory those that an earlier life left behind."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: list[Left] = []

    async def load(self) -> None:
        """Read what was left. Before anything new is begun."""
        self._left = [Left(*row) for row in await self._store.rows("SELECT * FROM unfinished")]

    def take(self) -> list[Left]:
        """What was left, and from now on nothing."""
        taken, self._left = self._left, []
        return taken

    async def begin(self, key: int, channel: int, message: int = 0, token: str = "") -> Trace:
        """An answer begins, in the place of an earlier one to the same question."""
        query = "INSERT OR REPLACE INTO unfinished VALUES (?, ?, ?, ?, ?)"
        await self._store.write(query, key, channel, message, token, self._store.clock())
        return Trace(self._store, key)


class Trace:
    """What would tell the next life of one answer."""

    def __init__(self, store: Store, key: int) -> None:
        self._store, self._key = store, key

    async def shown(self, channel: int, message: int) -> None:
        """A part of it stands in this message."""
        query = "UPDATE unfinished SET channel = ?, message = ? WHERE key = ?"
        await self._store.write(query, channel, message, self._key)

    async def done(self) -> None:
        """Nothing is left to do for it."""
        await self._store.write("DELETE FROM unfinished WHERE key = ?", self._key)


async def mark_interrupted(client: discord.Client, unfinished: Unfinished, store: Store) -> None:
    """Say under each answer that was left that it is not the whole.

    A message that got none yet counts as not seen, and so as missed: see `missed`.
    """
    for one in unfinished.take():
        try:
            if one.token and store.clock() - one.at < TOKEN_SECONDS:
                await _mark_response(client, one)
            elif one.message:
                await _mark_message(client, one)
            elif not one.token:
                await store.write("DELETE FROM seen WHERE id = ?", one.key)
        except TROUBLE as error:
            log.info("An interrupted answer could not be marked: %s", describe(error))
        await Trace(store, one.key).done()


async def _mark_response(client: discord.Client, one: Left) -> None:
    """The answer to a command, button or form, also where only the asker sees it."""
    webhook = discord.Webhook.partial(client.application_id or 0, one.token, client=client)
    number = one.message or ORIGINAL
    shown = await webhook.fetch_message(number)
    await webhook.edit_message(number, content=cut_off(shown.content), allowed_mentions=NO_PINGS)


async def _mark_message(client: discord.Client, one: Left) -> None:
    message = client.get_partial_messageable(one.channel).get_partial_message(one.message)
    shown = await message.fetch()
    await message.edit(content=cut_off(shown.content), allowed_mentions=NO_PINGS)

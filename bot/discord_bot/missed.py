"""Questions that were asked while the bot was away: found where it was asked lately, and answered once."""

from __future__ import annotations

import datetime
import logging

import discord

from bot.discord_bot.store import DAY, Store
from bot.discord_bot.wire import TROUBLE, describe

log = logging.getLogger(__name__)

MINUTES = 15.0  # older questions are left alone: their askers have gone on
CHANNELS, MESSAGES = 20, 50  # where to look, and how far back in each
LATELY = 7 * DAY  # seconds


async def missed_messages(client: discord.Client, store: Store) -> list[discord.Message]:
    """The messages of the last minutes, oldest first, in the channels where somebody asked lately."""
    rows = await store.rows(
        "SELECT channel, guild, MAX(at) FROM answers WHERE at > ? "
        "GROUP BY channel ORDER BY MAX(at) DESC LIMIT ?",
        store.clock() - LATELY,
        CHANNELS,
    )
    after = discord.utils.utcnow() - datetime.timedelta(minutes=MINUTES)
    found: list[discord.Message] = []
    for number, guild, _ in rows:
        try:
            channel = client.get_channel(number) or (None if guild else await client.fetch_channel(number))
            if isinstance(channel, discord.abc.Messageable):
                found += [
                    one async for one in channel.history(limit=MESSAGES, after=after, oldest_first=True)
                ]
        except TROUBLE as error:
            log.info("A channel could not be looked at for missed questions: %s", describe(error))
    return sorted(found, key=lambda message: message.id)

"""Where a message is, and the thread of its own that its answer may get."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.wire import TROUBLE, describe, twice

log = logging.getLogger(__name__)

THREAD_NAME = 100  # characters
OPENED = 160004  # the message has a thread already
THREADS = (discord.Thread, app_commands.AppCommandThread)


def channels_of(channel: Any) -> tuple[int, ...]:
    """A channel's id, after that of the channel it is a thread of."""
    if channel is None:
        return ()
    parent = getattr(channel, "parent_id", None)
    return (parent, channel.id) if isinstance(channel, THREADS) and parent else (channel.id,)


async def thread_for(message: discord.Message, text: str) -> discord.Thread | None:
    """A thread of the question's own; None where there can be none, and the answer stays in the channel."""
    if message.guild is None or not isinstance(message.channel, discord.TextChannel):
        return None
    name = " ".join(text.split())[:THREAD_NAME]
    try:
        return await twice(lambda: message.create_thread(name=name))
    except TROUBLE as error:
        if getattr(error, "code", 0) == OPENED and (opened := message.guild.get_thread(message.id)):
            return opened  # by a first try, of which nothing was heard
        log.warning("No thread could be opened for an answer: %s", describe(error))
        return None

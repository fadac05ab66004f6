"""Questions that were asked while the bot was away: found wherever it can be asked, and answered once."""

from __future__ import annotations

import datetime
import logging

import discord

from bot.discord_bot.store import DAY, Store
from bot.discord_bot.wire import TROUBLE, describe

log = logging.getLogger(__name__)

MINUTES = 15.0  # older questions are left alone: their askers have gone on
CHANNELS, MESSAGES = 100, 100  # where to look, and how many messages in each: one call's worth
PEOPLE, LATELY = 20, 7 * DAY  # direct conversations to look into, if anything was asked there so lately


async def missed_messages(client: discord.Client, store: Store) -> list[discord.Message]:
    """The messages of the last minutes, oldest first.

    They are looked for in the channels and threads of servers where anything was written meanwhile, the last
    first, and in direct conversations of people who asked lately.
    """
    after = discord.utils.utcnow() - datetime.timedelta(minutes=MINUTES)
    found: list[discord.Message] = []
    for channel in [*_lively(client, after)[:CHANNELS], *await _direct(client, store)]:
        try:
            # the last ones first: those are what a lively channel's askers still wait for
            found += [one async for one in channel.history(limit=MESSAGES, after=after, oldest_first=False)]
        except TROUBLE as error:
            log.info("A channel could not be looked at for missed questions: %s", describe(error))
    return sorted(found, key=lambda message: message.id)


def _lively(client: discord.Client, after: datetime.datetime) -> list[discord.abc.Messageable]:
    """Where a message was written after that moment: Discord tells the last one of each channel."""
    first = discord.utils.time_snowflake(after)
    places: list[discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread] = []
    for guild in client.guilds:
        places += [*guild.text_channels, *guild.voice_channels, *guild.stage_channels, *guild.threads]
    lively = [place for place in places if (place.last_message_id or 0) >= first and _readable(place)]
    return [*sorted(lively, key=lambda place: -(place.last_message_id or 0))]


def _readable(place: discord.abc.GuildChannel | discord.Thread) -> bool:
    held = place.permissions_for(place.guild.me)
    return held.view_channel and held.read_message_history


async def _direct(client: discord.Client, store: Store) -> list[discord.abc.Messageable]:
    rows = await store.rows(
        "SELECT channel FROM answers WHERE guild = 0 AND at > ? "
        "GROUP BY channel ORDER BY MAX(at) DESC LIMIT ?",
        store.clock() - LATELY,
        PEOPLE,
    )
    found: list[discord.abc.Messageable] = []
    for (number,) in rows:
        try:
            channel = client.get_channel(number) or await client.fetch_channel(number)
        except TROUBLE as error:
            log.info("A conversation could not be looked at for missed questions: %s", describe(error))
            continue
        if isinstance(channel, discord.DMChannel):  # a private /ask in a server is kept without the server
            found.append(channel)
    return found

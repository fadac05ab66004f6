"""/insights: what is asked in this server, what stays unanswered, and what people think of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.insights import Insight, charts_of, insights_of, report_of
from bot.discord_bot.lookups import Found
from bot.discord_bot.pictures import pictures
from bot.discord_bot.surfaces import Enclosed
from bot.models import Reply

EMPTY = "Nothing was asked in this server in that time."


def told(rows: Sequence[Insight], days: int, now: float) -> Found:
    """The report, its picture and all questions. Takes a second where there are many: call it in a thread."""
    text, content = report_of(rows, days)
    drawn = pictures("insights.png", charts_of(rows, days, now))
    return Found((Reply(text),), files=(*drawn, Enclosed("questions.csv", content)))


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    async def found(guild: int, days: int) -> str | Found:
        rows = await insights_of(client.memory.store, guild, days)
        if not rows:
            return EMPTY
        return await asyncio.to_thread(told, rows, days, client.memory.store.clock())

    @app_commands.command(name="insights", description="What is asked here, and what stays unanswered")
    @app_commands.describe(days="The last so many days")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def insights(
        interaction: discord.Interaction[Any], days: app_commands.Range[int, 1, 365] = 30
    ) -> None:
        await client.told(interaction, found(interaction.guild_id or 0, days))

    return insights

"""/trends: how many papers on a topic, by year and venue."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.forms import QUESTION_TEXT
from bot.discord_bot.trends import trend_found


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="trends", description="Count the papers on a topic by year and venue")
    @app_commands.describe(topic="A subject or a method")
    async def trends(
        interaction: discord.Interaction[Any], topic: app_commands.Range[str, 1, QUESTION_TEXT]
    ) -> None:
        await client.looked_up(interaction, lambda: trend_found(client.place(interaction).library, topic))

    return trends

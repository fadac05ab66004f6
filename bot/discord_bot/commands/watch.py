"""/watch: be told when a new paper on a topic arrives."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT
from bot.models import Reply


def command(client: FootnoteClient) -> app_commands.Group:
    """The commands, bound to `client`."""
    group = app_commands.Group(name="watch", description="Be told of new papers")

    @group.command(name="add", description="Tell me when a new paper on this topic arrives")
    @app_commands.describe(topic="A subject or a method")
    async def add(
        interaction: discord.Interaction[Any], topic: app_commands.Range[str, 3, NAME_TEXT]
    ) -> None:
        await client.told(interaction, (Reply(await client.watcher.add(interaction.user.id, topic)),))

    @group.command(name="list", description="The topics that you watch")
    async def show(interaction: discord.Interaction[Any]) -> None:
        await client.told(interaction, (Reply(await client.watcher.show(interaction.user.id)),))

    @group.command(name="stop", description="Watch a topic no longer")
    @app_commands.describe(number="Its number in /watch list; none stops all")
    async def stop(interaction: discord.Interaction[Any], number: int | None = None) -> None:
        await client.told(interaction, (Reply(await client.watcher.stop(interaction.user.id, number)),))

    return group

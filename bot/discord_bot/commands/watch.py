"""/watch: be told when a new paper on a topic arrives."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import CHOICE_TEXT, NAME_TEXT
from bot.discord_bot.listing import shorten

FORGETFUL = (
    "You told me to keep nothing of you, and so I cannot keep a topic. `/privacy remember:True` changes that."
)


async def complete_topic(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[int]]:
    """The topics of the person who types, each with its number."""
    client: FootnoteClient = interaction.client
    names = await client.watcher.names(interaction.user.id)
    shown = [(n, shorten(f"{n}. {name}", CHOICE_TEXT)) for n, name in enumerate(names, 1)]
    return [
        app_commands.Choice(name=name, value=n) for n, name in shown if typed.casefold() in name.casefold()
    ]


def command(client: FootnoteClient) -> app_commands.Group:
    """The commands, bound to `client`."""
    group = app_commands.Group(name="watch", description="Be told of new papers")

    @group.command(name="add", description="Tell me when a new paper on this topic arrives")
    @app_commands.describe(topic="A subject or a method")
    async def add(
        interaction: discord.Interaction[Any], topic: app_commands.Range[str, 3, NAME_TEXT]
    ) -> None:
        if interaction.user.id in client.memory.forgetful:
            await client.told(interaction, FORGETFUL)
            return
        chosen, guild = client.chosen(interaction), interaction.guild_id or 0
        await client.told(interaction, client.watcher.add(interaction.user.id, topic, chosen, guild))

    @group.command(name="list", description="The topics that you watch")
    async def show(interaction: discord.Interaction[Any]) -> None:
        await client.told(interaction, client.watcher.show(interaction.user.id))

    @group.command(name="stop", description="Watch a topic no longer")
    @app_commands.describe(number="Its number in /watch list; none stops all")
    @app_commands.autocomplete(number=complete_topic)
    async def stop(interaction: discord.Interaction[Any], number: int | None = None) -> None:
        await client.told(interaction, client.watcher.stop(interaction.user.id, number))

    return group

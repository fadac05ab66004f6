"""/library show: how much there is."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.lookups import library_found


def command(client: FootnoteClient) -> app_commands.Group:
    """The commands, bound to `client`."""
    group = app_commands.Group(name="library", description="The library of papers")

    @group.command(name="show", description="Show how many papers there are, and when that last changed")
    async def show(interaction: discord.Interaction[Any]) -> None:
        await client.looked_up(interaction, lambda: library_found(client.footnote.library))

    return group

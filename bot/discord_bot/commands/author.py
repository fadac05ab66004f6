"""/author: the papers of one person."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT, complete_author
from bot.discord_bot.lookups import author_found


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="author", description="Show the papers of an author")
    @app_commands.describe(name="Any part of the name")
    @app_commands.autocomplete(name=complete_author)
    async def author(
        interaction: discord.Interaction[Any], name: app_commands.Range[str, 2, NAME_TEXT]
    ) -> None:
        await client.looked_up(interaction, lambda: author_found(client.place(interaction).library, name))

    return author

"""/similar: the papers nearest to one."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT, complete_title
from bot.discord_bot.lookups import similar_found


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="similar", description="Find papers like one that you know")
    @app_commands.describe(title="Any part of its title")
    @app_commands.autocomplete(title=complete_title)
    async def similar(
        interaction: discord.Interaction[Any], title: app_commands.Range[str, 1, NAME_TEXT]
    ) -> None:
        await client.looked_up(interaction, lambda: similar_found(client.place(interaction).library, title))

    return similar

"""/quote: which paper says this?"""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.forms import QUESTION_TEXT
from bot.discord_bot.lookups import quotation_found


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="quote", description="Find the paper that says this")
    @app_commands.describe(text="Words of the paper, ten or more if you can")
    async def quote(
        interaction: discord.Interaction[Any], text: app_commands.Range[str, 12, QUESTION_TEXT]
    ) -> None:
        await client.looked_up(interaction, lambda: quotation_found(client.place(interaction).library, text))

    return quote

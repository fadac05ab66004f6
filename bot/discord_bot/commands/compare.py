"""/compare: two to six papers side by side."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT, complete_title
from bot.discord_bot.forms import QUESTION_TEXT
from bot.discord_bot.lookups import comparison_found

TITLE = app_commands.Range[str, 1, NAME_TEXT]


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(
        name="compare", description="Show two to six papers side by side, in their own words"
    )
    @app_commands.describe(
        first="Any part of a title",
        second="Any part of a title",
        third="Any part of a title",
        fourth="Any part of a title",
        fifth="Any part of a title",
        sixth="Any part of a title",
        by="What to compare, for example training data",
    )
    @app_commands.autocomplete(
        first=complete_title,
        second=complete_title,
        third=complete_title,
        fourth=complete_title,
        fifth=complete_title,
        sixth=complete_title,
    )
    async def compare(
        interaction: discord.Interaction[Any],
        first: TITLE,
        second: TITLE,
        third: TITLE | None = None,
        fourth: TITLE | None = None,
        fifth: TITLE | None = None,
        sixth: TITLE | None = None,
        by: app_commands.Range[str, 1, QUESTION_TEXT] | None = None,
    ) -> None:
        keys = [key for key in (first, second, third, fourth, fifth, sixth) if key]
        library = client.place(interaction).library
        await client.looked_up(interaction, lambda: comparison_found(library, keys, by))

    return compare

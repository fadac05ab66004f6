"""/ask: a question, answered with the papers that the answer rests on."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT, YEARS, complete_title
from bot.discord_bot.forms import QUESTION_TEXT
from bot.filters import checked
from retrieval.models import Filters


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="ask", description="Ask a question about the papers in the library")
    @app_commands.rename(year_from="from", year_to="to")
    @app_commands.describe(
        question="What you want to know",
        paper="Answer from this paper alone",
        year_from="Only papers of this year or later",
        year_to="Only papers of this year or earlier",
        venue="Only papers of this venue, for example CVPR",
        private="Show the answer to you alone",
    )
    @app_commands.autocomplete(paper=complete_title)
    async def ask(
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, QUESTION_TEXT],
        paper: app_commands.Range[str, 1, NAME_TEXT] | None = None,
        year_from: YEARS | None = None,
        year_to: YEARS | None = None,
        venue: app_commands.Range[str, 1, NAME_TEXT] | None = None,
        private: bool = False,
    ) -> None:
        filters = Filters(year_from=year_from, year_to=year_to, venue=venue, paper=paper)
        await client.asking.command(interaction, question, lambda: checked(filters), private=private)

    return ask

"""/search: the papers on a subject, without an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT, YEARS
from bot.discord_bot.forms import QUESTION_TEXT
from bot.discord_bot.listing import search_pages
from bot.discord_bot.lookups import Found
from bot.filters import checked
from bot.gate import holds_answer
from bot.models import Reply, Route
from retrieval.models import Filters

PAPERS, PASSAGES = 30, 60  # found at most; a page holds about five papers
GATED = 8  # passages that the gate was fitted on


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="search", description="Find papers in the library")
    @app_commands.rename(year_from="from", year_to="to")
    @app_commands.describe(
        query="A subject, a method, words of a title",
        author="Only papers by this author",
        venue="Only papers of this venue, for example CVPR",
        year_from="Only papers of this year or later",
        year_to="Only papers of this year or earlier",
    )
    async def search(
        interaction: discord.Interaction[Any],
        query: app_commands.Range[str, 1, QUESTION_TEXT],
        author: app_commands.Range[str, 1, NAME_TEXT] | None = None,
        venue: app_commands.Range[str, 1, NAME_TEXT] | None = None,
        year_from: YEARS | None = None,
        year_to: YEARS | None = None,
    ) -> None:
        filters = Filters(year_from=year_from, year_to=year_to, venue=venue, author=author)

        def found() -> Found:
            result = client.place(interaction).library.search(query, checked(filters), PASSAGES, PAPERS)
            best = replace(result, passages=result.passages[:GATED])
            fits = holds_answer(best, Route("find", query, filters))
            pages = search_pages(result, filters, fits=fits)
            return Found((Reply(pages[0]),), pages=pages if fits else ())

        await client.looked_up(interaction, found)

    return search

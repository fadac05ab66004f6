"""What the options of several commands have in common."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.listing import shorten
from bot.errors import BadQuestion
from retrieval.errors import RetrievalError
from retrieval.models import Filters

log = logging.getLogger(__name__)

CHOICES = 25  # Discord's limits: choices, and characters of a choice's name and value
CHOICE_TEXT = 100

QUESTION_TEXT = 1500  # characters; what is longer is no question to a search
NAME_TEXT = 200

YEARS = app_commands.Range[int, 1900, 2100]


async def complete_title(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
    """Papers whose title has what was typed, in any place. The choice's value is the paper's id."""
    client: FootnoteClient = interaction.client
    try:
        papers = await client.titles(client.place(interaction).library, typed, CHOICES)
    except RetrievalError as error:
        log.warning("Titles could not be looked up: %s", error)
        return []
    return [
        app_commands.Choice(name=shorten(paper.title, CHOICE_TEXT), value=paper.id)
        for paper in papers[:CHOICES]
        if paper.title.strip() and len(paper.id) <= CHOICE_TEXT
    ]


async def complete_author(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """Authors whose name has what was typed, those of most papers first."""
    client: FootnoteClient = interaction.client
    try:
        names = await client.authors(client.place(interaction).library, typed, CHOICES)
    except RetrievalError as error:
        log.warning("Authors could not be looked up: %s", error)
        return []
    return [app_commands.Choice(name=name, value=name) for name in names if 1 <= len(name) <= CHOICE_TEXT]


def checked(filters: Filters) -> Filters:
    """The same filters; raises BadQuestion where no paper can pass them."""
    start, end = filters.year_from, filters.year_to
    if start is not None and end is not None and start > end:
        raise BadQuestion(f"No year is from {start} on and up to {end}: please exchange the two.")
    return filters

"""What the options of several commands have in common."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.listing import shorten
from retrieval.errors import RetrievalError
from retrieval.models import FIRST_YEAR, LAST_YEAR

log = logging.getLogger(__name__)

CHOICES = 25  # Discord's limits: choices, and characters of a choice's name and value
CHOICE_TEXT = 100

NAME_TEXT = 200  # characters

YEARS = app_commands.Range[int, FIRST_YEAR, LAST_YEAR]


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

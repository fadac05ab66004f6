"""/library: how much there is; and for those who look after it, adding, removing, mending, trying again."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot import shelving
from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands.options import NAME_TEXT, YEARS, complete_title
from bot.discord_bot.lookups import library_found
from bot.librarian import Librarian, Show
from retrieval.readers.fields import author_names
from retrieval.readers.manifest import Override

LINKS = 5  # in one command
NOTHING_GIVEN = "Attach a file or give a link: then I read it into the library."
TOO_MANY = f"That are too many links at once: I take up to {LINKS}."
NOTHING_TO_MEND = "Say what to mend: its title, its authors or its year."


def command(client: FootnoteClient) -> app_commands.Group:
    """The commands, bound to `client`."""
    group = app_commands.Group(name="library", description="The library of papers")
    _looking(client, group)
    _adding(client, group)
    _mending(client, group)
    return group


def _looking(client: FootnoteClient, group: app_commands.Group) -> None:
    @group.command(name="show", description="Show how many papers there are, and when that last changed")
    async def show(interaction: discord.Interaction[Any]) -> None:
        library, name = client.place(interaction).library, shelving.which(client, interaction)
        await client.looked_up(interaction, lambda: library_found(library, name))


def _adding(client: FootnoteClient, group: app_commands.Group) -> None:
    @group.command(name="add", description="Add papers: PDFs, texts, lists of papers, or links to them")
    @app_commands.describe(
        link="Links, DOIs or arXiv ids, with spaces between",
        first="A PDF, a text or a list of papers",
        second="Another file",
        third="Another file",
        fourth="Another file",
        fifth="Another file",
    )
    async def add(
        interaction: discord.Interaction[Any],
        link: app_commands.Range[str, 1, 1500] | None = None,
        first: discord.Attachment | None = None,
        second: discord.Attachment | None = None,
        third: discord.Attachment | None = None,
        fourth: discord.Attachment | None = None,
        fifth: discord.Attachment | None = None,
    ) -> None:
        links = list(dict.fromkeys((link or "").replace("arXiv: ", "arXiv:").split()))
        files = [one for one in (first, second, third, fourth, fifth) if one is not None]
        if (not links and not files) or len(links) > LINKS:
            await client.told(interaction, TOO_MANY if links else NOTHING_GIVEN)
            return

        async def work(librarian: Librarian, shown: Show) -> str:
            given = [*map(shelving.given, files), *map(librarian.linked, links)]
            return shelving.added_text(await librarian.add(given, shown))

        await shelving.change(client, interaction, work, kept=True)

    @group.command(name="retry", description="Try again to read the files that could not be read")
    async def retry(interaction: discord.Interaction[Any]) -> None:
        async def work(librarian: Librarian, shown: Show) -> str:
            return shelving.retried_text(await librarian.retry(shown))

        await shelving.change(client, interaction, work)


def _mending(client: FootnoteClient, group: app_commands.Group) -> None:
    @group.command(name="remove", description="Take a paper out of the library")
    @app_commands.describe(paper="Any part of its title")
    @app_commands.autocomplete(paper=complete_title)
    async def remove(
        interaction: discord.Interaction[Any], paper: app_commands.Range[str, 1, NAME_TEXT]
    ) -> None:
        async def work(librarian: Librarian, shown: Show) -> str:
            return shelving.removed_text(await librarian.remove(paper, shown))

        await shelving.change(client, interaction, work)

    @group.command(name="mend", description="Put the title, authors or year of a paper right, for good")
    @app_commands.describe(
        paper="Any part of its title",
        title="The title as it should be",
        authors="All authors, with semicolons between",
        year="The year in which it appeared",
    )
    @app_commands.autocomplete(paper=complete_title)
    async def mend(
        interaction: discord.Interaction[Any],
        paper: app_commands.Range[str, 1, NAME_TEXT],
        title: app_commands.Range[str, 3, 300] | None = None,
        authors: app_commands.Range[str, 3, 1500] | None = None,
        year: YEARS | None = None,
    ) -> None:
        names = author_names(authors or "")
        said = Override(title=" ".join((title or "").split()) or None, authors=names or None, year=year)
        if said == Override():
            await client.told(interaction, NOTHING_TO_MEND)
            return

        async def work(librarian: Librarian, shown: Show) -> str:
            return shelving.mended_text(await librarian.mend(paper, said, shown))

        await shelving.change(client, interaction, work)

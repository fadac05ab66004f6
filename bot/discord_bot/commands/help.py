"""/help: what there is."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.lookups import Found
from bot.models import Reply

TEXT = (
    "I answer questions about the papers in my library. Every claim names the paper that it rests on.\n"
    "**Ask** with `/ask`, by mentioning me, by replying to me, or directly. *Ask about this message* is in "
    "the menu of every message, under Apps. You may correct your question for a minute: I answer it anew.\n"
    "**Look up** with `/search`, `/paper`, `/similar`, `/compare`, `/author`, `/quote` (which paper says "
    "this?), `/trends` and `/library show`; `/watch add` tells you when a new paper on a topic arrives.\n"
    "**Under an answer**, *Sources* shows the exact words of each footnote, *More* the next best papers, and "
    "👍 👎 tell the people who run me what was good.\n"
    "**Yours**: `/usage`, `/privacy`, `/my-data`, `/forget-me`."
)


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="help", description="What I can do")
    async def help(interaction: discord.Interaction[Any]) -> None:
        await client.looked_up(interaction, lambda: Found((Reply(TEXT),)), private=True)

    return help

"""/forget-me: erase what is stored of a person, after a second look."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.controls import control, view

ASK = "This erases your questions, votes, watched topics and counts. It cannot be taken back."


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="forget-me", description="Erase everything that I have stored of you")
    async def forget_me(interaction: discord.Interaction[Any]) -> None:
        sure = view(control("forget", interaction.user.id, "Erase it"))
        await client.told(interaction, ASK, view=sure)

    return forget_me

"""The tree of commands: each interaction once, and a sentence for whatever goes wrong."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.discord_bot.polite import report
from bot.discord_bot.seen import Seen


class FootnoteTree(app_commands.CommandTree[discord.Client]):
    """Commands are for servers that the bot is in, and for whoever installs it for himself, anywhere.

    A command for servers alone says so itself.
    """

    def __init__(self, client: discord.Client, seen: Seen) -> None:
        anywhere = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
        anybody = app_commands.AppInstallationType(guild=True, user=True)
        super().__init__(client, allowed_contexts=anywhere, allowed_installs=anybody)
        self._seen = seen

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """An interaction that was delivered twice is answered once."""
        return self._seen.first_time(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """Log it with its traceback; tell the asker, and the asker alone, a sentence."""
        name = interaction.command.qualified_name if interaction.command else "a command"
        await report(interaction, error, f"/{name}")

"""The tree of commands: each interaction once, and a sentence for whatever goes wrong."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.errors import sentence_for_any
from bot.discord_bot.seen import Seen
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe

log = logging.getLogger(__name__)


class FootnoteTree(app_commands.CommandTree[discord.Client]):
    """Commands are for servers that the bot is in, and for direct conversations with it."""

    def __init__(self, client: discord.Client, seen: Seen) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )
        self._seen = seen

    async def interaction_check(self, interaction: discord.Interaction[discord.Client], /) -> bool:
        """An interaction that was delivered twice is answered once."""
        return self._seen.first_time(interaction.id)

    async def on_error(
        self, interaction: discord.Interaction[discord.Client], error: app_commands.AppCommandError, /
    ) -> None:
        """Log it with its traceback; tell the asker, and the asker alone, a sentence."""
        name = interaction.command.qualified_name if interaction.command else "a command"
        log.error("/%s failed", name, exc_info=error)
        sentence = sentence_for_any(error)
        send: Any = interaction.followup.send
        if not interaction.response.is_done():
            send = interaction.response.send_message
        try:
            await send(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
        except TROUBLE as second:
            log.info("Nor could the reason be told: %s", describe(second))

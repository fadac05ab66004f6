"""The entry "Ask about this message" in the menu of every message."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.forms import message_form


def command(client: FootnoteClient) -> app_commands.ContextMenu:
    """The entry; Discord shows the bot the message that it was chosen on, whatever its intents."""

    async def ask_about(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.send_modal(message_form(message))

    return app_commands.ContextMenu(name="Ask about this message", callback=ask_about)

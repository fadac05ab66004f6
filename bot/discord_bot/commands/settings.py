"""/settings: how the bot behaves in this server, for the people who manage it."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.asking import channels_of
from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.preferences import EVERYWHERE, NAMES
from bot.models import Reply

MEANINGS = {
    "answers": "answer messages that call me",
    "everything": "answer every message, called or not",
    "threads": "answer in a thread",
    "forum": "answer new forum posts",
    "quotes": "quote only, without the language model",
}
VALUES = {"on": True, "off": False, "as the server": None}
NEEDS_INTENT = (
    "-# Discord does not show me such messages: this bot runs without the message-content intent. The people "
    "who run it can set DISCORD_MESSAGE_CONTENT."
)
Place = app_commands.AppCommandChannel | app_commands.AppCommandThread


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="settings", description="How I behave in this server or in one channel")
    @app_commands.describe(
        what="What to change; nothing shows what holds",
        value="On, off, or as it is in the server",
        channel="Only in this channel",
    )
    @app_commands.choices(
        what=[app_commands.Choice(name=f"{name}: {MEANINGS[name]}", value=name) for name in NAMES],
        value=[app_commands.Choice(name=name, value=name) for name in VALUES],
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def settings(
        interaction: discord.Interaction[Any],
        what: str | None = None,
        value: str | None = None,
        channel: Place | None = None,
    ) -> None:
        guild, place = interaction.guild_id or 0, channel.id if channel else EVERYWHERE
        if what is not None and value is not None:
            await client.memory.preferences.choose(guild, place, what, VALUES[value])
        manners = client.memory.preferences.of(guild, *channels_of(channel))
        lines = [f"In {channel.mention if channel else 'this server'}:"]
        lines += [f"- {MEANINGS[name]}: **{'on' if getattr(manners, name) else 'off'}**" for name in NAMES]
        if (manners.everything or manners.forum) and not client.settings.message_content:
            lines.append(NEEDS_INTENT)
        await client.told(interaction, (Reply("\n".join(lines)),))

    return settings

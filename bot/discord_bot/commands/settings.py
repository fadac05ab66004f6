"""/settings: how the bot behaves in this server, for the people who manage it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.listing import escaped
from bot.discord_bot.places import channels_of
from bot.discord_bot.preferences import EVERYWHERE, NAMES, Choice

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
LIBRARY_NAME = 40  # characters
FIRST = "(main)"  # the library that FOOTNOTE_DATA names; no name in LIBRARIES has parentheses
INHERITED = "(as the server)"
BOTH = "Choose both `what` and `value`: what to change, and on, off or as the server."
NO_SUCH = "There is no library of that name here. There are: {known}."
Place = app_commands.AppCommandChannel | app_commands.AppCommandThread


async def complete_library(
    interaction: discord.Interaction[Any], typed: str
) -> list[app_commands.Choice[str]]:
    """The names of the libraries that can be asked."""
    client: FootnoteClient = interaction.client
    offered = (FIRST, INHERITED, *client.offered(interaction.guild_id or 0))
    names = [name for name in offered if typed.casefold() in name.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in names[:25]]


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    async def changed(
        guild: int, channel: Place | None, given: Mapping[str, Choice | None], library: str | None
    ) -> str:
        place, names = channel.id if channel else EVERYWHERE, client.offered(guild)
        if library is not None:
            offered = {FIRST: "", INHERITED: None, **{name: name for name in names}}
            if library not in offered:
                return NO_SUCH.format(known=", ".join(f"`{name}`" for name in (FIRST, *names)))
            given = {**given, "library": offered[library]}
        for name, value in given.items():
            await client.memory.preferences.choose(guild, place, name, value)
        return shown(guild, channel)

    def shown(guild: int, channel: Place | None) -> str:
        manners = client.memory.preferences.of(guild, *channels_of(channel))
        lines = [f"In {channel.mention if channel else 'this server'}:"]
        lines += [f"- {MEANINGS[name]}: **{'on' if getattr(manners, name) else 'off'}**" for name in NAMES]
        if names := client.offered(guild):
            lines.append(f"- library: **{escaped(manners.library if manners.library in names else FIRST)}**")
        if (manners.everything or manners.forum) and not client.settings.message_content:
            lines.append(NEEDS_INTENT)
        return "\n".join(lines)

    @app_commands.command(name="settings", description="How I behave in this server or in one channel")
    @app_commands.describe(
        what="What to change; nothing shows what holds",
        value="On, off, or as it is in the server",
        channel="Only in this channel",
        library="The library that is asked, where there are several",
    )
    @app_commands.autocomplete(library=complete_library)
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
        library: app_commands.Range[str, 1, LIBRARY_NAME] | None = None,
    ) -> None:
        if (what is None) != (value is None):
            await client.told(interaction, BOTH)
            return
        given = {what: VALUES[value]} if what is not None and value is not None else {}
        await client.told(interaction, changed(interaction.guild_id or 0, channel, given, library))

    return settings

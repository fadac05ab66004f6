"""/usage: how much was asked today, and how much may be."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.counting import counted
from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.store import DAY
from bot.ledger import Limit


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(
        name="usage", description="How many questions you asked today, and how many you may"
    )
    async def usage(interaction: discord.Interaction[Any]) -> None:
        quota, guild = client.memory.quota, interaction.guild_id or 0
        mine, all_here = quota.used(interaction.user.id, guild)
        reset = int(client.memory.store.clock() // DAY + 1) * int(DAY)
        lines = [f"You asked {_of(mine, quota.person)} today. The count starts anew <t:{reset}:R>."]
        if guild:
            lines.append(f"This server asked {_of(all_here, quota.server)}.")
        if quota.cooldown:
            lines.append(f"Between two questions of one person I need {quota.cooldown:g} seconds.")
        shares: tuple[tuple[Limit, int, float, str], ...] = (
            ("person", interaction.user.id, quota.caps.person, "with your questions"),
            ("server", guild, quota.caps.server if guild else 0.0, "with this server's"),
            ("day", 0, quota.caps.day, "with everybody's"),
        )
        for limit, key, cap, whose in shares:
            if cap:
                spent = quota.spent(limit, key)
                lines.append(f"The language model cost {spent:.4g} of {cap:g} today, {whose}.")
        await client.told(interaction, "\n".join(lines))

    return usage


def _of(used: int, limit: int) -> str:
    return f"{used} of {limit} questions" if limit else f"{counted(used, 'question')}, without a limit,"

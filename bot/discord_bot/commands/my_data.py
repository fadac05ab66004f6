"""/my-data: everything that is stored of a person, as a file."""

from __future__ import annotations

import json
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.lookups import Found
from bot.discord_bot.store import OF_PERSON
from bot.discord_bot.surfaces import Enclosed
from bot.models import Reply


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    @app_commands.command(name="my-data", description="Everything that I have stored of you, as a file")
    async def my_data(interaction: discord.Interaction[Any]) -> None:
        async def found() -> Found:
            mine = await client.memory.store.of_person(interaction.user.id)
            rows = sum(len(mine[name]) for name in OF_PERSON)
            content = json.dumps(mine, indent=2, ensure_ascii=False).encode()
            text = f"{rows} entries. `/privacy` says what they are for, `/forget-me` erases them."
            return Found((Reply(text),), files=(Enclosed("my-data.json", content),))

        await client.told(interaction, found())

    return my_data

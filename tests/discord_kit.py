"""The bot on the fake Discord, in the same event loop, and how to wait for what it says."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr

from bot.discord_bot import run_bot
from bot.discord_bot.store import FILE
from bot.librarian import Librarian
from bot.settings import BotSettings
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import CHANNEL, TOKEN
from tests.fake_discord.world import Interaction
from tests.fake_footnote import TalkingModel, TitledLibrary, fake_footnote

Json = dict[str, Any]


def bot_settings(fake: FakeDiscord, data: Path, **more: Any) -> BotSettings:
    """Settings that aim at `fake`, whatever the environment says."""
    return BotSettings.model_construct(
        **{
            "data": data,
            "discord_token": SecretStr(TOKEN),
            "discord_api_url": fake.api_url,
            "discord_gateway_url": fake.gateway_url,
            "cooldown": 0.0,
            **more,
        }
    )


@contextlib.asynccontextmanager
async def running(
    fake: FakeDiscord,
    data: Path,
    library: TitledLibrary | None = None,
    model: TalkingModel | None = None,
    *,
    wait: bool = True,
    librarians: Mapping[str, Librarian] = MappingProxyType({}),
    others: Mapping[str, TitledLibrary] | None = None,
    sync_commands: bool = False,
    **settings: Any,
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, from its connection to its end; the task ends with what `run_bot` raised."""
    chosen = bot_settings(fake, data, **settings)
    named = {name: fake_footnote(chosen, other, model) for name, other in (others or {}).items()}
    footnote = replace(fake_footnote(chosen, library, model), others=named).kept_by(librarians)
    before = fake.gateway.ready
    task = asyncio.create_task(run_bot(chosen, footnote, sync_commands=sync_commands))
    try:
        if wait:
            await fake.connected(before + 1)
        yield task
    finally:
        task.cancel()
        await asyncio.wait((task,))


@contextlib.asynccontextmanager
async def healthy_discord() -> AsyncIterator[FakeDiscord]:
    """A Discord that in the end had nothing to refuse, pinged nobody and drew no link preview."""
    async with FakeDiscord() as discord:
        yield discord
    assert discord.refusals == []
    assert discord.world.pings == []
    assert discord.world.previews == 0


async def text_of(fake: FakeDiscord, interaction: Interaction) -> str:
    """What a command was answered with, as soon as anything is shown."""
    await fake.until(lambda: interaction.original and not interaction.waiting)
    assert interaction.original is not None
    return str(fake.world.messages[interaction.original]["content"])


async def reply_in(fake: FakeDiscord, channel: str = CHANNEL, count: int = 1) -> Json:
    """The bot's message number `count` in a channel, once it is there."""
    await fake.until(lambda: len(fake.answers(channel)) >= count)
    return fake.answers(channel)[count - 1]


def stored(data: Path, query: str) -> list[tuple[Any, ...]]:
    """What the bot's own store holds, asked from outside."""
    with contextlib.closing(sqlite3.connect(data / FILE, timeout=5)) as connection, connection:
        return connection.execute(query).fetchall()

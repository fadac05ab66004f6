"""The bot on the fake Discord, in the same event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from bot.discord_bot import run_bot
from bot.settings import BotSettings
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import TOKEN
from tests.fake_footnote import TalkingModel, TitledLibrary, fake_footnote


def bot_settings(fake: FakeDiscord, data: Path, **more: Any) -> BotSettings:
    """Settings that aim at `fake`, whatever the environment says."""
    return BotSettings(
        _env_file=None,
        FOOTNOTE_DATA=data,
        DISCORD_TOKEN=more.pop("token", TOKEN),
        DISCORD_API_URL=fake.api_url,
        DISCORD_GATEWAY_URL=fake.gateway_url,
        **{"DISCORD_MESSAGE_CONTENT": False, **more},
    )


@contextlib.asynccontextmanager
async def running(
    fake: FakeDiscord,
    data: Path,
    library: TitledLibrary | None = None,
    model: TalkingModel | None = None,
    *,
    wait: bool = True,
    sync_commands: bool = False,
    **settings: Any,
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot, from its connection to its end; the task ends with what `run_bot` raised."""
    chosen = bot_settings(fake, data, **settings)
    footnote = fake_footnote(chosen, library, model)
    before = fake.gateway.ready
    task = asyncio.create_task(run_bot(chosen, footnote, sync_commands=sync_commands))
    try:
        if wait:
            await fake.connected(before + 1)
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

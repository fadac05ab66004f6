"""Telling Discord the commands without running the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.discord_bot import tell_commands
from bot.discord_bot.commands import COMMANDS
from bot.errors import SetupError
from tests.command_line import bare_settings, footnote
from tests.discord_kit import bot_settings, healthy_discord, running
from tests.fake_discord import FakeDiscord, Fault
from tests.fake_discord.objects import TOKEN


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


async def test_the_commands_are_told_in_one_call_and_not_twice(fake: FakeDiscord, tmp_path: Path) -> None:
    settings = bot_settings(fake, tmp_path)
    told = [await tell_commands(settings), await tell_commands(settings)]
    forced = await tell_commands(settings, force=True)
    assert (told, forced) == ([True, False], True)
    assert len(fake.sent("PUT", "/commands$")) == 2
    assert len(fake.world.commands) == len(COMMANDS)
    assert not fake.gateway.identifies, "nobody came online for that"


async def test_a_bot_that_is_not_to_tell_them_does_not(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, sync_at_start=False):
        assert not fake.sent("PUT", "/commands$")
    await tell_commands(bot_settings(fake, tmp_path))
    async with running(fake, tmp_path):
        assert len(fake.sent("PUT", "/commands$")) == 1, "the bot knows that somebody told them"


async def test_what_discord_refuses_is_a_sentence(fake: FakeDiscord, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not know this DISCORD_TOKEN"):
        await tell_commands(bot_settings(fake, tmp_path, discord_token=SecretStr("wrong")))
    fake.refusals.clear()
    fake.faults.append(Fault("PUT", "/commands$", status=400, code=30034))
    with pytest.raises(SetupError, match="no more new commands from this bot today"):
        await tell_commands(bot_settings(fake, tmp_path))
    fake.faults.append(Fault("PUT", "/commands$", status=403, code=50013))
    with pytest.raises(SetupError, match="the token may not be of this application"):
        await tell_commands(bot_settings(fake, tmp_path))
    fake.faults.append(Fault("PUT", "/commands$", drop=True, times=9))
    with pytest.raises(SetupError, match="Discord cannot be reached"):
        await tell_commands(bot_settings(fake, tmp_path))


async def test_the_command_line_tells_them(fake: FakeDiscord, tmp_path: Path) -> None:
    with bare_settings(tmp_path, tmp_path / "data") as patch:
        bare = await asyncio.to_thread(footnote, "commands", "sync")
        assert "DISCORD_TOKEN is not set" in bare.stderr
        for name, value in (("TOKEN", TOKEN), ("API_URL", fake.api_url), ("GATEWAY_URL", fake.gateway_url)):
            patch.setenv(f"DISCORD_{name}", value)
        first, second = [await asyncio.to_thread(footnote, "commands", "sync") for _ in range(2)]
    assert first.stdout == "Discord was told the commands.\n"
    assert second.stdout == "Discord knows these commands already.\n"

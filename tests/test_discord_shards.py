"""Several connections to Discord, on a gateway that gives each server its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.discord_bot import run_bot
from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.run import TOO_FEW
from bot.errors import SetupError
from tests.discord_kit import bot_settings, healthy_discord, reply_in, running, text_of
from tests.fake_discord import FakeDiscord, Fault
from tests.fake_discord.objects import BOT_ID, CHANNEL
from tests.fake_footnote import fake_footnote

ASK = f"<@{BOT_ID}> How many parameters does HedgeNet have?"
SERVER, GENERAL = "2000000000004194304", "2000000000004194305"  # an even server, where the first is odd


@pytest_asyncio.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async def at_once(self: FootnoteClient, shard: int | None, *, initial: bool = False) -> None:
        return  # Discord wants five seconds between two connections; this one does not

    monkeypatch.setattr(FootnoteClient, "before_identify_hook", at_once)
    async with healthy_discord() as discord:
        discord.world.join(SERVER, GENERAL)
        yield discord


def shards_of(fake: FakeDiscord) -> list[list[int] | None]:
    return [identify.get("shard") for identify in fake.gateway.identifies]


async def test_two_connections_answer_in_both_servers_and_directly(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, shards=2):
        await fake.connected(2)
        for channel in (CHANNEL, GENERAL):
            await fake.say(ASK, channel=channel)
            assert "4.2 million" in (await reply_in(fake, channel))["content"]
        direct = await fake.say_privately(ASK)
        assert "4.2 million" in (await reply_in(fake, direct["channel_id"]))["content"]
        found = await fake.slash("paper", title="hedge", channel=GENERAL)
        assert "HedgeNet" in await text_of(fake, found)
    assert shards_of(fake) == [[0, 2], [1, 2]]
    assert not fake.sent("GET", "/gateway/bot")


async def test_a_small_bot_takes_one_connection_and_asks_nobody(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.world.recommended_shards = 2
    fake.world.application["approximate_guild_count"] = 1_999
    async with running(fake, tmp_path):
        pass
    assert shards_of(fake) == [None]
    assert not fake.sent("GET", "/gateway/bot")


async def test_from_two_thousand_servers_on_discord_says_how_many(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.world.recommended_shards = fake.gateway.least_shards = 2
    fake.world.application["approximate_guild_count"] = 2_000
    async with running(fake, tmp_path):
        await fake.connected(2)
        await fake.say(ASK, channel=GENERAL)
        await reply_in(fake, GENERAL)
    assert shards_of(fake) == [[0, 2], [1, 2]]
    assert len(fake.sent("PUT", "/commands")) == 1


async def test_a_discord_that_does_not_say_how_many_is_asked_again(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.run.FIRST_DELAY", 0.02)
    fake.world.recommended_shards = 2
    fake.world.application["approximate_guild_count"] = 5_000
    fake.faults.append(Fault("GET", "/gateway/bot", status=503))
    async with running(fake, tmp_path):
        await fake.connected(2)
    assert len(fake.sent("GET", "/gateway/bot")) == 3, "refused, told, and told to the wider client"


async def test_too_few_connections_end_the_bot_with_a_sentence(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.gateway.least_shards = 2
    settings = bot_settings(fake, tmp_path, shards=1)
    with pytest.raises(SetupError, match=TOO_FEW):
        await run_bot(settings, fake_footnote(settings))


async def test_one_lost_connection_is_resumed_and_the_other_goes_on(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path, shards=2):
        await fake.connected(2)
        lost = next(c for c in fake.gateway.connections if c.session and c.session.hears(SERVER))
        await lost.socket.close(code=4000)
        await fake.say(ASK)
        await reply_in(fake)
        await fake.connected(3)
        await fake.say(ASK, channel=GENERAL)
        await reply_in(fake, GENERAL)
    assert len(fake.gateway.resumes) == 1 and len(fake.answers()) == 1

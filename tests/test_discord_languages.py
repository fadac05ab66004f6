"""A question in German on Discord: asked by mention, directly and by command, and answered in German."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.discord_bot import run_bot
from bot.helper import Helper
from bot.language_model import Message, Spent
from bot.models import Usage
from bot.translation.translator import Translator
from tests.discord_kit import bot_settings, healthy_discord, stored
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import BOT_ID, CHANNEL
from tests.fake_footnote import TalkingModel, TitledLibrary, fake_footnote
from tests.fake_openai import german

ASKED = "Wie viele Parameter hat HedgeNet?"
WRITTEN = ("HedgeNet has 4.2 million parameters [1]. ", "It prunes its own ", "branches while it trains [1].")
COSTS = "SELECT max(money) FROM costs"


@dataclass(slots=True)
class Interpreter:
    """A model that knows one German question, and translates word by word."""

    name: str = "interpreter"

    async def stream(self, messages: Sequence[Message], spent: Spent | None = None) -> AsyncIterator[str]:
        if spent:
            spent(Usage(100, 10, cost=0.5))
        told = messages[-1]["content"]
        sentences = re.findall(r'<sentence number="(\d+)">(.*?)</sentence>', told)
        english = "How many parameters does HedgeNet have?"
        yield json.dumps({number: german(text) for number, text in sentences}) if sentences else english


@contextlib.asynccontextmanager
async def speaking(discord: FakeDiscord, data: Path) -> AsyncIterator[None]:
    """The bot with models for writing, rewriting and translating."""
    settings, library = bot_settings(discord, data), TitledLibrary()
    writer = Answerer(TalkingModel(WRITTEN, pause=0.4))
    helper, translator = Helper(Interpreter(), rerank=False), Translator(Interpreter())
    plain = fake_footnote(settings, library, TalkingModel())
    task = asyncio.create_task(
        run_bot(settings, replace(plain, assistant=Assistant(library, writer, helper, translator)))
    )
    await discord.connected(1)
    yield
    task.cancel()
    await asyncio.wait((task,))


@pytest.mark.parametrize("how", ["slash", "mention", "direct"])
async def test_an_answer_comes_in_english_first_and_then_in_german(tmp_path: Path, how: str) -> None:
    async with healthy_discord() as discord, speaking(discord, tmp_path):
        channel = CHANNEL
        if how == "slash":
            await discord.slash("ask", question=ASKED)
        elif how == "mention":
            await discord.say(f"<@{BOT_ID}> {ASKED}")
        else:
            channel = (await discord.say_privately(ASKED))["channel_id"]
        await discord.until(lambda: any("→ Deutsch" in m["content"] for m in discord.answers(channel)), 6)
        await discord.until(lambda: any("Gesucht" in m["content"] for m in discord.answers(channel)), 6)
        (message,) = discord.answers(channel)
        text = message["content"]
        assert "HedgeNet hat 4.2 Millionen Parameter [1]." in text
        assert text.count("Übersetzt") == 1 and "→" not in text
        assert "How many parameters does HedgeNet have?" in text
        assert "**HedgeNet: Pruning Networks like Gardens**" in text
        await discord.until(lambda: stored(tmp_path, COSTS) == [(1.0,)], 3)

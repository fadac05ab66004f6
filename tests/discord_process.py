"""The bot as a process of its own, over the hand-made library. Started by test_discord_process.py.

Arguments: the fake's REST address, its gateway address, a data folder, how the assistant behaves, seconds.
`threaded` searches for so many seconds, as the bot does; `blocking` does that on the event loop, the mistake
that the tests must be able to see; `slow` writes its answer for so long, and `stuck` never ends it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from bot.answerer import OnText
from bot.assistant import Assistant
from bot.discord_bot import run_bot
from bot.models import Answer, Question
from bot.settings import BotSettings
from tests.fake_discord.objects import TOKEN
from tests.fake_footnote import TalkingModel, TitledLibrary, fake_footnote


class BlockingAssistant(Assistant):
    """An assistant as one must not write it."""

    seconds = 0.0

    async def answer(self, question: Question, on_text: OnText | None = None) -> Answer:
        time.sleep(self.seconds)  # noqa: ASYNC251
        return await super().answer(question, on_text)


def main(api: str, gateway: str, data: str, how: str, seconds: str) -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)d %(name)s %(message)s")
    settings = BotSettings.model_construct(
        data=Path(data),
        discord_token=SecretStr(TOKEN),
        discord_api_url=api,
        discord_gateway_url=gateway,
        cooldown=0.0,
    )
    library = TitledLibrary(delay=float(seconds) if how == "threaded" else 0.0)
    model = None
    if how in ("slow", "stuck"):
        held = asyncio.Event() if how == "stuck" else None
        model = TalkingModel(["HedgeNet prunes itself [1]. "] * 10, float(seconds) / 10, held)
    footnote = fake_footnote(settings, library, model)
    if how == "blocking":
        BlockingAssistant.seconds = float(seconds)
        footnote = replace(footnote, assistant=BlockingAssistant(library, footnote.assistant._answerer))
    asyncio.run(run_bot(settings, footnote))


if __name__ == "__main__":
    main(*sys.argv[1:])

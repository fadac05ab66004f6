"""Settings -> everything that is open while Footnote runs: the only place that picks classes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.breaker import Breaker
from bot.conversation import Conversations
from bot.language_model import OpenAIModel, open_language_model
from bot.settings import BotSettings

if TYPE_CHECKING:
    from retrieval.library import Library


@dataclass(frozen=True, slots=True)
class Footnote:
    """Everything that answers a question."""

    settings: BotSettings
    library: Library
    assistant: Assistant
    conversations: Conversations
    model_name: str | None  # None: answers are extractive


@asynccontextmanager
async def build(settings: BotSettings, *, writable: bool = False) -> AsyncIterator[Footnote]:
    """Open the library and the model, and close them at the end. Raises RetrievalError and SetupError."""
    from retrieval.library import Library

    library = await asyncio.to_thread(Library.open, settings, writable=writable)
    with closing(library):
        async with _model(settings) as model:
            yield Footnote(
                settings=settings,
                library=library,
                assistant=Assistant(
                    library, Answerer(Breaker(model) if model else None, settings.unsupported)
                ),
                conversations=Conversations(),
                model_name=model.name if model else None,
            )


@asynccontextmanager
async def _model(settings: BotSettings) -> AsyncIterator[OpenAIModel | None]:
    model = open_language_model(settings)
    try:
        yield model
    finally:
        if model is not None:
            await model.close()

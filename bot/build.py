"""Settings -> everything that is open while Footnote runs: the only place that picks classes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.conversation import Conversations
from bot.helper import Helper
from bot.language_model import Endpoint, OpenAIModel, answering, helping, open_model, translating
from bot.language_model.breaker import Breaker
from bot.settings import BotSettings
from bot.translation.translator import Translator

if TYPE_CHECKING:
    from bot.librarian import Librarian
    from retrieval.library import Library


@dataclass(frozen=True, slots=True)
class Footnote:
    """Everything that answers a question."""

    settings: BotSettings
    library: Library
    assistant: Assistant
    conversations: Conversations
    model_name: str | None  # None: answers are extractive
    librarian: Librarian | None = None  # None: nobody changes the library from here
    others: Mapping[str, Footnote] = field(default_factory=dict)  # the libraries that have names

    def named(self, name: str) -> Footnote:
        """The same over the library of that name; this one for "" and for a name that there is no more."""
        return self.others.get(name, self)

    def kept_by(self, librarians: Mapping[str, Librarian]) -> Footnote:
        """The same, and each library is changed by the librarian of its name; "" is this one's."""
        others = {name: replace(one, librarian=librarians.get(name)) for name, one in self.others.items()}
        return replace(self, librarian=librarians.get(""), others=others)


@asynccontextmanager
async def build(settings: BotSettings, *, writable: bool = False) -> AsyncIterator[Footnote]:
    """Open the library and the model, and close them at the end. Raises RetrievalError and SetupError."""
    from retrieval.library import Library

    library = await asyncio.to_thread(Library.open, settings, writable=writable)
    with closing(library):
        async with (
            _model(answering(settings), settings) as model,
            _model(helping(settings), settings) as small,
            _model(translating(settings), settings) as other,
        ):
            answerer, helper = _answerer(model, settings), _helper(small, settings)
            translator = Translator(Breaker(other)) if other else None
            footnote = Footnote(
                settings=settings,
                library=library,
                assistant=Assistant(library, answerer, helper, translator),
                conversations=Conversations(),
                model_name=model.name if model else None,
            )
            async with AsyncExitStack() as stack:
                others = await _named(settings, stack)
                made = {
                    name: replace(
                        footnote, library=held, assistant=Assistant(held, answerer, helper, translator)
                    )
                    for name, held in others.items()
                }
                yield replace(footnote, others=made)


async def _named(settings: BotSettings, stack: AsyncExitStack) -> dict[str, Library]:
    """The libraries that have names, open while the stack is, to be read. Raises RetrievalError."""
    from retrieval.library import Library

    found = {}
    for name, folder in settings.named_libraries.items():
        there = settings.model_copy(update={"data": folder})
        found[name] = stack.enter_context(closing(await asyncio.to_thread(Library.open, there)))
    return found


def _answerer(model: OpenAIModel | None, settings: BotSettings) -> Answerer:
    return Answerer(Breaker(model) if model else None, settings.unsupported, settings.model_context)


def _helper(model: OpenAIModel | None, settings: BotSettings) -> Helper | None:
    if model is None:
        return None
    return Helper(
        Breaker(model),
        rerank=settings.rerank,
        rewrite=settings.rewrite,
        translate=settings.translate,
        context=settings.model_context,
    )


@asynccontextmanager
async def _model(endpoint: Endpoint | None, settings: BotSettings) -> AsyncIterator[OpenAIModel | None]:
    model = open_model(endpoint, settings) if endpoint else None
    try:
        yield model
    finally:
        if model is not None:
            await model.close()

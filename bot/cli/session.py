"""Settings, and everything that they open, for the length of one command."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import SetupError

if TYPE_CHECKING:
    from bot.build import Footnote
    from bot.settings import BotSettings
    from retrieval.library import Library

T = TypeVar("T")


def load_settings() -> BotSettings:
    """Settings from the environment and `.env`. Raises SetupError that names the variable."""
    from pydantic import ValidationError

    from bot.settings import BotSettings
    from bot.wrong_settings import NO_TEXT, sentences

    try:
        return BotSettings.model_validate({})  # all comes from outside
    except ValidationError as error:
        raise SetupError(" ".join(sentences(error))) from error
    except UnicodeDecodeError as error:
        raise SetupError(NO_TEXT) from error


def open_library(*, writable: bool = False, purpose: str = "footnote") -> Library:
    """The library that the settings name, to be closed by a `with`. Raises SetupError and RetrievalError."""
    from retrieval.library import Library

    return Library.open(load_settings(), writable=writable, purpose=purpose)


@dataclass(frozen=True, slots=True)
class Session:
    """An open Footnote, and the loop it runs on.

    The loop runs only while something is awaited: between two questions the terminal belongs to the person,
    and Ctrl-C interrupts the wait for the next line at once.
    """

    footnote: Footnote
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`; Ctrl-C cancels it and comes out as KeyboardInterrupt."""
        return self.runner.run(work)


@contextmanager
def open_session() -> Iterator[Session]:
    """Library, model and assistant as the settings say. Raises SetupError and RetrievalError."""
    from bot.build import build

    settings = load_settings()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        footnote = runner.run(stack.enter_async_context(build(settings)))
        try:
            yield Session(footnote, runner)
        finally:
            runner.run(stack.aclose())

"""A language model that has failed several times in a row is left alone for a while.

Whoever asks meanwhile gets quotations at once, and not after another time-out.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence

from bot.errors import ModelError, ModelSilent, ModelWithheld
from bot.language_model import LanguageModel, Message, Spent

FAILURES = 3  # in a row
REST = 60.0  # seconds; then one question tries again


class Breaker:
    """Stands before a LanguageModel, and is one. Used from the event loop alone."""

    def __init__(self, model: LanguageModel, clock: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    @property
    def name(self) -> str:
        return self._model.name

    async def stream(self, messages: Sequence[Message], spent: Spent | None = None) -> AsyncIterator[str]:
        """See LanguageModel. Raises ModelSilent at once while the model rests."""
        if self._clock() < self._rests_until:
            raise ModelSilent(
                f"It failed {self._failures} times in a row and is left alone for a minute.",
                reader="failed several times in a row and is left alone for a minute",
            )
        if self._failures >= FAILURES:
            self._rests_until = self._clock() + REST  # for all others, while this one tries
        try:
            async for piece in self._model.stream(messages, spent):
                yield piece
        except ModelWithheld:  # it works; what one person asks for must not close it to all others
            self._failures, self._rests_until = 0, 0.0
            raise
        except ModelError:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rests_until = self._clock() + REST
            raise
        self._failures, self._rests_until = 0, 0.0

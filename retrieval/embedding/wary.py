"""An embedder of questions that fails at once while its endpoint is known to be away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EmbedderError

if TYPE_CHECKING:
    from retrieval.embedding import Embedder

T = TypeVar("T")

_log = logging.getLogger(__name__)

REST = 60.0  # seconds without another try: each costs whoever asks the patience of all its attempts


class WaryEmbedder:
    """An `Embedder` that, once it failed, raises the same error for REST seconds without asking again."""

    def __init__(self, embedder: Embedder, clock: Callable[[], float] = time.monotonic) -> None:
        self.name, self.max_tokens = embedder.name, embedder.max_tokens
        self._embedder, self._clock = embedder, clock
        self._guard = threading.Lock()
        self._failed: tuple[float, EmbedderError] | None = None  # until when, and with what

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    def count_tokens(self, text: str) -> int:
        self._refuse_while_resting()
        return self._asked(lambda: self._embedder.count_tokens(text))

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._refuse_while_resting()
        return self._asked(lambda: self._embedder.embed(texts))

    def _refuse_while_resting(self) -> None:
        with self._guard:
            failed = self._failed
        if failed and self._clock() < failed[0]:
            raise failed[1].with_traceback(None)  # else it would hold on to all who meet it

    def _asked(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except EmbedderError as error:
            _log.warning("Questions are searched by words only for %.0f s. %s", REST, error)
            with self._guard:
                self._failed = self._clock() + REST, error
            raise

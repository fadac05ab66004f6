"""An embedder that is opened when a text has to be embedded, and remembers the last questions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from retrieval.embedding import Embedder

QUESTIONS = 512  # vectors that are remembered: 0.8 MB

Vectors = NDArray[np.float32]


class DeferredEmbedder:
    """An `Embedder` whose name is known at once. Lists of papers, say, need the name and no model.

    All but `name` and `max_tokens` may raise EmbedderError, at the first use.
    """

    def __init__(self, name: str, max_tokens: int, open_: Callable[[], Embedder]) -> None:
        self.name = name
        self.max_tokens = max_tokens
        self._open = open_
        self._guard = threading.Lock()
        self._opened: Embedder | None = None
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def dimensions(self) -> int:
        return self._embedder().dimensions

    def count_tokens(self, text: str) -> int:
        return self._embedder().count_tokens(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the embedder does; one text alone, a question, may come from what is remembered."""
        if len(texts) != 1:
            return self._embedder().embed(texts)
        with self._guard:
            known = self._known.get(texts[0])
            if known is not None:
                self._known.move_to_end(texts[0])
                return known.copy()
        made = self._embedder().embed(texts)
        with self._guard:
            self._known[texts[0]] = made.copy()
            while len(self._known) > QUESTIONS:
                self._known.popitem(last=False)
        return made

    def _embedder(self) -> Embedder:
        if self._opened is None:
            with self._guard:
                if self._opened is None:
                    self._opened = self._open()
        return self._opened

"""Who turns questions into vectors: the embedder that made the index, whatever the settings say by now."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

from retrieval.embedding import Embedder, embedder_when_needed
from retrieval.embedding.wary import WaryEmbedder
from retrieval.errors import EmbedderError
from retrieval.settings import RetrievalSettings


class Embedders:
    """The embedders of the indexes that a process meets: after a change of EMBEDDER, the old and the new."""

    def __init__(self, settings: RetrievalSettings, wanted: Embedder) -> None:
        """`wanted` is the embedder of the settings."""
        self._settings = settings
        self._wanted = wanted
        self._guard = threading.Lock()
        self._known: dict[str, WaryEmbedder | None] = {wanted.name: WaryEmbedder(wanted)}

    def of(self, made: str | None) -> Embedder | None:
        """Who made an index, by his name; None where he cannot be had. An index of nobody has no vectors."""
        name = made or self._wanted.name
        with self._guard:
            if name not in self._known:
                found = _other(self._settings, name)
                self._known[name] = WaryEmbedder(found) if found else None
            return self._known[name]


def _other(settings: RetrievalSettings, made: str) -> Embedder | None:
    """The embedder of this name, if these settings with another EMBEDDER open it.

    An endpoint is asked only where the settings still name one: whoever went back to this machine is not to
    find his questions elsewhere.
    """
    provider, _, model = made.partition("/")
    told: list[dict[str, Any]] = [{"embedder": "minilm"}, {"embedder": "minilm", "minilm_dir": None}]
    if provider == "openai":
        told = [{"embedder": f"openai:{model}"}] if settings.embedder.startswith("openai:") else []
    for values in told:
        with suppress(EmbedderError):
            found = embedder_when_needed(settings.model_copy(update=values))
            if found.name == made:
                return found
    return None

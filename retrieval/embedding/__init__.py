"""Text to vectors: the port `Embedder`, its adapters, and the table that chooses one.

    minilm          all-MiniLM-L6-v2 on this machine, offline (minilm.py; weights.py, bert_onnx.py)
    openai:MODEL    any OpenAI-compatible endpoint (openai_compatible.py)

A library opens its embedder when the first text needs it (deferred.py). An index is searched by the embedder
that made it, also while another one is set (serving.py); one that fails is left alone for a minute (wary.py).

Another embedder is one more adapter and its row in `EMBEDDERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from retrieval.errors import UnknownEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.settings import RetrievalSettings


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity. Thread-safe."""

    @property
    def name(self) -> str:
        """Which model this is; vectors of two embedders are comparable only where their names are equal."""

    @property
    def dimensions(self) -> int:
        """Length of a vector. Raises EmbedderError where a remote model must be asked and does not answer."""

    @property
    def max_tokens(self) -> int:
        """Longest text that `embed` takes, as `count_tokens` counts."""

    def count_tokens(self, text: str) -> int:
        """Tokens of the whole text, the model's special tokens included. Never fails."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector for each text, in order: float32 [len(texts), dimensions].

        Raises ValueError for a text of more than `max_tokens` (nothing is ever cut unseen), and
        EmbedderError where the model cannot be used.
        """


def open_embedder(settings: RetrievalSettings) -> Embedder:
    """The embedder that `EMBEDDER` names, ready for use; open it once for a process.

    Raises UnknownEmbedder, and ModelUnavailable where the weights of a local one are missing or changed.
    """
    provider, _, model = settings.embedder.partition(":")
    if settings.embedder not in EMBEDDERS and not (model and f"{provider}:MODEL" in EMBEDDERS):
        good = ", ".join(sorted(EMBEDDERS))
        raise UnknownEmbedder(f"EMBEDDER={settings.embedder!r} is not known: choose one of {good}.")
    return EMBEDDERS[f"{provider}:MODEL" if model else provider](settings, model)


def embedder_when_needed(settings: RetrievalSettings, *, for_questions: bool = False) -> Embedder:
    """The same, but a model whose name is known before it is loaded is loaded when it is first used.

    Questions are remembered. Raises what `open_embedder` raises, some of it at the first use only: the want
    of a key, too, where it is `for_questions`: words alone or another embedder's index can answer these.
    """
    from retrieval.embedding.deferred import DeferredEmbedder
    from retrieval.embedding.weights import MAX_TOKENS, known_name

    name = known_name(settings) if settings.embedder == "minilm" else None
    if name is not None:
        return DeferredEmbedder(name, MAX_TOKENS, lambda: open_embedder(settings))
    provider, _, model = settings.embedder.partition(":")
    if for_questions and provider == "openai" and model:
        from retrieval.embedding import openai_compatible as remote

        return DeferredEmbedder(remote.name_of(model), remote.MAX_TOKENS, lambda: open_embedder(settings))
    embedder = open_embedder(settings)
    return DeferredEmbedder(embedder.name, embedder.max_tokens, lambda: embedder)


def _open_minilm(settings: RetrievalSettings, _model: str) -> Embedder:
    from retrieval.embedding.minilm import open_minilm

    return open_minilm(settings)


def _open_openai(settings: RetrievalSettings, model: str) -> Embedder:
    from retrieval.embedding.openai_compatible import open_openai_compatible

    return open_openai_compatible(settings, model)


EMBEDDERS: Mapping[str, Callable[[RetrievalSettings, str], Embedder]] = {
    "minilm": _open_minilm,
    "openai:MODEL": _open_openai,
}

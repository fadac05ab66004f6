"""Text to vectors: the port `Embedder`, its adapters, and the table that chooses one.

    minilm          all-MiniLM-L6-v2 on this machine, offline (minilm.py; weights.py, bert_onnx.py)
    openai:MODEL    any OpenAI-compatible endpoint (openai_compatible.py)

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

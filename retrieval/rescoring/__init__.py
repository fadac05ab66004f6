"""A second look at the best candidates of a search: the port `Rescorer`, and what its scores do. Optional.

    RERANKER_DIR    a cross-encoder exported to ONNX, on this machine (cross_encoder.py)

Without the setting nothing is looked at twice. Another rescorer, late interaction say, is one more adapter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrieval.models import Chunk, Paper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.settings import RetrievalSettings


class Rescorer(Protocol):
    """Says how well passages answer a question, by reading both together. Thread-safe."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """One score for each passage, in order; higher is better, on any scale. [len(passages)]

        What is too long is cut. Raises ModelUnavailable where the model cannot be used.
        """


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A rescorer and how many passages it is shown."""

    rescorer: Rescorer
    passages: int

    def judged(
        self, question: str, fused: Mapping[str, float], texts: Callable[[Sequence[str]], Mapping[str, str]]
    ) -> dict[str, float]:
        """The rescorer's scores of the best candidates; `texts` gives the text of each of some ids."""
        best = sorted(fused, key=lambda name: (-fused[name], name))[: self.passages]
        shown = texts(best)
        given = self.rescorer.scores(question, list(shown.values()))
        return dict(zip(shown, map(float, given), strict=True))


def handed_out(scores: Mapping[str, float], judged: Mapping[str, float]) -> dict[str, float]:
    """The same scores, but those of the judged ones handed out anew: the best to what was judged best.

    So it does not matter on what scale a model judges, and what is told by how far scores lie apart still is.
    """
    names = sorted((name for name in scores if name in judged), key=lambda name: -scores[name])
    order = sorted(names, key=lambda name: -judged[name])
    return {**scores, **dict(zip(order, [scores[name] for name in names], strict=True))}


def reordered(ranked: Sequence[tuple[str, float]], judged: Mapping[str, float]) -> list[tuple[str, float]]:
    """A ranking, best first, with its scores handed out anew."""
    return sorted(handed_out(dict(ranked), judged).items(), key=lambda pair: -pair[1])


def shown_text(chunk: Chunk, paper: Paper) -> str:
    """What a rescorer reads of a passage: title and section stand in front, as for the embedder."""
    title = "" if paper.title_is_label else paper.title
    return "\n".join(part for part in (title, chunk.section, chunk.text) if part)


def open_rescorer(settings: RetrievalSettings) -> Rescorer | None:
    """The rescorer of the settings, ready for use; None where there is none. Raises ModelUnavailable."""
    if settings.reranker_dir is None:
        return None
    from retrieval.rescoring.cross_encoder import open_cross_encoder

    return open_cross_encoder(settings.reranker_dir.expanduser())


def second_look(settings: RetrievalSettings) -> SecondLook | None:
    """The same, but loaded when it is first used.

    Raises ModelUnavailable at once for a folder that lacks its files, and for what else is wrong at that use.
    """
    if settings.reranker_dir is None:
        return None
    from retrieval.rescoring.cross_encoder import Files

    Files.of(settings.reranker_dir.expanduser())
    return SecondLook(_Deferred(settings), settings.reranker_passages)


class _Deferred:
    """Opens the rescorer at the first question: lists of papers, say, need none."""

    def __init__(self, settings: RetrievalSettings) -> None:
        self._settings = settings
        self._guard = threading.Lock()
        self._opened: Rescorer | None = None

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        with self._guard:
            if self._opened is None:
                self._opened = open_rescorer(self._settings)
        assert self._opened is not None, "there is one only where RERANKER_DIR is set"
        return self._opened.scores(question, passages)

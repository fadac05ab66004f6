"""A second look at the best candidates of a search: the port `Rescorer`, and what its scores do. Optional.

    RERANKER_DIR    a cross-encoder exported to ONNX, on this machine (cross_encoder.py)

Without the setting nothing is looked at twice. Another rescorer, late interaction say, is one more adapter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Chunk, Paper
from retrieval.scores import standardised

if TYPE_CHECKING:
    from retrieval.settings import RetrievalSettings


class Rescorer(Protocol):
    """Says how well passages answer a question, by reading both together. Thread-safe."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """One score for each passage, in order; higher is better, on any scale. [len(passages)]

        What is too long is cut. Raises ModelUnavailable where the model cannot be used.
        """


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rescorer said of some candidates, and how much that counts beside what the search says, 0..1."""

    scores: Mapping[str, float] = field(default_factory=dict)
    weight: float = 0.0

    def handed_out(self, found: Mapping[str, float]) -> dict[str, float]:
        """The same scores, those of the judged candidates handed out anew, the best to the best of both.

        Both are compared as distances from their mean in standard deviations, so the scale on which a model
        judges does not matter; and how far the scores of a search lie apart, which tells how sure it is,
        stays as it was.
        """
        names = sorted((name for name in found if name in self.scores), key=lambda name: -found[name])
        if len(names) < 2:
            return dict(found)
        old = np.array([found[name] for name in names])
        new = np.array([self.scores[name] for name in names])
        both = (1 - self.weight) * standardised(old) + self.weight * standardised(new)
        order = np.argsort(-both, kind="stable")
        return {**found, **{names[at]: score for at, score in zip(order, old.tolist(), strict=True)}}

    def reordered(self, ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """The same for a ranking, best first."""
        return sorted(self.handed_out(dict(ranked)).items(), key=lambda pair: -pair[1])


NO_JUDGEMENT = Judgement()


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A rescorer, how many passages it is shown, and how much it counts."""

    rescorer: Rescorer
    passages: int
    weight: float

    def judge(
        self, question: str, fused: Mapping[str, float], texts: Callable[[Sequence[str]], Mapping[str, str]]
    ) -> Judgement:
        """What it says of the best candidates; `texts` gives the text of each of some ids."""
        best = sorted(fused, key=lambda name: (-fused[name], name))[: self.passages]
        shown = texts(best)
        scores = self.rescorer.scores(question, list(shown.values()))
        return Judgement(dict(zip(shown, map(float, scores), strict=True)), self.weight)


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
    return SecondLook(_Deferred(settings), settings.reranker_passages, settings.reranker_weight)


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

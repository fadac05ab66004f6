"""Question -> chunks that may answer it: what either index found, with the scores of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue
from retrieval.embedding import Embedder
from retrieval.errors import EmbedderError
from retrieval.lexical_index import LexicalIndex
from retrieval.planner import VectorSearch
from retrieval.rescoring import SecondLook
from retrieval.scores import standardised
from retrieval.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Source:
    """What a search reads, of one generation."""

    catalogue: Catalogue
    shelf: Shelf
    vectors: VectorSearch
    words: LexicalIndex
    embedder: Embedder | None  # None: by words only
    second_look: SecondLook | None = None
    made: str | None = None  # the name of the embedder that made the index


def vector_of(question: str, embedder: Embedder | None) -> NDArray[np.float32] | None:
    """Of the question; None where it cannot be had, which is no reason to give no answer."""
    if embedder is None:
        return None
    try:
        return np.asarray(embedder.embed([_fitting(question, embedder)])[0])
    except EmbedderError:  # of which the log speaks (embedding/wary.py)
        return None


def _fitting(question: str, embedder: Embedder) -> str:
    """The question, or the beginning of one too long for the embedder. All its words count as words."""
    text = question[: 12 * embedder.max_tokens]  # no need to count the tokens of a whole book
    while embedder.count_tokens(text) > embedder.max_tokens:
        text = text[: len(text) * 3 // 4]
    return text


def candidates(
    source: Source,
    vector: NDArray[np.float32] | None,
    terms: Sequence[str],
    allowed: set[str] | None,
    count: int,
) -> tuple[dict[str, float], dict[str, float]]:
    """Cosines and word scores, both for every chunk that is among the best `count` of either index.

    The cosines are 0, and nobody weighs them, where there is no vector.
    """
    if vector is None:
        return _by_words(source, terms, allowed, count)
    shelf = source.shelf
    cosines = source.vectors.nearest(vector, 2 * count, allowed)
    lexical = source.words.best(terms, count, None if allowed is None else sorted(allowed))
    cosines |= source.vectors.cosines(vector, [name for name in lexical if name not in cosines])
    names = [
        name
        for name in cosines
        if name in shelf.owners and (allowed is None or shelf.owners[name] in allowed)
    ]
    # What each paper is about is compared too, whether or not either index found it.
    faces = {shelf.faces[shelf.owners[name]] for name in names}
    cosines |= source.vectors.cosines(vector, sorted(faces - cosines.keys()))
    names = [name for name in dict.fromkeys((*names, *sorted(faces))) if name in cosines]
    return {name: cosines[name] for name in names}, source.words.scores(terms, names)


def _by_words(
    source: Source, terms: Sequence[str], allowed: set[str] | None, count: int
) -> tuple[dict[str, float], dict[str, float]]:
    """As `candidates`, without a vector: cosines of 0, which nobody weighs.

    Papers that were chosen are candidates whether or not they hold a word of the question.
    """
    shelf = source.shelf
    found = source.words.best(terms, count, None if allowed is None else sorted(allowed))
    chosen = sorted(allowed or ())[:count]
    papers = dict.fromkeys([*(shelf.owners[name] for name in found if name in shelf.owners), *chosen])
    faces = [shelf.faces[paper] for paper in papers if paper in shelf.faces]
    names = [name for name in dict.fromkeys((*found, *faces)) if name in shelf.owners]
    return dict.fromkeys(names, 0.0), source.words.scores(terms, names)


def fused(cosines: Mapping[str, float], lexical: Mapping[str, float], share: float) -> dict[str, float]:
    """Both scores as distances from their mean over the candidates, in standard deviations, and weighted.

    `share` is the weight of the cosines, 0..1; the rest is words.
    """
    near = _standardised(cosines)
    wordy = _standardised({name: lexical.get(name, 0.0) for name in cosines})
    return {name: share * near[name] + (1 - share) * wordy[name] for name in cosines}


def _standardised(scores: Mapping[str, float]) -> dict[str, float]:
    values = np.fromiter(scores.values(), float, len(scores))
    return dict(zip(scores, standardised(values).tolist(), strict=True))

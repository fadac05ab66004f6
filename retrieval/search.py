"""Question -> passages and papers: candidates of two indexes, completed scores, fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue, vector_id
from retrieval.embedding import Embedder
from retrieval.lexical_index import LexicalIndex
from retrieval.models import NO_FILTERS, Filters, Passage, RankedPaper, SearchResult
from retrieval.shelf import Shelf
from retrieval.vector_index import VectorIndex


@dataclass(frozen=True, slots=True)
class Weights:
    """What ranks a passage. Learned by `footnote evaluate search`; see benchmarks/retrieval.md."""

    vectors: float = 0.55  # of the fused score; the rest is words
    paper: float = 0.3  # how much a passage gains from the best passage of its paper
    second: float = 0.1  # how much a paper gains from its second-best passage
    candidates: int = 120  # chunks taken from each index
    parts: int = 6  # parts of one chunk that may stand in the vector index


WEIGHTS = Weights()
EXACT = 4000  # chunks: up to so many allowed by a filter are all compared, rather than walking the graph


@dataclass(frozen=True, slots=True)
class Source:
    """What a search reads, of one generation."""

    catalogue: Catalogue
    shelf: Shelf
    vectors: VectorIndex
    words: LexicalIndex
    embedder: Embedder


def search(
    source: Source,
    question: str,
    filters: Filters = NO_FILTERS,
    limit: int = 8,
    papers: int = 10,
    weights: Weights = WEIGHTS,
) -> SearchResult:
    """The best `limit` passages and `papers` papers that pass the filters, best first."""
    allowed, unknown_year = source.shelf.allowed(filters)
    if not question.strip() or allowed == set():
        return SearchResult(unknown_year=unknown_year)
    vector = source.embedder.embed([_fitting(question, source.embedder)])[0]
    terms = source.words.terms(question)
    cosines, lexical = _candidates(source, vector, terms, allowed, weights)
    if not cosines:
        return SearchResult(unknown_year=unknown_year)
    fused = _fused(cosines, lexical, weights)
    ranked = _papers(fused, source.shelf, weights)
    lifted = {
        name: score + weights.paper * ranked[source.shelf.owners[name]] for name, score in fused.items()
    }
    best = _best(lifted, limit)
    chunks = source.catalogue.chunks(best)
    passages = tuple(
        Passage(chunks[name], source.shelf.papers[source.shelf.owners[name]], lifted[name])
        for name in best
        if name in chunks
    )
    return SearchResult(
        passages=passages,
        papers=tuple(RankedPaper(source.shelf.papers[name], ranked[name]) for name in _best(ranked, papers)),
        similarity=max(cosines.values()),
        coverage=_coverage(source.words, terms, [passage.chunk.text for passage in passages]),
        unknown_year=unknown_year,
    )


def _fitting(question: str, embedder: Embedder) -> str:
    """The question, or the beginning of one too long for the embedder. All its words count as words."""
    text = question[: 12 * embedder.max_tokens]  # no need to count the tokens of a whole book
    while embedder.count_tokens(text) > embedder.max_tokens:
        text = text[: len(text) * 3 // 4]
    return text


def _candidates(
    source: Source,
    vector: NDArray[np.float32],
    terms: Sequence[str],
    allowed: set[str] | None,
    weights: Weights,
) -> tuple[dict[str, float], dict[str, float]]:
    """Cosines and word scores, both for every chunk that either index found."""
    shelf = source.shelf
    if allowed is None:
        near = source.vectors.nearest(vector, 2 * weights.candidates)
        lexical = source.words.best(terms, weights.candidates)
    else:
        members = [name for paper in allowed for name in shelf.chunk_ids.get(paper, ())]
        lexical = source.words.best(terms, weights.candidates, sorted(allowed))
        near = (
            _exact(source, vector, members, weights)
            if len(members) <= EXACT
            else source.vectors.nearest(vector, EXACT)
        )
    found = {name.rpartition(".")[0]: None for name in near} | dict.fromkeys(lexical)
    names = [
        name for name in found if name in shelf.owners and (allowed is None or shelf.owners[name] in allowed)
    ]
    cosines = _by_chunk(_exact(source, vector, names, weights))
    names = sorted(cosines, key=lambda name: -cosines[name])[: 2 * weights.candidates]
    names += [name for name in lexical if name in cosines]
    names = list(dict.fromkeys(names))
    return {name: cosines[name] for name in names}, source.words.scores(terms, names)


def _exact(
    source: Source, vector: NDArray[np.float32], chunk_ids: Sequence[str], weights: Weights
) -> dict[str, float]:
    """The cosine of every part of these chunks."""
    ids = [vector_id(name, part) for name in chunk_ids for part in range(weights.parts)]
    names, rows = source.vectors.vectors(ids)
    return dict(zip(names, (rows @ vector).tolist(), strict=True)) if names else {}


def _by_chunk(parts: Mapping[str, float]) -> dict[str, float]:
    """The best part stands for its chunk."""
    best: dict[str, float] = {}
    for name, cosine in parts.items():
        chunk = name.rpartition(".")[0]
        best[chunk] = max(cosine, best.get(chunk, -1.0))
    return best


def _fused(cosines: Mapping[str, float], lexical: Mapping[str, float], weights: Weights) -> dict[str, float]:
    """Both scores as distances from their mean over the candidates, in standard deviations, and weighted."""
    near = _standardised(cosines)
    wordy = _standardised({name: lexical.get(name, 0.0) for name in cosines})
    return {name: weights.vectors * near[name] + (1 - weights.vectors) * wordy[name] for name in cosines}


def _standardised(scores: Mapping[str, float]) -> dict[str, float]:
    values = np.fromiter(scores.values(), float, len(scores))
    deviation = float(values.std())
    if deviation < 1e-9:  # all alike, as of a question none of whose words is known
        return dict.fromkeys(scores, 0.0)
    return dict(zip(scores, ((values - values.mean()) / deviation).tolist(), strict=True))


def _papers(fused: Mapping[str, float], shelf: Shelf, weights: Weights) -> dict[str, float]:
    """A paper is as good as its best passage, and a little better for a good second."""
    scores: dict[str, list[float]] = {}
    for name, score in fused.items():
        scores.setdefault(shelf.owners[name], []).append(score)
    ranked = {}
    for paper, found in scores.items():
        first, second, *_ = [*sorted(found, reverse=True), 0.0]
        ranked[paper] = first + weights.second * second
    return ranked


def _best(scores: Mapping[str, float], limit: int) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))[:limit]


def _coverage(index: LexicalIndex, terms: Sequence[str], texts: Sequence[str]) -> float:
    """The share of the question's terms, weighed by how rare they are, that stand in the passages."""
    if not terms:
        return 0.0
    count = index.count()
    weight = {term: log(1 + count / (1 + index.frequency(term))) for term in terms}
    there = set(index.terms(" ".join(texts)))
    return sum(weight[term] for term in terms if term in there) / sum(weight.values())

"""Which passages of a paper answer a question, and how many places each paper gets.

Two questions, two measures. *Which paper* is told well by words and vectors that hold its title; *which
passage of it* is not, because the words that name the paper stand in all of its passages. So within a paper a
word counts by how rare it is in that paper, and the places are shared out by how sure the ranking of the
papers is.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75
"""BM25's usual constants, as tantivy has them."""

RARITY = 1.5
"""Power of a term's rarity within a paper: one rare word says more of a passage than several common ones."""

NAMING = 0.3
"""What a term of the paper's own title counts within it: it was asked for to name the paper."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk of a paper, as the ranking within it sees it."""

    id: str
    terms: NDArray[np.int64]  # of its section and text, with repeats: the hash of each stem
    cosine: float  # of the question and the chunk
    prior: float = 0.0  # what its kind is worth before any question, in standard deviations


_SEVERAL = re.compile(
    r"\b(papers|works|approaches|publications|articles|studies|versus|vs|compar\w+|differences?|differ|"
    r"the other|what do we have|what's there|who)\b",
    re.IGNORECASE,
)


def asks_for_several(question: str) -> bool:
    """Whether a question seems to mean several papers. A wrong guess only shares the places out otherwise."""
    return bool(_SEVERAL.search(question))


def within_paper(
    candidates: Sequence[Candidate], terms: Sequence[str], title: Collection[str], vectors: float
) -> list[tuple[str, float]]:
    """The candidates, best first, with scores in standard deviations.

    `title` are the terms of the paper's title. `vectors` is the cosine's weight, 0..1.
    """
    if not candidates:
        return []
    weights = {term: NAMING if term in title else 1.0 for term in terms}
    words = _standardised(_bm25(candidates, weights))
    near = _standardised(np.array([candidate.cosine for candidate in candidates]))
    priors = np.array([candidate.prior for candidate in candidates])
    scores = vectors * near + (1 - vectors) * words + priors
    found = [(candidate.id, float(score)) for candidate, score in zip(candidates, scores, strict=True)]
    return sorted(found, key=lambda pair: -pair[1])


def shared_out(
    papers: Mapping[str, float], sizes: Mapping[str, int], places: int, doubt: float
) -> list[tuple[str, float]]:
    """Which paper gets each of the places, best first, with a score for each place that never rises.

    By highest averages (D'Hondt): a paper's claim is exp(score / doubt), divided by the places it has already
    and one. The smaller `doubt`, the more the first paper gets. `sizes` are the chunks each paper has to
    give.
    """
    if not papers:
        return []
    top = max(papers.values())
    claims = {name: exp((score - top) / doubt) for name, score in papers.items()}
    heap = [(-claim, name, 1) for name, claim in claims.items() if sizes[name]]
    heapq.heapify(heap)
    given: list[tuple[str, float]] = []
    while heap and len(given) < places:
        quotient, name, place = heapq.heappop(heap)
        given.append((name, -quotient))
        if place < sizes[name]:
            heapq.heappush(heap, (-claims[name] / (place + 1), name, place + 1))
    return given


def _bm25(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """BM25 with the paper's own passages as the collection, of terms with weights."""
    joined = np.concatenate([candidate.terms for candidate in candidates])
    owner = np.repeat(np.arange(len(candidates)), [len(candidate.terms) for candidate in candidates])
    lengths = np.array([len(candidate.terms) for candidate in candidates], float)
    norm = K1 * (1 - B + B * lengths / max(1.0, float(lengths.mean())))
    scores = np.zeros(len(candidates))
    for term, weight in weights.items():
        frequency = np.bincount(owner[joined == hash(term)], minlength=len(candidates)).astype(float)
        having = int((frequency > 0).sum())
        rarity = log(1 + (len(candidates) - having + 0.5) / (having + 0.5))
        scores += weight * rarity**RARITY * frequency * (K1 + 1) / (frequency + norm)
    return scores


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    deviation = float(values.std())
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros(len(values))

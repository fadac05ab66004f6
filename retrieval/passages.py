"""Which passages of a paper answer a question, and how many places each paper gets.

Two questions, two measures. *Which paper* is told well by words and vectors that hold its title; *which
passage of it* is not, because the words that name the paper stand in all of its passages. So within a paper a
word counts by how rare it is in that paper, and the places are shared out by how sure the ranking of the
papers is.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from retrieval.models import Chunk
from retrieval.scores import standardised

K1, B = 1.2, 0.5
"""BM25's constants: the usual saturation, and length counts less than usually (0.75), because a short passage
is shown with what stands around it. Learned; see benchmarks/retrieval.md."""

RARITY = 1.5
"""Power of a term's rarity within a paper: one rare word says more of a passage than several common ones."""

NAMING = 0.3
"""What a term of the paper's own title counts within it: it was asked for to name the paper."""

SHINGLE, SAME = 4, 0.8
"""Terms of a shingle, and the share of a passage's shingles that makes it a repeat of those before it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk of a paper, as the ranking within it sees it."""

    id: str
    terms: NDArray[np.int64]  # of its section and text, with repeats: the hash of each stem
    cosine: float  # of the question and the chunk
    prior: float = 0.0  # what its kind is worth before any question, in standard deviations


_INTRODUCTION = re.compile(r"\bintroduction\b", re.IGNORECASE)
_OF_OTHERS = re.compile(r"\b(related|background|prior work|previous)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Priors:
    """What a chunk is worth before any question by where it stands, in standard deviations.

    Learned on the dev questions; see benchmarks/retrieval.md.
    """

    abstract: float = 0.0
    introduction: float = 0.0
    of_others: float = -1.0  # related work, which tells what other papers do
    caption: float = -0.3  # many words, little said
    card: float = -1.0  # title and authors, which answer few questions

    def of(self, chunk: Chunk) -> float:
        if chunk.kind != "body":
            return {"abstract": self.abstract, "caption": self.caption, "card": self.card}.get(
                chunk.kind, 0.0
            )
        if _INTRODUCTION.search(chunk.section):
            return self.introduction
        return self.of_others if _OF_OTHERS.search(chunk.section) else 0.0


ABOUT_PAPERS = Priors(abstract=3.0, introduction=1.0)
ABOUT_DETAILS = Priors(abstract=1.0)


def within_paper(
    candidates: Sequence[Candidate], terms: Sequence[str], title: Collection[str], vectors: float
) -> list[tuple[str, float]]:
    """The candidates, best first, with scores in standard deviations.

    `title` are the terms of the paper's title. `vectors` is the cosine's weight, 0..1.
    """
    if not candidates:
        return []
    weights = {term: NAMING if term in title else 1.0 for term in terms}
    words = standardised(_bm25(candidates, weights))
    near = standardised(np.array([candidate.cosine for candidate in candidates]))
    priors = np.array([candidate.prior for candidate in candidates])
    scores = vectors * near + (1 - vectors) * words + priors
    found = [(candidate.id, float(score)) for candidate, score in zip(candidates, scores, strict=True)]
    return sorted(found, key=lambda pair: -pair[1])


@dataclass(frozen=True, slots=True)
class Claims:
    """What papers claim of the places that there are: their scores, in standard deviations, and a doubt.

    The doubt is how far behind the first a paper may be and still get one.
    """

    scores: Mapping[str, float]
    doubt: float


def shared_out(claims: Claims, sizes: Mapping[str, int], places: int) -> list[tuple[str, float]]:
    """Which paper gets each of the places, best first, with a score for each place that never rises.

    By highest averages (D'Hondt): a paper's claim is exp(score / doubt), divided by the places it has already
    and one. The smaller the doubt, the more the first paper gets. `sizes` are the passages each paper has to
    give.
    """
    having = {name: score for name, score in claims.scores.items() if sizes.get(name)}
    top = max(having.values(), default=0.0)
    heap = [(-exp((score - top) / claims.doubt), name, 1) for name, score in having.items()]
    heapq.heapify(heap)
    given: list[tuple[str, float]] = []
    while heap and len(given) < places:
        quotient, name, place = heapq.heappop(heap)
        given.append((name, -quotient))
        if place < sizes[name]:
            heapq.heappush(heap, (quotient * place / (place + 1), name, place + 1))
    return given


def without_repeats(
    ranked: Iterable[tuple[str, float]], terms: Mapping[str, NDArray[np.int64]]
) -> Iterator[tuple[str, float]]:
    """The ranked passages of a paper but those that say what better ones have said.

    A preprint and the published paper, or two records of one abstract, say the same in two places. `terms`
    are those of each passage, in order.
    """
    said: set[bytes] = set()
    for name, score in ranked:
        shingles = _shingles(terms[name])
        if len(shingles & said) < SAME * len(shingles):
            said |= shingles
            yield name, score


def _shingles(terms: NDArray[np.int64]) -> set[bytes]:
    """All runs of SHINGLE terms; of fewer terms, the one that they are."""
    data, size = terms.tobytes(), terms.itemsize
    starts = range(max(1, len(terms) - SHINGLE + 1))
    return {data[start * size : (start + SHINGLE) * size] for start in starts}


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

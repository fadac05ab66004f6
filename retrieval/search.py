"""Question -> passages and papers: candidates of two indexes, completed scores, fusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from retrieval.candidates import Source, candidates, fused, vector_of
from retrieval.lexical_index import LexicalIndex
from retrieval.meant import asks_for_papers, counted, means_several, named
from retrieval.models import NO_FILTERS, Chunk, Filters, Passage, RankedPaper, SearchResult
from retrieval.passages import (
    ABOUT_DETAILS,
    ABOUT_PAPERS,
    Candidate,
    Claims,
    Priors,
    shared_out,
    within_paper,
    without_repeats,
)
from retrieval.rescoring import NO_JUDGEMENT, Judgement, shown_text
from retrieval.shelf import Shelf
from retrieval.widening import widened


@dataclass(frozen=True, slots=True)
class Weights:
    """What ranks a passage. Learned by `footnote evaluate search`; see benchmarks/retrieval.md."""

    vectors: float = 0.5  # of the fused score; the rest is words
    inside: float = 0.3  # the vectors' weight in ranking the passages of one paper
    for_papers: Priors = ABOUT_PAPERS  # where it is asked what papers do
    for_details: Priors = ABOUT_DETAILS  # where it is asked for something in a paper
    doubt: float = 0.4  # how far behind the first a paper may be and still get a place
    doubt_of_several: float = 1.5  # the same where several papers seem to be meant
    doubt_of_counted: float = 3.0  # the same among the two or three papers that a question speaks of
    face: float = 0.3  # of a paper's score; the rest is its best passage
    candidates: int = 120  # chunks taken from each index


WEIGHTS = Weights()
FAR = 30.0
"""Standard deviations behind all others: of papers that nobody speaks of."""

USUAL = 0.55
"""The similarity that is told where it is not known, so that other signs decide whether there is an answer.

Of 375 questions the middle half of those with an answer has .52 to .66, of those without one .37 to .48. With
.55 the words alone find 95 of 124 that have none, and refuse 22 of 251 that have one.
"""


def search(
    source: Source,
    question: str,
    filters: Filters = NO_FILTERS,
    limit: int = 8,
    papers: int = 10,
    weights: Weights = WEIGHTS,
) -> SearchResult:
    """The best `limit` passages and `papers` papers that pass the filters, best first.

    By words only where there is no embedder, or it cannot be used; the result says so.
    """
    allowed, unknown_year = source.shelf.allowed(filters)
    if not question.strip() or allowed == set():
        return SearchResult(unknown_year=unknown_year)
    vector = vector_of(question, source.embedder)
    if vector is None:
        weights = replace(weights, vectors=0.0, inside=0.0)
    terms = source.words.terms(question)
    cosines, lexical = candidates(source, vector, terms, allowed, weights.candidates)
    if not cosines:
        return SearchResult(unknown_year=unknown_year, words_only=vector is None)
    scores = fused(cosines, lexical, weights.vectors)
    judged = _judged(source, question, scores)
    ranked = _papers(judged.handed_out(scores), source.shelf, weights)
    best = _best(ranked, papers)
    meant = _meant(source.shelf, question, ranked, best)
    several = bool(meant) or means_several(question, ranked)
    claims = _claims(ranked, meant, weights.doubt_of_several if several else weights.doubt, weights)
    priors = weights.for_papers if several or asks_for_papers(question) else weights.for_details
    passages = _passages(source, vector, terms, claims, limit, weights.inside, priors, judged)
    return SearchResult(
        passages=passages,
        papers=tuple(RankedPaper(source.shelf.papers[name], ranked[name]) for name in best),
        similarity=USUAL if vector is None else max(cosines.values()),
        coverage=_coverage(source.words, terms, passages),
        unknown_year=unknown_year,
        words_only=vector is None,
    )


def _meant(shelf: Shelf, question: str, ranked: Mapping[str, float], best: Sequence[str]) -> Sequence[str]:
    """The papers that a question speaks of, where it names or counts several; else none."""
    titles = {name: shelf.papers[name].title for name in best[:10]}
    return named(question, titles) or counted(question, ranked)


def _claims(ranked: Mapping[str, float], meant: Sequence[str], doubt: float, weights: Weights) -> Claims:
    if not meant:
        return Claims(ranked, doubt)
    behind = {name: score - FAR for name, score in ranked.items()}  # they get what those have no passages for
    return Claims(behind | {name: ranked[name] for name in meant}, weights.doubt_of_counted)


def _passages(
    source: Source,
    vector: NDArray[np.float32] | None,
    terms: Sequence[str],
    claims: Claims,
    places: int,
    near: float,
    priors: Priors,
    judged: Judgement,
) -> tuple[Passage, ...]:
    """The passages of the papers that get a place, each paper's best first."""
    shelf = source.shelf
    few = {name: max(1, shelf.sizes[name] - 1) for name in claims.scores}  # where the card is not shown
    likely = sorted({name for name, _ in shared_out(claims, few, places)})
    chunks = {chunk.id: chunk for chunk in source.catalogue.chunks_of(likely)}
    cosines = {} if vector is None else source.vectors.cosines(vector, list(chunks))
    titles = {name: _title_terms(source, name) for name in likely}
    inside = _inside(source, chunks.values(), terms, titles, cosines, priors)
    seats = shared_out(claims, {paper: len(found) for paper, found in inside.items()}, places)
    order = {
        paper: without_repeats(
            judged.reordered(within_paper(found, terms, titles[paper], near)),
            {candidate.id: candidate.terms for candidate in found},
        )
        for paper, found in inside.items()
    }
    placed = [(next(order[paper], None), score) for paper, score in seats]
    scored = [(chunks[found[0]], score) for found, score in placed if found is not None]
    shown = widened([chunk for chunk, _ in scored], list(chunks.values()))
    return tuple(
        Passage(chunk, shelf.papers[chunk.paper_id], score)
        for chunk, (_, score) in zip(shown, scored, strict=True)
    )


def _inside(
    source: Source,
    chunks: Iterable[Chunk],
    terms: Sequence[str],
    titles: Mapping[str, set[str]],
    cosines: Mapping[str, float],
    priors: Priors,
) -> dict[str, list[Candidate]]:
    """The candidates of each paper, by its id; a card only where it is asked for, or all that there is.

    A card is asked for where it says more of the `terms` than its title, which stands over every passage
    anyway. `titles` are the terms of each paper's title.
    """
    sizes = source.shelf.sizes
    found: dict[str, list[Candidate]] = {}
    for chunk in chunks:
        words = source.words.numbers(f"{chunk.section}\n{chunk.text}")
        beyond = (hash(term) in words for term in terms if term not in titles[chunk.paper_id])
        if chunk.kind != "card" or sizes[chunk.paper_id] == 1 or any(beyond):
            candidate = Candidate(chunk.id, words, cosines.get(chunk.id, 0.0), priors.of(chunk))
            found.setdefault(chunk.paper_id, []).append(candidate)
    return found


def _judged(source: Source, question: str, fused: Mapping[str, float]) -> Judgement:
    """What the second look says of the best candidates; nothing where there is none."""
    if source.second_look is None:
        return NO_JUDGEMENT

    def texts(names: Sequence[str]) -> dict[str, str]:
        chunks = source.catalogue.chunks(names).values()
        return {chunk.id: shown_text(chunk, source.shelf.papers[chunk.paper_id]) for chunk in chunks}

    return source.second_look.judge(question, fused, texts)


def _title_terms(source: Source, paper_id: str) -> set[str]:
    paper = source.shelf.papers[paper_id]
    return set() if paper.title_is_label else set(source.words.stems(paper.title))


def _papers(fused: Mapping[str, float], shelf: Shelf, weights: Weights) -> dict[str, float]:
    """A paper is as good as its best passage, and as the passage that says what it is about."""
    best: dict[str, float] = {}
    for name, score in fused.items():
        paper = shelf.owners[name]
        best[paper] = max(score, best.get(paper, score))
    return {
        paper: (1 - weights.face) * score + weights.face * fused[shelf.faces[paper]]
        for paper, score in best.items()
    }


def _best(scores: Mapping[str, float], limit: int) -> list[str]:
    return sorted(scores, key=lambda name: (-scores[name], name))[:limit]


def _coverage(index: LexicalIndex, terms: Sequence[str], passages: Sequence[Passage]) -> float:
    """The share of the question's terms, weighed by how rare they are, in the passages and their titles."""
    count = index.count()
    if not terms or not count:  # an index that is being made anew
        return 0.0
    weight = {term: log(1 + count / (1 + index.frequency(term))) for term in terms}
    texts = (f"{passage.paper.title}\n{passage.chunk.text}" for passage in passages)
    there = {number for text in texts for number in index.numbers(text).tolist()}
    return sum(weight[term] for term in terms if hash(term) in there) / sum(weight.values())

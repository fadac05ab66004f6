"""Question -> passages and papers: candidates of two indexes, completed scores, fusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue
from retrieval.embedding import Embedder
from retrieval.errors import EmbedderError
from retrieval.lexical_index import LexicalIndex
from retrieval.meant import asks_for_papers, counted, means_several
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
from retrieval.planner import VectorSearch
from retrieval.rescoring import NO_JUDGEMENT, Judgement, SecondLook, shown_text
from retrieval.scores import standardised
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
    vector = _vector(question, source.embedder)
    if vector is None:
        weights = replace(weights, vectors=0.0, inside=0.0)
    terms = source.words.terms(question)
    cosines, lexical = _candidates(source, vector, terms, allowed, weights)
    if not cosines:
        return SearchResult(unknown_year=unknown_year, words_only=vector is None)
    fused = _fused(cosines, lexical, weights)
    judged = _judged(source, question, fused)
    ranked = _papers(judged.handed_out(fused), source.shelf, weights)
    best = _best(ranked, papers)
    several = means_several(question, ranked, [source.shelf.papers[name].title for name in best[:10]])
    claims = _claims(question, ranked, several, weights)
    priors = weights.for_papers if several or asks_for_papers(question) else weights.for_details
    passages = _passages(source, vector, terms, claims, limit, weights.inside, priors, judged)
    return SearchResult(
        passages=passages,
        papers=tuple(RankedPaper(source.shelf.papers[name], ranked[name]) for name in best),
        similarity=USUAL if vector is None else max(cosines.values()),
        coverage=_coverage(source.words, terms, [passage.chunk.text for passage in passages]),
        unknown_year=unknown_year,
        words_only=vector is None,
    )


def _claims(question: str, ranked: Mapping[str, float], several: bool, weights: Weights) -> Claims:
    if not (meant := counted(question, ranked)):
        return Claims(ranked, weights.doubt_of_several if several else weights.doubt)
    behind = {name: score - FAR for name, score in ranked.items()}  # they get what those have no passages for
    return Claims(behind | {name: ranked[name] for name in meant}, weights.doubt_of_counted)


def _vector(question: str, embedder: Embedder | None) -> NDArray[np.float32] | None:
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


def _candidates(
    source: Source,
    vector: NDArray[np.float32] | None,
    terms: Sequence[str],
    allowed: set[str] | None,
    weights: Weights,
) -> tuple[dict[str, float], dict[str, float]]:
    """Cosines and word scores, both for every chunk that either index found."""
    if vector is None:
        return _by_words(source, terms, allowed, weights)
    shelf = source.shelf
    cosines = source.vectors.nearest(vector, 2 * weights.candidates, allowed)
    lexical = source.words.best(terms, weights.candidates, None if allowed is None else sorted(allowed))
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
    source: Source, terms: Sequence[str], allowed: set[str] | None, weights: Weights
) -> tuple[dict[str, float], dict[str, float]]:
    """As `_candidates`, without a vector: cosines of 0, which nobody weighs.

    Papers that were chosen are candidates whether or not they hold a word of the question.
    """
    shelf = source.shelf
    found = source.words.best(terms, weights.candidates, None if allowed is None else sorted(allowed))
    chosen = sorted(allowed or ())[: weights.candidates]
    papers = dict.fromkeys([*(shelf.owners[name] for name in found if name in shelf.owners), *chosen])
    faces = [shelf.faces[paper] for paper in papers if paper in shelf.faces]
    names = [name for name in dict.fromkeys((*found, *faces)) if name in shelf.owners]
    return dict.fromkeys(names, 0.0), source.words.scores(terms, names)


def _fused(cosines: Mapping[str, float], lexical: Mapping[str, float], weights: Weights) -> dict[str, float]:
    """Both scores as distances from their mean over the candidates, in standard deviations, and weighted."""
    near = _standardised(cosines)
    wordy = _standardised({name: lexical.get(name, 0.0) for name in cosines})
    return {name: weights.vectors * near[name] + (1 - weights.vectors) * wordy[name] for name in cosines}


def _standardised(scores: Mapping[str, float]) -> dict[str, float]:
    values = np.fromiter(scores.values(), float, len(scores))
    return dict(zip(scores, standardised(values).tolist(), strict=True))


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
    inside = _inside(source, chunks.values(), terms, cosines, priors)
    seats = shared_out(claims, {paper: len(found) for paper, found in inside.items()}, places)
    order = {
        paper: without_repeats(
            judged.reordered(within_paper(found, terms, _title_terms(source, paper), near)),
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
    cosines: Mapping[str, float],
    priors: Priors,
) -> dict[str, list[Candidate]]:
    """The candidates of each paper, by its id."""
    found: dict[str, list[Candidate]] = {}
    for chunk in chunks:
        words = source.words.numbers(f"{chunk.section}\n{chunk.text}")
        if chunk.kind != "card" or _is_asked_for(source, chunk, words, terms):
            candidate = Candidate(chunk.id, words, cosines.get(chunk.id, 0.0), priors.of(chunk))
            found.setdefault(chunk.paper_id, []).append(candidate)
    return found


def _is_asked_for(source: Source, card: Chunk, words: NDArray[np.int64], terms: Sequence[str]) -> bool:
    """Whether a card says more of what is asked than its title, which stands over every passage anyway."""
    alone = source.shelf.sizes[card.paper_id] == 1
    title = _title_terms(source, card.paper_id)
    return alone or any(hash(term) in words for term in terms if term not in title)


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


def _coverage(index: LexicalIndex, terms: Sequence[str], texts: Sequence[str]) -> float:
    """The share of the question's terms, weighed by how rare they are, that stand in the passages."""
    count = index.count()
    if not terms or not count:  # an index that is being made anew
        return 0.0
    weight = {term: log(1 + count / (1 + index.frequency(term))) for term in terms}
    there = {number for text in texts for number in index.numbers(text).tolist()}
    return sum(weight[term] for term in terms if hash(term) in there) / sum(weight.values())

"""Search held against gold questions and public collections: figures in, a table of them out.

For a gold question a paper counts as found if it is one of its gold papers, or one that is right too.
Evidence is found as `retrieval.gold.evidence_found` says. Counts stand beside shares, because some kinds are
few.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import GoldUnreadable
from retrieval.gold import Gold, ReadingOrder, evidence_found, is_gold
from retrieval.library import Library
from retrieval.models import NO_FILTERS, Filters, Paper, SearchResult
from retrieval.shelf import Shelf

POINTED = ("find", "factual", "method", "followup")
"""The kinds that ask for one paper."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    def __str__(self) -> str:
        return f"{self.hits}/{self.of} {self.hits / self.of:.3f}" if self.of else "-"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the search did on one question. None where the question does not ask for it."""

    id: str
    kind: str
    rank: int | None  # of the first right paper, from 1
    evidence: tuple[bool, ...]  # of each quote, whether it stands in the passages
    recall: tuple[int, int]  # gold papers among the ten best, of how many there could be
    filtered: bool | None  # every paper passes the filters, and none is one that must not come
    ms: float


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one kind of question, or of several together."""

    name: str
    questions: int
    hit1: Share
    hit5: Share
    evidence: Share  # questions all of whose quotes were found
    quotes: Share
    recall: Share  # gold papers among the ten best
    filtered: Share
    ms: float  # median


Ask = Callable[[Gold], tuple[str, Filters]]
"""What to search for a gold question: the words, made whole from its history, and the filters."""


def plainly(gold: Gold) -> tuple[str, Filters]:
    """The question as it stands, with its own filters."""
    return gold.question, gold.filters


def judge(library: Library, questions: Iterable[Gold], ask: Ask = plainly) -> list[Judgement]:
    """Search for each question and hold what came against what is known."""
    order = {
        name: [source.partition("#")[2] for source in sources]
        for name, sources in library.sources_of_files().items()
    }
    judgements = []
    for gold in questions:
        words, filters = ask(gold)
        started = time.perf_counter()
        result = library.search(words, filters, limit=8, papers=10)
        judgements.append(_judged(gold, filters, result, order, (time.perf_counter() - started) * 1000))
    return judgements


def _judged(gold: Gold, filters: Filters, result: SearchResult, order: ReadingOrder, ms: float) -> Judgement:
    papers = [found.paper for found in result.papers]
    rank = next((n for n, paper in enumerate(papers, 1) if is_gold(paper.sources, gold.right, order)), None)
    texts = [passage.chunk.text for passage in result.passages]
    found = sum(any(is_gold(paper.sources, (name,), order) for paper in papers) for name in gold.gold_papers)
    return Judgement(
        id=gold.id,
        kind=gold.kind,
        rank=rank if gold.answerable else None,
        evidence=tuple(evidence_found(evidence.quote, texts) for evidence in gold.evidence),
        recall=(found, min(len(gold.gold_papers), len(papers)) if papers else len(gold.gold_papers)),
        filtered=_keeps(gold, filters, papers, order) if filters or gold.must_not else None,
        ms=ms,
    )


def _keeps(gold: Gold, filters: Filters, papers: Sequence[Paper], order: ReadingOrder) -> bool:
    shelf = Shelf({paper.id: paper for paper in papers}, {}, {})
    allowed, _ = shelf.allowed(filters)
    passes = allowed is None or all(paper.id in allowed for paper in papers)
    return passes and not any(is_gold(paper.sources, gold.must_not, order) for paper in papers)


def table(judgements: Sequence[Judgement]) -> list[Row]:
    """A row for each kind, one for all kinds that ask for one paper, one for all that can be answered."""
    kinds = list(dict.fromkeys(judgement.kind for judgement in judgements))
    rows = [_row(kind, [j for j in judgements if j.kind == kind]) for kind in kinds]
    pointed = [j for j in judgements if j.kind in POINTED]
    answerable = [j for j in judgements if j.kind != "unanswerable"]
    return [*rows, _row("one paper", pointed), _row("all", answerable)]


def _row(name: str, judged: Sequence[Judgement]) -> Row:
    asked = [j for j in judged if j.recall[1]]
    with_evidence = [j for j in judged if j.evidence]
    kept = [j.filtered for j in judged if j.filtered is not None]
    times = sorted(j.ms for j in judged) or [0.0]
    return Row(
        name=name,
        questions=len(judged),
        hit1=Share(sum(j.rank == 1 for j in asked), len(asked)),
        hit5=Share(sum(j.rank is not None and j.rank <= 5 for j in asked), len(asked)),
        evidence=Share(sum(all(j.evidence) for j in with_evidence), len(with_evidence)),
        quotes=Share(sum(sum(j.evidence) for j in judged), sum(len(j.evidence) for j in judged)),
        recall=Share(sum(j.recall[0] for j in asked), sum(j.recall[1] for j in asked)),
        filtered=Share(sum(kept), len(kept)),
        ms=times[len(times) // 2],
    )


@dataclass(frozen=True, slots=True)
class Collection:
    """A public collection in the BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv."""

    folder: Path
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]  # by query, by document: the grade


def read_collection(folder: Path) -> Collection:
    """Raises GoldUnreadable when a file is missing or wrong."""
    try:
        lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
        queries = {row["_id"]: row["text"] for row in map(json.loads, lines)}
        relevant: dict[str, dict[str, int]] = {}
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
            query, document, grade = line.split("\t")
            relevant.setdefault(query, {})[document] = int(grade)
        if not (folder / "corpus.jsonl").is_file():
            raise FileNotFoundError("corpus.jsonl is not there")
    except (OSError, ValueError, KeyError) as error:
        raise GoldUnreadable(
            f"{folder} is no collection in the BEIR layout (corpus.jsonl, queries.jsonl, qrels.tsv): {error}"
        ) from error
    return Collection(folder, queries, relevant)


def score_collection(library: Library, collection: Collection) -> dict[str, float]:
    """nDCG@10, R@10, R@100 and MRR@10 over the judged queries, by ir-measures."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    run: dict[str, dict[str, float]] = {}
    for query in collection.relevant:
        found = library.search(collection.queries[query], NO_FILTERS, limit=1, papers=100)
        run[query] = {
            source.partition("#")[2]: ranked.score
            for ranked in found.papers
            for source in ranked.paper.sources
        }
    measures = {"nDCG@10": nDCG @ 10, "R@10": R @ 10, "R@100": R @ 100, "MRR@10": RR @ 10}
    scores = ir_measures.calc_aggregate(list(measures.values()), collection.relevant, run)
    return {name: float(scores[measure]) for name, measure in measures.items()}

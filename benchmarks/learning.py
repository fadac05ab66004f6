"""Which weights of the ranking fit, and what each collection gets by those learned without it.

    python -m benchmarks.learning GOLD… --beir DIR…

    GOLD           files of gold questions, asked of the library in FOOTNOTE_DATA
    --beir DIR     a collection in the BEIR layout, in a library of its own; may be repeated
    --most N       questions taken of each, evenly spread (400)
    --work DIR     keep the collections' libraries here, and use them again

Two searches over a few values of each weight. *Which paper*: nDCG@10 of every collection, the gold files
among them; learned is what is best in the mean over all, and for "without it" over all others. *Which
passage*: the gold questions' quotes that stand in the eight passages. The questions are dealt into five
parts, and each part is judged with what is best on the other four.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path

from retrieval.candidates import Source
from retrieval.evaluate import read_collection
from retrieval.gold import Gold, evidence_found, is_gold, load
from retrieval.library import Library
from retrieval.models import NO_FILTERS, Filters, Paper
from retrieval.search import WEIGHTS, Weights, search
from retrieval.settings import RetrievalSettings

VECTORS, FACE = (0.3, 0.4, 0.5, 0.6, 0.7), (0.0, 0.15, 0.3, 0.45, 0.6)
INSIDE, DOUBT, OF_SEVERAL = (0.15, 0.3, 0.45, 0.6), (0.25, 0.4, 0.6), (1.0, 1.5, 2.2)
PARTS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the names of the papers that are right with their grades, and quotes to be found."""

    id: str
    words: str
    right: Mapping[str, int]
    quotes: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class Collection:
    """Questions to a library, and what its papers are called there."""

    name: str
    source: Source
    asked: Sequence[Asked]
    names: Callable[[Paper], Iterable[str]]


Figures = Mapping[str, float]  # of each collection
Table = Mapping[Weights, Figures]


def papers_table(collections: Sequence[Collection]) -> dict[Weights, dict[str, float]]:
    """nDCG@10 of each collection under each setting that ranks papers."""
    settings = [replace(WEIGHTS, vectors=vectors, face=face) for vectors, face in product(VECTORS, FACE)]
    return {weights: {one.name: ndcg(one, weights) for one in collections} for weights in settings}


def ndcg(collection: Collection, weights: Weights) -> float:
    """nDCG@10 over the questions of a collection, by ir-measures."""
    import ir_measures
    from ir_measures import nDCG

    run = {}
    for asked in collection.asked:
        found = search(collection.source, asked.words, asked.filters, 1, 10, weights).papers
        run[asked.id] = {name: one.score for one in found for name in collection.names(one.paper)}
    relevant = {asked.id: dict(asked.right) for asked in collection.asked}
    return float(ir_measures.calc_aggregate([nDCG @ 10], relevant, run)[nDCG @ 10])


def best(table: Table, without: str | None = None) -> Weights:
    """The setting that is best in the mean over the collections, or over all but one; of equals, today's."""

    def mean(weights: Weights) -> float:
        figures = [figure for name, figure in table[weights].items() if name != without]
        return math.fsum(figures) / max(1, len(figures))

    return max(table, key=lambda weights: (mean(weights), weights == WEIGHTS))


def passages_table(collections: Sequence[Collection]) -> dict[Weights, dict[str, float]]:
    """The share of each part's quotes that stand in the passages, under each setting that ranks passages."""
    questions = [(one, asked) for one in collections for asked in one.asked if asked.quotes]
    parts = {f"part {n + 1}": questions[n::PARTS] for n in range(PARTS)}
    settings = [
        replace(WEIGHTS, inside=inside, doubt=doubt, doubt_of_several=several)
        for inside, doubt, several in product(INSIDE, DOUBT, OF_SEVERAL)
    ]
    return {weights: {name: quotes(part, weights) for name, part in parts.items()} for weights in settings}


def quotes(questions: Sequence[tuple[Collection, Asked]], weights: Weights) -> float:
    """The share of the questions' quotes that stand in one of their eight passages."""
    found = total = 0
    for collection, asked in questions:
        passages = search(collection.source, asked.words, asked.filters, 8, 10, weights).passages
        texts = tuple(passage.chunk.text for passage in passages)
        found += sum(any(_stands(quote, text) for text in texts) for quote in asked.quotes)
        total += len(asked.quotes)
    return found / max(1, total)


@cache  # the same passages come again and again
def _stands(quote: str, text: str) -> bool:
    return evidence_found(quote, (text,))


def spread(asked: Sequence[Asked], most: int) -> list[Asked]:
    """At most so many of the questions, evenly spread."""
    return list(asked[:: max(1, math.ceil(len(asked) / most))])


def gold_collection(path: Path, library: Library, most: int) -> Collection:
    """The answerable questions of a gold file, as the assistant searches for them."""
    from bot.evaluate import question_of
    from bot.router import route

    source = library._source()
    order = {
        name: [part.partition("#")[2] for part in parts] for name, parts in library.sources_of_files().items()
    }

    def asked(gold: Gold) -> Asked:
        way = route(question_of(gold))
        right = [p.id for p in source.shelf.papers.values() if is_gold(p.sources, gold.right, order)]
        texts = tuple(evidence.quote for evidence in gold.evidence)
        return Asked(gold.id, way.query, dict.fromkeys(right, 1), texts, way.filters)

    questions = [asked(gold) for gold in load([path]) if gold.answerable]
    return Collection(path.stem, source, spread(questions, most), lambda paper: (paper.id,))


def beir_collection(folder: Path, library: Library, most: int) -> Collection:
    """The judged queries of a collection, in whose library its corpus is."""
    read = read_collection(folder)
    questions = [Asked(query, read.queries[query], right) for query, right in read.relevant.items()]
    return Collection(
        folder.name,
        library._source(),
        spread(questions, most),
        lambda paper: [source.partition("#")[2] for source in paper.sources],
    )


def told(table: Table, varied: Sequence[str]) -> Iterator[str]:
    """The table of a search as Markdown: a row for each collection, and the mean over all."""
    names = list(table[WEIGHTS])
    learned = best(table)
    yield f"Learned on all: {_said(learned, varied)}; as the library searches: {_said(WEIGHTS, varied)}."
    yield ""
    yield "| | as it is | learned on all | learned without it | that setting | best for it alone |"
    yield "|---|---|---|---|---|---|"
    rows = []
    for name in names:
        other = best(table, without=name)
        alone = max(figures[name] for figures in table.values())
        rows.append((table[WEIGHTS][name], table[learned][name], table[other][name], alone))
        cells = [f"{figure:.4f}" for figure in rows[-1]]
        yield f"| {name} | {cells[0]} | {cells[1]} | {cells[2]} | {_said(other, varied)} | {cells[3]} |"
    means = [f"{math.fsum(column) / len(rows):.4f}" for column in zip(*rows, strict=True)]
    yield f"| mean | {means[0]} | {means[1]} | {means[2]} | | {means[3]} |"


def _said(weights: Weights, varied: Sequence[str]) -> str:
    return ", ".join(f"{name} {getattr(weights, name):g}" for name in varied)


def _opened(folder: Path, work: Path, stack: ExitStack) -> Library:
    """The library of a collection, made where it is not there yet."""
    settings = RetrievalSettings.model_validate({"FOOTNOTE_DATA": work / folder.name})
    if not (work / folder.name).exists():
        with Library.open(settings, writable=True, create=True, purpose="benchmarks.learning") as library:
            library.ingest([folder / "corpus.jsonl"])
    return stack.enter_context(Library.open(settings))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--beir", action="append", default=[], type=Path)
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    from bot.cli.session import load_settings

    with ExitStack() as stack:
        work = options.work or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="footnote-bench-"))
        )
        asked: list[Collection] = []
        if options.gold:
            library = stack.enter_context(Library.open(load_settings()))
            asked += [gold_collection(path, library, options.most) for path in options.gold]
        found = [beir_collection(path, _opened(path, work, stack), options.most) for path in options.beir]
        print(
            "## Which paper: nDCG@10\n", *told(papers_table([*asked, *found]), ("vectors", "face")), sep="\n"
        )
        if asked:
            varied = ("inside", "doubt", "doubt_of_several")
            print("\n## Which passage: quotes found\n", *told(passages_table(asked), varied), sep="\n")


if __name__ == "__main__":
    main()

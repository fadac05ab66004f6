"""What is found in papers that are known: for a question over several, or of a kind of thing in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.credits import Credit, credit_of_each, evidence
from bot.models import Route
from bot.quoting.asked import kind_of
from bot.searchable import KEPT, PASSAGES, Searchable, abstract_of, descending
from bot.words import content_words
from retrieval.models import Chunk, Passage, SearchResult

ROOM = 3  # passages of one paper; among so many its abstract takes no other's place


def of_those(library: Searchable, route: Route) -> SearchResult:
    """What the papers that `route` is over say of its question, as many passages of each, in their order."""
    credit = credit_of_each(route.query)
    share = max(1, PASSAGES // len(route.among))
    found: list[SearchResult] = []
    passages: list[Passage] = []
    for paper in route.among:
        one = library.search(route.query, replace(route.filters, paper=paper), PASSAGES, 1)
        if one.papers:
            found.append(one)
            passages += _with_abstract(_of_one(library, one, route.query, credit), share, library)
    if not found:
        return SearchResult()
    papers = tuple(replace(one.papers[0], score=1.0) for one in found)
    best = max(found, key=lambda one: one.similarity)
    return replace(best, passages=descending(passages), papers=papers)


def _with_abstract(own: Sequence[Passage], share: int, library: Searchable) -> list[Passage]:
    """The first `share` of a paper's `own` passages, its abstract among them where there is room for it."""
    paper, shown = own[0].paper, list(own[:share])
    abstract = abstract_of(library, paper.id)
    if abstract is None or share < ROOM or any(one.chunk.id == abstract.id for one in shown):
        return shown
    return [*shown[: share - 1], Passage(abstract, paper, own[0].score)]


def _of_one(library: Searchable, found: SearchResult, asked: str, credit: Credit | None) -> list[Passage]:
    """The passages `found` in one paper, first what shows the fact or the kind of thing that is `asked` for.

    Where nothing in particular is asked for it is the abstract, which also comes second to a thing.
    """
    paper, score = found.papers[0].paper, found.passages[0].score
    chunks = library.passages_of(paper.id)
    shown = evidence(credit, paper, chunks) if credit else None
    first = (
        [shown]
        if shown
        else []
        if content_words(asked)
        else [one for one in chunks if one.kind == "abstract"]
    )
    first += showing(kind_of(asked), [one.chunk for one in found.passages], chunks)
    told = {one.id: Passage(one, paper, score) for one in first}
    return [*told.values(), *(one for one in found.passages if one.chunk.id not in told)]


def showing(kind: re.Pattern[str] | None, near: Sequence[Chunk], every: Sequence[Chunk]) -> list[Chunk]:
    """The passages that show a kind of thing: of those that were found `near`, or else of `every` one."""
    if kind is None:
        return []
    found = [one for one in near if kind.search(one.text)]
    return found or [one for one in every if kind.search(one.text)][:KEPT]

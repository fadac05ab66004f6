"""What is asked of a library, and how much of what it finds an answer is written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Protocol

from retrieval.models import Chunk, Filters, PaperEntry, Passage, SearchResult

PASSAGES = 8
PAPERS = 10
LISTED = 8  # papers in a list
KEPT = 2  # passages of one kind that stay beside those that were found otherwise


class Searchable(Protocol):
    """What is asked of a library."""

    def search(
        self, question: str, filters: Filters = ..., limit: int = ..., papers: int = ...
    ) -> SearchResult: ...

    def papers(self, filters: Filters = ...) -> list[PaperEntry]: ...

    def passages_of(self, paper_id: str) -> list[Chunk]: ...

    def holding(self, name: str, filters: Filters = ...) -> list[Passage]: ...


def abstract_of(library: Searchable, paper_id: str) -> Chunk | None:
    """The passage that is a paper's abstract; None where it has none."""
    return next((one for one in library.passages_of(paper_id) if one.kind == "abstract"), None)


def descending(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """`passages` in their order, no score above the one before it: those of two searches do not compare."""
    least = inf
    ordered = []
    for passage in passages:
        least = min(least, passage.score)
        ordered.append(replace(passage, score=least))
    return tuple(ordered)

"""Does the library hold an answer? Decided before anything is written, from the search's figures. Pure."""

from __future__ import annotations

from bot.models import Route
from retrieval.models import SearchResult

# Below either of the first two, or below both of the last two, what was found is not about the question.
# Calibrate with `footnote evaluate answers` over the development gold when the embedder or the chunks change.
LEAST_SIMILARITY = 0.28  # cosine of the best passage, all-MiniLM-L6-v2
LEAST_COVERAGE = 0.25  # share of the question's informative words in the best passages
UNSURE_SIMILARITY = 0.45
UNSURE_COVERAGE = 0.5


def holds_answer(result: SearchResult, route: Route) -> bool:
    """Whether what was found is near enough to the question to answer from it.

    Papers found by their author or chosen by the reader, and a bare list, need not resemble the question.
    """
    if not result.passages:
        return False
    if route.kind in ("author", "library") or route.filters.paper or route.filters.author:
        return True
    if result.similarity < LEAST_SIMILARITY or result.coverage < LEAST_COVERAGE:
        return False
    return result.similarity >= UNSURE_SIMILARITY or result.coverage >= UNSURE_COVERAGE

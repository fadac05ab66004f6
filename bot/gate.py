"""Does the library hold an answer? Decided before anything is written, from what was found. Pure."""

from __future__ import annotations

import re

from bot.models import Route
from bot.words import content_words
from retrieval.analysis import words
from retrieval.models import SearchResult

# A logistic regression over 120 questions that have an answer and 75 that have none, rounded; at zero it
# refuses about 5 % of the former and 70 % of the latter. Fit it again when the embedder or the chunks change.
OF_SIMILARITY = 13.0  # of the best passage's cosine, all-MiniLM-L6-v2
OF_SHARE = 2.5  # of the share of the question's words that the best paper's passages hold
OF_NAMES_FOUND = 1.5  # every name in the question stands in the passages
OF_NAMES_MISSING = -1.2  # at least one does not
BIAS = -7.0

_NAME = re.compile(r"(?<![\w-])\w+(?:[-@]\w+)*")
_INNER = re.compile(r"[A-Z]|\d\w*[^\W\d]|[^\W\d]\w*\d")


def holds_answer(result: SearchResult, route: Route) -> bool:
    """Whether what was found is near enough to the question to answer from it.

    Papers found by their author or chosen by the reader, and a bare list, need not resemble the question.
    """
    if not result.passages:
        return False
    if route.kind in ("author", "library") or route.filters.paper or route.filters.author:
        return True
    return confidence(result, route.query) >= 0


def confidence(result: SearchResult, query: str) -> float:
    """The log-odds that the passages hold an answer to `query`; below 0 it is refused."""
    score = BIAS + OF_SIMILARITY * result.similarity + OF_SHARE * _share(result, query)
    asked = names(query)
    if not asked:
        return score
    there = set(words(" ".join(f"{p.paper.title} {p.chunk.text}" for p in result.passages)))
    found = all(_stands(name, there) for name in asked)
    return score + (OF_NAMES_FOUND if found else OF_NAMES_MISSING)


def names(text: str) -> list[str]:
    """The names in `text`: words with a capital or digit within, or with one that starts no sentence.

    Of "LLM-guided" it is "LLM": a part in small letters is no name.
    """
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip(" \"'“‘(")
        starts = not before or before[-1] in ".?!:"
        parts = [part for part in re.split(r"[-@]", match[0]) if part != part.lower() or part.isdigit()]
        name = "-".join(parts)
        if len(name) > 2 and (_INNER.search(name[1:]) or (name[0].isupper() and not starts)):
            found.append(name)
    return found


def _stands(name: str, there: set[str]) -> bool:
    """Whether a name stands among `there`, as one word or in its parts."""
    parts = words(name)
    return parts[-1] in there or all(part in there for part in parts)


def _share(result: SearchResult, query: str) -> float:
    asked = set(content_words(query))
    held: dict[str, set[str]] = {}
    for passage in result.passages:
        own = held.setdefault(passage.paper.id, set(content_words(passage.paper.title)))
        own.update(content_words(passage.chunk.text))
    return max(len(asked & own) for own in held.values()) / len(asked) if asked else 0.0

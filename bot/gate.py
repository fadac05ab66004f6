"""Does the library hold an answer? Decided before anything is written, from what was found. Pure."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass

from rapidfuzz.distance import OSA

from bot.models import Route
from bot.router import is_topic
from retrieval.analysis import words
from retrieval.models import Paper, SearchResult


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer being there."""

    similarity: float  # the best passage's cosine with the question
    coverage: float  # share of the question's informative words in the passages
    names_found: float  # 1.0: the question has names, and one paper's passages hold them all
    names_missing: float  # 1.0: it has names, and no paper's passages hold them all
    score: float  # of the first paper, in standard deviations over all candidates
    lead: float  # of the first paper before the second, in the same unit


WEIGHTS = Evidence(
    similarity=15.2, coverage=1.1, names_found=1.8, names_missing=-0.83, score=0.26, lead=1.3
)  # log-odds of each; by `footnote evaluate gate`: 258 papers, 117 questions with an answer, 112 without
FAR_ENOUGH = 2.0  # a greater lead says no more: one odd word that only one paper has makes it too
BIAS = -9.2

FAR, FAR_WITHOUT_WORDS = 0.2, 0.3  # cosines; questions about papers that are not there have 0.27 and more
LONG = 7  # letters of a name that may hold a typing error
TOPIC_COVERED, TOPIC_SIMILARITY = 0.99, 0.3
"""What a bare subject under filters needs: all its words, and more likeness than one of another field has."""

_NAME = re.compile(r"(?<![\w-])\w+(?:[-@]\w+)*")
_INNER = re.compile(r"[A-Z]|\d\w*[^\W\d]|[^\W\d]\w*\d")


def holds_answer(result: SearchResult, route: Route) -> bool:
    """Whether what was found is near enough to the question to answer from it."""
    if not result.passages:
        return False
    if not judged(route):
        return True
    found = evidence(result, route)
    return confidence(found) >= 0 or _touches_topic(found, route)


def _touches_topic(found: Evidence, route: Route) -> bool:
    """Whether a reader who filtered the papers, and gave a bare subject, gets to see what touches on it.

    The best of the whole library may have been filtered away, and what is left is less alike; but nothing is
    claimed of it, so it is enough that the passages hold all of the subject's words.
    """
    return (
        bool(route.filters)
        and is_topic(route.query)
        and not found.names_missing
        and found.coverage >= TOPIC_COVERED
        and found.similarity >= TOPIC_SIMILARITY
    )


def judged(route: Route) -> bool:
    """Whether a question's passages are judged at all: chosen papers and lists need not resemble it."""
    return not (route.kind in ("author", "library") or route.filters.paper or route.filters.author)


def confidence(found: Evidence, weights: Evidence = WEIGHTS, bias: float = BIAS) -> float:
    """The log-odds that the passages hold an answer; below 0 the question is refused."""
    pairs = zip(astuple(weights), astuple(found), strict=True)
    return bias + float(sum(weight * value for weight, value in pairs))


def evidence(result: SearchResult, route: Route) -> Evidence:
    """What `result` says for an answer to the question of `route`."""
    asked = names(route.query)
    held = _held(result)
    if route.kind == "compare":  # its names stand in several papers
        held = [set().union(*held)]
    found = any(all(_stands(name, there) for name in asked) for there in held)
    scores = [paper.score for paper in result.papers[:2]]
    return Evidence(
        similarity=result.similarity,
        coverage=result.coverage,
        names_found=float(bool(asked) and found),
        names_missing=float(bool(asked) and not found),
        score=scores[0] if scores else 0.0,
        lead=min(FAR_ENOUGH, scores[0] - scores[1]) if len(scores) > 1 else 0.0,
    )


def lacking(query: str, result: SearchResult) -> list[str]:
    """The names in `query` that no passage found and no title mentions."""
    there = set().union(*_held(result))
    return [name for name in dict.fromkeys(names(query)) if not _stands(name, there)]


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


def _held(result: SearchResult) -> list[set[str]]:
    """For each paper, the words of its title, abstract and passages."""
    held: dict[str, set[str]] = {}
    for passage in result.passages:
        own = held.setdefault(passage.paper.id, _of_paper(passage.paper))
        own.update(words(passage.chunk.text))
    return list(held.values())


def _of_paper(paper: Paper) -> set[str]:
    return set(words(f"{paper.title} {paper.abstract or ''}"))


def _stands(name: str, there: set[str]) -> bool:
    """Whether a name stands among `there`, as one word, in its parts, or with a typing error."""
    parts = words(name)
    return parts[-1] in there or all(part in there for part in parts) or _mistyped(parts[-1], there)


def _mistyped(name: str, there: set[str]) -> bool:
    """Whether `name` is a word of `there` but for one error. Short names and those with digits are others."""
    if len(name) < LONG or any(char.isdigit() for char in name):
        return False
    return nearest_word(name, there) is not None


def nearest_word(typed: str, there: set[str]) -> str | None:
    """The word of `there` that `typed` is but for one error, not in its first letter; None for none."""
    near = (word for word in sorted(there) if word[0] == typed[0] and abs(len(word) - len(typed)) <= 1)
    return next((word for word in near if OSA.distance(typed, word, score_cutoff=1) <= 1), None)


def is_far(result: SearchResult) -> bool:
    """Whether what was found is so far from the question that its titles would only puzzle."""
    return result.similarity < FAR or (result.coverage == 0.0 and result.similarity < FAR_WITHOUT_WORDS)

"""What a question seems to mean: one paper or several, what papers do or something in one. Pure.

A wrong guess only shares the places out otherwise, or puts the passages of a paper into another order.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Mapping

from retrieval.analysis import words as words_of

_SEVERAL = re.compile(
    r"\b(papers|works|approaches|publications|articles|studies|versus|vs|compar\w+|differences?|differ|"
    r"the other|what do we have|what's there|who)\b",
    re.IGNORECASE,
)


def asks_for_several(question: str) -> bool:
    """Whether a question seems to mean several papers. A wrong guess only shares the places out otherwise."""
    return bool(_SEVERAL.search(question))


_OF_ALL = re.compile(r"\b(?:each|both|which one)\b|\bwhich\b.+\bwhich\b", re.IGNORECASE)

CLOSE = 1.2
"""How far behind the first another paper may be, in standard deviations, for both to be meant."""

_NAME = re.compile(r"\s*(\S+):\s")
_COINED = re.compile(r"\w[A-Z]|\d|-")


def means_several(question: str, papers: Mapping[str, float]) -> bool:
    """Whether several papers seem to be meant, now that it is known how well each paper fits.

    "Each" may be said of papers or of what stands in one: of papers where a second fits about as well as the
    first.
    """
    if asks_for_several(question):
        return True
    best = heapq.nlargest(2, papers.values())
    return len(best) == 2 and best[0] - best[1] < CLOSE and bool(_OF_ALL.search(question))


def named(question: str, titles: Mapping[str, str]) -> list[str]:
    """The papers whose names, as they stand before the colons of titles ("KiteNet: ..."), a question writes.

    None where it names only one. `titles` are those of the best papers, by id. An ordinary word before a
    colon ("Learning: ...") is a name only where the question writes it with its capital.
    """
    asked = set(words_of(question))
    names = {
        paper: words_of(name[1])[-1:]
        for paper, title in titles.items()
        if (name := _NAME.match(title)) and (_COINED.search(name[1]) or f" {name[1]}" in question)
    }
    found = {paper: name[0] for paper, name in names.items() if asked.issuperset(name) and name}
    return list(found) if len(set(found.values())) > 1 else []


_COUNTED = re.compile(
    r"\b(?P<count>two|both|three|four)\b"
    r"(?:\s+(?!(?:do|does|did|are|is|were|have|has|in|by|from|that|which|used)\b)[\w-]+){0,4}?"
    r"\s+(?:papers|works|articles|publications|studies)\b|"
    r"\b(?:vs|versus|the other)\b",
    re.IGNORECASE,
)
_COUNTS = {"three": 3, "four": 4}


def counted(question: str, papers: Mapping[str, float]) -> list[str]:
    """The papers meant, best first, where a question says how many: "two papers", "A vs B"; else none.

    None too where fewer fit about as well as the first: "trained on maps vs on photos" is asked of one.
    """
    found = _COUNTED.search(question)
    if not found:
        return []
    count = _COUNTS.get((found["count"] or "").lower(), 2)
    best = heapq.nlargest(count, papers, key=lambda name: papers[name])
    fit = len(best) == count and papers[best[0]] - papers[best[-1]] < CLOSE
    return best if fit else []


_LEADING_WORDS = (
    r"(?:(?:so|ok|hey|hi|and|is|are|was|there|do|we|have|i|need|looking|search|for|the|a|an|any|find|me|in|which|"
    r"what)\s+){0,6}"
)
_PAPER = r"(?:papers?|works?|articles?|publications?|stud(?:y|ies))"
_PAPERS = re.compile(
    rf"^\W*{_LEADING_WORDS}(?:\w+[\s-]+){{0,3}}?{_PAPER}\b|\b(?:anybody|anyone|somebody)\b|^\W*who\b",
    re.IGNORECASE,
)


def asks_for_papers(question: str) -> bool:
    """Whether a question seems to be about what papers do, which abstracts and introductions tell best.

    A wrong guess only puts the passages of a paper into another order.
    """
    return asks_for_several(question) or bool(_PAPERS.search(question))

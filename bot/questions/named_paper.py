"""Which paper a question names: by its title, or by the name that the paper gives to what it brings. Pure.

A fact of the wrong paper is worse than none: a paper that merely fits is not taken for the one that is named.
"""

from __future__ import annotations

import re

from bot.gate import names
from bot.models import Route
from bot.questions.restrictions import without_restrictions
from bot.words import content_words, stem
from retrieval.analysis import words
from retrieval.models import Paper, SearchResult

OF_A_TITLE = 0.7  # share of a title's words by which a conversation has named the paper
OF_A_DESCRIPTION = 2 / 3  # share of a description's words that the title must hold

_FRAME = """
a about accepted an and any appear appeared approach are article at author authored authors available by
called can code come conference dataset did do does entitled find first for from github give has have i
in is it its journal last latter link list me method model name named network of on one ones online
other out page paper papers please presented project public publicly publish published released repo
repository second source tell that the their there they third this titled to venue was we were what when
where which who whose work write written wrote year you
"""
_FRAMES = frozenset(stem(word) for word in words(_FRAME))
_DESCRIBES = re.compile(
    r"\b(?:papers?|articles?|works?|one|method|model|approach)\s+(?:that|which|where|on|about|for|with|to|\w+ing)\b|"
    r"\b(?:paper|article|work|one)\W*$",
    re.IGNORECASE,
)
_NAME = (
    r"(?P<name>[A-Za-z0-9]*(?:[A-Z][A-Za-z0-9]*){2,}(?:[-+/][A-Za-z0-9]+)*|[A-Za-z]{1,8}-[A-Z][A-Za-z0-9]+)"
)
_BRINGS = r"\b(?:propos|present|introduc|develop|devis|design|describ)(?:e|es|ed|ing)?"
_COINING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:called|named|dubbed|coined|termed|namely)\s*,?\s*[“‘\"']?{_NAME}",
        rf"{_BRINGS}\s+(?:an?\s+|the\s+|our\s+)?(?:\w+\s+){{0,2}}?[“‘\"']?{_NAME}(?=[\s,:;.”’\"'])(?!\s*[\[(])",
        rf"{_BRINGS}\b[^.]{{0,140}}?\(\s?[“‘\"']?{_NAME}[”’\"']?\s?\)",
    )
)


def named_paper(asked: str, route: Route, result: SearchResult) -> Paper | None:
    """The paper among those found that `asked` names, or else the conversation or a filter; None for none."""
    found = [ranked.paper for ranked in result.papers]
    if route.filters.paper:
        return found[0] if found else None
    asked = without_restrictions(asked)
    subject = _subject(asked)
    if not subject:
        return next((paper for paper in found if _was_named(paper, route.query)), None)
    holding = [paper for paper in found if subject <= _stems(paper.title)]
    called = [paper for paper in found if _is_called(paper, asked)]
    if called:
        return called[0]
    if len(holding) > 1:  # a word of several titles names none of them, but most of a title does
        holding = [paper for paper in holding if 2 * len(subject) > len(_stems(paper.title))]
    if holding:
        return holding[0]
    return found[0] if found and _is_described(found[0], asked, subject) else None


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text))


def _subject(asked: str) -> frozenset[str]:
    """The words of a question beside those with which one asks."""
    return _stems(asked) - _FRAMES


def _head(title: str) -> frozenset[str]:
    """The words of the name before a title's colon; none where no short name stands there."""
    head, colon, _ = title.partition(":")
    return frozenset(words(head)) if colon and len(head.split()) <= 3 else frozenset()


def _coined(paper: Paper) -> str:
    """The first name that the abstract gives to what the paper brings; those after it may be of others."""
    text = paper.abstract or ""
    found = [match for pattern in _COINING for match in pattern.finditer(text)]
    first = min(found, key=lambda match: match.start("name"), default=None)
    return "".join(words(first["name"])[-1:]) if first else ""


def _is_called(paper: Paper, asked: str) -> bool:
    """Whether `asked` holds the paper's own name, and no other name that the paper does not know."""
    own, told = _head(paper.title), frozenset(words(asked))
    if not (own and own <= told) and _coined(paper) not in told:
        return False
    known = _stems(" ".join((paper.title, paper.abstract or "", *paper.authors)))
    return all(_stems(name) - _FRAMES <= known for name in names(asked))


def _was_named(paper: Paper, query: str) -> bool:
    """Whether a question made whole by what was said before holds the paper's name or most of its title."""
    told, title = frozenset(words(query)), frozenset(content_words(paper.title))
    own = _head(paper.title)
    return bool(own and own <= told) or len(title & _stems(query)) >= OF_A_TITLE * max(1, len(title))


def _is_described(paper: Paper, asked: str, subject: frozenset[str]) -> bool:
    """Whether `asked` describes a paper in words of this title, and names nothing that is not in it."""
    title, told = _stems(paper.title), subject & frozenset(content_words(asked))
    return (
        bool(_DESCRIBES.search(asked))
        and len(told & title) >= max(2, OF_A_DESCRIPTION * len(told))
        and all(_stems(name) - _FRAMES <= title for name in names(asked))
    )

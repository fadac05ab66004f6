"""A question that names several papers of the library and sets them against each other: a comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.gate import names
from bot.models import Question, Route
from bot.questions.sides import MOST, sides
from bot.quoting.worth import BRINGS, PROPOSES
from bot.searchable import PAPERS, PASSAGES, Searchable
from bot.words import content_words
from retrieval.models import Paper
from retrieval.sentences import sentences

SHORTEST = 2  # letters of a name
ORDINARY = 5  # letters at most of a name that may be a word, such as DATE, where it is typed in small letters
SEARCHED = 6  # names that are looked for one by one
SPELLED = 6  # words at most that a name in brackets is short for
HEAD = 4  # words of what stands before a title's colon that are a name

_AGAINST = re.compile(
    r"\b(?:compar\w*|differ\w*|versus|vs|contrast\w*|than|both|each|either|neither|common|similar\w*|alike|better|best|"
    r"worse|stronger|beats?|outperforms?|which|or|side\s+by\s+side)\b",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)|differ(?:s|ent|ences?)?|versus|vs|contrast|(?:better|faster|bigger|larger|smaller)\s+than|"
    r"in\s+common)\b",
    re.IGNORECASE,
)
_HOW_MUCH_MORE = re.compile(r"\b(?:by\s+)?how\s+much\b|\bby\s+how\b", re.IGNORECASE)
_JOINED = re.compile(
    r"\W*(?:,|and|or|&|\+|/|vs\.?|versus|the|paper|with|to)(?:\W+(?:the|and|or))*\W*", re.IGNORECASE
)


def with_named_sides(library: Searchable, question: Question, route: Route) -> Route:
    """`route` over the papers that `question` names, where it names several to compare them.

    Any other keeps its route, and so does a comparison whose sides are told apart by their words alone.
    Raises what the library raises.
    """
    text = question.text.strip()
    if route.kind not in ("question", "find", "compare") or not _may_compare(text, route):
        return route
    found = _named(library, route, text)
    if not 1 < len(found) <= MOST or (route.kind == "compare" and len(found) == len(sides(route.query))):
        return route
    if not _set_against(text, [span for _, span in found], compared=route.kind == "compare"):
        return route
    return replace(route, kind="compare", query=text, among=tuple(paper.id for paper, _ in found))


def without_names(text: str, papers: Sequence[Paper]) -> str:
    """`text` without the words by which it names several of `papers`: what it asks of them."""
    spans = [span for paper in papers if (span := _span(paper, text, papers))]
    for start, end in sorted(spans, reverse=True) if len(spans) > 1 else ():
        text = f"{text[:start]} {text[end:]}"
    return re.sub(r"\s+", " ", text).strip()


def _may_compare(text: str, route: Route) -> bool:
    """Whether to search for papers that are named: names in small letters need a plain word for it."""
    if route.kind == "compare" or _PLAINLY.search(text):
        return True
    joined = re.search(r"\band\b|,|&", text) is not None
    return len(set(names(text))) > 1 and (joined or bool(_AGAINST.search(text)))


def _set_against(text: str, spans: Sequence[tuple[int, int]], *, compared: bool) -> bool:
    """Whether the names at `spans` are all that is compared: joined, or with a word of comparing beside them.

    "How much does A gain over B" asks for a fact of A. `compared`: the question says in other words that it
    compares.
    """
    between = [text[one[1] : other[0]] for one, other in pairwise(spans)]
    if all(_JOINED.fullmatch(part) for part in between):
        return True
    if any(names(part, within=True) for part in between):  # another name, which is not known
        return False
    rest = f"{text[: spans[0][0]]} {' '.join(between)} {text[spans[-1][1] :]}"
    return compared or (bool(_AGAINST.search(rest)) and not _HOW_MUCH_MORE.search(rest))


def _named(library: Searchable, route: Route, text: str) -> list[tuple[Paper, tuple[int, int]]]:
    """The papers that `text` names, with the place of each name, in the order of the text."""
    papers: dict[str, Paper] = {}
    for asked in (text, *dict.fromkeys(names(text)))[: SEARCHED + 1]:
        limit = PAPERS if asked == text else 3
        result = library.search(asked, route.filters, PASSAGES, limit)
        for ranked in result.papers:
            papers.setdefault(ranked.paper.id, ranked.paper)
    found = [
        (paper, span) for paper in papers.values() if (span := _span(paper, text, tuple(papers.values())))
    ]
    found.sort(key=lambda one: (one[1][0], -one[1][1]))
    apart: list[tuple[Paper, tuple[int, int]]] = []
    for paper, span in found:
        if not apart or span[0] >= apart[-1][1][1]:
            apart.append((paper, span))
    return apart


def _span(paper: Paper, text: str, others: Sequence[Paper] = ()) -> tuple[int, int] | None:
    """Where `text` names `paper`: by its title, by what stands before its colon, or by what it brings.

    The first words of a title and a name that the paper brings name it where none of `others` speaks of them:
    many say "language-image pretraining (CLIP)".
    """
    head, colon, _ = paper.title.partition(":")
    own = [paper.title.strip(" .")]
    if colon and len(head.split()) <= HEAD:
        own.append(head.strip())
    told = [f"{one.title} {one.abstract or ''}" for one in others if one.id != paper.id]
    rare = [name for name in _brought(paper, text) if not any(_place(name, other) for other in told)]
    return next((span for name in (*own, *rare) if (span := _place(name, text))), None)


def _brought(paper: Paper, text: str) -> list[str]:
    """The first words of the title that stand so in `text`, and names in it that the paper says it brings."""
    first = paper.title.split()[:HEAD]
    starts = [" ".join(first[:count]).rstrip(":,") for count in range(len(first), 1, -1)]
    told = [start for start in starts if len(content_words(start)) > 1 and start in text]
    bringing = [one for one in sentences(paper.abstract or "") if PROPOSES.search(one) or BRINGS.search(one)]
    return told + [
        name
        for name in names(text, within=True)
        if any(_place(name, one) for one in bringing) or _spelled_out(name, paper)
    ]


def _spelled_out(name: str, paper: Paper) -> bool:
    """Whether the abstract has `name` in brackets behind words of the title, for which it is short."""
    found = re.search(rf"((?:\S+\s+){{1,{SPELLED}}})\(\s?{re.escape(name)}\s?\)", paper.abstract or "")
    return found is not None and len(set(content_words(found[1])) & set(content_words(paper.title))) > 1


def _place(name: str, text: str) -> tuple[int, int] | None:
    """Where `name` stands in `text` in any case; of a short one in small letters, "line" is no LINe."""
    if len(name) < SHORTEST:
        return None
    pattern = r"[\s-]+".join(re.escape(part) for part in re.split(r"[\s-]+", name))
    for found in re.finditer(rf"(?<![\w-]){pattern}(?!\w)", text, re.IGNORECASE):
        if len(name) > ORDINARY or not found[0].islower():
            return found.span()
    return None

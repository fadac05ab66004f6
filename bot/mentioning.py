"""Which papers use a thing that has a name ("which papers evaluate on ScanNet?"): those that write the name.

What a paper is about tells little of it: the name stands in one passage, and no abstract need have it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.counting import counted
from bot.models import Route
from bot.searchable import LISTED, PASSAGES, Searchable
from bot.words import content_words
from retrieval.models import Passage, RankedPaper, SearchResult

NAMES = 8  # of one question: each is looked up in the whole library
LOOKED_AT = 100  # papers that a search puts into an order; those behind them follow by their words

_VERB = (
    r"(?:us(?:e|es|ed|ing)|appl(?:y|ies|ied)|(?:employ|adopt|leverag|utili[sz])(?:e?s?|ed|ing)|mention\w*|report\w*|cit(?:e|es|ed|ing)|compar\w+\s+(?:to|with|against)|"
    r"(?:(?:are|were|is|was)\s+)?(?:evaluat|validat|benchmark|test|train|run|build|built|rel|bas|fine-?tun|pre-?train|experiment)\w*\s+"
    r"(?:\w+\s+)?(?:on|upon|with))"
)
_USES = re.compile(
    rf"\A\W*(?:(?:so|and|ok|please|which|what|list|show|find|name|how\s+many|(?:are|is)\s+there|do|does|did|has|have|an?|any|all|the|me|of)\s+)*"
    rf"(?P<subject>(?:[\w-]+\s+){{0,3}}?)(?:papers?|works?|methods?|models?|studies|ones|anyone|anybody|somebody|who)\s+"
    rf"(?P<topic>(?:on|about|for|of)\s+(?:[\w-]+\s+){{1,3}}?)?"
    rf"(?:(?:that|which|here|also|do|does|have|has|published|released|in\s+(?:the|this|our)\s+library)\s+)*"
    rf"{_VERB}(?:\s+{_VERB})?\s+(?P<what>[^?;]+?)[\s?!.]*\Z",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"[\"“”«»][^\"“”«»]+[\"“”«»]|\b[A-Z][\w-]* of [A-Z][\w-]*")  # "Chain of Thought"
_DENIES = re.compile(
    r"\b(?:not|no|without|neither|nor|except|(?:instead|in\s+place)\s+of|rather\s+than|n't)\b"
)
_PART = re.compile(r"[^\s,;&]+|[,;&]")
_EDGES = "'`*_~<>()[]{}.:!?@|/\\"
_FORM = re.compile(r"[A-Z]|[^\W\d]-?\d|\d-?[^\W\d]")  # of a word that is a name, or a part of one
_FIGURED = re.compile(r"[^\W\d].*\d")
_SORT = re.compile(
    r"(?:the|an?|or|and|data\s?sets?|benchmarks?|metrics?|loss(?:es)?|[gct]pus?|scores?|features?|weights?|models?|"
    r"backbones?|[,;&])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Use:
    """What papers are asked to use."""

    names: tuple[str, ...]
    alone: bool  # nothing else is asked of them, as in "which papers use CLIP for segmentation?"


def use_asked(question: str) -> Use | None:
    """What `question` asks papers to use.

    A single word in small letters may be a name too: the papers tell. None where no name is written, or one
    that papers are not to use.
    """
    found = _USES.match(question)
    if not found or _DENIES.search(found["what"]):
        return None
    together = [name.strip('"“”«» ') for name in _TOGETHER.findall(found["what"])]
    names, others = _names(_TOGETHER.sub(" ", found["what"]))
    names = [name for name in (*together, *names) if re.search(r"\w\W*[\w+#]", name)]
    besides = [*re.findall(r"[\w.-]*\w", f"{found['subject']} {found['topic'] or ''}"), *others]
    besides = [word for word in besides if not _SORT.fullmatch(word)]
    if not names and len(besides) == 1 and besides == others and re.search(r"[^\W\d]", others[0]):
        return Use((others[0],), alone=True)
    return Use(tuple(dict.fromkeys(names))[:NAMES], alone=not besides) if names else None


def _names(what: str) -> tuple[list[str], list[str]]:
    """The names in `what`, and its other words but those of sorts.

    Words that follow one another are one name, "Mask R-CNN", and a figure behind them belongs to it. The last
    of them says enough where it has letters and figures: "NVIDIA (RTX) A6000".
    """
    runs: list[list[str]] = [[]]
    others: list[str] = []
    for part in _PART.findall(what):
        word = re.sub(r"['’]s\Z", "", part.strip(_EDGES))
        if _SORT.fullmatch(part) or _SORT.fullmatch(word):
            runs.append([])
        elif _FORM.search(word) or (runs[-1] and re.fullmatch(r"\d[\d.]*", word)):
            runs[-1].append(word)
        elif word:
            others.append(word)
            runs.append([])
    return [run[-1] if _FIGURED.match(run[-1]) else " ".join(run) for run in runs if run], others


def mentioning(library: Searchable, route: Route, use: Use, result: SearchResult) -> SearchResult | None:
    """A passage of each paper that writes one of the names; None where none does.

    Where nothing else is asked, `papers` are all that write one, those that write most of them first; else
    those of `result`, in their order.
    """
    near = library.search(" ".join(use.names), route.filters, PASSAGES, LOOKED_AT) if use.alone else result
    names = _no_words(use.names, [one.chunk.text for one in near.passages])
    own = _all_passages(library, names, route) if use.alone else _passages_of(library, near)
    names = _no_words(names, [one.chunk.text for some in own.values() for one in some])
    asked = set(content_words(route.query))
    counts = {
        paper: written(names, "\n\n".join(one.chunk.text for one in some)) for paper, some in own.items()
    }
    rank = {ranked.paper.id: place for place, ranked in enumerate(near.papers)}
    held = [paper for paper, count in counts.items() if count]
    held.sort(key=lambda paper: (-counts[paper] if use.alone else 0, rank.get(paper, len(rank))))
    if not held:
        return None
    known = {ranked.paper.id: ranked for ranked in near.papers}
    if use.alone:
        score = near.papers[0].score if near.papers else 1.0
        known = {paper: RankedPaper(own[paper][0].paper, score) for paper in held}
    best = (max(own[paper], key=lambda one: _fit(names, asked, one.chunk.text)) for paper in held[:LISTED])
    passages = tuple(replace(one, score=1.0) for one in best)
    return replace(near, papers=tuple(known[paper] for paper in held), passages=passages)


def _all_passages(library: Searchable, names: Sequence[str], route: Route) -> dict[str, list[Passage]]:
    """Of each paper of the library those that may write one of `names`, the best first."""
    found = {one.chunk.id: one for name in names for one in library.holding(name, route.filters)}
    own: dict[str, list[Passage]] = {}
    for one in found.values():
        own.setdefault(one.paper.id, []).append(one)
    return own


def _passages_of(library: Searchable, near: SearchResult) -> dict[str, list[Passage]]:
    """All of each paper that was found."""
    return {
        ranked.paper.id: [Passage(chunk, ranked.paper, 1.0) for chunk in library.passages_of(ranked.paper.id)]
        for ranked in near.papers
    }


def mentioned(query: str, passages: Sequence[Passage]) -> Use | None:
    """What papers are asked to use, where each of `passages` writes a name of it."""
    use, texts = use_asked(query), [passage.chunk.text for passage in passages]
    if use is None or not texts:
        return None
    names = _no_words(use.names, texts)
    return replace(use, names=names) if all(written(names, text) for text in texts) else None


def count_of_all(route: Route, result: SearchResult) -> tuple[str, ...]:
    """A sentence on how many papers mention what they are asked to use, where not all of them are shown."""
    use = mentioned(route.query, result.passages) if route.kind == "find" else None
    shown = len({passage.paper.id for passage in result.passages})
    if use is None or not use.alone or len(result.papers) <= shown:
        return ()
    return (f"{told_of(use.names, len(result.papers))}, more than the answer is written from.",)


def told_of(names: Sequence[str], count: int) -> str:
    """ "3 papers mention FID or LPIPS", without a stop."""
    return f"{counted(count, 'paper')} {'mentions' if count == 1 else 'mention'} {' or '.join(names)}"


def _fit(names: Sequence[str], asked: set[str], text: str) -> tuple[int, int]:
    """How many of `names`, and of the words asked, stand in a passage."""
    count = written(names, text)
    return count, len(asked & set(content_words(text))) if count else 0


def written(names: Sequence[str], text: str) -> int:
    """How many of `names` stand in `text`, with a capital or a figure there, however they were typed."""
    return sum(any(_is_name(name, one[0]) for one in _spelt(name).finditer(text)) for name in names)


def _is_name(name: str, found: str) -> bool:
    """Whether `name` is written as one: of several words none need be, "Batch Normalization"."""
    return " " in name or bool(re.search(r"[A-Z\d]", found))


@lru_cache(maxsize=256)
def _spelt(name: str) -> re.Pattern[str]:
    """`name` however it is joined, and one or several of it: GPT4 for GPT-4, GANs for GAN."""
    one = re.sub(r"(?<=\w\w)s\Z", "", name)
    parts = [re.escape(part) for part in re.split(r"[\s-]+", one) if part]
    joined = re.sub(r"(?<=[^\W\d])(?=\d)", "-?", r"[\s-]?".join(parts))
    return re.compile(rf"(?<!\w){joined}s?(?!\w)", re.IGNORECASE)


def _no_words(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """`names` but what was typed in small letters and stands so in the papers: "attention" is no name."""

    def is_word(name: str) -> bool:
        pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        return name.islower() and any(pattern.search(text) for text in texts)

    return tuple(name for name in names if not is_word(name))

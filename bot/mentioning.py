"""Which papers use a thing that has a name ("which papers evaluate on ScanNet?"): those that write the name.

What a paper is about tells little of it: the name stands in one passage, and no abstract need have it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Route
from bot.quoting.asked import coined_names
from bot.searchable import LISTED, PASSAGES, Searchable
from bot.words import content_words
from retrieval.models import Chunk, Passage, RankedPaper, SearchResult

LOOKED_AT = 100  # papers that are read through for the name: reading them takes some milliseconds

_VERB = (
    r"(?:us(?:e|es|ed|ing)|appl(?:y|ies|ied)|mention\w*|report\w*|cit(?:e|es|ed|ing)|compar\w+\s+(?:to|with|against)|"
    r"(?:(?:are|were|is|was)\s+)?(?:evaluat|test|train|run|build|built|rel|bas|fine-?tun|pre-?train|experiment)\w*\s+"
    r"(?:\w+\s+)?(?:on|upon|with))"
)
_USES = re.compile(
    rf"\A\W*(?:(?:so|and|ok|please|which|what|list|show|find|name|how\s+many|are\s+there|do|any|all|the|me|of)\s+)*"
    rf"(?P<subject>(?:[\w-]+\s+){{0,3}}?)(?:papers?|works?|methods?|models?|studies|ones|anyone|anybody|somebody|who)\s+"
    rf"(?P<topic>(?:on|about|for|of)\s+(?:[\w-]+\s+){{1,3}}?)?"
    rf"(?:(?:that|which|here|also|do|does|have|has|in\s+(?:the|this|our)\s+library)\s+)*"
    rf"{_VERB}(?:\s+{_VERB})?\s+(?P<what>[^?;]+?)\W*\Z",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\b[A-Z][a-z]+(?:\s+[A-Z][a-z]+)+\b")
_CAPITAL = re.compile(r"\b[A-Z][\w-]*\w")
_SORT = re.compile(
    r"\b(?:the|an?|or|and|data\s?sets?|benchmarks?|metrics?|loss(?:es)?|gpus?|scores?|features?|weights?|models?|"
    r"backbones?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Use:
    """What papers are asked to use."""

    names: tuple[str, ...]
    alone: bool  # nothing else is asked of them, as in "which papers use CLIP for segmentation?"


def use_asked(question: str) -> Use | None:
    """What `question` asks papers to use; of several names only those with a figure, where one has one.

    A single word in small letters may be a name too: the papers tell. None where no name is written.
    """
    found = _USES.match(question)
    if not found:
        return None
    pairs = _CAPITALS.findall(found["what"])
    rest = _CAPITALS.sub(" ", found["what"])
    names = [*pairs, *coined_names(rest)]
    for name in names:
        rest = rest.replace(name, " ")
    names += _CAPITAL.findall(rest)
    besides = f"{found['subject']} {found['topic'] or ''}"
    others = re.findall(r"[\w.-]*\w", _SORT.sub(" ", f"{besides} {_CAPITAL.sub(' ', rest)}"))
    if not names and len(others) == 1 and not besides.strip():
        return Use((others[0],), alone=True)
    figured = [name for name in names if re.search(r"\d", name)]
    return Use(tuple(dict.fromkeys(figured or names)), alone=not others) if names else None


def mentioning(library: Searchable, route: Route, use: Use, result: SearchResult) -> SearchResult:
    """A passage of each paper that writes one of the names; `result` where none does.

    Where nothing else is asked, `papers` are all that write one, those that write most of them first; else
    those of `result`, in their order.
    """
    near = library.search(" ".join(use.names), route.filters, PASSAGES, LOOKED_AT) if use.alone else result
    chunks = {ranked.paper.id: library.passages_of(ranked.paper.id) for ranked in near.papers}
    names = _no_words(use.names, [chunk.text for own in chunks.values() for chunk in own])
    asked = set(content_words(route.query))
    held: list[tuple[int, RankedPaper, Chunk]] = []
    for ranked in near.papers:
        best = max(chunks[ranked.paper.id], key=lambda one: _fit(names, asked, one.text), default=None)
        if best is not None and (count := written(names, best.text)):
            held.append((count, ranked, best))
    if not held:
        return result
    if use.alone:
        held.sort(key=lambda one: -one[0])  # stable: as the search has them
        held = [(count, replace(ranked, score=near.papers[0].score), best) for count, ranked, best in held]
    passages = tuple(Passage(chunk, ranked.paper, 1.0) for _, ranked, chunk in held[:LISTED])
    return replace(near, papers=tuple(ranked for _, ranked, _ in held), passages=passages)


def mentioned(query: str, passages: Sequence[Passage]) -> Use | None:
    """What papers are asked to use, where each of `passages` writes a name of it."""
    use, texts = use_asked(query), [passage.chunk.text for passage in passages]
    if use is None or not texts:
        return None
    names = _no_words(use.names, texts)
    return replace(use, names=names) if all(written(names, text) for text in texts) else None


def _fit(names: Sequence[str], asked: set[str], text: str) -> tuple[int, int]:
    """How many of `names`, and of the words asked, stand in a passage."""
    count = written(names, text)
    return count, len(asked & set(content_words(text))) if count else 0


def written(names: Sequence[str], text: str) -> int:
    """How many of `names` stand in `text`, with a capital or a figure there, however they were typed."""
    found = (re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names)
    return sum(bool(one and re.search(r"[A-Z\d]", one[0])) for one in found)


def _no_words(names: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """`names` but what was typed in small letters and stands so in the papers: "attention" is no name."""

    def is_word(name: str) -> bool:
        pattern = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        return name.islower() and any(pattern.search(text) for text in texts)

    return tuple(name for name in names if not is_word(name))

"""Questions about a paper rather than its contents: who wrote it, where and when, where its code is. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.citations import Checked, quote
from bot.models import Citation
from retrieval.models import Paper, SearchResult

_ASKS: tuple[tuple[re.Pattern[str], Callable[[Paper], str]], ...] = (
    (
        re.compile(
            r"\bwho\s+(?:wrote|authored|published|(?:is|are|were|was)\s+(?:the\s+)?(?:authors?|first\s+author))\b|"
            r"\b(?:who|which|what|list|name)\b[^?]{0,12}\bauthors?\s+of\b|\b(?:(?:its|the)\s+authors?\s*\?|(?:list|name)\s+the\s+authors?)\b",
            re.IGNORECASE,
        ),
        lambda paper: f"is by {', '.join(paper.authors)}" if paper.authors else "",
    ),
    (
        re.compile(
            r"\b(?:when|where|at\s+(?:which|what)\s+(?:conference|venue)|(?:which|what)\s+(?:year|venue|conference))\s+"
            r"(?:was|were|is|did)\b[^?]*\b(?:published|appear|presented|come\s+out|from)\b",
            re.IGNORECASE,
        ),
        lambda paper: (
            f"appeared at {paper.venue or 'a venue unknown to me'} {paper.year or ''}".rstrip()
            if paper.venue or paper.year
            else ""
        ),
    ),
    (
        re.compile(
            r"\b(?:is|are)\s+(?:there\s+|the\s+|its\s+|their\s+)?(?:any\s+)?(?:source\s+)?(?:code|repo(?:sitory)?)\b"
            r"[^?]*(?:\?|available|public|online|for)|\bwhere\b[^?]*\b(?:code|repo(?:sitory)?|project\s+page)\b|"
            r"\blink\s+to\s+the\s+(?:code|repo)",
            re.IGNORECASE,
        ),
        lambda paper: f"has its code or project page at {paper.code_url}" if paper.code_url else "",
    ),
)


def credit_asked(question: str) -> Callable[[Paper], str] | None:
    """What tells the asked fact of a paper, "" where it is not known; None for other questions."""
    return next((fact for pattern, fact in _ASKS if pattern.search(question)), None)


def credited(fact: Callable[[Paper], str], result: SearchResult) -> Checked:
    """The fact of the best paper, its first passage as footnote; empty where it is not known."""
    passage = next(iter(result.passages), None)
    told = fact(passage.paper) if passage else ""
    if passage is None or not told:
        return Checked("", ())
    words = quote(passage.paper.title, passage.chunk.text)
    return Checked(f"{passage.paper.title} {told} [1].", (Citation(1, passage.paper, passage.chunk, words),))

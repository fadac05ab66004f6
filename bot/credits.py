"""Questions about a paper rather than its contents: who wrote it, where and when, where its code is. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.citations import Checked
from bot.models import NOT_REPORTED, Citation
from bot.titles import title_in_text
from retrieval.models import Chunk, Paper, Passage
from retrieval.sentences import sentences


@dataclass(frozen=True, slots=True)
class Credit:
    """A fact of a paper that can be asked for."""

    asks: re.Pattern[str]
    told: Callable[[Paper], str]  # what follows the title in the answer; "" where the fact is not known
    shown: Callable[[Paper], str]  # what a chunk must hold to show it
    called: str  # the fact in words, as the library may not know it


def _place(paper: Paper) -> str:
    if paper.venue and paper.year:
        return f"appeared at {paper.venue} {paper.year}"
    if paper.venue:
        return f"appeared at {paper.venue}, in a year that the library does not know"
    return f"appeared in {paper.year}, at a venue that the library does not know" if paper.year else ""


def _address(url: str | None) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url or "").rstrip("/")


CREDITS = (
    Credit(
        re.compile(
            r"\bwho\s+(?:wrote|authored|published|(?:is|are|were|was)\s+(?:the\s+)?(?:authors?|first\s+author))\b|"
            r"\b(?:who|which|what|list|name)\b[^?]{0,12}\bauthors?\s+of\b|\b(?:\bwho(?:'s|\s+(?:is|are))\s+(?:its|their|the)\s+(?:\w+\s+)?authors?\b|(?:its|the)\s+authors?\s*\?|(?:list|name)\s+the\s+authors?)\b",
            re.IGNORECASE,
        ),
        lambda paper: f"is by {', '.join(paper.authors)}" if paper.authors else "",
        lambda paper: paper.authors[0],
        "who wrote",
    ),
    Credit(
        re.compile(
            r"\b(?:when|where|at\s+(?:which|what)\s+(?:conference|venue)|(?:in\s+)?(?:which|what)\s+(?:year|venue|conference))\s+"
            r"(?:was|were|is|did)\b[^?]*\b(?:published|appear|presented|accepted|come\s+out)\b|"
            r"\b(?:which|what)\s+(?:year|venue|conference)\s+(?:was|were|is)\b[^?]*\bfrom\b|"
            r"\A\W*(?:and\s+)?(?:from\s+|in\s+)?(?:which|what)\s+(?:year|venue|conference)\W*\Z",
            re.IGNORECASE,
        ),
        _place,
        lambda paper: paper.venue or str(paper.year),
        "the place and year of",
    ),
    Credit(
        re.compile(
            r"\b(?:is|are)\s+(?:there\s+|the\s+|its\s+|their\s+)?(?:any\s+)?(?:source\s+)?(?:code|repo(?:sitory)?)"
            r"(?:\s*\?|\s*$|\s+(?:is\s+)?(?:publicly\s+|freely\s+)?(?:available|public|online|released|open|for|of|anywhere)\b)|"
            r"\A\W*(?:and\s+)?(?:any|is\s+there|got)(?:\s+any)?\s+(?:\w+\s+)?(?:code|repo(?:sitory)?)\W*\Z|"
            r"\bwhere\b[^?]*\b(?:code|repo(?:sitory)?|project\s+page)\b|\blink\s+to\s+the\s+(?:code|repo)",
            re.IGNORECASE,
        ),
        lambda paper: f"has its code or project page at {paper.code_url}" if paper.code_url else "",
        lambda paper: _address(paper.code_url),
        "an address of the code of",
    ),
)


def credit_asked(question: str) -> Credit | None:
    """The fact of a paper that `question` asks for; None for other questions."""
    return next((credit for credit in CREDITS if credit.asks.search(question)), None)


_OF_AGE = re.compile(
    r"\b(?:newe(?:r|st)|(?:most|more)\s+recent|latest|olde(?:r|st)|earlie(?:r|st)|(?:published|came|appeared)\s+first)\b",
    re.IGNORECASE,
)
_OF_CODE = re.compile(
    r"\bopen[\s-]?source\b|\bhave\s+(?:\w+\s+)?code\b|\bcode\s+(?:available|online|public)", re.IGNORECASE
)


def credit_of_each(question: str) -> Credit | None:
    """The fact that `question` asks of each of several papers; "which is newer?" asks for the years."""
    place, code = CREDITS[1:3]
    if _OF_AGE.search(question):
        return place
    return code if _OF_CODE.search(question) else credit_asked(question)


def evidence(credit: Credit, paper: Paper, chunks: Sequence[Chunk]) -> Chunk | None:
    """The chunk of the paper that shows the fact, its card before all others; None where it is not known.

    Where none shows it, as of a page that only its watermark places, it is the first.
    """
    if not chunks or not credit.told(paper):
        return None
    ordered = sorted(chunks, key=lambda chunk: chunk.kind != "card")  # stable: the rest as it stands
    return next((chunk for chunk in ordered if _line(credit, paper, chunk)), ordered[0])


def credited(credit: Credit, paper: Paper, passages: Sequence[Passage]) -> Checked:
    """The fact of `paper`, with the line that shows it as footnote; empty where it is not known."""
    own = [passage.chunk for passage in passages if passage.paper.id == paper.id]
    chunk = evidence(credit, paper, own)
    if chunk is None:
        return Checked("", ())
    words = _line(credit, paper, chunk) or next(iter(sentences(chunk.text)), chunk.text)
    text = f"{title_in_text(paper)} {credit.told(paper)} [1]."
    return Checked(text, (Citation(1, paper, chunk, words),))


def credited_each(credit: Credit, papers: Sequence[Paper], passages: Sequence[Passage]) -> Checked:
    """The fact of each of `papers`, a line for each; of one where it is not known the line says so."""
    lines: list[str] = []
    citations: list[Citation] = []
    for place, paper in enumerate(papers, 1):
        told = credited(credit, paper, passages)
        lines.append(f"{place}. {told.text or f'{title_in_text(paper)}: {NOT_REPORTED}'}")
        for one in told.citations:
            lines[-1] = lines[-1].replace("[1]", f"[{len(citations) + 1}]")
            citations.append(replace(one, n=len(citations) + 1))
    return Checked("\n".join(lines), tuple(citations)) if citations else Checked("", ())


def _line(credit: Credit, paper: Paper, chunk: Chunk) -> str:
    """The line of a card, or the sentence of a text, that holds what is to be shown; "" for none."""
    wanted = credit.shown(paper)
    lines = chunk.text.splitlines()[1:] if chunk.kind == "card" else sentences(chunk.text)
    return next((line for line in lines if wanted in line), "")

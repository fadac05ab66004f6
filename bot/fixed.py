"""Answers that need no passage: thanks, help, and what the library holds. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.models import Answer, Route, RouteKind
from bot.notes import filters_in_words, notes
from bot.words import content_words
from retrieval.models import Filters, Paper, PaperEntry, SearchResult

TITLES_SHOWN = 8

_FIXED: dict[RouteKind, str] = {
    "smalltalk": "Hello! Ask me about the papers in the library, and I answer with footnotes to them.",
    "help": (
        "I answer questions over a library of research papers; every claim carries a footnote to its paper.\n"
        "- Ask for a fact: what accuracy does a method reach, how does it work, why.\n"
        "- Look for papers: which paper does X, papers on X, papers by an author, from 2023, at CVPR.\n"
        "- Compare: A vs B, what is the difference.\n"
        "- Follow up: is it faster than Y? what data did they use?\n"
        "What the library does not hold, I say so."
    ),
}


def fixed_answer(kind: RouteKind) -> Answer | None:
    """The plain answer to small talk and to a call for help; None for what must be searched."""
    text = _FIXED.get(kind)
    return None if text is None else Answer(text=text, route=kind)


def library_answer(route: Route, entries: Sequence[PaperEntry], result: SearchResult) -> Answer:
    """How many papers there are, of them how many pass the filters, and some of their titles."""
    passing = [entry.paper for entry in entries if passes(entry.paper, route.filters)]
    told = filters_in_words(route.filters)
    head = f"The library holds {_count(len(entries))}"
    head += f", {len(passing)} of them {told.removeprefix('papers ')}." if told else f"{_spread(passing)}."
    shown = [f"- {paper.title}" for paper in passing[:TITLES_SHOWN]]
    rest = len(passing) - len(shown)
    lines = [head, *shown, *([f"and {rest} more."] if rest > 0 else [])]
    return Answer(
        text="\n".join(lines),
        route=route.kind,
        papers=result.papers,
        passages=result.passages,
        notes=notes(route, result) if told else (),
    )


def passes(paper: Paper, filters: Filters) -> bool:
    """Whether a paper is of these years, this venue and this author; typing errors are not forgiven here."""
    first, last = filters.year_from, filters.year_to
    if (first is not None or last is not None) and not (
        paper.year is not None and (first or 0) <= paper.year <= (last or 9999)
    ):
        return False
    if filters.venue and filters.venue.casefold() not in (paper.venue or "").casefold():
        return False
    wanted = set(content_words(filters.author or ""))
    return not wanted or any(wanted <= set(content_words(author)) for author in paper.authors)


def _count(number: int) -> str:
    return "1 paper" if number == 1 else f"{number} papers"


def _spread(papers: Sequence[Paper]) -> str:
    """` (150 from 2023, 30 of unknown year)`."""
    years = Counter(paper.year for paper in papers)
    known = [f"{years[year]} from {year}" for year in sorted(year for year in years if year is not None)]
    parts = known[-6:] + ([f"{years[None]} of unknown year"] if years[None] else [])
    return f" ({', '.join(parts)})" if parts else ""

"""Answers that need no passage: thanks, help, and what the library holds. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.counting import counted
from bot.models import Answer, Route, RouteKind
from bot.notes import filters_in_words, notes
from bot.titles import title_in_text
from retrieval.models import Filters, Paper, SearchResult

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


_SMALL_TALK: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), text)
    for pattern, text in (
        (r"\b(?:thanks?|thx|ty|cheers)\b", "You are welcome."),
        (r"\b(?:bye|goodbye|good\s*(?:bye|night)|see\s+(?:you|ya)|farewell|later)\b", "Goodbye!"),
        (
            r"\b(?:stupid|dumb|useless|bad|idiot|silly|terrible|awful|wrong|fuck|damn|shut\s+up)\b",
            "I am sorry that I was no help. Name a paper or a method, or ask in other words.",
        ),
        (r"\b(?:joke|story|laugh)\b", "I only know what the papers in the library say: ask me about them."),
    )
)


def fixed_answer(kind: RouteKind, said: str = "") -> Answer | None:
    """The plain answer to small talk and to a call for help; None for what must be searched.

    `said` is what was said, so that thanks and a farewell are not met with a greeting.
    """
    text = _FIXED.get(kind)
    if kind == "smalltalk":
        text = next((told for pattern, told in _SMALL_TALK if pattern.search(said)), text)
    return None if text is None else Answer(text=text, route=kind)


def library_answer(route: Route, held: int, passing: Sequence[Paper], result: SearchResult) -> Answer:
    """How many papers there are, how many of them are `passing` the filters, and some of their titles."""
    told = filters_in_words(route.filters)
    head = f"The library holds {counted(held, 'paper')}"
    head += f", {len(passing)} of them {told.removeprefix('papers ')}." if told else f"{_spread(passing)}."
    shown = [f"- {title_in_text(paper)}" for paper in passing[:TITLES_SHOWN]]
    rest = len(passing) - len(shown)
    lines = [head, *shown, *([f"and {rest} more."] if rest > 0 else [])]
    return Answer(
        text="\n".join(lines),
        route=route.kind,
        papers=result.papers,
        passages=result.passages,
        notes=notes(route, result) if told else (),
    )


def code_answer(route: Route, held: int, passing: Sequence[Paper], result: SearchResult) -> Answer:
    """Which of the papers `passing` the filters name an address of their code or project."""
    coded = [paper for paper in passing if paper.code_url]
    shown = [f"- {title_in_text(paper)}: {paper.code_url}" for paper in coded[:TITLES_SHOWN]]
    rest = len(coded) - len(shown)
    head = f"Of {counted(len(passing), 'paper')}, {len(coded)} name an address of their code or project."
    lines = [head, *shown, *([f"and {rest} more."] if rest > 0 else [])]
    return replace(library_answer(route, held, passing, result), text="\n".join(lines))


def why_none(filters: Filters, held: Sequence[Paper]) -> str:
    """Why the filters leave none of the papers `held`; "" where no single one of them is to blame."""
    return _no_venue(filters.venue, held) or _no_name(filters) or _no_year(filters, held)


def _no_venue(asked: str | None, held: Sequence[Paper]) -> str:
    """Which venues there are, where none is the one `asked` for."""
    venues = Counter(paper.venue for paper in held if paper.venue)
    if not asked or not venues or any(asked.casefold() in venue.casefold() for venue in venues):
        return ""
    there = ", ".join(venue for venue, _ in venues.most_common(TITLES_SHOWN))
    return f"The library holds no paper from {asked}. Its venues: {there}."


def _no_name(filters: Filters) -> str:
    """Who or what is not there, where it is all that was asked for."""
    if filters.author and filters == Filters(author=filters.author):
        return f"The library holds no paper by {filters.author}."
    if filters.paper and filters == Filters(paper=filters.paper):
        return f"The library holds no paper called {filters.paper}."
    return ""


def _no_year(filters: Filters, held: Sequence[Paper]) -> str:
    """Which years there are, where no paper is of those asked for, or none can be."""
    first, last = filters.year_from, filters.year_to
    known = sorted(paper.year for paper in held if paper.year is not None)
    if (first is None and last is None) or not known:
        return ""
    there = f"from {known[0]}" if known[0] == known[-1] else f"from {known[0]} to {known[-1]}"
    told = filters_in_words(Filters(first, last)).removeprefix("papers ")
    if first is not None and last is not None and first > last:
        return f"No paper can be {told}: ask the other way round, from {last} to {first}."
    if any((first or 0) <= year <= (last or year) for year in known):
        return ""
    return f"The library holds no paper {told}. Those whose year is known are {there}."


def _spread(papers: Sequence[Paper]) -> str:
    """` (150 from 2023, 30 of unknown year)`."""
    years = Counter(paper.year for paper in papers)
    known = [f"{years[year]} from {year}" for year in sorted(year for year in years if year is not None)]
    parts = known[-6:] + ([f"{years[None]} of unknown year"] if years[None] else [])
    return f" ({', '.join(parts)})" if parts else ""

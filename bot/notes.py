"""What a reader should know about the search: the filters that held, and what they left out. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.models import Route
from retrieval.models import Filters, SearchResult

WORDS_ONLY = "Searched by words only for now: passages that say it in other words were not found."


def notes(route: Route, result: SearchResult) -> tuple[str, ...]:
    """One sentence for each thing to know."""
    found = []
    if told := filters_in_words(_readable(route.filters, result)):
        found.append(f"Searched only {told}.")
    if result.unknown_year:
        count = result.unknown_year
        found.append(
            "1 paper of unknown year was left out."
            if count == 1
            else f"{count} papers of unknown year were left out."
        )
    if result.words_only:
        found.append(WORDS_ONLY)
    return tuple(found)


def _readable(filters: Filters, result: SearchResult) -> Filters:
    """`filters` with the title of a paper that was chosen by its id."""
    chosen = [found.paper.title for found in result.papers if found.paper.id == filters.paper]
    return replace(filters, paper=f"“{chosen[0]}”") if chosen else filters


def filters_in_words(filters: Filters) -> str:
    """`papers by X from 2023 at CVPR`; "" where nothing is filtered."""
    parts = [
        f"by {filters.author}" if filters.author else "",
        _years(filters),
        f"at {filters.venue}" if filters.venue else "",
        f"named {filters.paper}" if filters.paper else "",
    ]
    told = " ".join(part for part in parts if part)
    return f"papers {told}" if told else ""


def _years(filters: Filters) -> str:
    first, last = filters.year_from, filters.year_to
    if first is not None and last is not None:
        return f"from {first}" if first == last else f"from {first} to {last}"
    if first is not None:
        return f"from {first} on"
    return f"up to {last}" if last is not None else ""

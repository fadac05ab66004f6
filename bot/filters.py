"""Filters as people give them: which names there are, and whether any paper can pass them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from difflib import get_close_matches

from bot.errors import BadQuestion
from retrieval.models import FIRST_YEAR, LAST_YEAR, Filters

NAMES = tuple(field.name for field in fields(Filters))
LIKE = 0.6
"""How like one of these a misspelt name is, of 1 (difflib's ratio): `auther` is, `track` is not."""


def checked(filters: Filters) -> Filters:
    """The same filters. Raises BadQuestion where no paper can pass them."""
    start, end = filters.year_from, filters.year_to
    for year in (start, end):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise BadQuestion(
                f"No paper is of the year {year}: give a year from {FIRST_YEAR} to {LAST_YEAR}."
            )
    if start is not None and end is not None and start > end:
        raise BadQuestion(f"No year is from {start} on and up to {end}: please exchange the two.")
    return filters


def check_names(given: Iterable[str]) -> None:
    """Raises BadQuestion for a name that no filter has: ignored, it would let all papers pass."""
    for name in given:
        if name not in NAMES:
            near = get_close_matches(name.casefold(), NAMES, n=1, cutoff=LIKE)
            hint = f" The nearest is {near[0]}." if near else ""
            raise BadQuestion(f"There is no filter {name!r}.{hint} Filters are {', '.join(NAMES)}.")

"""Filters and looking papers up."""

from __future__ import annotations

import pytest

from retrieval.models import Filters, Paper
from retrieval.shelf import Shelf

KITES = Paper(
    id="k",
    title="KiteNet: Learning to Fly Tethered Wings",
    authors=("Ada Falk", "Bo Lindqvist"),
    year=2023,
    venue="WIND",
    doi="10.5555/Kite.1",
    sources=("list.md#10.5555/Kite.1",),
)
TIDES = Paper(
    id="t", title="Predicting Tides with Graph Networks", authors=("Émilie Durand",), year=2024, venue="OCEAN"
)
MOSS = Paper(id="m", title="Moss on Roofs", authors=("Dana Falk-Okafor",))
SHELF = Shelf({paper.id: paper for paper in (KITES, TIDES, MOSS)}, {}, {})


@pytest.mark.parametrize(
    ("filters", "ids", "unknown"),
    [
        (Filters(year_from=2023), {"k", "t"}, 1),
        (Filters(year_to=2023), {"k"}, 1),
        (Filters(year_from=2024, year_to=2024), {"t"}, 1),
        (Filters(venue="ocean"), {"t"}, 0),
        (Filters(author="falk"), {"k", "m"}, 0),
        (Filters(author="A. Falk"), {"k"}, 0),
        (Filters(author="emilie durand"), {"t"}, 0),
        (Filters(author="Bo Lindqist"), {"k"}, 0),
        (Filters(author="Nobody Known"), set(), 0),
        (Filters(paper="10.5555/kite.1"), {"k"}, 0),
        (Filters(paper="https://doi.org/10.5555/kite.1"), {"k"}, 0),
        (Filters(paper="list.md#10.5555/Kite.1"), {"k"}, 0),
        (Filters(paper="predicting tide with graph netwrks"), {"t"}, 0),
        (Filters(paper="a paper about nothing of the kind"), set(), 0),
        (Filters(paper="kitenet"), {"k"}, 0),
        (Filters(paper="moss"), {"m"}, 0),
        (Filters(paper="nope"), set(), 0),
        (Filters(paper="roo"), set(), 0),
        (Filters(paper="?"), set(), 0),
        (Filters(author="falk", year_from=2020), {"k"}, 1),
    ],
)
def test_every_filter_that_is_set_must_hold(filters: Filters, ids: set[str], unknown: int) -> None:
    assert SHELF.allowed(filters) == (ids, unknown)


def test_no_filter_lets_all_pass() -> None:
    assert SHELF.allowed(Filters()) == (None, 0)


def test_titles_are_found_by_any_part_and_with_typing_errors() -> None:
    assert SHELF.titles("tethered", 5)[0] is KITES
    assert SHELF.titles("netwroks grpah tidse", 5)[0] is TIDES, "each word mistyped, in another order"
    assert SHELF.titles("graf networks", 5)[0] is TIDES
    assert SHELF.titles("moss on", 1) == [MOSS]
    assert SHELF.titles("quantum chromodynamics", 5) == []


def test_nothing_typed_yet_lists_titles_in_order() -> None:
    assert SHELF.titles("", 2) == [KITES, MOSS]

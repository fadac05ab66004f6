"""The sentence that stands for a paper in a list."""

from __future__ import annotations

import pytest

from bot.extractive import extract
from tests.fakes import HEDGE, paper, passage

COMMON = "Hedges and their pruning have been a subject of gardens for as long as there were gardens."
BRINGS = "We propose a rule by which a hedge decides on its own pruning."
AFTER = "Afterward, we design a pruning of the hedge for each garden, with its hedges and gardens."
DETAIL = "The rule was learned on two old tractors in the yard."
RESULT = "Finally, we show that hedges with the rule lose fewer leaves in pruning."


@pytest.mark.parametrize(
    ("question", "sentences", "told"),
    [
        ("papers about hedges and pruning", (COMMON, BRINGS, AFTER), BRINGS),
        ("papers about hedges and pruning", (COMMON, AFTER, RESULT), COMMON),
        ("which papers use old tractors?", (COMMON, BRINGS, DETAIL), DETAIL),
        (
            "which papers are on gardens?",
            (DETAIL, f"This paper is on {COMMON}"),
            f"This paper is on {COMMON}",
        ),
        ("papers about whales", (AFTER, BRINGS), BRINGS),
    ],
)
def test_a_paper_is_told_by_what_it_brings_of_what_is_asked(
    question: str, sentences: tuple[str, ...], told: str
) -> None:
    found = extract(question, question, "find", (passage(HEDGE, " ".join(sentences)),))
    assert [citation.quote for citation in found.citations] == [told]


def test_where_room_is_short_that_gives_way_by_which_least_is_lost() -> None:
    leaves = " ".join(["leaf"] * 50)
    brings = f"We propose a hedge that prunes itself in gardens with {leaves} and more of them."
    telling = passage(HEDGE, f"{brings} The yard is wide and has a wall on each of its sides.")
    short = [
        f"Hedges in gardens of {tree} are pruned by hand, with a good eye."
        for tree in ("oak", "elm", "ash", "fir")
    ]
    others = [
        passage(paper(f"p{n}", f"Yard {n}"), f"Hedges in gardens are pruned {n} times with {leaves}. {one}")
        for n, one in enumerate(short)
    ]
    asked = "papers about hedges in gardens"
    quotes = [one.quote for one in extract(asked, asked, "find", (telling, *others)).citations]
    assert len(quotes) == 5 and quotes[0] == brings and set(quotes) & set(short)

"""Passages within a paper, and places among papers."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.models import BlockKind, Chunk
from retrieval.passages import (
    Candidate,
    Claims,
    Priors,
    shared_out,
    within_paper,
    without_repeats,
)


def candidate(name: str, text: str, cosine: float = 0.5, prior: float = 0.0) -> Candidate:
    return Candidate(name, np.array([hash(word) for word in text.split()]), cosine, prior)


def test_a_word_that_stands_everywhere_in_the_paper_tells_no_passage_from_another() -> None:
    passages = [
        candidate("a", "kite kite kite flies high"),
        candidate("b", "kite was trained on 412 hours of flight"),
        candidate("c", "kite holds the wind"),
    ]
    assert within_paper(passages, ["kite", "hours", "flight"], (), 0.0)[0][0] == "b"


def test_the_cosine_decides_where_no_word_does() -> None:
    passages = [candidate("a", "rain", 0.2), candidate("b", "snow", 0.9), candidate("c", "hail", 0.4)]
    assert [name for name, _ in within_paper(passages, ["kite"], (), 0.3)] == ["b", "c", "a"]


def test_a_passage_that_says_a_word_twice_may_be_thrice_as_long() -> None:
    passages = [candidate("a", "kite" + " rain" * 59), candidate("b", "kite kite" + " rain" * 168)]
    assert within_paper(passages, ["kite"], (), 0.0)[0][0] == "b"


def test_a_prior_breaks_a_tie() -> None:
    passages = [candidate("a", "rain"), candidate("b", "rain", prior=1.0)]
    assert within_paper(passages, ["rain"], (), 0.3)[0][0] == "b"


def test_words_of_the_title_only_name_the_paper() -> None:
    passages = [candidate("a", "kite kite"), candidate("b", "hours"), candidate("c", "wind")]
    assert within_paper(passages, ["kite", "hours"], {"kite"}, 0.0)[0][0] == "b"
    assert within_paper(passages, ["kite", "hours"], (), 0.0)[0][0] == "a"


def kept(*texts: str) -> list[str]:
    """Which of some passages, best first and named a, b, c, stay when repeats fall out."""
    found = [candidate(name, text) for name, text in zip("abc", texts, strict=False)]
    terms = {one.id: one.terms for one in found}
    return [name for name, _ in without_repeats([(one.id, 1.0) for one in found], terms)]


KITES = "kites rise when wind is strong enough to carry their tails over trees"


def test_a_passage_that_says_what_a_better_one_said_falls_out() -> None:
    assert kept(KITES, KITES.replace("trees", "roofs"), "hail falls in may") == ["a", "c"]


def test_what_is_said_by_two_passages_together_is_a_repeat_too() -> None:
    first, second = "wind is strong in the hills", "rain is rare in the plains"
    assert kept(first, second, f"{first} {second}") == ["a", "b", "c"]  # three shingles of nine are new
    long, other = f"{KITES} {first}", f"{KITES.upper()} {second}"
    assert kept(long, other, f"{long} {other}") == ["a", "b"]


def test_a_passage_that_says_more_stays_however_much_it_shares() -> None:
    assert kept("kites rise when wind is strong", KITES) == ["a", "b"]
    assert kept("kites rise", "kites fall") == ["a", "b"]
    assert kept("kites", "kites") == ["a"]


def test_nothing_to_rank_is_nothing() -> None:
    assert within_paper([], ["rain"], (), 0.3) == []
    assert shared_out(Claims({}, 1.0), {}, 8) == []


def test_a_sure_ranking_gives_the_first_paper_nearly_all() -> None:
    seats = shared_out(Claims({"a": 5.0, "b": 1.0, "c": 0.0}, 0.5), {"a": 40, "b": 40, "c": 40}, 8)
    assert [name for name, _ in seats] == ["a"] * 8


def test_equal_papers_share_equally() -> None:
    seats = [name for name, _ in shared_out(Claims({"a": 2.0, "b": 2.0}, 0.5), {"a": 40, "b": 40}, 8)]
    assert seats.count("a") == seats.count("b") == 4


def test_a_small_paper_leaves_its_places_to_others() -> None:
    seats = [name for name, _ in shared_out(Claims({"a": 9.0, "b": 1.0}, 0.5), {"a": 1, "b": 40}, 4)]
    assert seats == ["a", "b", "b", "b"]


def test_scores_of_places_never_rise() -> None:
    scores = [
        score
        for _, score in shared_out(Claims({"a": 2.0, "b": 1.5, "c": 1.0}, 1.0), dict.fromkeys("abc", 5), 8)
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


@pytest.mark.parametrize(
    ("kind", "section", "worth"),
    [
        ("abstract", "Abstract", 3.0),
        ("body", "1. Introduction", 1.0),
        ("body", "2.1. Related Work", -1.0),
        ("body", "3. Method", 0.0),
        ("caption", "1. Introduction", -0.5),
        ("card", "", -2.0),
    ],
)
def test_a_chunk_is_worth_something_by_where_it_stands(kind: BlockKind, section: str, worth: float) -> None:
    priors = Priors(abstract=3.0, introduction=1.0, of_others=-1.0, caption=-0.5, card=-2.0)
    assert priors.of(Chunk("c", "p", "s", "Rain falls.", section, None, kind)) == worth

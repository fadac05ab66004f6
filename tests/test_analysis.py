"""What people type finds what papers print."""

from __future__ import annotations

import pytest

from retrieval.analysis import words


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("mocha stereo", "MoCha-Stereo"),
        ("mochastereo", "MoCha-Stereo"),
        ("cat-seg", "CAT-Seg"),
        ("catseg", "CAT\u2011Seg"),
        ("decenciere", "Decencière"),
        ("alpha", "α"),
        ("84.4", "84.4"),
        ("efficient", "eﬃcient"),
        ("gunes", "Güneş"),
        ("r2d2", "R2-D2"),
        ("colour", "color"),
        ("optimising neighbours", "Optimizing Neighbors"),
        ("labelled", "labeled"),
        ("generalisation", "generalization"),
        ("analyse", "analyze"),
        ("self-supervised", "self-supervised"),
    ],
)
def test_what_is_typed_is_among_the_words_of_what_is_printed(typed: str, printed: str) -> None:
    assert set(words(typed)) <= set(words(printed))


@pytest.mark.parametrize(
    "word", ["supervised", "noise", "four", "hour", "precise", "revise", "this", "basis"]
)
def test_words_of_one_spelling_only_keep_it(word: str) -> None:
    assert words(word) == [word]


def test_a_possessive_gives_the_name() -> None:
    assert words("Zisserman's papers") == ["zisserman", "papers"]


def test_a_number_keeps_its_point_and_a_sentence_loses_its() -> None:
    assert words("It is 0.41.") == ["it", "is", "0.41"]


def test_a_run_too_long_to_be_a_word_is_left_out() -> None:
    assert words("x" * 41 + " rain") == ["rain"]

"""The estimate of tokens, and what of the passages fits into a context."""

from __future__ import annotations

import pytest

from bot.tokens import fitting, tokens
from tests.fakes import PASSAGES


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a net of nets", 4),
        ("pruning", 2),
        ("71.3 %", 4),
        ("1234567", 3),
        ("网络修剪", 4),
        ("α≥β", 3),
    ],
)
def test_words_numbers_and_signs_are_counted(text: str, count: int) -> None:
    assert tokens(text) == count


def test_the_first_passages_that_fit_are_kept() -> None:
    costs = [tokens(passage.chunk.text) + 60 for passage in PASSAGES]
    assert fitting(PASSAGES, sum(costs)) == PASSAGES
    assert fitting(PASSAGES, sum(costs) - 1) == PASSAGES[:-1]
    assert fitting(PASSAGES, costs[0]) == PASSAGES[:1]


def test_the_best_passage_is_kept_in_any_case() -> None:
    assert fitting(PASSAGES, 0) == PASSAGES[:1]
    assert fitting((), 100) == ()

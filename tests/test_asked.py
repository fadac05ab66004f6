"""What a question asks for by its kind, told apart: a figure in a unit, or a thing."""

from __future__ import annotations

import pytest

from bot.quoting.asked import kind_of, unit_of


@pytest.mark.parametrize(
    "question", ["Which datasets were used?", "What backbone does it use?", "Which baselines does it beat?"]
)
def test_a_thing_is_asked_for_in_no_unit(question: str) -> None:
    assert unit_of(question) is None and kind_of(question)


@pytest.mark.parametrize(
    ("question", "figure"),
    [("How long does training take?", "12 hours"), ("At what frame rate?", "60 fps"), ("What share?", "5%")],
)
def test_a_figure_is_asked_for_in_its_unit(question: str, figure: str) -> None:
    unit = unit_of(question)
    assert unit and unit.search(f"It is {figure} in all.") and not unit.search("It is 7 apples.")

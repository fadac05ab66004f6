"""What of a model's rewriting of a follow-up is taken, and what is not."""

from __future__ import annotations

import pytest

from bot.models import Question, Turn
from bot.rewriting import accepted, needed

SAID = (
    Turn("How many parameters does HedgeNet have?", "HedgeNet: “HedgeNet has 4.2 million parameters.” [1]"),
)
FOLLOW_UP = Question("And how fast is it on GardenSet?", SAID)


@pytest.mark.parametrize(
    "said",
    [
        "How fast is HedgeNet on GardenSet?",
        "“How fast is HedgeNet on GardenSet?”\n",
        "Question: How fast is HedgeNet on GardenSet?",
        "**Standalone question:** How fast is HedgeNet on GardenSet?",
    ],
)
def test_a_question_made_whole_is_taken(said: str) -> None:
    assert accepted(said, FOLLOW_UP) == "How fast is HedgeNet on GardenSet?"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "How fast is MoleFormer on GardenSet?",  # a name that nobody said
        "How fast is HedgeNet on GardenSet since 2019?",  # a figure that nobody said
        "How fast is HedgeNet?\nIt needs 18 ms.",
        "How fast is HedgeNet " * 30,
        "</question> How fast is HedgeNet?",
        "And how fast is it on GardenSet?",  # as it was, though it leans on what was said
    ],
)
def test_what_invents_or_answers_or_leaves_it_as_it_was_is_not(said: str) -> None:
    assert accepted(said, FOLLOW_UP) is None


def test_another_subject_is_left_as_it_is() -> None:
    asked = Question("Which harbour cameras watch the tide at night?", SAID)
    assert accepted(asked.text, asked) == asked.text


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        (FOLLOW_UP, True),
        (Question("How fast is HedgeNet?"), False),
        (Question("Welche Arbeiten sind über das Beschneiden von Netzen?"), True),
    ],
)
def test_a_model_is_asked_in_conversations_and_other_languages(question: Question, wanted: bool) -> None:
    assert needed(question) is wanted

"""What of a model's rewriting of a follow-up is taken, and what is not."""

from __future__ import annotations

import pytest

from bot.models import Question, Turn
from bot.rewriting import accepted, accepted_english

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
    ("asked", "said"),
    [
        ("Wie schnell ist HedgeNet?", "How fast is HedgeNet?"),
        ("Was ist HedgeNets Genauigkeit?", "What is the accuracy of HedgeNet?"),
        ("Artikel aus CVPR2023 über KI?", "papers on AI at CVPR 2023?"),
        ("Wer nennt 4,2 Millionen Parameter?", "Who reports 4.2 million parameters?"),
        ("Arbeiten über Gaußsche Splats?", "Which papers are about Gaussian splats?"),
        ("HedgeNetのパラメータ数は？", "How many parameters does HedgeNet have?"),
        ("２０２３年の論文は？", "papers from 2023?"),
    ],
)
def test_a_question_of_another_language_is_taken_in_english(asked: str, said: str) -> None:
    assert accepted_english(said, Question(asked)) == said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Wie schnell ist HedgeNet?", "How fast is MoleFormer?"),
        ("Wie schnell ist HedgeNet?", "How fast is it?"),  # the name is gone
        ("Wie schnell ist HedgeNet?", "How fast is HedgeNet, and MoleFormer?"),
        ("Wie schnell ist HedgeNet?", "Wie schnell ist HedgeNet?"),
        ("Wie schnell ist HedgeNet?", "How fast is HedgeNet?\nIt needs 18 ms."),
        ("Arbeiten aus 2023?", "papers from 2024?"),
        ("Arbeiten aus 2023?", "papers from 2023 on </question> rules"),
    ],
)
def test_a_name_or_figure_that_came_or_went_is_not(asked: str, said: str) -> None:
    assert accepted_english(said, Question(asked)) is None


def test_a_foreign_follow_up_may_name_what_was_said_before() -> None:
    asked = Question("Und wie schnell ist es auf GardenSet?", SAID)
    assert accepted_english("How fast is HedgeNet on GardenSet?", asked) is not None

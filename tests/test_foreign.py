from __future__ import annotations

from pathlib import Path

import pytest

from bot.answerer import Answerer
from bot.foreign import is_foreign
from bot.models import Question, Route
from retrieval.gold import load
from tests.fakes import FakeLibrary

QUESTIONS = Path(__file__).resolve().parent.parent / "benchmarks" / "questions.jsonl"


@pytest.mark.parametrize(
    "text",
    [
        "Welche Arbeiten gibt es über Gezeiten und Kameras?",
        "Quels sont les articles sur la taille des réseaux ?",
        "¿Qué artículos hay sobre las mareas?",
        "Quali sono gli articoli sulle maree?",
        "どの論文が潮汐を予測しますか",
        "Какие статьи есть о приливах?",
    ],
)
def test_other_languages_are_told(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    ["", "α β γ of HedgeNet-B?", "Vision for die inspection in Los Angeles", "papers on VAE by de la Torre"],
)
def test_english_with_odd_words_is_english(text: str) -> None:
    assert not is_foreign(text)


def test_none_of_our_questions_is_foreign() -> None:
    assert [gold.question for gold in load([QUESTIONS]) if is_foreign(gold.question)] == []


async def test_a_reader_without_a_model_is_told_what_works() -> None:
    question = Question("Welche Arbeiten gibt es über Gezeiten und Kameras?")
    found = FakeLibrary().search(question.text)
    answer = await Answerer().answer(question, Route("question", question.text), found)
    assert answer.notes == ("I understand questions in English only: please ask in English.",)

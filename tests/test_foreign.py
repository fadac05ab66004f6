from __future__ import annotations

from pathlib import Path

import pytest

from bot.answerer import Answerer
from bot.models import Question, Route, Turn
from bot.translation.foreign import is_foreign, language_of
from bot.translation.languages import language
from retrieval.gold import load
from tests.fakes import FakeLibrary

QUESTIONS = Path(__file__).resolve().parent.parent / "benchmarks" / "questions.jsonl"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("German", "Welche Arbeiten gibt es über Gezeiten und Kameras?"),
        ("German", "Was ist HedgeNet?"),
        ("German", "Und MoleFormer?"),
        ("German", "Danke!"),
        ("French", "Quels sont les articles sur la taille des réseaux ?"),
        ("French", "Qu'est-ce que HedgeNet ?"),
        ("French", "Pourquoi l’élagage améliore-t-il la précision ?"),
        ("French", "papiers de Marie Curie ?"),
        ("Spanish", "¿Qué artículos hay sobre las mareas?"),
        ("Spanish", "¿Cuántos parámetros tiene HedgeNet?"),
        ("Italian", "Quali sono gli articoli sulle maree?"),
        ("Portuguese", "O que é HedgeNet?"),
        ("Dutch", "Wat is HedgeNet?"),
        ("Polish", "Ile parametrów ma HedgeNet?"),
        ("Swedish", "Hur många parametrar har HedgeNet?"),
        ("Danish", "Hvad er HedgeNet?"),
        ("Norwegian", "Hva er HedgeNet?"),
        ("Finnish", "Kuinka monta parametria HedgeNetissä on?"),
        ("Czech", "Kolik parametrů má HedgeNet?"),
        ("Romanian", "Câți parametri are HedgeNet?"),
        ("Hungarian", "Hány paramétere van a HedgeNetnek?"),
        ("Turkish", "HedgeNet nedir?"),
        ("Indonesian", "Berapa parameter yang dimiliki HedgeNet?"),
        ("Vietnamese", "HedgeNet có bao nhiêu tham số?"),
        ("Russian", "Какие статьи есть о приливах?"),
        ("Ukrainian", "Скільки параметрів має HedgeNet і які?"),
        ("Greek", "Πόσες παραμέτρους έχει το HedgeNet;"),
        ("Arabic", "كم عدد معلمات HedgeNet؟"),
        ("Hindi", "HedgeNet में कितने पैरामीटर हैं?"),
        ("Japanese", "どの論文が潮汐を予測しますか"),
        ("Japanese", "HedgeNetとMoleFormerの違いは？"),
        ("Chinese", "HedgeNet有多少参数？"),
        ("Korean", "HedgeNet의 매개변수는 몇 개입니까?"),
        ("Georgian", "რამდენი პარამეტრი აქვს HedgeNet-ს?"),
    ],
)
def test_other_languages_are_told(name: str, text: str) -> None:
    found = language(text)
    assert found is not None and found.name == name
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "α β γ of HedgeNet-B?",
        "what are α, β, γ, δ?",
        "Vision for die inspection in Los Angeles",
        "papers on VAE by de la Torre",
        "papers by Yann Le Cun and Ben van den Berg",
        "fréchet inception distance",
        "möbius strips, schrödinger bridges",
        "de novo design in vivo, à la carte",
        "resolution in µm",
        "𝐇𝐨𝐰 𝐦𝐚𝐧𝐲 𝐩𝐚𝐫𝐚𝐦𝐞𝐭𝐞𝐫𝐬?",
        "AV2AV: direct Audio-Visual Speech to Speech",
        "https://github.com/some/de/la/por/una",
        "HedgeNet vs MoleFormer",
        "tides?",
    ],
)
def test_english_with_odd_words_is_english(text: str) -> None:
    assert not is_foreign(text)


SAID = (Turn("Wie groß ist HedgeNet?", "Es hat 4.2 Millionen Parameter [1]."),)


@pytest.mark.parametrize(
    ("text", "history", "name"),
    [
        ("MoleFormer?", SAID, "German"),
        ("et sur quoi est-ce testé ?", SAID, "French"),
        ("and how fast is it?", SAID, None),
        ("MoleFormer?", (), None),
        ("GardenSet?", (*SAID, Turn("HedgeNet?", "Ja.")), "German"),
        ("Please answer in French: how large is HedgeNet?", (), "French"),
        ("How large is HedgeNet? Explain it to me in japanese.", SAID, "Japanese"),
        ("How large is HedgeNet (in German, please)?", (), "German"),
        ("Which papers translate sign language into German?", (), None),
        ("which papers say something about speech in Chinese?", (), None),
        ("GardenSet?", (*SAID, Turn("how fast is it?", "18 ms [1].")), None),
    ],
)
def test_names_alone_are_in_the_language_of_the_conversation(
    text: str, history: tuple[Turn, ...], name: str | None
) -> None:
    found = language_of(Question(text, history))
    assert (found.name if found else None) == name


def test_none_of_our_questions_is_foreign() -> None:
    assert [gold.question for gold in load([QUESTIONS]) if is_foreign(gold.question)] == []


async def test_a_reader_without_a_model_is_told_what_works() -> None:
    question = Question("Welche Arbeiten gibt es über Gezeiten und Kameras?")
    found = FakeLibrary().search(question.text)
    answer = await Answerer().answer(question, Route("question", question.text), found)
    assert answer.notes == ("I understand questions in English only: please ask in English.",)

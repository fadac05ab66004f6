"""What a translation may change, and what it may not: by itself, without a model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.models import Answer, Citation, Comparison, Question
from bot.prompts import translating
from bot.translation.languages import Language, language
from bot.translation.same import same
from bot.translation.translating import TRANSLATED, put_together, read, taken_apart
from tests.fake_openai import german
from tests.fakes import HEDGE, MOLE, PASSAGES, passage


def of(text: str) -> Language:
    found = language(text)
    assert found is not None
    return found


GERMAN, FRENCH, JAPANESE = of("Wie groß ist es?"), of("Quels sont les articles ?"), of("潮汐の論文は？")
FACTS = "HedgeNet has 4.2 million parameters and reaches 71.3 % accuracy on GardenSet [1]."
STEPS = (
    "Pruning happens every 500 steps because earlier pruning removes branches that have not grown yet [1]."
)


@pytest.mark.parametrize(
    ("sentence", "said", "kept"),
    [
        (
            FACTS,
            "HedgeNet hat 4,2 Millionen Parameter und erreicht auf GardenSet 71,3 % Genauigkeit [1].",
            "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        ),
        (
            "The set holds 1,024 images of 12,000 people [3].",
            "Der Satz enthält 1.024 Bilder von 12.000 Menschen [3].",
            "Der Satz enthält 1,024 Bilder von 12,000 Menschen [3].",
        ),
        (STEPS, "Alle 500 Schritte wird beschnitten, weil Zweige fehlen, die noch nicht da sind [1].", ""),
        ("**Speed**: it runs at 60 fps on an A100 [1][2].", "**Tempo**: 60 fps auf einer A100 [1][2].", ""),
        ("It is 5 percent better than CNNs [1].", "Es ist 5 Prozent besser als CNNs [1].", ""),
        ("Table 3 shows Gaussian splats [2].", "Tabelle 3 zeigt Gaußsche Splats [2].", ""),
        ("It fails to converge [1].", "Es konvergiert nicht [1].", ""),
        ("It is free of noise [1].", "Es hat kein Rauschen [1].", ""),
        ("{1}: {2} [1]", "{1}: {2} [1]", ""),
    ],
)  # fmt: skip
def test_a_translation_that_says_the_same_is_taken(sentence: str, said: str, kept: str) -> None:
    assert same(sentence, said, GERMAN) == (kept or said)


@pytest.mark.parametrize(
    ("asked", "sentence", "said"),
    [
        (
            "Was ist das?",
            "It is from May 1, 2021, i.e. older [1].",
            "Es ist vom 1. Mai 2021, also älter [1].",
        ),
        ("Was ist das?", "An A100 is 1.5× faster [1].", "Das ist mit 1,5× auf der A100 schneller [1]."),
        ("Was ist das?", "It has 12 or 3 million words [1].", "Es hat 12 bzw. 3 Millionen Worte [1]."),
        ("Was ist das?", "Rowan et al. do not say it [2].", "Rowan et al. sagen nichts dazu [2]."),
        ("Qu'est-ce que c'est ?", "It has 2,000 images [1].", "Il compte 2 000 images [1]."),
        ("Qu'est-ce que c'est ?", "It has 4.2 billion words [1].", "Il compte 4,2 milliards de mots [1]."),
        ("Qu'est-ce que c'est ?", "It fits into 24 GB [1].", "Il tient dans 24 Go [1]."),
        ("¿Qué es?", "It has 4.2 million words [1].", "Tiene 4,2 millones de palabras [1]."),
        ("¿Qué es?", "It has 4.2 billion words [1].", "Tiene 4,2 mil millones de palabras [1]."),
        ("O que é?", "It does not need labels [1].", "Ele não precisa de rótulos [1]."),
        ("Wat is het?", "It has 4.2 million words [1].", "Het heeft 4,2 miljoen woorden [1]."),
        ("Co to jest?", "They share the code, but not the data [1].", "Udostępniają kod, ale nie dane [1]."),
        ("Что это?", "An RTX 3090 with 24 GB is enough [1].", "Достаточно RTX 3090 с 24 ГБ [1]."),
        ("这是什么？", "It falls from 7.9° to 6.4° [2].", "它从7.9°降到6.4° [2]。"),
    ],
)
def test_each_language_has_its_own_way_with_numbers(asked: str, sentence: str, said: str) -> None:
    assert same(sentence, said, of(asked)) is not None


@pytest.mark.parametrize(
    ("asked", "sentence", "said"),
    [
        ("Qu'est-ce que c'est ?", "It has 4.2 million words [1].", "Il compte 4,2 milliards de mots [1]."),
        ("¿Qué es?", "It has 4.2 million words [1].", "Tiene 4,2 mil millones de palabras [1]."),
        ("O que é?", "It does not need labels [1].", "Ele precisa de rótulos [1]."),
        ("Co to jest?", "They share the code, but not the data [1].", "Udostępniają kod i dane [1]."),
        ("这是什么？", "It falls from 7.9° to 6.4° [2].", "它从7.9°降到6.5° [2]。"),
        ("这是什么？", "It has 4.2 million words [1].", "它有4.2十亿个词 [1]。"),
    ],
)
def test_and_its_own_way_to_be_wrong(asked: str, sentence: str, said: str) -> None:
    assert same(sentence, said, of(asked)) is None


@pytest.mark.parametrize(
    "said",
    [
        "HedgeNet hat 4.3 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "HedgeNet hat 4.2 Milliarden Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "HedgeNet hat 4.2 Billionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "HedgeNet hat 42 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "HedgeNet hat 71.3 Millionen Parameter und erreicht auf GardenSet 4.2 % Genauigkeit [1].",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 ms Genauigkeit [1].",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit.",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [2].",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1][1].",
        "MoleFormer hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht wie MoleFormer auf GardenSet 71.3 % [1].",
        "HedgeNet hat keine 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % [1]. Kauft bei uns.",
        "HedgeNet hat 4.2 Millionen Parameter und erreicht auf GardenSet 71.3 % https://evil.example [1].",
        "HedgeNet hat 4.2 Millionen Parameter, @everyone, und erreicht auf GardenSet 71.3 % [1].",
        "HedgeNet has 4.2 million parameters and its accuracy on GardenSet is 71.3 % by the way [1].",
        "HedgeNet hat 4.2 Millionen Parameter\nund erreicht auf GardenSet 71.3 % Genauigkeit [1].",
        "",
    ],
)
def test_one_that_says_something_else_is_not(said: str) -> None:
    assert same(FACTS, said, GERMAN) is None


def test_a_denial_must_stay() -> None:
    assert same(STEPS, "Alle 500 Schritte wird beschnitten, weil Zweige da sind [1].", GERMAN) is None
    taken = "L’élagage a lieu toutes les 500 étapes, car des branches n’ont pas encore poussé [1]."
    assert same(STEPS, taken, FRENCH) == taken


def test_a_name_that_begins_a_sentence_must_stay_too() -> None:
    sentence, said = "Cityscapes holds 5,000 images [1].", "Mapillary enthält 5,000 Bilder [1]."
    assert same(sentence, said, GERMAN, {"Cityscapes"}) is None
    assert same(sentence, said.replace("Mapillary", "Cityscapes"), GERMAN, {"Cityscapes"})
    held = passage(HEDGE, "We trained on Cityscapes and then on others. Training took long.")
    page = taken_apart(answer(sentence))
    made = replace(answer(sentence), passages=(held,))
    assert put_together(made, page, {sentence: said}, GERMAN) is None


def test_another_order_is_taken_where_the_language_has_one() -> None:
    sentence = "It reaches 71.3 % after 300 epochs [1]."
    assert same(sentence, "300 エポック後に71.3 %に達する [1]。", JAPANESE)
    assert same(sentence, "Nach 300 Epochen erreicht es 71.3 % [1].", GERMAN) is None
    assert same(sentence, "Il atteint 71,3 % après 300 époques [1].", FRENCH)
    assert same(sentence, "It gets to 71.3 % after 300 epochs [1].", JAPANESE) is None


TEXT = (
    "HedgeNet is a network [1]. It says “we have {1} of 9 the [2]” and\n\n- more [2].\n"
    "1. HedgeNet: Pruning Networks like Gardens (2023)\n| a | the |\n|---|---|\n"
    "```\nthe code\n```\n# Head\nEnd."
)


def answer(text: str = TEXT) -> Answer:
    cited = Citation(1, HEDGE, PASSAGES[0].chunk, PASSAGES[0].chunk.text)
    return Answer(text=text, route="question", model="gpt-4o-mini", citations=(cited,), notes=(TRANSLATED,))


def test_a_short_title_is_held_back_where_it_is_a_word_and_not_inside_of_others() -> None:
    cited = Citation(1, replace(HEDGE, title="BERT"), PASSAGES[0].chunk, PASSAGES[0].chunk.text)
    page = taken_apart(replace(answer("RoBERTa is trained longer than BERT [1]."), citations=(cited,)))
    assert page.sentences[0] == "RoBERTa is trained longer than {1} [1]."


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "",
        "\n",
        "a\n\n\nb ",
        "{7} [1]",
        "No. Yes! Et al. e.g. this.",
        " - x\n",
        "a.\x0bb\u2028 c",
        "```\n{3000000}\n```",
    ],
)
def test_an_answer_is_taken_apart_and_whole_again(text: str) -> None:
    page = taken_apart(answer(text))
    assert sum(len(piece.held) for piece in page.text) < 10, "a number in braces makes no room for so many"
    assert "".join(piece.whole() for piece in page.text) == text
    assert all("".join(piece.whole() for piece in parts) == line for line, parts in page.notices)


def test_the_papers_words_are_not_translated_and_not_shown() -> None:
    page = taken_apart(answer())
    asked = translating(page.sentences, "German")[-1]["content"]
    assert "we have" not in asked and "Pruning Networks" not in asked and "the code" not in asked
    told = {sentence: german(sentence) for sentence in page.sentences}
    done = put_together(answer(), page, told, GERMAN)
    assert done is not None and done.translation is not None
    assert done.text.startswith("HedgeNet ist ein network [1]. Es says “we have {1} of 9 the [2]” und")
    assert "| a | the |" in done.text and "the code" in done.text
    assert HEDGE.title in done.text
    assert done.translation.english == TEXT


def test_the_aspects_of_a_comparison_are_translated_too() -> None:
    table = Comparison((HEDGE, MOLE), ("accuracy", "papers and branches"), (((), ()), ((), ())))
    compared = replace(answer("It is so [1]."), comparison=table)
    page = taken_apart(compared)
    told = {sentence: german(sentence) for sentence in page.sentences}
    done = put_together(compared, page, told, GERMAN)
    assert done is not None and done.comparison is not None
    assert done.comparison.aspects == ("Genauigkeit", "Artikel und Zweige")


def test_titles_in_a_refusal_stay_as_they_are() -> None:
    refused = replace(answer(f"I found nothing.\n- {HEDGE.title}\n- The Nets of 2023\nAsk."), refused=True)
    asked = "".join(taken_apart(refused).sentences)
    assert "Nets of" not in asked and "I found nothing." in asked


@pytest.mark.parametrize(
    "told", ["", "no JSON", "[1, 2]", '{"1": "Das', "{" * 9_000, '{"1": {"1": {}}}', '{"x": "y"}', '{"1": 7}']
)
def test_what_is_no_translation_gives_none(told: str) -> None:
    page = taken_apart(answer())
    assert not read(told, page.sentences)


def test_an_answer_of_which_little_could_be_translated_stays_english() -> None:
    page = taken_apart(answer())
    first = page.sentences[0]
    assert put_together(answer(), page, {first: german(first)}, GERMAN) is None
    assert put_together(answer(), page, {sentence: sentence for sentence in page.sentences}, GERMAN) is None


def test_a_sentence_that_could_not_be_is_counted() -> None:
    page = taken_apart(answer())
    told = {sentence: german(sentence) for sentence in page.sentences} | {page.sentences[0]: "Ja [7]."}
    done = put_together(answer(), page, told, GERMAN)
    assert done is not None and done.text.startswith("HedgeNet is a network [1]. Es says")
    assert done.notes[-1].startswith("1 sentence stays in English: ")


def test_the_question_is_not_shown_to_what_translates() -> None:
    asked = translating(["It is so [1]."], "German")
    assert "German" in asked[0]["content"] and "</sentence><sentence" not in asked[1]["content"]
    assert Question("Wie?").text not in asked[1]["content"]
    broken = translating(["It </sentence> <sentence number='9'> is"], "German")[1]["content"]
    assert broken.count("<sentence") == 1 and broken.count("</sentence") == 1

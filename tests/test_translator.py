"""Questions in other languages, over the wire: put into English, answered, and the answer put back."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.helper import Helper
from bot.language_model import answering, helping, open_model, translating
from bot.models import Answer, Question, Turn
from bot.rendering import render
from bot.settings import BotSettings
from bot.translation.translator import Translator
from tests.command_line import printed
from tests.fake_openai import FakeOpenAI, serve
from tests.fakes import HEDGE, FakeLibrary, RecordingSurface, ScriptedModel

ASKED = "Wie viele Parameter hat HedgeNet?"
ENGLISH = {
    ASKED: "How many parameters does HedgeNet have?",
    "Und wie viele ms braucht MoleFormer?": "How many ms does MoleFormer need for one scan?",
    "Welche Bäckerei verkauft sonntags Roggenbrot?": "Which bakery sells rye bread on Sundays?",
    "Danke!": "Thanks!",
    "Wie viele Artikel gibt es aus 2023?": "How many papers are there from 2023?",
}
TRANSLATES = "You translate"


@dataclass(slots=True)
class Wired:
    """The whole journey, with each task's model behind the same server."""

    fake: FakeOpenAI
    library: FakeLibrary
    assistant: Assistant

    async def ask(self, text: str, *history: Turn) -> Answer:
        return await self.assistant.answer(Question(text, history))

    def tasks(self) -> list[str]:
        """The first words of the rules of each call."""
        return [str(request["messages"][0]["content"])[:13] for request in self.fake.requests]


@pytest.fixture
async def wired() -> AsyncIterator[Wired]:
    async with serve(FakeOpenAI(english=ENGLISH)) as fake:
        settings = BotSettings.model_validate(
            {
                "OPENAI_BASE_URL": fake.url,
                "OPENAI_MODEL": "dear",
                "RERANK_MODEL": "cheap",
                "ANSWER_TIMEOUT": 1,
            }
        )
        ends = [answering(settings), helping(settings), translating(settings)]
        models = [open_model(end, settings) for end in ends if end]
        library = FakeLibrary()
        answerer, helper = Answerer(models[0]), Helper(models[1], rerank=False)
        yield Wired(fake, library, Assistant(library, answerer, helper, Translator(models[2])))
        for model in models:
            await model.close()


async def test_a_german_question_is_searched_in_english_and_answered_in_german(wired: Wired) -> None:
    answer = await wired.ask(ASKED)
    assert wired.library.asked[0][0] == "How many parameters does HedgeNet have?"
    assert "hat 4.2 Millionen Parameter und erreicht 71.3 % Genauigkeit auf GardenSet. [1]" in answer.text
    assert answer.translation is not None
    assert "has 4.2 million parameters" in answer.translation.english
    assert answer.citations[0].quote in answer.citations[0].chunk.text
    told = printed(answer)
    assert "Gesucht für: “How many parameters does HedgeNet have?”." in told
    assert told.count("Übersetzt") == 1
    assert HEDGE.title in told
    assert "Geschrieben durch dear aus diesen Artikel" in told
    assert "Übersetzt" in render(answer)[-1].text


async def test_the_three_calls_go_to_their_models_and_are_all_counted(wired: Wired) -> None:
    wired.fake.usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    answer = await wired.ask(ASKED)
    assert wired.tasks() == ["Put the last ", "You answer qu", "You translate"]
    assert [request["model"] for request in wired.fake.requests] == ["cheap", "dear", "cheap"]
    assert answer.usage is not None and (answer.usage.read, answer.usage.written) == (300, 30)
    assert answer.usage.cost == pytest.approx(3 * (100 * 0.15 + 10 * 0.6) / 1_000_000)
    asked = wired.fake.requests[2]["messages"]
    assert "into German" in asked[0]["content"]
    assert "Wie viele" not in json.dumps(asked), "what translates does not get the question"


async def test_an_english_question_is_answered_as_ever(wired: Wired) -> None:
    answer = await wired.ask("How many parameters does HedgeNet have?")
    assert wired.tasks() == ["You answer qu"]
    assert answer.translation is None
    assert not any("Searched for" in note for note in answer.notes)


async def test_a_follow_up_is_in_the_language_of_the_conversation(wired: Wired) -> None:
    before = Turn(ASKED, (await wired.ask(ASKED)).text)
    answer = await wired.ask("Und wie viele ms braucht MoleFormer?", before)
    assert wired.library.asked[-1][0] == "How many ms does MoleFormer need for one scan?"
    assert "maps tunnels aus ground radar" in answer.text and answer.translation is not None
    named = await wired.ask("MoleFormer?", before)
    assert named.translation is not None and named.translation.language == "German"


async def test_a_refusal_is_translated_but_its_titles_are_not(wired: Wired) -> None:
    answer = await wired.ask("Welche Bäckerei verkauft sonntags Roggenbrot?")
    assert answer.refused and answer.text.startswith("Ich fand nichts in das Bibliothek")
    wired.fake.answer = None
    wired.library.passages = ()
    answer = await wired.ask(ASKED)
    assert answer.refused


async def test_thanks_and_the_library_itself_are_answered_too(wired: Wired) -> None:
    thanks = await wired.ask("Danke!")
    assert thanks.route == "smalltalk" and wired.library.asked == []
    assert not any("Translated" in note or "Searched" in note for note in thanks.notes)
    counted = await wired.ask("Wie viele Artikel gibt es aus 2023?")
    assert counted.route == "library" and HEDGE.title in counted.text
    assert "Das Bibliothek" in counted.text


FAULTS = [
    ("status", 401, "refused the key of this bot (401)"),
    ("status", 429, "takes no more questions right now (429)"),
    ("status", 500, "failed at its endpoint (500)"),
    ("cut", 0, "broke off in the middle of its answer"),
    ("empty", 0, "gave an empty answer"),
    ("length", 0, "wrote more than one answer may hold"),
    ("filter", 0, "withheld its answer (content filter)"),
    ("broken_json", 0, "sent nothing that can be read as an answer"),
    ("hang", 0, "took too long to answer"),
]


@pytest.mark.parametrize(("mode", "status", "reason"), FAULTS)
async def test_the_english_answer_stays_where_the_translation_fails(
    wired: Wired, mode: str, status: int, reason: str
) -> None:
    wired.fake.only, wired.fake.mode, wired.fake.status = TRANSLATES, mode, status
    answer = await wired.ask(ASKED)
    assert "has 4.2 million parameters" in answer.text
    assert answer.model == "dear" and answer.translation is None and answer.fallback_from is None
    told = f"The answer stays in English, not German: the language model cheap {reason}."
    assert answer.notes[-1] == told
    assert answer.notes[0] == "Searched for: “How many parameters does HedgeNet have?”."


@pytest.mark.parametrize("said", ["Gern!", "{}", "[]", '{"1": "', '{"1": 1}', '{"9": "Ja"}', "null"])
async def test_an_answer_that_is_no_translation_leaves_it_english(said: str) -> None:
    writer = ScriptedModel(["HedgeNet has 4.2 million parameters [1]."])
    helper = Helper(ScriptedModel([ENGLISH[ASKED]]), rerank=False)
    assistant = Assistant(FakeLibrary(), Answerer(writer), helper, Translator(ScriptedModel([said])))
    answer = await assistant.answer(Question(ASKED))
    assert answer.text == "HedgeNet has 4.2 million parameters [1]."
    assert "stays in English" in answer.notes[-1]


async def test_a_question_that_cannot_be_put_into_english_is_searched_as_it_is(wired: Wired) -> None:
    wired.fake.only, wired.fake.mode = "Put the last question", "status"
    answer = await wired.ask(ASKED)
    assert wired.library.asked[0][0] == ASKED
    assert answer.notes[0].startswith("The question was not put into English, so it was searched for")
    assert "ask in English" in answer.notes[0]


async def test_where_no_model_rewrites_that_is_said_too() -> None:
    writer = ScriptedModel(["HedgeNet has 4.2 million parameters [1]."])
    answer = await Assistant(FakeLibrary(), Answerer(writer)).answer(Question(f"{ASKED} GardenSet accuracy"))
    assert [note for note in answer.notes if "was not put into English" in note]


async def test_quotes_in_the_place_of_a_failed_answer_cost_no_translation(wired: Wired) -> None:
    wired.fake.only, wired.fake.mode = "You answer questions", "status"
    answer = await wired.ask(ASKED)
    assert answer.fallback_from == "dear" and "You translate" not in wired.tasks()


async def test_the_english_text_is_shown_meanwhile_and_the_final_form_replaces_it(wired: Wired) -> None:
    surface = RecordingSurface()
    await wired.assistant.reply(Question(ASKED), surface)
    assert all(text.endswith("\n\n… → Deutsch") for text in surface.shown)
    assert "has 4.2 million parameters" in surface.shown[-1]
    assert surface.replies is not None and "hat 4.2 Millionen" in surface.replies[0].text
    assert "→" not in surface.replies[0].text


async def test_translation_can_be_switched_off() -> None:
    settings = BotSettings.model_validate({"OPENAI_API_KEY": "k", "TRANSLATE": "false"})
    assert translating(settings) is None and helping(settings) is not None
    for wanted in ("true", "false"):
        alone = {"OPENAI_API_KEY": "k", "RERANK": "false", "REWRITE": "false", "TRANSLATE": wanted}
        assert (helping(BotSettings.model_validate(alone)) is not None) is (wanted == "true")


async def test_without_rewriting_a_question_is_still_put_into_english() -> None:
    small, library = ScriptedModel([ENGLISH[ASKED]]), FakeLibrary()
    helper = Helper(small, rerank=False, rewrite=False)
    await Assistant(library, Answerer(), helper).answer(Question(ASKED))
    assert library.asked[0][0] == ENGLISH[ASKED]
    small = ScriptedModel([ENGLISH[ASKED]])
    helper = Helper(small, rerank=False, rewrite=False, translate=False)
    await Assistant(library, Answerer(), helper).answer(Question(ASKED))
    assert small.asked == []


async def test_without_any_model_a_plain_sentence_says_what_works() -> None:
    answer = await Assistant(FakeLibrary(), Answerer()).answer(Question(ASKED))
    assert answer.notes == ("I understand questions in English only: please ask in English.",)

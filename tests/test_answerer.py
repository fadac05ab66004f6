from __future__ import annotations

import pytest

from bot.answerer import Answerer
from bot.errors import ModelRefused, ModelSilent
from bot.gate import holds_answer, lacking, names
from bot.gather import gather
from bot.held import Held
from bot.models import Answer, Question, Route, Turn
from bot.prompts import NOT_IN_LIBRARY
from bot.router import route
from retrieval.models import Filters, RankedPaper, SearchResult
from tests.fakes import HEDGE, MOLE, PASSAGES, FakeLibrary, ScriptedModel, passage

QUESTION = Question("How many parameters does HedgeNet have?")
LIBRARY = FakeLibrary()


async def answer(model: ScriptedModel | None, question: Question = QUESTION) -> Answer:
    way = route(question)
    return await Answerer(model).answer(question, way, LIBRARY.search(way.query, way.filters))


async def test_without_a_model_the_answer_is_quoted() -> None:
    found = await answer(None)
    assert (found.model, found.fallback_from, found.refused) == (None, None, False)
    assert "4.2 million" in found.text
    assert found.citations[0].paper == HEDGE
    assert len(found.passages) == 4


async def test_with_a_model_its_answer_is_checked() -> None:
    model = ScriptedModel(["It has 4.2 ", "million parameters [1", "]. So said others [9]."])
    found = await answer(model)
    assert found.text == "It has 4.2 million parameters [1]. So said others."
    assert found.model == "scripted"
    assert [c.n for c in found.citations] == [1]
    assert "4.2 million" in found.citations[0].quote


async def test_the_text_so_far_is_shown_while_it_is_written() -> None:
    shown: list[str] = []

    async def on_text(text: str) -> None:
        shown.append(text)

    way = route(QUESTION)
    model = ScriptedModel(["It has ", "4.2 million ", "parameters [1].", " It has 9.9 million [1].", " So"])
    await Answerer(model).answer(QUESTION, way, LIBRARY.search(way.query), on_text)
    assert shown == [
        "It has",
        "It has 4.2 million",
        "It has 4.2 million parameters.",
        "It has 4.2 million parameters [1]. It has 9.9 million.",
        "It has 4.2 million parameters [1]. So",
    ], "a key comes when its sentence is whole and checked, and what fails goes"


@pytest.mark.parametrize("error", [ModelSilent("gone"), ModelRefused("no key")])
async def test_a_failing_model_gives_way_to_quotes(error: Exception) -> None:
    found = await answer(ScriptedModel(["It has nine"], error))
    assert (found.model, found.fallback_from) == (None, "scripted")
    assert "nine" not in found.text
    assert "4.2 million" in found.text


@pytest.mark.parametrize("pieces", [[NOT_IN_LIBRARY], ["NOT_", "IN_LIB", "RARY."], ["**NOT_IN_LIBRARY**"]])
async def test_a_model_that_finds_no_answer_refuses(pieces: list[str]) -> None:
    shown: list[str] = []

    async def on_text(text: str) -> None:
        shown.append(text)

    way = route(QUESTION)
    found = await Answerer(ScriptedModel(pieces)).answer(QUESTION, way, LIBRARY.search(way.query), on_text)
    assert found.refused
    assert found.citations == ()
    assert HEDGE.title in found.text
    assert NOT_IN_LIBRARY not in "".join([found.text, *shown])


async def test_an_apology_is_no_refusal() -> None:
    found = await answer(
        ScriptedModel(["I could not find the speed, but it has 4.2 million parameters [1]."])
    )
    assert not found.refused


async def test_nothing_fitting_is_refused_before_any_model_is_asked() -> None:
    model = ScriptedModel(["Invented [1]."])
    found = await answer(model, Question("Which bakery sells rye bread on Sundays?"))
    assert found.refused
    assert model.asked == []
    assert found.citations == ()
    assert found.papers[0].paper.title not in found.text  # far from everything


async def test_an_empty_result_is_refused() -> None:
    found = await answer(None, Question("papers by Nobody Atall"))
    assert found.refused
    assert found.notes == ("Searched only papers by Nobody Atall.",)


async def test_notes_name_filters_and_what_they_left_out() -> None:
    found = await answer(None, Question("papers on pruning gardens from 2023"))
    assert found.notes == ("Searched only papers from 2023.", "1 paper of unknown year was left out.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ADE20K mIoU of HedgeNet-B?", ["ADE20K", "mIoU", "HedgeNet-B"]),
        ("Which LLM-guided nets run on an A100?", ["LLM", "A100"]),
        ("Who wrote it? Was it Rowan?", ["Rowan"]),
        ("the Text-to-Image prize of Out-of-Reach-Net", ["Text", "Image", "Out", "Reach-Net"]),
        ("papers on 2 tides", []),
        ("tell me How HedgeNet works, And Explain Why", ["HedgeNet"]),
    ],
)
def test_names_in_a_question(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_the_gate_looks_at_figures_and_names() -> None:
    passages = FakeLibrary().search("pruning").passages
    plain = Route("question", "which branches does it prune?")
    assert holds_answer(SearchResult(passages, similarity=0.6, coverage=0.6), plain)
    assert not holds_answer(SearchResult(passages, similarity=0.05), plain)
    assert not holds_answer(SearchResult(passages, similarity=0.5), Route("question", "rye bread and buns"))
    assert not holds_answer(SearchResult((), similarity=0.9), plain)
    named = [Route("question", f"branches pruned by {name}?") for name in ("HedgeNet", "ThornNet")]
    assert [holds_answer(SearchResult(passages, similarity=0.5), route) for route in named] == [True, False]
    assert holds_answer(
        SearchResult(passages, similarity=0.05), Route("author", "x", Filters(author="Rowan"))
    )


@pytest.mark.parametrize(
    ("text", "filters", "coverage", "held"),
    [
        ("pruning branches", Filters(year_from=2023), 1.0, True),
        ("papers on pruning branches", Filters(venue="CVPR"), 1.0, True),
        ("pruning branches", Filters(), 1.0, False),
        ("pruning branches", Filters(year_from=2023), 0.5, False),
        ("ThornNet branches", Filters(year_from=2023), 1.0, False),
        ("why does it prune branches?", Filters(year_from=2023), 1.0, False),
    ],
)
def test_a_bare_topic_under_filters_needs_its_words_alone(
    text: str, filters: Filters, coverage: float, held: bool
) -> None:
    passages = FakeLibrary().search("pruning").passages
    found = SearchResult(passages, similarity=0.35, coverage=coverage)
    assert holds_answer(found, Route("question", text, filters)) is held
    assert not holds_answer(
        SearchResult(passages, similarity=0.1, coverage=1.0), Route("find", text, filters)
    )


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("explain HedgeNet", True),
        ("explain ThornNet", False),
        ("tell me about the gardens paper", True),
        ("tell me about gardens", False),
        ("tell me about the roses paper", False),
        ("what licence has HedgeNet?", False),
    ],
)
def test_a_paper_that_is_named_is_told_of_however_little_it_is_like_the_question(
    text: str, held: bool
) -> None:
    found = FakeLibrary().search("pruning")
    first = (RankedPaper(HEDGE, 3.0), RankedPaper(MOLE, 1.0))
    far = SearchResult(found.passages, first, similarity=0.2)
    assert holds_answer(far, Route("question", text)) is held


async def test_who_wrote_a_paper_comes_from_the_library_not_from_its_text() -> None:
    found = await answer(ScriptedModel(["Someone [1]."]), Question("Who are the authors of HedgeNet?"))
    assert found.text == "HedgeNet: Pruning Networks like Gardens is by Ada Rowan, Ben Alder [1]."
    assert found.citations[0].quote in found.citations[0].chunk.text


async def test_an_unknown_fact_of_a_paper_is_refused() -> None:
    assert (await answer(None, Question("Is there any code for HedgeNet?"))).refused
    dated = await answer(None, Question("When was HedgeNet published?"))
    assert "CVPR 2023" in dated.text


async def test_a_refusal_names_what_nothing_mentions_and_what_to_do_instead() -> None:
    plain = Route("question", "how does ThornNet wither on BogSet?")
    found = SearchResult(PASSAGES, (RankedPaper(HEDGE, 1.0),), similarity=0.25, coverage=0.1)
    answer = await Answerer().answer(Question(plain.query), plain, found)
    assert answer.refused
    assert answer.text.splitlines()[1:] == [
        f"- {HEDGE.title}",
        "None of them mentions ThornNet or BogSet. Ask about one of these, or ask in other words.",
    ]


async def test_what_is_far_from_everything_gets_no_titles() -> None:
    plain = Route("question", "what do badgers sing?")
    found = SearchResult(PASSAGES, (RankedPaper(HEDGE, 1.0),), similarity=0.1)
    answer = await Answerer().answer(Question(plain.query), plain, found)
    assert answer.refused
    assert HEDGE.title not in answer.text


async def test_a_doubt_is_answered_by_what_was_said_and_not_by_its_own_words() -> None:
    true = passage(HEDGE, "It is true that gardens are green and that many a true gardener is up at dawn.")
    claim = Turn("HedgeNet has 9 million parameters, they say", "")
    question = Question("is that true?", (claim,))
    way = route(question)
    answer = await Answerer().answer(
        question, way, FakeLibrary((*PASSAGES, true)).search(way.query), held=True
    )
    assert "4.2 million parameters" in answer.text and "dawn" not in answer.text


async def test_thoughts_are_never_shown_and_alone_are_no_answer() -> None:
    question = Question("How many parameters does HedgeNet have?")
    way = route(question)
    found = FakeLibrary().search(way.query)
    shown: list[str] = []

    async def show(text: str) -> None:
        shown.append(text)

    model = ScriptedModel(
        ["<think>Maybe 9.9", " million [1]?", "</think>", "HedgeNet has 4.2 million parameters [1]."]
    )
    answer = await Answerer(model).answer(question, way, found, show, held=True)
    assert answer.text == "HedgeNet has 4.2 million parameters [1]."
    assert shown and not any("9.9" in text for text in shown)
    silent = await Answerer(ScriptedModel(["<think>Maybe 9.9 million"])).answer(
        question, way, found, held=True
    )
    assert not silent.refused and silent.fallback_reason == "wrote no answer"


async def test_history_makes_room_for_passages() -> None:
    question = Question("How many parameters has HedgeNet?", (Turn("tides " * 90, "harbours " * 60),) * 3)
    way = route(question)
    model = ScriptedModel(["HedgeNet has 4.2 million parameters [1]."])
    await Answerer(model, context=3_200).answer(question, way, FakeLibrary().search("HedgeNet"), held=True)
    assert "<conversation>" not in model.asked[-1][1]["content"]
    await Answerer(model, context=16_384).answer(question, way, FakeLibrary().search("HedgeNet"), held=True)
    assert "<conversation>" in model.asked[-1][1]["content"]


@pytest.mark.parametrize("name", ["Networks" * 9, "Ab" * 40, "ResNet-" + "Garden" * 12])
async def test_a_name_longer_than_any_word_breaks_nothing(name: str) -> None:
    asked = Question(f"what does {name} reach on GardenSet?")
    way = route(asked)
    found = gather(FakeLibrary(), way, asked.text)
    assert (await Answerer().answer(asked, way, found)).text
    assert any(name.endswith(part) for part in lacking(asked.text, found))
    assert not Held.of("HedgeNet prunes.").has(name)
    assert Held.of(f"The table {name} compares.").has(name.lower())

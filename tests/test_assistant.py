from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from bot.answerer import Answerer
from bot.assistant import MOST_CHARACTERS, Assistant
from bot.errors import UNEXPECTED, BadQuestion, UnexpectedFault, sentence_for
from bot.models import Question, Turn
from retrieval.errors import LibraryBusy, RetrievalError
from retrieval.models import Filters
from tests.fakes import HEDGE, PASSAGES, TIDE, BrokenRule, FakeLibrary, RecordingSurface, ScriptedModel


def assistant(library: FakeLibrary | None = None, model: ScriptedModel | None = None) -> Assistant:
    return Assistant(library or FakeLibrary(), Answerer(model))


async def test_the_whole_journey_without_a_model() -> None:
    found = await assistant().answer(Question("How many parameters does HedgeNet have?"))
    assert "4.2 million" in found.text
    assert found.search_ms > 0
    assert found.answer_ms > 0


async def test_words_become_filters_and_follow_ups_are_made_whole() -> None:
    library = FakeLibrary()
    history = (Turn("Which network prunes itself?", "HedgeNet."),)
    await assistant(library).answer(Question("and papers on it from 2023?", history))
    query, filters = library.asked[0]
    assert "HedgeNet" in query
    assert filters == Filters(year_from=2023, year_to=2023)


@pytest.mark.parametrize("text", ["hello!", "thanks a lot", "help"])
async def test_small_talk_is_answered_without_a_search(text: str) -> None:
    library = FakeLibrary()
    found = await assistant(library).answer(Question(text))
    assert library.asked == []
    assert (found.refused, found.citations) == (False, ())


async def test_the_library_itself() -> None:
    found = await assistant().answer(Question("how many papers from 2023?"))
    assert found.route == "library"
    assert "3 papers, 1 of them from 2023" in found.text
    assert HEDGE.title in found.text


async def test_the_library_counts_what_a_filter_leaves() -> None:
    found = await assistant().answer(Question("how many papers are there?", filters=Filters(paper="hedge")))
    assert "3 papers, 1 of them named hedge" in found.text
    assert TIDE.title not in found.text


async def test_a_list_leaves_out_what_only_fills_the_places() -> None:
    found = await assistant().answer(Question("papers on pruning branches of gardens"))
    assert [citation.paper for citation in found.citations] == [HEDGE]
    assert TIDE in [passage.paper for passage in found.passages]


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MOST_CHARACTERS + 1)])
async def test_what_is_no_question(text: str) -> None:
    with pytest.raises(BadQuestion):
        await assistant().answer(Question(text))


async def test_a_reply_acknowledges_shows_and_finishes() -> None:
    surface = RecordingSurface()
    model = ScriptedModel(["It has 4.2 million ", "parameters [1]."])
    found = await assistant(model=model).reply(Question("How many parameters does HedgeNet have?"), surface)
    assert found is not None
    assert surface.shown[-1] == "It has 4.2 million parameters."  # its key comes when it is checked
    assert surface.replies is not None
    assert HEDGE.title in surface.replies[-1].text


async def test_a_failing_library_becomes_a_sentence_and_a_log(caplog: pytest.LogCaptureFixture) -> None:
    surface = RecordingSurface()
    error = LibraryBusy("process 7 holds /srv/data")
    assert await assistant(FakeLibrary(error=error)).reply(Question("pruning?"), surface) is None
    assert surface.replies is not None
    assert surface.replies[0].text == sentence_for(error)
    assert "process 7" in caplog.text


async def test_what_nobody_foresaw_becomes_a_sentence_too(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(FakeLibrary):
        def search(self, *_: object, **__: object) -> None:  # type: ignore[override]
            raise ZeroDivisionError("secret detail")

    surface = RecordingSurface()
    assert await assistant(Broken()).reply(Question("pruning?"), surface) is None
    assert surface.replies is not None
    assert surface.replies[0].text == UNEXPECTED
    assert "ZeroDivisionError" in caplog.text
    with pytest.raises(UnexpectedFault, match="secret detail"):
        await assistant(Broken()).answer(Question("pruning?"))


async def test_retrieval_errors_reach_whoever_calls_answer() -> None:
    with pytest.raises(RetrievalError):
        await assistant(FakeLibrary(error=LibraryBusy("held"))).answer(Question("pruning?"))


async def test_questions_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await assistant().answer(Question("How many parameters does HedgeNet have?"))
    assert caplog.text
    assert "HedgeNet" not in caplog.text


async def test_the_surface_double_keeps_the_rules() -> None:
    surface = RecordingSurface()
    with pytest.raises(BrokenRule):
        await surface.show("too early")
    await surface.acknowledge()
    with pytest.raises(BrokenRule):
        await surface.acknowledge()
    with pytest.raises(BrokenRule):
        await surface.finish(())


async def test_an_unknown_venue_is_answered_with_those_that_there_are() -> None:
    found = await Assistant(FakeLibrary(), Answerer()).answer(Question("List papers at WACV"))
    assert found.refused
    assert "CVPR" in found.text and "ICCV" in found.text


async def test_which_papers_have_code_is_answered_from_what_the_library_knows() -> None:
    coded = replace(PASSAGES[0], paper=replace(PASSAGES[0].paper, code_url="https://code.example/hedge"))
    library = FakeLibrary([coded, *PASSAGES[2:]])
    found = await Assistant(library, Answerer()).answer(Question("which papers have code?"))
    assert (found.route, found.refused) == ("library", False)
    assert found.text.splitlines()[1:] == [f"- {coded.paper.title}: https://code.example/hedge"]

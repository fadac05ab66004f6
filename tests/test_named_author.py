"""Whether "by X" names a person."""

from __future__ import annotations

import pytest

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.models import Question, Route, Turn
from bot.questions.named_author import looks_like_person, with_known_author
from bot.router import route
from retrieval.models import Filters
from tests.fakes import FakeLibrary


def found(text: str, *, history: tuple[Turn, ...] = (), filters: Filters | None = None) -> Route:
    question = Question(text, history, filters or Filters())
    return with_known_author(FakeLibrary(), question, route(question))


@pytest.mark.parametrize(
    "text",
    [
        "papers on tides by harbour cameras",
        "Which papers measure tides by sonar?",
        "papers about maps of tunnels by NeRF",
        "articles on pruning by gradual growth from 2023",
    ],
)
def test_what_is_done_by_something_is_no_filter(text: str) -> None:
    way = found(text)
    assert (way.kind, way.filters.author) == ("find", None)
    assert way.query.split()[-1].strip("?") in text, "what it is done by is searched for"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("papers on tides by flo gorse", "flo gorse"),  # who has papers here
        ("papers on tides by Nora Nemo", "Nora Nemo"),
        ("papers on tides by Y. LeCun", "Y. LeCun"),
        ("papers by nora nemo", "nora nemo"),
        ("papers on tides written by nora nemo", "nora nemo"),
        ("what has nora nemo published?", "nora nemo"),
    ],
)
def test_who_wrote_papers_is_a_filter(text: str, author: str) -> None:
    assert (found(text).kind, found(text).filters.author) == ("author", author)


def test_a_filter_that_was_set_stays() -> None:
    assert found("papers on tides by sonar", filters=Filters(author="sonar")).filters.author == "sonar"


def test_a_narrowed_question_forgets_the_name_too() -> None:
    history = (Turn("papers on tides by sonar", "None."),)
    way = found("only those from 2024", history=history)
    assert way.filters == Filters(year_from=2024, year_to=2024)


@pytest.mark.parametrize(
    "name", ["Ada van Falk", "A. Falk", "O'Brien", "McDonald", "Émilie Žák-Ünal", "李飞飞"]
)
def test_names_of_people_look_like_it(name: str) -> None:
    assert looks_like_person(name)


@pytest.mark.parametrize("name", ["sonar", "NeRF", "3D", "contrastive learning", "DINOv2"])
def test_names_of_methods_do_not(name: str) -> None:
    assert not looks_like_person(name)


async def test_the_answer_tells_of_no_author() -> None:
    answer = await Assistant(FakeLibrary(), Answerer(None)).answer(
        Question("papers on tides by harbour cameras")
    )
    assert [citation.paper.id for citation in answer.citations] == ["tide"]
    assert answer.notes == () or not any("Searched only" in note for note in answer.notes)

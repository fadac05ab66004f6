"""Who wrote a paper, where and when: of the paper that is named, and of no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answerer import Answerer
from bot.credits import CREDITS, credit_asked
from bot.gather import gather
from bot.models import Answer, Question, Turn
from bot.router import route
from retrieval.models import Filters, Paper, Passage
from tests.fakes import HEDGE, MOLE, TIDE, FakeLibrary, paper, passage
from tests.fakes import PASSAGES as HELD

KELP = replace(
    paper("kelp", "Attention to Kelp Forests", authors=["Gus Holly"], year=2022, venue="SEA"),
    abstract="We propose KelpSeg, which counts kelp by sea radiance fields (SeRF). It beats FoamNet.",
    code_url="https://code.example/kelp",
)
LABEL = replace(paper("page", "FrogNet: hears frogs", venue="POND"), title_is_label=True)


def card(owner: Paper) -> Passage:
    lines = (owner.title, f"Authors: {', '.join(owner.authors)}", f"Conference: {owner.venue} {owner.year}")
    return passage(owner, "\n".join(lines), kind="card")


LIBRARY = FakeLibrary(
    [
        *HELD,
        *map(card, (HEDGE, MOLE, KELP)),
        passage(KELP, "KelpSeg counts kelp from boats. Our code is at https://code.example/kelp for all."),
        passage(LABEL, "FrogNet hears frogs. It was tried at four ponds."),
    ]
)


async def answer(text: str, *history: Turn, filters: Filters | None = None) -> Answer:
    question = Question(text, history, filters or Filters())
    way = route(question)
    return await Answerer().answer(question, way, gather(LIBRARY, way, text))


@pytest.mark.parametrize(
    ("text", "told", "quoted"),
    [
        ("Who wrote HedgeNet?", "is by Ada Rowan, Ben Alder [1].", "Authors: Ada Rowan, Ben Alder"),
        (
            "who are the authors of hedgenet, the pruning one?",
            "is by Ada Rowan",
            "Authors: Ada Rowan, Ben Alder",
        ),
        ("Who wrote Attention to Kelp Forests?", "is by Gus Holly", "Authors: Gus Holly"),
        ("Who are the authors of KelpSeg?", "is by Gus Holly", "Authors: Gus Holly"),
        ("Who wrote the paper on digging for underground maps?", "is by Cy Birch", "Authors: Cy Birch"),
        ("When was MoleFormer published?", "appeared at ICCV 2024 [1].", "Conference: ICCV 2024"),
        ("Where was KelpSeg presented?", "appeared at SEA 2022", "Conference: SEA 2022"),
        ("Is the code of KelpSeg available?", "https://code.example/kelp [1].", "Our code is at"),
    ],
)
async def test_a_fact_of_the_named_paper_with_the_line_that_shows_it(
    text: str, told: str, quoted: str
) -> None:
    found = await answer(text)
    assert not found.refused and told in found.text
    (cited,) = found.citations
    assert cited.quote.startswith(quoted) and cited.quote in cited.chunk.text
    assert cited.chunk in [p.chunk for p in found.passages]


@pytest.mark.parametrize(
    "text",
    [
        "Who wrote Attention is all you need?",
        "When was AlexNet published?",
        "Who are the authors of FoamNet?",
        "Who wrote SeRF?",
        "Who wrote FoamNet, the HedgeNet extension?",
        "Who wrote it?",
        "Where was the Kelp Atlas published?",
    ],
)
async def test_what_is_not_in_the_library_is_refused_with_the_nearest_titles(text: str) -> None:
    found = await answer(text)
    assert found.refused and found.citations == ()
    assert found.papers[0].paper.title in found.text


async def test_a_word_of_several_titles_names_none() -> None:
    papers = [paper(key, f"Radar for {key} and more", authors=[key]) for key in ("Bees", "Cows")]
    library = FakeLibrary([passage(one, "Radar works.") for one in papers])
    question = Question("Who wrote radar?")
    way = route(question)
    assert (await Answerer().answer(question, way, gather(library, way, question.text))).refused


async def test_a_filter_or_what_was_said_before_names_the_paper() -> None:
    assert "is by Cy Birch" in (await answer("who are the authors?", filters=Filters(paper="mole"))).text
    said = Turn("Which network prunes itself?", "HedgeNet: Pruning Networks like Gardens: “It prunes.” [1]")
    assert "is by Ada Rowan" in (await answer("and who wrote it?", said)).text


async def test_a_label_is_shown_as_a_label_and_an_unknown_year_is_said() -> None:
    found = await answer("Where was FrogNet published?")
    assert found.text.startswith("(untitled page) FrogNet: hears frogs appeared at POND, in a year that")
    found = await answer("When was the paper Learning Tides from Harbour Cameras published?")
    assert found.refused and TIDE.year is None
    assert found.text == f"The library does not know the place and year of {TIDE.title}."


@pytest.mark.parametrize(
    "text",
    [
        "Where did the images come from?",
        "Are there any code generation papers?",
        "Which data did the authors of HedgeNet try?",
        "Who works on tides?",
    ],
)
def test_questions_about_contents_ask_for_no_credit(text: str) -> None:
    assert credit_asked(text) is None


def test_a_follow_up_asks_for_authors() -> None:
    assert credit_asked("who are its authors?") is CREDITS[0]
    assert credit_asked("who is their first author?") is CREDITS[0]

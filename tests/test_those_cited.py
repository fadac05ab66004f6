"""Conversations about several papers at once: which of them, each, the others, and what none of them says."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.models import NONE_SAYS, NOTHING_FOUND, Answer, Question, Route, Turn
from bot.questions.those_cited import standing, with_those_cited
from bot.router import route
from retrieval.models import Filters, Paper
from tests.fakes import HEDGE, MOLE, PASSAGES, TIDE, FakeLibrary, paper, passage

LIBRARY = FakeLibrary()
LIST = Turn(
    "papers on learning networks",
    f"1. {HEDGE.title}: “...” [1]\n2. {MOLE.title}: “...” [2]\n3. {TIDE.title}: “...” [3]",
    (HEDGE.id, MOLE.id, TIDE.id),
)
PAIR = Turn("Compare HedgeNet and MoleFormer", "1. ... [1]\n2. ... [2]", (HEDGE.id, MOLE.id))
ALONE = Turn("what maps tunnels?", "MoleFormer does [1].", (MOLE.id,))


def way(text: str, *turns: Turn) -> Route:
    question = Question(text, turns)
    return with_those_cited(LIBRARY, question, route(question))


def told(text: str, *turns: Turn, library: FakeLibrary = LIBRARY) -> Answer:
    return asyncio.run(Assistant(library, Answerer()).answer(Question(text, turns)))


@pytest.mark.parametrize(
    "text",
    [
        "which one is fastest?",
        "which of them uses a camera?",
        "which uses radar?",
        "do any of them prune branches?",
        "what accuracy does each reach?",
        "how do they differ?",
        "what data do they use?",  # several papers were asked for
    ],
)
def test_what_is_asked_of_all_is_asked_of_every_paper_just_cited(text: str) -> None:
    found = way(text, LIST)
    assert (found.kind, found.among) == ("compare", LIST.papers)


@pytest.mark.parametrize(
    "text",
    [
        "does it have limitations?",
        "does the second one have limitations?",
        "how much does each matrix matter in the ablation?",
        "which data sets are used?",
        "which metrics measure the error?",
        "does it handle both rain and snow?",
    ],
)
def test_what_is_asked_of_one_is_not(text: str) -> None:
    assert way(text, LIST).among == ()


def test_of_one_paper_there_are_no_others() -> None:
    assert way("which of them is fastest?", ALONE).among == ()
    assert way("and the others?", ALONE).among == ()


def test_what_follows_a_comparison_is_asked_of_its_sides() -> None:
    for text in ("limitations?", "what about speed?", "their data sets?", "what data do they use?"):
        assert way(text, PAIR).among == PAIR.papers, text
    assert way("why does it prune?", PAIR).among == ()
    assert way("and TideNet?", PAIR).among == (), "that is another one"


def test_questions_that_lean_on_a_set_leave_it_as_it_is() -> None:
    after = Turn("which one is fastest?", f"2. {MOLE.title}: 18 ms [1]", (MOLE.id,))
    one = Turn("does the second one use radar?", "Yes [1].", (MOLE.id,))
    assert way("which of them reports accuracy?", LIST, after, one).among == LIST.papers
    changed = Turn("what is a harbour camera for tides?", "A camera [1].", (TIDE.id,))
    assert way("which of them reports accuracy?", LIST, changed).among == ()


def test_the_others_are_those_that_the_last_answer_left_out() -> None:
    asked = Turn("does HedgeNet prune?", "It does [1].", (HEDGE.id,))
    assert way(
        "and how fast are the others?", LIST, replace(asked, question="does the first one prune?")
    ).among == (
        MOLE.id,
        TIDE.id,
    )
    last = way(
        "what about the other one?", PAIR, Turn("which one uses radar?", "MoleFormer [1].", (MOLE.id,))
    )
    assert (last.kind, last.about, last.among) == ("question", HEDGE.id, ())


def test_two_of_a_list_are_compared_by_their_places() -> None:
    assert way("compare the first and the third", LIST).among == (HEDGE.id, TIDE.id)
    assert way("the first two: which reports accuracy?", LIST).among == (HEDGE.id, MOLE.id)


def test_titles_tell_the_papers_where_their_ids_are_not_known() -> None:
    assert way("which of them is fastest?", replace(LIST, papers=())).among == LIST.papers


def test_a_filter_in_words_narrows_the_list_instead() -> None:
    found = way("which of them are from 2024?", LIST)
    assert (found.among, found.filters) == ((), Filters(year_from=2024, year_to=2024))


def test_another_is_set_beside_the_paper_just_cited() -> None:
    found = way("how does it compare to HedgeNet in terms of speed?", ALONE)
    assert found.among == (MOLE.id, HEDGE.id)
    assert way("how is it different from HedgeNet?", ALONE).among == (MOLE.id, HEDGE.id)
    assert way("how does it compare to RookNet?", ALONE).among == (), "no paper has that name"


def test_a_refusal_that_leans_on_the_turn_before_is_passed_over() -> None:
    refused = Turn("what optimizer?", f"{NOTHING_FOUND} that answers this. The nearest papers:\n- Other")
    assert standing((ALONE, refused)) == (ALONE,)
    own = replace(refused, question="which paper measures the depth of volcanoes by satellite?")
    assert standing((ALONE, own)) == (ALONE, own), "it asked for another subject"
    assert standing((refused,)) == (refused,)


def test_each_paper_answers_with_a_quote_or_is_said_not_to_report_it() -> None:
    answer = told("which one is fastest?", LIST)
    one, two, three = answer.text.splitlines()
    assert one == f"1. {HEDGE.title}: not reported"
    assert "18 ms" in two and two.endswith("[1]")
    assert three == f"3. {TIDE.title}: not reported"
    assert [citation.paper for citation in answer.citations] == [MOLE]


def test_where_none_says_it_nothing_is_quoted() -> None:
    answer = told("which of them is trained on ImageNet?", LIST)
    assert answer.refused and not answer.citations
    assert answer.text.startswith(NOTHING_FOUND)
    assert all(one.title in answer.text for one in (HEDGE, MOLE, TIDE))


def test_years_and_authors_are_told_of_each() -> None:
    answer = told("which is the most recent?", LIST)
    one, two, three = answer.text.splitlines()
    assert "2023" in one and "2024" in two and three.endswith("not reported")
    assert "Ada Rowan" in told("who wrote them?", PAIR).text


def _many() -> tuple[list[Paper], FakeLibrary]:
    papers = [paper(f"lamp{n}", f"Lamp {name}: A Light") for n, name in enumerate("ABCDEF")]
    texts = ["It lights the street at 5 ms a flash."] + ["It lights the street for the moths."] * 5
    return papers, FakeLibrary(tuple(passage(one, text) for one, text in zip(papers, texts, strict=True)))


def test_of_many_papers_those_that_are_silent_are_named_in_one_line() -> None:
    papers, library = _many()
    turn = Turn("papers on lamps", "...", tuple(one.id for one in papers))
    answer = told("which of them is fastest?", turn, library=library)
    first, *rest = answer.text.splitlines()
    assert "5 ms" in first
    assert len(rest) == 1 and all(one.title in rest[0] for one in papers[1:])
    assert answer.comparison is None, "so many do not fit a table"


def test_two_papers_asked_about_one_after_the_other_are_those() -> None:
    first, second = (
        Turn("what is HedgeNet?", "A net [1].", (HEDGE.id,)),
        Turn("and MoleFormer?", "A map [1].", (MOLE.id,)),
    )
    assert way("which one is faster?", first, second).among == (HEDGE.id, MOLE.id)
    assert way("which one is faster?", first, replace(first, question="does it prune?")).among == ()
    assert way("what data do they use?", first, second).among == (), "they may be those who wrote the last"


def test_papers_that_were_asked_about_and_say_nothing_are_still_those() -> None:
    none = Turn("is HedgeNet or MoleFormer easier to paint?", f"{NONE_SAYS}\n- {HEDGE.title}\n- {MOLE.title}")
    assert way("does either use radar?", none).among == (HEDGE.id, MOLE.id)
    nearest = replace(none, answer=none.answer.replace(NONE_SAYS, f"{NOTHING_FOUND} that answers this:"))
    assert way("does either use radar?", nearest).among == ()


def test_an_item_that_is_not_in_the_list_is_none_of_it() -> None:
    assert way("what about the fourth one?", PAIR).among == ()


def test_so_many_of_a_thing_are_told_only_where_they_are_counted() -> None:
    answer = told("how many steps does each need?", PAIR)
    assert "500 steps" in answer.text.splitlines()[0]
    assert answer.text.splitlines()[1].endswith("not reported")


def test_the_other_one_is_told_of_by_its_title() -> None:
    last = Turn("which one uses radar?", f"2. {MOLE.title}: “...” [1]", (MOLE.id,))
    answer = told("and the other one?", PAIR, last)
    assert {citation.paper for citation in answer.citations} == {HEDGE}


def test_of_papers_that_are_named_the_idea_is_told_where_neither_says_what_is_asked() -> None:
    answer = told("Is HedgeNet or Digging Deeper easier to paint?")
    assert not answer.refused
    assert "easier to paint: not reported; idea: “" in answer.text.splitlines()[0]
    assert told("Which loss is better, that of HedgeNet or Digging Deeper?").refused


def test_a_place_beyond_what_was_told_last_is_one_of_the_list() -> None:
    last = Turn("which one is fastest?", f"1. {MOLE.title}: 18 ms [1]\nNot reported: ...", (MOLE.id,))
    assert way("show me the third", LIST, last).about == TIDE.id
    assert way("show me the first", LIST, last).about is None, "that of the last answer"


def test_a_side_of_which_nothing_was_reported_stays_a_side() -> None:
    turn = Turn(
        "How does HedgeNet compare to Digging Deeper on radar?",
        f"1. {HEDGE.title}: not reported\n2. {MOLE.title}: “...” [1]",
        (MOLE.id,),
    )
    assert way("and in speed?", turn).among == (HEDGE.id, MOLE.id)
    last = replace(turn, question="which one uses radar?")
    assert way("and how fast is the other one?", PAIR, last).about == HEDGE.id


def test_where_one_has_both_words_half_of_them_is_not_enough() -> None:
    library = FakeLibrary((*PASSAGES, passage(MOLE, "Tunnels have many branches below the ground.")))
    both, half = told("which one prunes branches?", PAIR, library=library).text.splitlines()
    assert "prunes its own branches" in both or "pruning" in both
    assert half.endswith("not reported")

from __future__ import annotations

import pytest

from bot.gather import gather
from bot.models import Question, Route, Turn
from bot.questions.just_cited import with_just_cited
from bot.router import route
from tests.fakes import HEDGE, MOLE, PASSAGES, FakeLibrary, passage

LIBRARY = FakeLibrary(
    (
        *PASSAGES,
        passage(HEDGE, "Each matrix of weights matters in the ablation of pruned branches."),
        passage(MOLE, "Each matrix of echoes matters in the ablation of radar signals and tunnels."),
    )
)
ASKED = "how much does each matrix matter in the ablation"
OF_MOLE = Turn("which paper maps tunnels?", "Digging Deeper: MoleFormer for Underground Maps")


def query(text: str, *turns: Turn) -> str:
    question = Question(text, turns)
    return with_just_cited(LIBRARY, question, route(question)).query


def test_the_paper_just_cited_is_preferred_by_its_title_or_its_id() -> None:
    first, *_ = LIBRARY.search(ASKED).papers
    assert first.paper == HEDGE
    assert query(ASKED) == ASKED
    assert query(ASKED, OF_MOLE) == f"{ASKED} ({MOLE.title})"
    assert query(ASKED, Turn("what maps tunnels?", "One does [1].", (MOLE.id,))) == f"{ASKED} ({MOLE.title})"


@pytest.mark.parametrize(
    "text",
    [
        "how well do harbour cameras predict the tide from a photograph",  # another subject
        "how much does each matrix of weights and pruned branches matter in the ablation of HedgeNet",
        "papers on harbour cameras of a tide",
    ],
)
def test_a_changed_subject_drops_it(text: str) -> None:
    assert query(text, OF_MOLE) == text


def test_nothing_cited_prefers_nothing() -> None:
    assert query(ASKED, Turn("hello there, library of papers", "I found nothing.")) == ASKED


def way(text: str, *turns: Turn) -> Route:
    question = Question(text, turns)
    return with_just_cited(LIBRARY, question, route(question))


BY_ID = Turn("what maps tunnels, or prunes?", "Some do [1][2].", (MOLE.id, HEDGE.id))


@pytest.mark.parametrize(
    "text",
    [
        "does it have limitations?",  # a pronoun
        "why do they use photographs?",
        "and the radar signals?",  # its words
        "can you explain the main idea?",  # no words but those of asking
        "which year?",  # a fact of any paper
    ],
)
def test_what_points_back_is_about_the_paper_that_was_cited_first(text: str) -> None:
    found = way(text, BY_ID)
    assert found.about == MOLE.id
    assert found.query.startswith(text)
    assert "MoleFormer" in found.query
    assert "HedgeNet" not in found.query
    assert way(text, OF_MOLE).about == MOLE.id


def test_of_several_papers_without_ids_none_is_meant() -> None:
    both = Turn("which papers learn?", f"1. {HEDGE.title}\n2. {MOLE.title}")
    assert way("does it have limitations?", both).about is None
    assert way("does the second one have limitations?", both).about == MOLE.id
    assert way("which one of them needs photographs?", BY_ID).about is None


def test_another_subject_is_asked_for_afresh() -> None:
    assert way("why do cats purr?", BY_ID) == Route("question", "why do cats purr?")
    for text in ("what is sourdough?", "What’s a sonnet", "what are sonnets?"):  # what a word means
        assert way(text, BY_ID) == Route("question", text)
    assert way("what is radar?", BY_ID).about == MOLE.id  # a word of the paper
    assert way("what is the sonnet?", BY_ID).query.startswith("what is the sonnet? (")  # it may be an aspect
    assert way("harbour cameras?", BY_ID).about is None
    assert way("harbour cameras?", BY_ID).query == "harbour cameras?"
    assert way("limitations?", BY_ID).query.startswith("limitations? (")  # a single word may be an aspect


@pytest.mark.parametrize("text", ["which GPU?", "what's the AUROC?", "baselines?", "and FLOPs?"])
def test_what_can_be_asked_of_any_paper_names_no_other_subject(text: str) -> None:
    assert way(text, BY_ID).about == MOLE.id


def test_a_measure_that_only_others_have_leaves_the_paper_the_same() -> None:
    other = passage(HEDGE, "HedgeNet reaches an AUROC of 93 on GardenSet.")
    library = FakeLibrary((*PASSAGES, other))
    found = gather(
        library, Route("question", "what is the AUROC (MoleFormer)", about=MOLE.id), "what is the AUROC"
    )
    assert {one.paper for one in found.passages} == {MOLE}
    named = gather(
        library,
        Route("question", "does GardenSet matter (MoleFormer)", about=MOLE.id),
        "does GardenSet matter",
    )
    assert HEDGE in {one.paper for one in named.passages}

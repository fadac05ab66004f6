"""What a paper does not say is said to be missing: no sentence on something else stands for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.extractive import extract, says_nothing_of
from bot.models import NOTHING_FOUND, Answer, Question, Turn
from bot.quoting.asked import kind_of
from tests.fakes import HEDGE, MOLE, PASSAGES, FakeLibrary, passage

LOSS = passage(MOLE, "We train it with a weighted hinge loss on every scan of the ground.")
TURN = Turn("what maps tunnels?", "MoleFormer does [1].", (MOLE.id,))


def told(text: str, *more: object, turn: Turn = TURN) -> Answer:
    library = FakeLibrary((*PASSAGES, *more))  # type: ignore[arg-type]
    return asyncio.run(Assistant(library, Answerer()).answer(Question(text, (turn,))))


@pytest.mark.parametrize("text", ["what loss do they use?", "what loss?", "which backbone do they use?"])
def test_a_thing_of_which_the_paper_says_nothing_is_refused_with_the_nearest_quote(text: str) -> None:
    answer = told(text)
    assert answer.refused
    assert answer.text.startswith(f"{NOTHING_FOUND} to quote on this from {MOLE.title}. The nearest: “")
    assert [citation.paper for citation in answer.citations] == [MOLE]


def test_of_an_abstract_it_is_said_that_no_more_is_held() -> None:
    abstract = passage(HEDGE, "We present HedgeNet, which prunes itself while it grows old.", kind="abstract")
    library = FakeLibrary((abstract,))
    turn = Turn("what prunes?", "HedgeNet does [1].", (HEDGE.id,))
    answer = asyncio.run(Assistant(library, Answerer()).answer(Question("what loss do they use?", (turn,))))
    assert f"the abstract of {HEDGE.title}, which is all that it holds of it." in answer.text


def test_a_thing_that_is_told_is_quoted() -> None:
    answer = told("what loss do they use?", LOSS)
    assert not answer.refused and "hinge loss" in answer.text


def test_a_thing_that_is_told_far_from_the_words_of_the_question_is_looked_for() -> None:
    far = tuple(
        passage(MOLE, f"Loss of echo number {n} in tunnels was seen by the moles and the maps.")
        for n in range(9)
    )
    answer = told("what loss do they use?", *far, replace(LOSS, score=0.0))
    assert "hinge loss" in answer.text


@pytest.mark.parametrize(
    ("question", "sentence", "speaks"),
    [
        ("what loss do they use?", "It is trained with cross-entropy on all tunnels.", True),
        ("what loss do they use?", "Compression causes information loss in every tunnel.", False),
        ("what data set is it evaluated on?", "It wins by 3 % on TunnelSet and two others.", True),
        ("what data set is it evaluated on?", "It wins by 3 % in the rain and the snow.", False),
        ("how fast is it?", "One scan takes 18 ms on a small computer in the field.", True),
        ("how fast is it?", "One scan is enough to map what lies below a field.", False),
        ("what metric do they use?", "It reaches 0.61 mIoU on all the maps of the tunnels.", True),
        ("which baselines?", "It outperforms three methods of others on the same ground.", True),
    ],
)
def test_what_shows_that_a_sentence_speaks_of_a_kind_of_thing(
    question: str, sentence: str, speaks: bool
) -> None:
    assert says_nothing_of(question, [passage(MOLE, sentence)]) is not speaks


def test_what_is_of_no_kind_is_never_said_to_be_missing() -> None:
    assert kind_of("why does it map tunnels?") is None
    assert not says_nothing_of("how many experts does it use?", PASSAGES)


def test_a_sentence_that_speaks_of_the_thing_comes_first() -> None:
    named = passage(MOLE, "Tunnels were mapped with an average precision that nobody had before.")
    many = [
        passage(MOLE, f"What about the {word} of tunnels and moles they use?") for word in ("depth", "width")
    ]
    checked = extract("what about metrics of tunnels and moles they use?", "x", "question", [*many, named])
    assert checked.citations[0].quote.endswith("before.")


def test_after_a_refusal_the_paper_is_still_spoken_of() -> None:
    nearest = f"{NOTHING_FOUND} that answers this. The nearest papers:\n- {HEDGE.title}\n- {MOLE.title}"
    question = Question("what loss?", (TURN, Turn("which optimizer?", nearest)))
    library = FakeLibrary((*PASSAGES, LOSS))
    answer = asyncio.run(Assistant(library, Answerer()).answer(question))
    assert "hinge loss" in answer.text and HEDGE.title not in answer.text

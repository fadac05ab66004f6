"""Questions that name several papers of the library, and which of them compare these."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.models import Question
from bot.questions.named_sides import with_named_sides, without_names
from bot.router import route
from tests.fakes import HEDGE, MOLE, PASSAGES, FakeLibrary, paper, passage

ROOK = replace(
    paper("rook", "Counting Birds at Night"),
    abstract="We introduce a light and robust counting network RookNet for towers. Its net is small.",
)
LINE = paper("line", "LINe: Straight Strokes")
LIBRARY = FakeLibrary(
    (
        *PASSAGES,
        passage(
            ROOK, "We introduce a light and robust counting network RookNet for towers. Its net is small."
        ),
        passage(LINE, "Strokes become straight on the line."),
        passage(MOLE, "Digging Deeper beats radar."),
    )
)


def among(text: str) -> tuple[str, ...]:
    question = Question(text)
    found = with_named_sides(LIBRARY, question, route(question))
    assert not found.among or found.kind == "compare"
    return found.among


@pytest.mark.parametrize(
    "text",
    [
        "How does HedgeNet compare with Digging Deeper?",
        "how is hedgenet different from digging deeper in speed?",
        "Is HedgeNet better than Digging Deeper?",
        "Which is bigger: HedgeNet or Digging Deeper?",
        "How do HedgeNet and Digging Deeper prune?",
        "what do HedgeNet and Digging Deeper have in common?",
        f"What does HedgeNet share with {MOLE.title}, do both map tunnels?",
    ],
)
def test_two_papers_that_are_named_and_set_against_each_other_are_compared(text: str) -> None:
    assert among(text) == (HEDGE.id, MOLE.id)


def test_a_comparison_whose_words_tell_its_sides_is_one_already() -> None:
    assert route(Question("HedgeNet or Digging Deeper: which is faster?")).kind == "compare"
    assert among("HedgeNet or Digging Deeper: which is faster?") == ()


@pytest.mark.parametrize(
    "text",
    [
        "How much does HedgeNet gain over Digging Deeper?",  # a fact of one of them
        "How does HedgeNet use Digging Deeper?",
        "How does HedgeNet compare with the baselines?",
        "Is HedgeNet better than SwanNet?",
        "which is better, HedgeNet or SwanNet or Digging Deeper, at pruning?",  # one is not known
        "which hedge and which line are better to prune?",
    ],
)
def test_no_other_question_is(text: str) -> None:
    assert among(text) == ()


def test_what_a_paper_says_it_brings_is_its_name() -> None:
    assert among("RookNet or HedgeNet: which is smaller?") == (ROOK.id, HEDGE.id)
    borrowed = passage(
        replace(HEDGE, abstract="We compare ourselves with RookNet."), "We prune with RookNet."
    )
    library = FakeLibrary((*LIBRARY.passages, borrowed))
    question = Question("RookNet or Digging Deeper: which is smaller?")
    assert with_named_sides(library, question, route(question)).among == (), "others speak of it, too"


def test_a_short_name_is_none_in_small_letters() -> None:
    assert among("is HedgeNet on the line or better?") == ()
    assert among("is HedgeNet or LINe better?") == (HEDGE.id, LINE.id)


def test_what_is_asked_is_left_when_the_names_are_taken_out() -> None:
    assert without_names("Is HedgeNet or Digging Deeper faster?", (HEDGE, MOLE)) == "Is or faster?"
    assert without_names("which of them uses HedgeNet?", (HEDGE, MOLE)) == "which of them uses HedgeNet?"


def test_a_name_that_several_speak_of_is_part_of_what_is_asked() -> None:
    one, other = (replace(owner, abstract="We propose to prune with CLIP.") for owner in (HEDGE, MOLE))
    assert without_names("which one uses CLIP?", (one, other)) == "which one uses CLIP?"


def test_what_is_short_for_words_of_the_title_is_its_name() -> None:
    owls = replace(
        paper("owls", "Silent Flight of Owls in Towers"),
        abstract="Nobody saw the Silent Flight of Owls (SiFO).",
    )
    library = FakeLibrary((*PASSAGES, passage(owls, "Nobody saw the Silent Flight of Owls (SiFO).")))
    question = Question("How does SiFO differ from HedgeNet?")
    assert with_named_sides(library, question, route(question)).among == (owls.id, HEDGE.id)

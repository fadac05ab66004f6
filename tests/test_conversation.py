from __future__ import annotations

import pytest

from bot.conversation import (
    FORGET_AFTER,
    MAX_CONVERSATIONS,
    MAX_TURNS,
    Conversations,
    asked_of,
    depends,
    make_whole,
)
from bot.models import Question, Turn
from bot.router import route

HISTORY = (
    Turn("Which network prunes itself?", "HedgeNet: Pruning Networks like Gardens, by Rowan and Alder."),
)
LIST = (
    Turn(
        "papers on radar?",
        "1. MoleFormer for Underground Maps: “It maps tunnels.” [1]\n"
        "2. Rain Radar Revisited: “It sees rain.” [2]",
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "is that true?",
        "Really?",
        "source?",
        "wait, is this right?",
        "can you verify that?",
        "hm, true or false?",
    ],
)
def test_a_doubt_asks_for_what_was_said(text: str) -> None:
    claim = Turn("HedgeNet prunes every 500 steps", "")
    assert make_whole(text, (claim,)) == claim.question
    assert make_whole(text, HISTORY) == HISTORY[0].question


@pytest.mark.parametrize(
    "text", ["is it correct for images?", "is it true that it prunes?", "what is its source code?"]
)
def test_a_question_in_words_of_doubt_keeps_them(text: str) -> None:
    assert make_whole(text, HISTORY).startswith(text)


@pytest.mark.parametrize(
    "text",
    [
        "is it any faster than MossNet?",
        "what data did they train it on?",
        "and the accuracy?",
        "why?",
        "does the method have limits?",
        "what about memory?",
        "who are its authors?",
        "the second one?",
    ],
)
def test_a_follow_up_gets_its_subject(text: str) -> None:
    whole = make_whole(text, HISTORY)
    assert whole.startswith(text)
    assert "HedgeNet" in whole


@pytest.mark.parametrize(
    "text",
    [
        "How does MoleFormer map tunnels from ground radar?",
        "which papers predict tides from harbour cameras?",
        "Is it true that TideNet needs harbour cameras?",
    ],
)
def test_a_changed_subject_drops_the_old_one(text: str) -> None:
    assert make_whole(text, HISTORY) == text


def test_without_history_nothing_is_added() -> None:
    assert make_whole("is it faster?", ()) == "is it faster?"


@pytest.mark.parametrize(
    "text", ["tell me more about the second one", "what loss does paper 2 use?", "and #2?"]
)
def test_an_item_of_the_last_list(text: str) -> None:
    whole = make_whole(text, LIST)
    assert "Rain Radar" in whole
    assert "MoleFormer" not in whole


def test_a_paragraph_where_the_last_answer_was_no_list() -> None:
    told = "MoleFormer maps tunnels from ground radar [1].\n\nTideNet watches the harbour water line [2]."
    whole = make_whole("tell me more about the second one", (Turn("papers on maps", told),))
    assert "TideNet" in whole and "MoleFormer" not in whole
    whole = make_whole("what did the first one do?", (Turn("HedgeNet?", "HedgeNet prunes [1]."),))
    assert "HedgeNet" in whole


def test_a_follow_up_of_a_follow_up_keeps_the_subject() -> None:
    history = (*HISTORY, Turn("is it fast?", "Yes, it needs 3 ms [1]."))
    assert "HedgeNet" in make_whole("and how large?", history)


def test_words_of_the_question_are_not_said_twice() -> None:
    assert make_whole("is it better than HedgeNet gardens?", HISTORY).count("HedgeNet") == 1


def test_depends_on_nothing_with_a_name_of_its_own() -> None:
    assert not depends("HedgeNet parameters?")
    assert depends("parameters?")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_conversations_remember_their_last_turns_apart() -> None:
    conversations = Conversations(Clock())
    for number in range(MAX_TURNS + 3):
        conversations.remember("a", Turn(f"q{number}", "x"))
    conversations.remember("b", Turn("other", "y"))
    assert [turn.question for turn in conversations.history("a")] == [
        f"q{n}" for n in range(3, MAX_TURNS + 3)
    ]
    assert conversations.history("b") == (Turn("other", "y"),)
    conversations.forget("a")
    assert conversations.history("a") == ()


def test_a_silent_conversation_is_forgotten() -> None:
    clock = Clock()
    conversations = Conversations(clock)
    conversations.remember("a", Turn("q", "x"))
    clock.now = FORGET_AFTER / 2
    conversations.remember("b", Turn("q", "y"))
    clock.now = FORGET_AFTER + 1
    assert conversations.history("a") == ()
    assert conversations.history("b") == (Turn("q", "y"),)


def test_the_longest_silent_gives_way() -> None:
    conversations = Conversations(Clock())
    for number in range(MAX_CONVERSATIONS + 1):
        conversations.remember(str(number), Turn("q", "x"))
    assert conversations.history("0") == ()
    assert conversations.history(str(MAX_CONVERSATIONS)) != ()


TOLD = (Turn("Tell me about HedgeNet", "HedgeNet: Pruning Gardens: \u201cwe prune\u201d [1]"),)


def test_another_name_takes_the_place_of_the_old_one() -> None:
    history = (
        *TOLD,
        Turn("What datasets does it use?", "HedgeNet: Pruning Gardens: \u201con leaves\u201d [1]"),
    )
    whole = make_whole("And MoleFormer?", history)
    assert "MoleFormer" in whole and "datasets" in whole
    assert "HedgeNet" not in whole
    assert "Hedge" not in make_whole("What about MoleFormer?", TOLD)


def test_another_setting_leaves_the_subject() -> None:
    history = (
        Turn("What accuracy does HedgeNet reach on GardenSet?", "HedgeNet: Pruning: \u201c81\u201d [1]"),
    )
    assert "HedgeNet" in make_whole("And on FieldSet?", history)
    assert "HedgeNet" in make_whole("What about FieldSet?", history)


def test_another_topic_takes_the_place_of_that_of_a_list() -> None:
    history = (Turn("papers about detecting bees", "1. Bees in Hives: \u201cwe count\u201d [1]"),)
    assert make_whole("What about tomatoes?", history) == "papers about tomatoes"


def test_what_is_compared_with_another_is_named() -> None:
    found = route(Question("how does it compare to MoleFormer?", TOLD))
    assert (found.kind, found.query) == ("compare", "Compare HedgeNet and MoleFormer")


LISTED = Turn(
    "papers on digging",
    "1. (untitled page) MoleNet: nets that dig: “We dig.” [1]\n2. Learning Tides from Cameras: “We see.” [2]",
)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("now something else: which papers are about hedges?", "which papers are about hedges?"),
        ("ok, different question - which papers deal with moles?", "which papers deal with moles?"),
        ("which papers are about hedges?", "which papers are about hedges?"),
        ("tell me more about the last one", "tell me more about (Learning Tides Cameras)"),
        ("what data does the first use?", "what data does use? (MoleNet nets dig)"),
    ],
)
def test_a_new_subject_and_an_item_are_told_apart(text: str, whole: str) -> None:
    assert make_whole(text, (LISTED,)) == whole


def test_papers_on_that_are_papers_on_what_was_said() -> None:
    assert "Tides" in make_whole("any papers on that?", (LISTED,))


def test_another_side_of_a_comparison_takes_the_place_of_the_last() -> None:
    before = (
        Turn("What is MoleNet?", "MoleNet: nets that dig"),
        Turn("compare it with HedgeNet", "1. MoleNet: nets that dig: “…” [1]\n2. HedgeNet: “…” [2]"),
    )
    assert make_whole("and what about TideNet?", before) == "Compare MoleNet and TideNet"


def test_words_that_only_point_to_an_item_are_not_asked() -> None:
    assert asked_of("what data does the first one use?", (LISTED,)) == "what data does use?"
    assert asked_of("what is the first layer for?", ()) == "what is the first layer for?"

"""When the bot answers, and what it takes for the question."""

from __future__ import annotations

from typing import Any

import pytest

from bot.discord_bot.invocation import Heard, question_in

ME, ROLE, BEN = 1, 2, 3


def heard(text: str, **more: Any) -> str | None:
    return question_in(Heard(text=text, me=ME, my_roles=(ROLE,), names={BEN: "@Ben"}, **more))


@pytest.mark.parametrize(
    "text",
    [
        "<@1> what is it?",
        "<@!1> what is it?",
        "<@&2> what is it?",
        "what is it? <@1>",
        "<@1>: what is it?",
        "<@1>, \n what is it?",
    ],
)
def test_a_mention_asks_and_is_not_part_of_the_question(text: str) -> None:
    assert heard(text) == "what is it?"


def test_nobody_is_answered_uninvited() -> None:
    assert heard("what is it?") is None
    assert heard("<@3> what is it?") is None
    assert heard("<@&9> what is it?") is None
    assert heard("<@12> what is it?") is None


@pytest.mark.parametrize("how", ["direct", "reply_to_me", "in_my_thread"])
def test_direct_messages_replies_and_own_threads_need_no_mention(how: str) -> None:
    assert heard("what is it?", **{how: True}) == "what is it?"


@pytest.mark.parametrize("why", [{"by_bot": True}, {"ordinary": False}, {"to_everyone": True}])
@pytest.mark.parametrize("how", [{}, {"direct": True}, {"reply_to_me": True}])
def test_bots_notices_and_everyone_are_never_answered(why: dict[str, bool], how: dict[str, bool]) -> None:
    assert heard("<@1> what is it?", **why, **how) is None


def test_a_call_without_a_question_is_a_call_for_help() -> None:
    assert heard("<@1>") == ""
    assert heard("<@1> ,") == ""
    assert heard("", direct=True) == ""


def test_a_reply_that_cannot_be_read_is_no_call() -> None:
    assert heard("", reply_to_me=True) is None
    assert heard(" ", in_my_thread=True) is None


def test_other_people_emojis_and_channels_are_put_in_words() -> None:
    assert heard("<@1> what did <@3> mean by <:think:42> in <#77>?") == "what did @Ben mean by :think: in ?"


def test_lines_stay_lines() -> None:
    assert heard("<@1> compare:\n- HedgeNet\n- MoleFormer") == "compare:\n- HedgeNet\n- MoleFormer"

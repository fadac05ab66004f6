from __future__ import annotations

import pytest

from bot.models import Question
from bot.questions.chatter import without_chatter
from bot.router import route


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("nets inspired by moles?? i swear i saw one", "nets inspired by moles??"),
        ("hey, how does HedgeNet prune please?", "how does HedgeNet prune ?"),
        ("iirc moles dig at night, which paper?", "moles dig at night, which paper?"),
        ("is there a paper on hedges, I think I read it somewhere", "is there a paper on hedges"),
        ("what is HedgeNet, thanks in advance!", "what is HedgeNet, !"),
        ("I saw one on moles", "I saw one on moles"),
        ("what do people think when they read it", "what do people think when they read it"),
        ("thanks!", "thanks!"),
    ],
)
def test_what_is_said_around_a_question_is_not_searched_for(text: str, left: str) -> None:
    assert without_chatter(text) == left


def test_a_route_searches_without_it() -> None:
    assert route(Question("nets that dig like moles, i swear i saw one")).query == "nets that dig like moles"

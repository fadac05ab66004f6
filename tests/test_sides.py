from __future__ import annotations

import pytest

from bot.gather import gather
from bot.models import Question
from bot.questions.sides import sides
from bot.router import route
from tests.fakes import HEDGE, MOLE, FakeLibrary


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HedgeNet vs MoleFormer", ("HedgeNet", "MoleFormer")),
        ("HedgeNet vs. the mole paper - which is smaller?", ("HedgeNet", "mole")),
        ("What is the difference between HedgeNet and MoleFormer?", ("HedgeNet", "MoleFormer")),
        ("Compare HedgeNet with MoleFormer.", ("HedgeNet", "MoleFormer")),
        ("Need a map. HedgeNet or MoleFormer, which is faster?", ("HedgeNet", "MoleFormer")),
        ("Out of the hedge, the mole and the tide papers, which use radar?", ("hedge", "mole", "tide")),
        ("Two papers here deal with gardens. What is each of them after?", ()),
        ("How does HedgeNet prune?", ()),
        ("", ()),
    ],
)
def test_the_sides_of_a_comparison(text: str, found: tuple[str, ...]) -> None:
    assert sides(text) == found


def test_each_side_is_searched_by_itself_and_nothing_else_is_compared() -> None:
    library = FakeLibrary()
    question = Question("HedgeNet pruning vs MoleFormer maps - which is faster?")
    result = gather(library, route(question), question.text)
    assert [asked for asked, _ in library.asked][1:3] == ["HedgeNet pruning", "MoleFormer maps"]
    assert [ranked.paper.id for ranked in result.papers[:2]] == [HEDGE.id, MOLE.id]
    assert {p.paper.id for p in result.passages[:2]} <= {HEDGE.id, MOLE.id}
    scores = [ranked.score for ranked in result.papers]
    assert scores == sorted(scores, reverse=True)

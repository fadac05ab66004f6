from __future__ import annotations

import pytest

from bot.just_cited import with_just_cited
from bot.models import Question, Turn
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

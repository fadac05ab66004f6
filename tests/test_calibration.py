from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.calibration import calibrate
from bot.evaluate import judged_questions
from bot.gate import ALONE, Evidence, evidence, holds_answer
from bot.models import Route, RouteKind
from retrieval.gold import Gold, load
from retrieval.models import RankedPaper, SearchResult
from tests.fakes import HEDGE, MOLE, PASSAGES, FakeLibrary

QUESTIONS = Path(__file__).resolve().parent.parent / "benchmarks" / "questions.jsonl"


def seen(similarity: float, lead: float) -> Evidence:
    return Evidence(similarity, 0.5, 0.0, lead)


def test_the_fitted_gate_parts_what_can_be_parted_and_can_be_repeated() -> None:
    found = [seen(0.5 + n / 100, 1.0) for n in range(20)] + [seen(0.2 + n / 100, 0.1) for n in range(20)]
    truth = [True] * 20 + [False] * 20
    rates = calibrate(found, truth, refused=0.0)
    assert [rate.name for rate in rates] == ["in use", "fitted", "fitted, on unseen questions"]
    assert rates[1].refused_rightly.value == 1.0
    assert rates[1].refused_wrongly.hits == 0
    assert rates[1].weights.similarity > 0
    assert rates == calibrate(found, truth, refused=0.0)


def test_at_most_the_allowed_share_is_refused_wrongly() -> None:
    found = [seen(0.3 + (n * 7 % 40) / 100, 0.0) for n in range(100)]
    fitted = calibrate(found, [n % 2 == 0 for n in range(100)], refused=0.1)[1]
    assert 0 < fitted.refused_wrongly.hits <= 0.1 * fitted.refused_wrongly.of


def test_one_kind_of_question_is_no_calibration() -> None:
    with pytest.raises(ValueError, match="without one"):
        calibrate([seen(0.5, 1.0)], [True])
    with pytest.raises(ValueError, match="without one"):
        calibrate([], [])


def test_names_count_as_found_only_together_in_one_paper() -> None:
    ranked = (RankedPaper(HEDGE, 3.0), RankedPaper(MOLE, 1.0))
    result = SearchResult(PASSAGES, ranked, similarity=0.5, coverage=0.5)
    together = evidence(result, Route("question", "what does HedgeNet reach on GardenSet?"))
    apart = evidence(result, Route("question", "does HedgeNet beat MoleFormer?"))
    compared = evidence(result, Route("compare", "does HedgeNet beat MoleFormer?"))
    assert [(e.names_found, e.lacking) for e in (together, apart, compared)] == [
        (1.0, 0.0),
        (0.0, 0.0),
        (1.0, 0.0),
    ]
    assert together.lead == 2.0


def found_for(text: str, kind: RouteKind = "question") -> Evidence:
    ranked = (RankedPaper(HEDGE, 3.0), RankedPaper(MOLE, 1.0))
    return evidence(SearchResult(PASSAGES, ranked, similarity=0.5, coverage=0.5), Route(kind, text))


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("accuracy of HedgeNet on FieldSet", True),
        ("accuracy of HedgeNet on GardenSet", False),
        ("accuracy of HedgeNets on the Garden-Set", False),
        ("accuracy of HedgNet", False),  # a typing error
        ("does HPNG dig", True),
        ("what are HPNLG", False),  # HedgeNet: Pruning Networks like Gardens
        ("does it use a GPU", False),
        ("does it use an RNN", True),
    ],
)
def test_a_name_that_stands_nowhere_speaks_against_an_answer(text: str, lacks: bool) -> None:
    assert bool(found_for(text).lacking) is lacks


def test_what_is_asked_of_a_paper_counts_beside_what_names_it() -> None:
    told = found_for("which steps until HedgeNet prunes branches?")
    untold = found_for("which violins until HedgeNet sings arias?")
    assert (told.untold, told.matched) == (0.0, 4)
    assert (untold.untold, untold.matched) == (1.0, 1), "its name alone"
    assert found_for("violins and arias", "find").untold == 0.0, "no fact of a paper is asked for"
    assert found_for("HedgeNet " * 30).matched == 1, "saying a word again makes no more of it"


def test_words_that_ask_or_name_a_kind_of_fact_need_not_stand_in_a_paper() -> None:
    for text in (
        "Explain the approach of HedgeNet",
        "How many frames per second does HedgeNet prune?",
        "I wonder, how does HedgeNet prune?",
    ):
        assert found_for(text).untold == 0.0, text
    compared = found_for("Compare HedgeNet and MoleFormer", "compare")
    assert compared.matched == 2, "both names stand in titles"


def test_a_paper_without_a_rival_is_not_held_against_it() -> None:
    alone = SearchResult(PASSAGES, (RankedPaper(HEDGE, 3.0),), similarity=0.5)
    assert evidence(alone, Route("question", "what is pruned?")).lead == ALONE


@pytest.mark.parametrize(
    ("text", "quantity", "unlike"),
    [
        ("how many violins does HedgeNet have?", True, True),
        ("how many parameters does HedgeNet have?", True, False),
        ("which limitations does HedgeNet have?", False, True),
        ("why does HedgeNet prune?", False, False),
    ],
)
def test_a_number_or_a_thing_must_be_of_the_kind_that_is_asked_for(
    text: str, quantity: bool, unlike: bool
) -> None:
    found = found_for(text)
    assert (bool(found.quantity), bool(found.unlike)) == (quantity, unlike)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Under which licence is HedgeNet published?", True),
        ("Which optimizer trains HedgeNet?", True),
        ("On which GPUs was HedgeNet trained?", False),
        ("How many parameters does HedgeNet have?", False),
        ("Why does HedgeNet prune?", False),
        ("What FID does HedgeNet reach?", True),
        ("What dropout rate does HedgeNet use?", True),
        ("How many citations does HedgeNet have?", True),
        ("How much is the price of HedgeNet?", True),
        ("Who founded HedgeNet?", True),
        ("Which activation function is in HedgeNet?", True),
    ],
)
def test_a_fact_of_which_nothing_is_shown_speaks_against_an_answer(text: str, missing: bool) -> None:
    assert bool(found_for(text).unshown) is missing


def test_only_questions_that_the_gate_judges_are_counted() -> None:
    asked = [
        Gold("1", "factual", "which branches does HedgeNet prune?", ("hedge",)),
        Gold("2", "author", "what has Rowan published?", ("hedge",)),
        Gold("3", "chat", "thanks!"),
    ]
    found, answerable = judged_questions(FakeLibrary(), asked)
    assert (len(found), answerable) == (1, [True])


def test_the_questions_that_we_ship_are_about_the_samples() -> None:
    questions = load([QUESTIONS])
    rows = (QUESTIONS.parent.parent / "samples" / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    ids = {json.loads(row)["id"] for row in rows}
    assert {name for gold in questions for name in gold.gold_papers} <= ids
    assert sum(gold.answerable for gold in questions) >= 60
    assert sum(not gold.answerable for gold in questions) >= 100
    assert len({gold.question for gold in questions}) == len(questions)


def test_of_a_subject_that_papers_share_none_need_lead() -> None:
    ranked = (RankedPaper(HEDGE, 3.0), RankedPaper(MOLE, 2.9))
    result = SearchResult(PASSAGES, ranked, similarity=0.5, coverage=0.5)
    assert evidence(result, Route("find", "papers on pruning")).lead == ALONE
    assert evidence(result, Route("question", "which branches are pruned?")).lead == pytest.approx(0.1)


def test_papers_that_hold_all_words_of_a_subject_agree() -> None:
    ranked = (RankedPaper(HEDGE, 3.0), RankedPaper(MOLE, 2.9))
    result = SearchResult(PASSAGES, ranked, similarity=0.5)
    assert evidence(result, Route("find", "papers on gardens")).agreeing == 1.0
    assert evidence(result, Route("find", "papers on gardens and sonatas")).agreeing == 0.0
    assert evidence(result, Route("question", "which gardens?")).agreeing == 0.0


def test_a_comparison_of_no_more_than_two_names_that_are_there_is_made() -> None:
    result = SearchResult(PASSAGES, (RankedPaper(HEDGE, 1.0), RankedPaper(MOLE, 1.0)), similarity=0.2)
    assert holds_answer(result, Route("compare", "compare HedgeNet and MoleFormer"))
    assert not holds_answer(result, Route("compare", "compare HedgeNet and ThornNet"))


def test_a_name_that_was_said_before_is_not_missed() -> None:
    before = "how does it prune? (HedgeNet ThornNet)"
    assert not found_for(before).lacking
    assert found_for("how does ThornNet prune?").lacking


def test_a_follow_up_for_a_fact_that_its_paper_does_not_show_is_refused_however_near_its_title() -> None:
    result = FakeLibrary().search("HedgeNet")
    near = SearchResult(result.passages[:1], result.papers, 0.9, 1.0)
    for asked, held in (("could I use it on my phone?", False), ("how does it work?", True)):
        route = Route("question", f"{asked} (HedgeNet Network Prunes Branches Trains)", about=HEDGE.id)
        assert holds_answer(near, route) is held

"""Scores in all the shapes in which models give them, and what becomes of passages by them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.models import Route
from bot.reranking import LEAST, read_scores, reranked, wanted
from retrieval.models import Passage, RankedPaper, SearchResult
from tests.fakes import HEDGE, MOLE, PASSAGES, TIDE, passage

RESULT = SearchResult(
    PASSAGES, (RankedPaper(HEDGE, 3.0), RankedPaper(MOLE, 2.0)), similarity=0.5, coverage=0.7
)


@pytest.mark.parametrize(
    "said",
    [
        '{"1": 7, "2": 0, "3": 10}',
        '```json\n{"1": 7, "2": 0, "3": 10}\n```',
        'Here are the scores:\n{"1": "7", "2": 0.0, "3": 99}. I hope this helps!',
        '{"scores": {"1": 7, "2": -4, "3": 10}}',
        '{"scores": [7, 0, 10]}',
        "[7, 0, 10]",
        '[{"passage": 1, "score": 7}, {"passage": 2, "score": 0}, {"passage": 3, "score": 10}]',
        '{"results": [{"id": 3, "relevance": 10}, {"id": 1, "relevance": 7}]}',
        '{"passage 1": 7, "passage 3": 10}',
        '{"1": 7, "2": null, "3": 10, "17": 9, "x": 2}',
        "1: 7\n2: 0\n3: 10",
        '{"1": 7, "2": 0, "3": 10,}',
        "{'1': 7, '2': 0, '3': 10}",
    ],
)
def test_scores_are_read_from_every_shape(said: str) -> None:
    assert read_scores(said, 3) == [7.0, 0.0, 10.0]


@pytest.mark.parametrize(
    "said",
    [
        *("", "I cannot do that.", "{", "{}", "[]", '{"1": 5}', "[1, 2]", "null", "\x00"),
        *("[" * 5_000, '{"a": ' * 3_000, '{"1": NaN, "2": true, "3": "high"}'),
        *('{"4": 5, "5": 5, "6": 5}', '{"1": {"2": {"3": 4}}}'),
    ],
)
def test_what_holds_too_few_scores_is_none(said: str) -> None:
    assert read_scores(said, 3) is None


def many(owner_count: int) -> list[Passage]:
    owners = [HEDGE, MOLE, TIDE][:owner_count]
    return [passage(owner, f"{owner.id} says {place} things.") for place in range(4) for owner in owners]


def test_a_narrow_question_gets_the_best_passages_of_one_paper() -> None:
    found = many(3)
    scores = [9.0 if one.paper is MOLE else 3.5 for one in found]
    chosen = reranked(Route("question", "how deep does it dig?"), RESULT, found, scores, 4)
    assert {one.paper.id for one in chosen.passages} == {MOLE.id}
    assert chosen.papers[0].paper is MOLE
    assert [ranked.paper.id for ranked in chosen.papers] == [MOLE.id, HEDGE.id]


@pytest.mark.parametrize(
    "way", [Route("find", "who digs?"), Route("question", "which papers and works dig?")]
)
def test_a_broad_question_gets_two_of_each_paper_first(way: Route) -> None:
    found = many(3)
    scores = [9.0 if one.paper is MOLE else 3.5 for one in found]
    chosen = reranked(way, RESULT, found, scores, 6)
    owners = [one.paper.id for one in chosen.passages]
    assert sorted(owners) == sorted([MOLE.id, HEDGE.id, TIDE.id] * 2)


def test_scores_never_rise_and_weak_passages_go() -> None:
    found = many(2)
    scores = [8.0, 2.0, 10.0, LEAST, 0.0, 0.0, 5.0, 1.0]
    chosen = reranked(Route("question", "how?"), RESULT, found, scores, 8)
    assert [one.score for one in chosen.passages] == [1.0, 0.8, 0.5, 0.3]
    assert chosen.similarity == RESULT.similarity


def test_where_nothing_is_good_the_order_of_the_search_stands() -> None:
    assert reranked(Route("question", "how?"), RESULT, many(2), [1.0] * 8, 8) is RESULT


def test_a_model_is_asked_only_where_the_search_found_something_and_is_not_sure() -> None:
    plain = Route("question", "which branches does HedgeNet prune?")
    assert wanted(plain, RESULT)
    assert not wanted(plain, replace(RESULT, similarity=0.95)), "the search is sure"
    assert not wanted(plain, replace(RESULT, similarity=0.05)), "there is no answer"
    assert not wanted(replace(plain, kind="compare"), RESULT), "each side has its passages"

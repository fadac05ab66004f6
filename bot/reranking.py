"""What a language model says of each passage -> the passages that an answer is written from. Pure.

The search knows words and likeness. A model that reads the passages knows better which of them answer; but it
is asked only where the search is not sure, and what it says is never more than an order of ours.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.gate import confidence, evidence, holds_answer
from bot.mentioning import mentioned
from bot.models import Route
from retrieval.meant import asks_for_several
from retrieval.models import Passage, RankedPaper, SearchResult

CANDIDATES = 30  # passages that are scored in one call
HIGHEST = 10.0
LEAST = 3.0  # a passage scored lower goes, unless no better ones are there
OF_A_PAPER = 2  # passages of one paper, where a question means several and other papers have good ones
SCORED = 0.5  # of the passages at least: a model that scores fewer has not understood
SURE = 4.0
"""Log-odds of the gate from which on the search is left alone: on questions over 258 papers the eight
passages then held all the evidence of 29 of 30, and thirty no more; below, 66 and 74 of 77."""

_PLACES = ("passage", "number", "id", "index", "n")
_SCORES = ("score", "relevance", "rating")
_FENCE = re.compile(r"```\w*")
_PAIR = re.compile(r"\[?[\"']?(?:passage\s*)?(\d{1,2})[\"']?\]?\s*[:=]\s*(\d+(?:\.\d+)?)\b(?!\s*[:=])", re.I)


def wanted(route: Route, result: SearchResult) -> bool:
    """Whether a model should choose: for a question that has an answer here, where the search is not sure.

    Never where it is known of each paper that it mentions what papers are asked to use.
    """
    if route.kind not in ("question", "find") or not holds_answer(result, route):
        return False
    if route.kind == "find" and (use := mentioned(route.query, result.passages)) and use.alone:
        return False
    return confidence(evidence(result, route)) < SURE


def read_scores(said: str, count: int) -> list[float] | None:
    """The score of each of `count` passages, 0..10, from a JSON object or array, or lines that look like one.

    A passage without a score has 0. None where too few have one: then the order of the search stands.
    """
    told = _FENCE.sub("", said)
    found = {
        place: min(HIGHEST, max(0.0, score)) for place, score in _pairs(told, count) if 1 <= place <= count
    }
    if len(found) < SCORED * count:
        return None
    return [found.get(place, 0.0) for place in range(1, count + 1)]


def _pairs(told: str, count: int) -> list[tuple[int, float]]:
    for opening, closing in (("{", "}"), ("[", "]")):
        start, end = told.find(opening), told.rfind(closing)
        if 0 <= start < end:
            try:
                value = json.loads(told[start : end + 1])
            except (ValueError, RecursionError):
                continue
            if pairs := list(_of_json(value, count)):
                return pairs
    return [(int(place), float(score)) for place, score in _PAIR.findall(told)]


def _of_json(value: object, count: int) -> Iterator[tuple[int, float]]:
    """Passage and score, of the shapes that models give: a map, a list of scores, a list of maps."""
    if isinstance(value, dict):
        inner = [part for part in value.values() if isinstance(part, dict | list)]
        if len(value) == 1 and inner:
            yield from _of_json(inner[0], count)
            return
        for key, score in value.items():
            if (digits := re.search(r"\d+", str(key))) and (number := _number(score)) is not None:
                yield int(digits[0][:4]), number
    elif isinstance(value, list) and value and all(isinstance(part, dict) for part in value):
        for part in value:
            numbers = {str(name).lower(): _number(held) for name, held in part.items()}
            place = next((held for name, held in numbers.items() if name in _PLACES), None)
            score = next((held for name, held in numbers.items() if name in _SCORES), None)
            if place is not None and score is not None:
                yield int(place), score
    elif isinstance(value, list) and len(value) == count:
        for place, score in enumerate(value, 1):
            if (number := _number(score)) is not None:
                yield place, number


def _number(value: object) -> float | None:
    """A finite number, also one in quotation marks; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def reranked(
    route: Route, result: SearchResult, candidates: Sequence[Passage], scores: Sequence[float], places: int
) -> SearchResult:
    """`result` with the `places` best of `candidates`, and its papers in the order of their best passage.

    Where several papers seem to be meant, no paper takes more than OF_A_PAPER places while others have
    something to say. A narrow question gets the best passages, of however few papers.
    """
    order = sorted(range(len(candidates)), key=lambda place: (-scores[place], place))
    good = [place for place in order if scores[place] >= LEAST]
    if not good:
        return result
    if route.kind == "find" or asks_for_several(route.query):
        good = _spread(candidates, good)
    passages = [replace(candidates[place], score=scores[place] / HIGHEST) for place in good[:places]]
    lowered = accumulate((passage.score for passage in passages), min)
    passages = [replace(passage, score=score) for passage, score in zip(passages, lowered, strict=True)]
    return replace(result, passages=tuple(passages), papers=_papers(passages, result.papers))


def _spread(candidates: Sequence[Passage], order: Sequence[int]) -> list[int]:
    """`order` with what is more than OF_A_PAPER of one paper behind all others."""
    taken: Counter[str] = Counter()
    first: list[int] = []
    later: list[int] = []
    for place in order:
        name = candidates[place].paper.id
        taken[name] += 1
        (first if taken[name] <= OF_A_PAPER else later).append(place)
    return first + later


def _papers(passages: Sequence[Passage], papers: Sequence[RankedPaper]) -> tuple[RankedPaper, ...]:
    """The papers of `passages` first, then the others that were found, none scored above those before."""
    best: dict[str, RankedPaper] = {}
    for passage in passages:
        best.setdefault(passage.paper.id, RankedPaper(passage.paper, passage.score))
    lowest = min((ranked.score for ranked in best.values()), default=0.0)
    rest = [
        replace(ranked, score=min(ranked.score, lowest)) for ranked in papers if ranked.paper.id not in best
    ]
    return (*best.values(), *rest)[: max(len(papers), len(best))]

"""The assistant held against gold questions: each answer graded, and a table of the figures by kind."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

from bot.checking import claimed, pieces
from bot.checking.numerals import numbers, printed
from bot.checking.support import Passages
from bot.citations import KEY
from bot.gate import Evidence, evidence, judged
from bot.gather import gather
from bot.models import FIXED, Answer, Citation, Question, Turn
from bot.questions.just_cited import with_just_cited
from bot.questions.named_author import with_known_author
from bot.router import route
from bot.searchable import Searchable
from retrieval.evaluate import Share
from retrieval.gold import Gold, ReadingOrder, includes, is_gold
from retrieval.models import Passage

WORDS = {"topic": 250, "compare": 250}
"""In how many words an answer must say what it must, by kind; WORDS_OF_OTHERS for all other kinds."""
WORDS_OF_OTHERS = 120

_ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s+")
_MARKS = re.compile(r"(?:\[\d+\])+")


@dataclass(frozen=True, slots=True)
class Grade:
    """How one answer did. None where the question does not ask for it."""

    id: str
    kind: str
    answerable: bool
    refused: bool
    included: tuple[bool, ...]  # of each item that the answer must include, whether its first words do
    cited: bool | None  # a right paper is among the cited ones
    forbidden: bool  # a paper that must not come is among the cited ones
    verbatim: tuple[bool, ...]  # of each quote, whether it stands word for word in its passage
    resolved: tuple[bool, ...]  # of each mark in the text, whether it is the number of a footnote
    supported: tuple[bool, ...]  # of each claim that a model wrote, whether the passages it cites hold it
    numbers: tuple[bool, ...]  # of each number in the text, whether a passage cited for it holds it
    words: int  # of the answer's text, without the list of titles
    tokens: int  # that a language model read and wrote
    cost: float  # of these, in the currency of the prices
    ms: float  # search and answer

    @property
    def rightly(self) -> bool:
        """Answered what has an answer, or refused what has none."""
        return self.answerable != self.refused

    @property
    def complete(self) -> bool:
        """Whether the answer includes all that it must."""
        return all(self.included)


@dataclass(frozen=True, slots=True)
class Graded:
    """A question, its answer, and how that did."""

    gold: Gold
    answer: Answer
    grade: Grade


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one kind of question, or of all."""

    kind: str
    questions: int
    answered: Share  # of those with an answer
    refused: Share  # of those without
    complete: Share  # answers that include all they must
    included: Share  # items found, of all that the answers must include
    cited: Share  # answers that cite a right paper
    forbidden: int  # answers that cite a paper that must not come
    verbatim: Share  # quotes
    resolved: Share  # marks
    supported: Share  # claims that a model wrote
    numbers: Share  # numbers that stand in a cited passage
    words: float  # mean
    tokens: float  # mean
    cost: float  # of all together
    p50: float  # ms
    p95: float  # ms


def grade(gold: Gold, answer: Answer, order: ReadingOrder) -> Grade:
    """Hold one answer against what is known. `order` is as in `retrieval.gold.is_gold`."""
    papers = [citation.paper for citation in answer.citations]
    told = _first_words(answer, gold.kind)
    return Grade(
        id=gold.id,
        kind=gold.kind,
        answerable=gold.answerable,
        refused=answer.refused,
        included=tuple(includes(told, item) for item in gold.must_include),
        cited=any(is_gold(paper.sources, gold.right, order) for paper in papers) if gold.answerable else None,
        forbidden=any(is_gold(paper.sources, gold.must_not, order) for paper in papers),
        verbatim=tuple(citation.quote in citation.chunk.text for citation in answer.citations),
        resolved=_resolved(answer),
        supported=_supported(answer) if answer.model and not answer.refused else (),
        numbers=() if answer.refused else numbers_found(answer),
        words=len(answer.text.split()),
        tokens=answer.usage.read + answer.usage.written if answer.usage else 0,
        cost=answer.usage.cost if answer.usage else 0.0,
        ms=answer.search_ms + answer.answer_ms,
    )


def _first_words(answer: Answer, kind: str) -> str:
    """What a reader gets of an answer at a glance; the titles under it count where papers are looked for."""
    told = answer.text.split(" ")
    words, end = 0, len(told)
    for place, part in enumerate(told):
        words += len(part.split())
        if words > WORDS.get(kind, WORDS_OF_OTHERS):
            end = place
            break
    titles = [citation.paper.title for citation in answer.citations] if kind == "find" else []
    return "\n".join([" ".join(told[:end]), *titles])


def numbers_found(answer: Answer) -> tuple[bool, ...]:
    """Of each number before a footnote's mark, whether the passages of that mark hold it, or their titles.

    A number in a line without any mark is found nowhere, but for a count over a list.
    """
    cited = {citation.n: citation for citation in answer.citations}
    found: list[bool] = []
    for line in answer.text.splitlines():
        line = _ITEM.sub("", line)
        if not KEY.search(line) and line.endswith(":"):
            continue
        start = 0
        for marks in (*_MARKS.finditer(line), None):
            said = line[start : marks.start() if marks else len(line)]
            keys = [int(key) for key in KEY.findall(marks[0])] if marks else []
            there = {value for key in keys if key in cited for value in _values(cited[key])}
            found += [value in there for value, _ in numbers(said)]
            start = marks.end() if marks else len(line)
    return tuple(found)


def _values(citation: Citation) -> set[str]:
    paper = citation.paper
    facts = f"{paper.title} {' '.join(paper.authors)} {paper.venue} {paper.year}"
    return {value for value, _ in printed(f"{citation.chunk.text} {facts}")}


def _resolved(answer: Answer) -> tuple[bool, ...]:
    known = {citation.n for citation in answer.citations}
    return tuple(int(found[1]) in known for found in KEY.finditer(answer.text))


def _supported(answer: Answer) -> tuple[bool, ...]:
    """Of each sentence that claims something, whether its own footnotes' passages hold it."""
    held = Passages([Passage(citation.chunk, citation.paper, 1.0) for citation in answer.citations])
    found = []
    for line in answer.text.splitlines():
        for sentence, _ in pieces(line):
            told = claimed(sentence)
            keys = [int(mark[1]) for mark in KEY.finditer(sentence)]
            if told:
                alone = any(held.support(told, key).holds for key in keys)
                found.append(alone or (len(keys) > 1 and held.together(told, keys)))
    return tuple(found)


def question_of(gold: Gold) -> Question:
    """The question as a person would have asked it, with what was said before."""
    return Question(gold.question, tuple(Turn(*turn) for turn in gold.history), gold.filters)


def judged_questions(library: Searchable, questions: Iterable[Gold]) -> tuple[list[Evidence], list[bool]]:
    """What is found for each question that the gate judges, and whether it has an answer."""
    found, answerable = [], []
    for gold in questions:
        question = question_of(gold)
        way = with_known_author(library, question, route(question))
        if way.kind in FIXED or not judged(way):
            continue
        way = with_just_cited(library, question, way)
        result = gather(library, way, question.text.strip())
        if result.passages:
            found.append(evidence(result, way))
            answerable.append(gold.answerable)
    return found, answerable


async def grade_all(
    questions: Iterable[Gold],
    answer: Callable[[Question], Awaitable[Answer]],
    order: ReadingOrder,
) -> list[Graded]:
    """Ask each question by itself, in order. Raises what `answer` raises."""
    graded = []
    for gold in questions:
        told = await answer(question_of(gold))
        graded.append(Graded(gold, told, grade(gold, told, order)))
    return graded


def table(grades: Sequence[Grade]) -> list[Row]:
    """A row for each kind, in the order in which the kinds came, and one for all."""
    kinds = dict.fromkeys(grade.kind for grade in grades)
    return [*(_row(kind, [g for g in grades if g.kind == kind]) for kind in kinds), _row("all", grades)]


def _row(kind: str, grades: Sequence[Grade]) -> Row:
    times = [grade.ms for grade in grades]
    return Row(
        kind=kind,
        questions=len(grades),
        answered=_share(g.rightly for g in grades if g.answerable),
        refused=_share(g.rightly for g in grades if not g.answerable),
        complete=_share(g.complete for g in grades if g.included),
        included=_share(item for g in grades for item in g.included),
        cited=_share(g.cited for g in grades if g.cited is not None),
        forbidden=sum(g.forbidden for g in grades),
        verbatim=_share(quote for g in grades for quote in g.verbatim),
        resolved=_share(mark for g in grades for mark in g.resolved),
        supported=_share(claim for g in grades for claim in g.supported),
        numbers=_share(found for g in grades for found in g.numbers),
        words=fmean(g.words for g in grades) if grades else 0.0,
        tokens=fmean(g.tokens for g in grades) if grades else 0.0,
        cost=sum(g.cost for g in grades),
        p50=_percentile(times, 50),
        p95=_percentile(times, 95),
    )


def _share(hits: Iterable[bool]) -> Share:
    seen = list(hits)
    return Share(sum(seen), len(seen))


def _percentile(values: Sequence[float], percent: int) -> float:
    """Linear between the two nearest values; 0.0 for none."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return quantiles(values, n=100, method="inclusive")[percent - 1]

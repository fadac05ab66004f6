"""Papers side by side: a table of aspects, each cell words of the paper or nothing. Pure.

The aspects are those that the question asks for; where it asks for none, those that papers usually tell. A
cell that no sentence of the paper fills stays empty: it is not reported, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.citations import Checked
from bot.extractive import best_quotes, cited, quoted
from bot.models import NOT_REPORTED, Citation, Comparison
from bot.questions.sides import BY, LIST, aside, sides
from bot.quoting.asked import thing_of, wants_quantity
from bot.quoting.candidates import Candidate, candidates
from bot.quoting.concepts import RELATED
from bot.quoting.readable import is_row
from bot.quoting.worth import PROPOSES, Scale, scale
from bot.titles import title_in_text
from bot.words import content_words
from retrieval.models import Paper, Passage

PAPERS = 4
ASPECTS = 3
WORDS = 250  # of the whole, titles included
NAME = 3  # words of a title, or of what stands before its colon, that name a paper together
QUOTES = 3  # of one cell, where there is one aspect alone

_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|then|what(?:'?s)?|is|are|the|there|differen(?:ce|ces|t)|in|between|of|their|both|"
    r"how|do|they|differ|tell\s+me)\b\W*)+",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    content_words("difference differs compare comparison both better main similar common each")
)
_OF_DATA = frozenset(content_words("data dataset benchmark corpus training test evaluation"))
_OWN = re.compile(r"\b(?:we|our|ours|us|this\s+(?:paper|work)|experiments?|evaluat\w+)\b", re.IGNORECASE)
_COINED = re.compile(r"[A-Z]|\d")  # within a word
_DATA = re.compile(r"\b(?:data\s?sets?|benchmarks?|corpus|corpora|trained\s+on)\b", re.IGNORECASE)
_RESULT = re.compile(
    r"\b(?:outperform|achiev|improv|surpass|exceed|reduc|gain|accura|faster|state[\s-]of[\s-]the[\s-]art|results?\b)\w*",
    re.IGNORECASE,
)
_CLAIMS = re.compile(r"\b(?:outperforms?|achieves?|surpass\w*|exceeds?|\d+(?:\.\d+)?\s?%)", re.IGNORECASE)


def _of_itself(text: str, title: str) -> bool:
    """Whether a sentence speaks of its own paper: as "we", or by its name.

    That is a coined word of the title, such as HedgeNet, or a short title, such as Token Turing Machines.
    """
    own = [word.strip(",.:;?!()") for word in title.split()]
    names = [word for word in own if _COINED.search(word[1:])]
    head = title.partition(":")[0].strip()
    if 1 < len(head.split()) <= NAME:
        names.append(head)
    return bool(_OWN.search(text)) or any(name in text for name in names)


def _idea(text: str, title: str) -> bool:
    return _of_itself(text, title) and not is_row(text)


def _brings(text: str, title: str) -> bool:
    return bool(PROPOSES.search(text)) and not _CLAIMS.search(text)


def _data(text: str, title: str) -> bool:
    return bool(_DATA.search(text)) and (_of_itself(text, title) or bool(_CLAIMS.search(text)))


def _results(text: str, title: str) -> bool:
    return bool(_RESULT.search(text)) and (_of_itself(text, title) or bool(_CLAIMS.search(text)))


_OF_THE_TIME = re.compile(r"\b(?:of|all|at)\s+the\s+(?:same\s+)?time\b", re.IGNORECASE)
"""How often or together, which tells nothing of how long something takes."""


@dataclass(frozen=True, slots=True)
class _Aspect:
    """One row: its name, what is asked for it, and which sentences can tell it."""

    name: str
    asked: str
    tells: Callable[[str, str], bool]  # given the sentence and its paper's title
    tells_best: Callable[[str, str], bool] | None = None  # the same; those come before the others


_USUAL = (
    _Aspect("idea", "what do we propose, the idea and method", _idea, _brings),
    _Aspect("data", "which datasets and benchmarks", _data),
    _Aspect("results", "what results and accuracy, by how much", _results),
)


def compared(question: str, query: str, passages: Sequence[Passage]) -> tuple[Checked, Comparison] | None:
    """The comparison as a text and as a table, with the same footnotes; None where nothing can be compared.

    `query` is the question made whole. Papers come in the order of their passages.
    """
    papers = list({passage.paper.id: passage.paper for passage in passages}.values())[:PAPERS]
    rows = _asked(question, query)
    chosen = _chosen(rows, query, papers, passages)
    if len(rows) > 1 and rows is not _USUAL and _telling_papers(chosen) < 2:
        # None of what was asked for is reported: said beside what the papers do tell.
        rows = (*rows, _USUAL[0])
        chosen = _chosen(rows, query, papers, passages)
    return _composed(papers, rows, chosen, passages) if _telling_papers(chosen) > 1 else None


def _telling_papers(chosen: Sequence[Sequence[Sequence[Candidate]]]) -> int:
    """How many papers fill a cell."""
    return sum(any(cells) for cells in zip(*chosen, strict=True))


def _chosen(
    rows: Sequence[_Aspect], query: str, papers: Sequence[Paper], passages: Sequence[Passage]
) -> list[list[list[Candidate]]]:
    """For each aspect and paper what fills its cell."""
    found = candidates(passages, rows=any(wants_quantity(row.asked) for row in rows))
    words = WORDS // max(2, len(papers)) // len(rows)
    quotes = max(1, QUOTES + 1 - len(rows)) if rows is not _USUAL else 1
    chosen: list[list[list[Candidate]]] = []
    for row in rows:
        weigh = scale(row.asked, query, passages, found)
        of_each = [[c for c in found if passages[c.passage].paper.id == paper.id] for paper in papers]
        used = [[c for cells in chosen for c in cells[place]] for place in range(len(papers))]
        chosen.append(
            [
                _cell(passages, _telling(own, paper, row, len(rows) == 1), told, weigh, words, quotes)
                for own, paper, told in zip(of_each, papers, used, strict=True)
            ]
        )
    return chosen


def _telling(own: Sequence[Candidate], paper: Paper, row: _Aspect, alone: bool) -> Sequence[Candidate]:
    """The sentences that tell an aspect; where it is asked for alone, also what is said beside it."""
    telling = [candidate for candidate in own if row.tells(candidate.text, paper.title)]
    if best := row.tells_best:
        telling = [candidate for candidate in telling if best(candidate.text, paper.title)] or telling
    return own if alone and telling else telling


def _cell(
    passages: Sequence[Passage],
    telling: Sequence[Candidate],
    told: Sequence[Candidate],
    weigh: Scale,
    words: int,
    quotes: int,
) -> list[Candidate]:
    """The best of what tells an aspect, rather of what was not `told` under another.

    Nothing is left out for its length where that would leave the cell empty: it would be said not to be
    reported.
    """
    fresh = [candidate for candidate in telling if candidate not in told]
    for free, room, most in ((fresh, words, quotes), (fresh, WORDS, 1), (telling, WORDS, 1)):
        if found := best_quotes(passages, free, weigh, room, most):
            return found
    return []


def _asked(question: str, query: str) -> tuple[_Aspect, ...]:
    """The aspects that a question asks for; the usual ones where it names no more than the papers.

    Where they cannot be told from the papers, the whole question is the one aspect.
    """
    named = {word for side in sides(query) for word in content_words(side)} | _EMPTY
    told = [_ASKING.sub("", clause) for clause in aside(question)]
    if by := BY.search(question):
        told = LIST.split(by["aspects"])
    rows = [(name, stems) for name in told if (stems := frozenset(content_words(name)) - named)]
    if len(rows) > 1:
        return tuple(_Aspect(name, name, _telling_of(name, stems)) for name, stems in rows[:ASPECTS])
    if not rows and not set(content_words(question)) - named:
        return _USUAL
    name, stems = rows[0] if rows else (question, frozenset(content_words(question)) - named)
    return (_Aspect(name.strip(" ?.!"), question, _holding(stems)),)


def _telling_of(name: str, stems: frozenset[str]) -> Callable[[str, str], bool]:
    """Which sentences can tell an aspect: of limitations no word alone does, but what shows one."""
    if stems <= _OF_DATA:
        return _data
    thing = thing_of(name)
    return _holding(stems) if thing is None else lambda text, _: bool(thing.search(text))


def _holding(stems: frozenset[str]) -> Callable[[str, str], bool]:
    """Whether a sentence has one of these words, or one that is said for it."""
    meant = stems.union(*(RELATED.get(stem, frozenset()) for stem in stems))
    return lambda text, _: not meant.isdisjoint(content_words(_OF_THE_TIME.sub("", text)))


def _composed(
    papers: Sequence[Paper],
    rows: Sequence[_Aspect],
    chosen: Sequence[Sequence[Sequence[Candidate]]],
    passages: Sequence[Passage],
) -> tuple[Checked, Comparison]:
    """Footnotes in the order of the text: paper by paper, and of each its aspects; one for each quote."""
    numbers: dict[Candidate, int] = {}
    lines: list[str] = []
    columns: list[list[tuple[Citation, ...]]] = []
    for place, paper in enumerate(papers):
        parts, column = [], []
        for row, cells in zip(rows, chosen, strict=True):
            known = frozenset(numbers)
            for candidate in cells[place]:
                numbers.setdefault(candidate, len(numbers) + 1)
            column.append(tuple(cited(numbers[c], passages[c.passage], c) for c in cells[place]))
            told = " ".join(
                f"see [{numbers[c]}]" if c in known else quoted(numbers[c], passages[c.passage], c)
                for c in cells[place]
            )
            parts.append(told if len(rows) == 1 else f"{row.name}: {told or NOT_REPORTED}")
        lines.append(f"{place + 1}. {title_in_text(paper)}: {'; '.join(parts) or NOT_REPORTED}")
        columns.append(column)
    every = {one.n: one for column in columns for cell in column for one in cell}
    citations = tuple(every[n] for n in sorted(every))
    cells_by_row = tuple(tuple(column[n] for column in columns) for n in range(len(rows)))
    table = Comparison(tuple(papers), tuple(row.name for row in rows), cells_by_row)
    return Checked("\n".join(lines), citations), table


def renumbered(table: Comparison, after: int) -> Comparison:
    """`table` with its footnotes numbered on from `after`."""
    cells = tuple(
        tuple(tuple(Citation(one.n + after, one.paper, one.chunk, one.quote) for one in cell) for cell in row)
        for row in table.cells
    )
    return Comparison(table.papers, table.aspects, cells)

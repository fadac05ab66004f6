"""Papers side by side: a table of aspects, each cell words of the paper or nothing. Pure.

The aspects are those that the question asks for; where it asks for none, those that papers usually tell. A
cell that no sentence of the paper fills stays empty: it is not reported, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.aspects import USUAL, Aspect, asked_aspects, aspects_of_all
from bot.citations import Checked
from bot.extractive import best_quotes, cited, quoted, without_notices
from bot.models import NOT_REPORTED, Citation, Comparison
from bot.quoting.asked import wants_quantity
from bot.quoting.candidates import Candidate, candidates
from bot.quoting.worth import Scale, scale
from bot.titles import title_in_text
from retrieval.models import Paper, Passage

PAPERS = 4
WORDS = 250  # of the whole, titles included
IN_THE_OTHERS = "Not reported in what the library holds of the others:"
QUOTES = 3  # of one cell, where there is one aspect alone


def compared(question: str, query: str, passages: Sequence[Passage]) -> tuple[Checked, Comparison] | None:
    """The comparison as a text and as a table, with the same footnotes; None where nothing can be compared.

    `query` is the question made whole. Papers come in the order of their passages.
    """
    papers = list({passage.paper.id: passage.paper for passage in passages}.values())[:PAPERS]
    rows = asked_aspects(question, query)
    chosen = _chosen(rows, query, papers, passages)
    if len(rows) > 1 and rows is not USUAL and _telling_papers(chosen) < 2:
        # None of what was asked for is reported: said beside what the papers do tell.
        rows = (*rows, USUAL[0])
        chosen = _chosen(rows, query, papers, passages)
    return _composed(papers, rows, chosen, passages) if _telling_papers(chosen) > 1 else None


def of_each(
    question: str, passages: Sequence[Passage], *, idea: bool = False
) -> tuple[Checked, Comparison | None] | None:
    """What each paper of `passages` says of what `question` asks of all of them; None where none does.

    `question` is without the names of the papers. More than a table can hold are told as a list alone. With
    `idea`, what they are about is told where none says what is asked.
    """
    papers = list({passage.paper.id: passage.paper for passage in passages}.values())
    found = candidates(passages, rows=wants_quantity(question))
    rows = aspects_of_all(question, found)
    if rows is USUAL and len(papers) > PAPERS:
        rows = USUAL[:1]
    chosen = _chosen(rows, question, papers, passages, strict=True)
    if idea and not _telling_papers(chosen):
        rows = (*rows, USUAL[0])
        chosen = _chosen(rows, question, papers, passages, strict=True)
    if not _telling_papers(chosen):
        return None
    if len(papers) <= PAPERS:
        return _composed(papers, rows, chosen, passages)
    silent = [place for place in range(len(papers)) if not any(cells[place] for cells in chosen)]
    telling = [place for place in range(len(papers)) if place not in silent]
    shown = [[cells[place] for place in telling] for cells in chosen]
    checked, _ = _composed([papers[place] for place in telling], rows, shown, passages)
    left = "; ".join(title_in_text(papers[place]) for place in silent)
    return (replace(checked, text=f"{checked.text}\n{IN_THE_OTHERS} {left}.") if left else checked), None


def _telling_papers(chosen: Sequence[Sequence[Sequence[Candidate]]]) -> int:
    """How many papers fill a cell."""
    return sum(any(cells) for cells in zip(*chosen, strict=True))


def _chosen(
    rows: Sequence[Aspect],
    query: str,
    papers: Sequence[Paper],
    passages: Sequence[Passage],
    *,
    strict: bool = False,
) -> list[list[list[Candidate]]]:
    """For each aspect and paper what fills its cell."""
    asked = " ".join(row.asked for row in rows)
    found = without_notices(asked, candidates(passages, rows=any(wants_quantity(row.asked) for row in rows)))
    words = WORDS // max(2, len(papers)) // len(rows)
    quotes = max(1, QUOTES + 1 - len(rows)) if rows is not USUAL and not strict else 1
    chosen: list[list[list[Candidate]]] = []
    for row in rows:
        weigh = scale(row.asked, query, passages, found)
        of_each = [[c for c in found if passages[c.passage].paper.id == paper.id] for paper in papers]
        used = [[c for cells in chosen for c in cells[place]] for place in range(len(papers))]
        chosen.append(
            [
                _cell(
                    passages,
                    _telling(own, paper, row, beside=len(rows) == 1 and not strict),
                    told,
                    weigh,
                    words,
                    quotes,
                )
                for own, paper, told in zip(of_each, papers, used, strict=True)
            ]
        )
    return chosen


def _telling(own: Sequence[Candidate], paper: Paper, row: Aspect, *, beside: bool) -> Sequence[Candidate]:
    """The sentences that tell an aspect, or with `beside` all where there is one."""
    telling = [candidate for candidate in own if row.tells(candidate, paper.title)]
    if best := row.tells_best:
        telling = [candidate for candidate in telling if best(candidate, paper.title)] or telling
    return own if beside and telling else telling


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


def _composed(
    papers: Sequence[Paper],
    rows: Sequence[Aspect],
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

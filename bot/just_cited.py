"""A question that names no paper, within a conversation about one: of that paper, if it may be meant."""

from __future__ import annotations

from dataclasses import replace

from bot.gather import PAPERS, PASSAGES, Searchable
from bot.models import Question, Route, Turn
from bot.titles import title_in_text
from retrieval.models import Paper

LIKELY = 0.5  # of the first paper's score; of 121 questions that name their subject, 17 have a second so near


def with_just_cited(library: Searchable, question: Question, route: Route) -> Route:
    """`route` with the title of a paper that the last answer cites, where it is nearly as near as the first.

    A question that was made whole already stays, and so does one of another subject: nothing that was cited
    is near it. Raises what the library raises.
    """
    if route.kind != "question" or not question.history or len(route.query) > len(question.text.strip()):
        return route
    papers = library.search(route.query, route.filters, PASSAGES, PAPERS).papers
    near = [found.paper for found in papers if found.score >= LIKELY * papers[0].score]
    cited = next((paper for paper in near if _cites(question.history[-1], paper)), None)
    if cited is None or cited.id == papers[0].paper.id:
        return route
    return replace(route, query=f"{route.query} ({cited.title})")


def _cites(turn: Turn, paper: Paper) -> bool:
    return paper.id in turn.papers or title_in_text(paper).casefold() in turn.answer.casefold()

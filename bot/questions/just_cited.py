"""A question within a conversation about a paper: of that paper, if it may be meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from bot.conversation import asked_about, chosen_item, points_back
from bot.credits import credit_asked
from bot.facts import MEASURED
from bot.gate import asked_alone
from bot.models import Question, Route, Turn
from bot.router import is_topic
from bot.searchable import PAPERS, PASSAGES, Searchable
from bot.titles import title_in_text
from bot.words import ASKING, content_words
from retrieval.models import Paper

SUBJECT = 2  # words that name another subject; one may be what is asked of the same: "limitations?"
OF_ANY_PAPER = frozenset(
    content_words(
        "loss objective metric measure score baseline competitor dataset data benchmark corpus "
        "backbone architecture encoder decoder optimizer parameter size speed runtime latency memory "
        "gpu hardware cost limitation weakness result accuracy performance error training test "
        "evaluation experiment ablation input output augmentation epoch batch learning rate "
        "resolution code license fast long report number trainable setting hyperparameter"
    )
)
"""Words for what can be asked of any paper: alone, they name no other subject."""
DEFINED = re.compile(r"^\W*what(?:['’]s|\s+is|\s+are)\s+(?:an?\s+)?[\w-]+\W*$", re.IGNORECASE)
"""What is asked of no paper: "what is diffusion?"; but "what is *the* accuracy?" may be asked of one."""
LIKELY = 0.5  # of the first paper's score; of 121 questions that name their subject, 17 have a second so near


def with_just_cited(library: Searchable, question: Question, route: Route) -> Route:
    """`route`, of the paper that the last answer is about where the question may mean it.

    A question that was made whole already is about the first paper that was cited, if it points there ("does
    it ...") or if that paper has all its words. Any other gets the title of a cited paper that is nearly as
    near as the first; nothing that was cited is near a question of another subject. Raises what the library
    raises.
    """
    if route.kind != "question" or route.among or route.about or not question.history:
        return route
    if len(route.query) > len(question.text.strip()):
        return _of_first(library, question, route)
    papers = library.search(route.query, route.filters, PASSAGES, PAPERS).papers
    near = [found.paper for found in papers if found.score >= LIKELY * papers[0].score]
    cited = next((paper for paper in near if _cites(question.history[-1], paper)), None)
    if cited is None or cited.id == papers[0].paper.id:
        return route
    return replace(route, query=f"{route.query} ({cited.title})")


def _of_first(library: Searchable, question: Question, route: Route) -> Route:
    """`route` about the paper that its question points back to, where it is known which."""
    asked = asked_alone(route.query)
    paper = None if asked == route.query else _first_cited(library, question, route)
    if paper is None:
        return route
    told = _told(library, paper)
    if (
        points_back(question.text)
        or credit_asked(asked)
        or _own(MEASURED.sub(" ", asked)) <= told | OF_ANY_PAPER
    ):
        whole = asked_about(asked, question.history, paper.title)
        return replace(route, query=whole, about=paper.id)
    return _afresh(library, route, asked, told)


def _afresh(library: Searchable, route: Route, asked: str, told: Collection[str]) -> Route:
    """`route` without what was said before, where `asked` is another subject: one that a title names.

    A longer question is one too if the paper just cited has none of its words, `told`; so is one for what a
    word means.
    """
    own = _own(asked)
    if len(own) < SUBJECT and not (own and DEFINED.match(asked)):
        return route
    found = library.search(asked, route.filters, PASSAGES, PAPERS).papers
    titled = any(own <= set(content_words(one.paper.title)) for one in found)
    if titled or (not is_topic(asked) and own.isdisjoint(told)):
        return replace(route, kind="find" if is_topic(asked) else route.kind, query=asked)
    return route


def _first_cited(library: Searchable, question: Question, route: Route) -> Paper | None:
    """The paper that the last answer cites first, or that alone is named in what was chosen of it."""
    last, item = question.history[-1], chosen_item(question.text, question.history)
    if last.papers and item is None:
        within = replace(route.filters, paper=last.papers[0])
        return next((found.paper for found in library.search(route.query, within, 1, 1).papers), None)
    found = library.search(route.query, route.filters, PASSAGES, PAPERS).papers
    told = (last.answer if item is None else item).casefold()
    named = [one.paper for one in found if title_in_text(one.paper).casefold() in told]
    return named[0] if len(named) == 1 else None


def _told(library: Searchable, paper: Paper) -> set[str]:
    return {word for chunk in library.passages_of(paper.id) for word in content_words(chunk.text)}


def _own(asked: str) -> set[str]:
    """The words of a question but those of asking."""
    return set(content_words(asked)) - ASKING


def _cites(turn: Turn, paper: Paper) -> bool:
    return paper.id in turn.papers or title_in_text(paper).casefold() in turn.answer.casefold()

"""A question over all of the papers just cited: "which of them is fastest?", "and the others?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation import another_named, depends, to_another
from bot.gather import has_names_of
from bot.models import NONE_SAYS, NOTHING_FOUND, Question, Route, Turn
from bot.questions.ordinals import ORDINAL, items, places
from bot.questions.sides import BY
from bot.router import route as route_of
from bot.searchable import LISTED, PAPERS, Searchable
from bot.titles import title_in_text
from bot.words import content_words

_NUMBER = r"(?:two|three|four|five|six|seven|eight|papers|methods|approaches|models|works|ones|others?)"
_OF_ALL = re.compile(
    r"\bwhich\s+ones?\b|"
    r"\b(?:which|what|any|each|both|all|none|either|neither|some|one|most|how\s+many)\s+of\s+"
    rf"(?:them|these|those|the\s+{_NUMBER})\b|"
    r"\b(?:do|does|did|can|could|is|are|has|have)\s+(?:any|either|both|all)\b(?!\s+(?:of\s+)?(?:the|its|their|this)\b)|"
    rf"\b(?:both|all|any|each|either|neither)\s+(?:of\s+)?(?:the\s+|these\s+|those\s+)?{_NUMBER}\b|"
    r"\b(?:of|in|for|by|on|from)\s+(?:each|both|all)(?:\s+(?:one|paper|method))?\W*$|"
    r"\b(?:do|does|did)\s+each\s+(?:one|paper|method|of|use|have|need|take|get|reach|achieve|report|rely|train|run|"
    r"require|do|give|tune|propose)\b|\beach\s+(?:one|paper|method|uses|needs|takes|has|does)\b|"
    r"\b(?:the|these|those)\s+(?:two|three|four|five|papers|methods|approaches|models)(?=\W*$|\s+(?:differ|compare|use|have|do)\b)|"
    r"\b(?:how|where)\s+do\s+they\s+(?:differ|compare)\b|\b(?:compare|contrast|rank)\s+(?:them|these|those)\b|"
    r"\bdifferences?\s+between\s+(?:them|these|those)\b",
    re.IGNORECASE,
)
_WHICH_DOES = re.compile(
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|then)\W+)?which\s+(?:(?:is|are|was|were)(?!\s+the\b(?!\s+(?:\w+est|more|most|least|only)\b))|"
    r"has|have|had|can|could|would|will|does(?!\s+(?:it|this|that)\b)|needs?|uses?|takes?|works?|handles?|reports?|achieves?|gets?|"
    r"performs?|trains?|runs?|generates?|removes?|supports?|deals?|converges?|beats?|outperforms?|costs?|gives?|"
    r"employs?|relies|stores?|evaluates?|scales?|generali[sz]es?|proposes?|requires?|adds?|wins?|makes?|stands?|looks?|"
    r"tests?|compares?|comes?|releases?|provides?|learns?|assumes?|avoids?|performed|won)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:it|its|it['’]s|this|that|he|she|his|her)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(?:they|their|theirs|them|these|those)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\bthe\s+(?:others?|rest|remaining|other\s+(?:ones?|two|three|four|papers?|methods?|approach(?:es)?|models?))\b"
    r"(?!\s+(?:way|hand|side|data\w*|loss\w*|metric\w*|baselines?)\b)",
    re.IGNORECASE,
)
_NO_MORE = re.compile(
    r"^\W*(?:and|but|so|ok(?:ay)?|what|how|about|of|for|do|does|with|in|\W)*$", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"\b(?:papers|works|articles|publications|studies|methods|approaches|anything|everything|who|any)\b",
    re.IGNORECASE,
)

WHAT_THEY_DO = "what do they propose"  # asked of papers of which nothing else is
HOW_THEY_DIFFER = "how do they differ"


@dataclass(frozen=True, slots=True)
class _Set:
    """Papers that were cited together, and which of them the last answer spoke of."""

    papers: tuple[str, ...]  # ids
    compared: bool  # set side by side, so that whatever is asked next is asked of all
    several: bool  # more than one was asked for
    last: tuple[str, ...]  # ids of those that the last answer cites


def with_those_cited(library: Searchable, question: Question, route: Route) -> Route:
    """`route` over the papers just cited, where `question` asks something of all or of the rest of them.

    Any other question, and one of a single paper, keeps its route. Raises what the library raises.
    """
    narrowed = route.filters != question.filters
    if not question.history or route.among or narrowed or route.kind not in ("question", "find", "compare"):
        return route
    text = question.text.strip()
    if (other := to_another(text)) and route.kind == "compare":
        return _with_another(library, question, route, other)
    if not (_leans(text) or _OTHERS.search(text)):
        return route
    whole = _set(library, question) or _lately(library, question)
    if whole is None:
        return route
    if _OTHERS.search(text):
        return _of_the_rest(library, question, route, whole)
    chosen = places(text, len(whole.papers))
    if len(chosen) > 1:
        return _over(route, text, [whole.papers[place] for place in chosen])
    if len(chosen) == 1 and not _OF_ALL.search(text) and len(items(question.history[-1].answer)) <= chosen[0]:
        return _of_one(
            library, route, text, whole.papers[chosen[0]]
        )  # of the list, not of what was told of it
    if not _of_all(text, whole) or (ORDINAL.search(text) and not _OF_ALL.search(text)):
        return route
    again = _ONE.search(text) and not content_words(text)  # "what is it for each?"
    return _over(route, question.history[-1].question if again else text, whole.papers)


def standing(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """`history` without the last turns that leaned on those before and found nothing.

    The papers that such an answer calls the nearest were not spoken of: what is asked next is not about them.
    """
    kept = tuple(history)
    while len(kept) > 1 and not kept[-1].papers and kept[-1].answer.startswith(NOTHING_FOUND):
        if not _leans(kept[-1].question):
            break
        kept = kept[:-1]
    return kept


def _leans(text: str) -> bool:
    return depends(text) or _says_all(text)


def _says_all(text: str) -> bool:
    return bool(_OF_ALL.search(text) or _WHICH_DOES.search(text))


def _of_all(text: str, whole: _Set) -> bool:
    """Whether `text` asks of every paper of the set: it says so, or what was compared is still spoken of."""
    if _OF_ALL.search(text):
        return True
    if _ONE.search(text) or not content_words(text):
        return False
    if _WHICH_DOES.search(text):
        return True
    if _MANY.search(text):
        return whole.compared or whole.several
    return whole.compared and depends(text) and another_named(text) is None


def _over(route: Route, text: str, papers: Sequence[str]) -> Route:
    return replace(route, kind="compare", query=text, among=tuple(papers[:LISTED]))


def _of_the_rest(library: Searchable, question: Question, route: Route, whole: _Set) -> Route:
    """`route` over the papers of the set that the last answer left out.

    Where no more is asked it is the same question, or what they are about if that was asked of all already.
    """
    last = question.history[-1]
    rest = [one for one in whole.papers if one not in whole.last]
    if not rest:
        return route
    asked = question.text.strip()
    if _NO_MORE.match(_OTHERS.sub(" ", asked)):
        asked = WHAT_THEY_DO if _says_all(last.question) else last.question
    if len(rest) == 1:
        return _of_one(library, route, asked, rest[0])
    return _over(route, asked, rest)


def _of_one(library: Searchable, route: Route, asked: str, paper: str) -> Route:
    """`route` about one paper of the set."""
    found = library.search(asked, replace(route.filters, paper=paper), 1, 1).papers
    title = re.sub(r"[()]", "", found[0].paper.title) if found else ""
    return replace(route, kind="question", query=f"{asked} ({title})", about=paper)


def _with_another(library: Searchable, question: Question, route: Route, other: str) -> Route:
    """`route` over the paper just cited and the one that `other` names, where both are known."""
    first = next(iter(_papers_of(library, question.history[-1])), None)
    other = BY.sub("", other)
    found = library.search(other, route.filters, 1, PAPERS).papers
    second = next(
        (one.paper for one in found[:2] if one.paper.id != first and has_names_of(library, one.paper, other)),
        None,
    )
    if first is None or second is None:
        return route
    by = BY.search(question.text)
    return _over(route, f"{HOW_THEY_DIFFER} {by[0].strip() if by else ''}".strip(), (first, second.id))


def _set(library: Searchable, question: Question) -> _Set | None:
    """The papers last cited together, at least two; questions that lean on them change nothing in them."""
    last = question.history[-1].papers or _papers_of(library, question.history[-1])
    for place in range(len(question.history) - 1, -1, -1):
        turn, before = question.history[place], question.history[:place]
        of_all = bool(before) and _says_all(turn.question)
        leans = bool(before) and depends(turn.question)
        kind = route_of(Question(turn.question, before)).kind
        papers = _papers_of(library, turn)
        if len(papers) > 1 and not of_all and (kind == "compare" or not leans):
            compared = kind == "compare" or (kind == "question" and len(items(turn.answer)) > 1)
            return _Set(papers, compared, bool(_SEVERAL.search(turn.question)), last)
        if not (leans or of_all):
            return None
    return None


def _lately(library: Searchable, question: Question) -> _Set | None:
    """What the last two answers are about, one paper each: "what is A?", "and B?", "which is faster?"."""
    turns = list(enumerate(question.history))[-2:]
    kinds = [route_of(Question(turn.question, question.history[:place])).kind for place, turn in turns]
    last = [_papers_of(library, turn) for _, turn in turns]
    ones = [
        papers[0]
        for papers, kind in zip(last, kinds, strict=True)
        if len(papers) == 1 or (papers and kind == "question")
    ]
    both = tuple(dict.fromkeys(ones))
    return _Set(both, False, False, last[-1]) if len(both) == len(turns) == 2 else None


def _papers_of(library: Searchable, turn: Turn) -> tuple[str, ...]:
    """The ids of the papers that an answer speaks of: those that it cites, and those whose titles it lists.

    What a comparison says not to be reported has no footnote. Those that a refusal calls the nearest were not
    spoken of.
    """
    refused = turn.answer.startswith(NOTHING_FOUND) and not turn.answer.startswith(NONE_SAYS)
    told = items(turn.answer)[:LISTED]
    if refused or (turn.papers and len(told) <= len(turn.papers)):
        return turn.papers
    found = []
    for item in told:
        best = library.search(item, limit=1, papers=2).papers
        found += [one.paper.id for one in best if title_in_text(one.paper).casefold() in item.casefold()][:1]
    return tuple(dict.fromkeys((*found, *turn.papers)))

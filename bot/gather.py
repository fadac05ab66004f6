"""Route -> what the answer is written from: for one subject its best passages, for many papers some of each.

The library spreads its passages over as few papers as the question seems to need. A list wants a passage of
each paper, and a comparison some of each side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, islice, pairwise, zip_longest

from bot.credits import Credit, credit_asked, evidence
from bot.facts import MEASURED
from bot.gate import asked_alone, lacking
from bot.held import LONG, nearest_word
from bot.mentioning import mentioning, use_asked
from bot.models import Route
from bot.of_those import of_those, showing
from bot.questions.named_paper import named_paper
from bot.questions.sides import aspects, sides
from bot.quoting.asked import kind_of
from bot.router import is_topic
from bot.searchable import KEPT, LISTED, PAPERS, PASSAGES, Searchable, abstract_of, descending
from bot.words import ASKING, content_words, stem
from retrieval.analysis import words
from retrieval.models import Filters, Paper, Passage, RankedPaper, SearchResult

ODD = 5  # letters of a name that hardly stands in a paper by chance
COMPARED = 3  # sides of a comparison, unless the search found more
NEAR = 0.35  # of the first paper's score; what is further behind is in no list
DROP = 0.5  # of the first paper's score; a fall as steep from one paper to the next ends a list

_MANY = re.compile(
    r"\b(?:papers|works|articles|publications|studies|stuff|ones|anything|everything|literature|who\s+works?|"
    r"what\s+(?:do|have)\s+(?:we|you)|what'?s\s+there|got\s+any|any\s+works?|all|several|list)\b",
    re.IGNORECASE,
)


def gather(library: Searchable, route: Route, asked: str) -> SearchResult:
    """What was found for `route`, at most PASSAGES passages, best first. Raises what the library raises.

    `asked` is the question as it was typed: a follow-up is searched in the paper that it turned out to mean.
    """
    if route.among:
        return of_those(library, route)
    result = library.search(route.query, route.filters, PASSAGES, PAPERS)
    if not result.passages:
        return result
    if (mended := _mended(route.query, result)) != route.query:
        route = replace(route, query=mended)
        result = library.search(mended, route.filters, PASSAGES, PAPERS)
    use = use_asked(route.query) if route.kind == "find" else None
    if use and (use.alone or _MANY.search(route.query)) and (held := mentioning(library, route, use, result)):
        return held
    result = _with_names(library, route, result)
    if route.about:
        result = _about(library, route, route.about, result)
    if credit := credit_asked(asked):
        return _with_evidence(library, credit, named_paper(asked, route, result), result)
    if route.kind == "compare":
        result = _with_sides(library, route, result)
    if (papers := subjects(route, result.papers)) is not None:
        return _of_each(library, route, result, papers)
    if route.kind == "question" and route.query.startswith(asked) and len(route.query) > len(asked):
        result = _followed(library, route, result, asked)
    if route.kind == "find":
        return _near_the_first(result)
    return _introduced(library, route, result, asked) if route.kind == "question" else result


def _mended(query: str, result: SearchResult) -> str:
    """`query`, its words that stand nowhere in what was found spelled as a title there spells them.

    The word search forgives such errors by itself, the vectors do not.
    """
    titles = {word for found in result.papers for word in words(found.paper.title) if len(word) >= LONG}
    there = {word for passage in result.passages for word in words(passage.chunk.text)} | titles
    known = {stem(word) for word in there}

    def spelled(found: re.Match[str]) -> str:
        typed = found[0].lower()
        if typed in there or stem(typed) in known:
            return found[0]
        return nearest_word(typed, titles) or found[0]

    return re.sub(rf"\b[^\W\d_]{{{LONG},}}\b", spelled, query)


def subjects(route: Route, papers: Sequence[RankedPaper]) -> Sequence[RankedPaper] | None:
    """The papers that a list or a comparison is about, of those found; None for other questions.

    The sides of a comparison are the first. A list has all that an author wrote, else what is near the first.
    """
    if route.among:
        return papers
    if route.kind == "compare":
        return papers[: len(sides(route.query)) or COMPARED]
    if route.kind == "author":
        return papers[:LISTED]
    if route.kind == "find" and (_MANY.search(route.query) or is_topic(route.query)):
        return papers[: min(LISTED, _before_the_drop([found.score for found in papers]))]
    return None


def _before_the_drop(scores: Sequence[float]) -> int:
    """How many of `scores`, best first, belong to a list: those near the first, up to a steep fall."""
    for place, (before, score) in enumerate(pairwise(scores), 1):
        if score < NEAR * scores[0] or before - score > DROP * scores[0]:
            return place
    return len(scores)


def _near_the_first(result: SearchResult) -> SearchResult:
    """`result` without passages of papers far behind the first: "which paper ...?" means one, or a few."""
    near = result.papers[: _before_the_drop([found.score for found in result.papers])]
    names = {found.paper.id for found in near}
    kept = tuple(passage for passage in result.passages if passage.paper.id in names)
    return replace(result, passages=kept or result.passages)


def _with_names(library: Searchable, route: Route, result: SearchResult) -> SearchResult:
    """`result` with the paper first that holds the names of the question, where nothing found holds one.

    A name that stands in one passage of the library tells more than whatever else is alike. Short ones, such
    as MRI, and those of people say less: they stand in passing in many a paper.
    """
    missing = () if route.kind == "compare" else lacking(route.query, result)
    strange = [name for name in missing if len(name) >= ODD and not name[1:].islower()]
    found = library.search(" ".join(strange), route.filters, PASSAGES, PAPERS) if strange else SearchResult()
    for ranked in found.papers:
        own = [passage for passage in found.passages if passage.paper.id == ranked.paper.id]
        if own and not lacking(route.query, SearchResult(tuple(own))):
            within = library.search(route.query, replace(route.filters, paper=ranked.paper.id), PASSAGES, 1)
            told = {passage.chunk.id: passage for passage in (*own[:KEPT], *within.passages)}
            others = [other for other in result.papers if other.paper.id != ranked.paper.id]
            first = replace(ranked, score=max(ranked.score, others[0].score if others else 0.0))
            passages = descending([*told.values(), *result.passages])[:PASSAGES]
            return replace(within, passages=passages, papers=(first, *others)[:PAPERS])
    return result


def _about(library: Searchable, route: Route, paper: str, result: SearchResult) -> SearchResult:
    """`result` with the passages of `paper` alone, unless a name is asked for that only others hold."""
    within = library.search(route.query, replace(route.filters, paper=paper), PASSAGES, 1)
    if not within.passages or _subjects_lacking(route, within) - _subjects_lacking(route, result):
        return result
    shown = showing(
        kind_of(asked_alone(route.query)), [one.chunk for one in within.passages], library.passages_of(paper)
    )
    if shown and not any(one.chunk.id == shown[0].id for one in within.passages):  # it is told further away
        further = [Passage(one, within.papers[0].paper, within.passages[0].score) for one in shown]
        within = replace(within, passages=(*further, *within.passages)[:PASSAGES])
    known = next((ranked for ranked in result.papers if ranked.paper.id == paper), within.papers[0])
    others = [ranked for ranked in result.papers if ranked.paper.id != paper]
    first = replace(known, score=max(known.score, others[0].score if others else 0.0))
    return replace(within, papers=(first, *others)[:PAPERS])


def _subjects_lacking(route: Route, found: SearchResult) -> set[str]:
    """The names that nothing `found` mentions, without those of measures: of these any paper may be asked."""
    return {name for name in lacking(route.query, found) if not MEASURED.fullmatch(name)}


def _with_sides(library: Searchable, route: Route, result: SearchResult) -> SearchResult:
    """`result` with the best paper of each side of a comparison first, each side searched by itself.

    Where no other paper has a side's name, none stands for it: what the first says of it is all there is.
    """
    found: dict[str, RankedPaper] = {}
    compared = sides(route.query)
    for side in compared:
        best = [
            ranked
            for ranked in library.search(side, route.filters, 1, 2).papers
            if ranked.paper.id not in found and has_names_of(library, ranked.paper, side)
        ]
        found.update({ranked.paper.id: ranked for ranked in best[:1]})
    known = {ranked.paper.id: ranked for ranked in result.papers}
    order = [known.get(name, ranked) for name, ranked in found.items()]
    if not 0 < len(found) < len(compared):
        order += [ranked for ranked in result.papers if ranked.paper.id not in found]
    highest = max((ranked.score for ranked in order), default=0.0)
    scores = accumulate((ranked.score for ranked in order), min, initial=highest)
    papers = [
        replace(ranked, score=score) for ranked, score in zip(order, islice(scores, 1, None), strict=True)
    ]
    return replace(result, papers=tuple(papers[:PAPERS]))


def has_names_of(library: Searchable, paper: Paper, side: str) -> bool:
    """Whether `paper` has the names of `side`, if it has any."""
    own = tuple(Passage(chunk, paper, 0.0) for chunk in library.passages_of(paper.id))
    return not lacking(side, SearchResult(own))


def _with_evidence(
    library: Searchable, credit: Credit, paper: Paper | None, result: SearchResult
) -> SearchResult:
    """`result` with what shows the fact of `paper` before all else."""
    chunk = evidence(credit, paper, library.passages_of(paper.id)) if paper else None
    if paper is None or chunk is None:
        return result
    first = Passage(chunk, paper, result.passages[0].score)
    rest = [passage for passage in result.passages if passage.chunk.id != chunk.id]
    return replace(result, passages=(first, *rest)[:PASSAGES])


def _with_abstract(library: Searchable, own: list[Passage], paper: Paper) -> list[Passage]:
    """`own` passages of `paper`, its abstract among them where there are several: it tells its idea best."""
    if len(own) < 2 or any(passage.chunk.kind == "abstract" for passage in own):
        return own
    abstract = abstract_of(library, paper.id)
    return [*own[:-1], Passage(abstract, paper, own[-1].score)] if abstract else own


def _introduced(library: Searchable, route: Route, result: SearchResult, asked: str) -> SearchResult:
    """`result` with the paper first that `asked` names and asks nothing in particular of.

    Its own passages alone tell of it, the abstract ahead: others may name it more often than it does itself.
    """
    name = set(content_words(asked)) - ASKING
    followed = len(route.query) > len(asked)  # whatever its words, its paper is known
    papers = result.papers[:1] if followed else result.papers
    ranked = next((one for one in papers if name <= set(content_words(one.paper.title))), None)
    if ranked is None:
        return result
    if ranked is not result.papers[0]:
        within = library.search(route.query, replace(route.filters, paper=ranked.paper.id), PASSAGES, 1)
        others = [other for other in result.papers if other is not ranked]
        best = replace(ranked, score=others[0].score)
        result = replace(within, papers=(best, *others)) if within.passages else result
    abstract = abstract_of(library, ranked.paper.id)
    if abstract is None:
        return result
    own = [passage for passage in result.passages if passage.paper.id == ranked.paper.id]
    rest = [passage for passage in own if passage.chunk.id != abstract.id]
    first = Passage(abstract, ranked.paper, result.passages[0].score)
    return replace(result, passages=(first, *rest)[:PASSAGES])


def _followed(library: Searchable, route: Route, result: SearchResult, asked: str) -> SearchResult:
    """`result` with passages of its best paper for `asked`, without the words that found the paper."""
    within = replace(route.filters, paper=result.papers[0].paper.id)
    inside = library.search(asked, within, PASSAGES - KEPT, 1).passages
    seen = {passage.chunk.id for passage in inside}
    outside = [passage for passage in result.passages if passage.chunk.id not in seen]
    return replace(result, passages=descending([*inside, *outside])[:PASSAGES])


def _of_each(
    library: Searchable, route: Route, result: SearchResult, papers: Sequence[RankedPaper]
) -> SearchResult:
    """`result` with an equal share of passages of each paper, papers in their order.

    The places that are left go to the next best of the same papers, and only then to others.
    """
    shares = [PASSAGES // len(papers) + (n < PASSAGES % len(papers)) for n in range(len(papers))]
    asked = (route.kind == "compare" and aspects(route.query)) or (route.query,)
    chosen: list[Passage] = []
    for found, share in zip(papers, shares, strict=True):
        own = [passage for passage in result.passages if passage.paper.id == found.paper.id]
        if asked != (route.query,) or len(own) < share:
            own = _by_turns(library, asked, replace(route.filters, paper=found.paper.id), share)
        chosen += (
            _with_abstract(library, own[:share], found.paper) if route.kind == "compare" else own[:share]
        )
    seen = {passage.chunk.id for passage in chosen}
    left = [passage for passage in result.passages if passage.chunk.id not in seen]
    names = {found.paper.id for found in papers}
    left.sort(key=lambda passage: passage.paper.id not in names)  # stable: best first among each
    return replace(result, passages=descending([*chosen, *left])[:PASSAGES])


def _by_turns(library: Searchable, asked: Sequence[str], within: Filters, share: int) -> list[Passage]:
    """The best passage for each thing `asked`, then the second best, until there are `share`, best first."""
    found = [library.search(one, within, share, 1).passages for one in asked]
    turns = (passage for turn in zip_longest(*found) for passage in turn if passage)
    chosen = {passage.chunk.id: passage for passage in turns}
    return sorted(islice(chosen.values(), share), key=lambda passage: -passage.score)

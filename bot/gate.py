"""Does the library hold an answer? Decided before anything is written, from what was found. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from itertools import groupby

from bot.facts import unshown, without_facts
from bot.held import Held, held_by_paper
from bot.mentioning import mentioned
from bot.models import Route
from bot.quoting.asked import thing_of, wants_quantity
from bot.quoting.concepts import RELATED
from bot.router import is_topic
from bot.words import ASKING, content_words
from retrieval.meant import asks_for_several
from retrieval.models import SearchResult


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer being there."""

    similarity: float  # the best passage's cosine with the question
    coverage: float  # share of the question's informative words in the passages
    names_found: float  # 1.0: the question has names, and one paper's passages hold them all
    lead: float  # of the first paper before the second, in standard deviations over all candidates
    lacking: float = 0.0  # 1.0: a name of the question stands nowhere in what was found
    matched: float = 0.0  # how many of its words the first paper holds, up to ENOUGH
    untold: float = 0.0  # share of those that do not name it that it lacks, where a fact is asked for
    quantity: float = 0.0  # 1.0: a number is asked for; papers nearby have many that answer something else
    unshown: float = 0.0  # 1.0: a fact of a known kind is asked for, and the first paper shows none
    agreeing: float = 0.0  # where papers are looked for: those whose abstracts hold all its words, up to MANY
    unlike: float = 0.0  # 1.0: so many of a thing are asked for, or a kind of thing, and it shows none


WEIGHTS = Evidence(
    similarity=8.0,
    coverage=1.5,
    names_found=1.5,
    lead=1.2,
    lacking=-3.6,
    matched=0.58,
    untold=-1.7,
    quantity=-0.48,
    unshown=-4.0,
    agreeing=0.74,
    unlike=-3.2,
)  # log-odds of each; by `footnote evaluate gate`: 258 papers, 361 questions with an answer, 275 without
FAR_ENOUGH = 2.0  # a greater lead says no more: one odd word that only one paper has makes it too
ALONE = 1.0  # lead of the only paper, and where none need lead: about what questions with an answer have
MANY = 5  # papers that agree; more say no more
FEW = 3  # words of a subject
ENOUGH = 8  # words that agree; more of them are only a longer question
BIAS = -7.5

FAR, FAR_WITHOUT_WORDS = 0.2, 0.3  # cosines; questions about papers that are not there have 0.27 and more
TOPIC_COVERED, TOPIC_SIMILARITY = 0.99, 0.3
"""What a bare subject under filters needs: all its words, and more likeness than one of another field has."""

_MADE_WHOLE = re.compile(r"(?<=\S)\s\([^()]*\)\Z")  # what was said before, after a question
_THE_PAPER = re.compile(r"\b(?:the|this|that)\s+(?:[\w-]+\s+){1,4}(?:paper|article|work)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w-])\w+(?:[-@]\w+)*")
_INNER = re.compile(r"[A-Z]|\d\w*[^\W\d]|[^\W\d]\w*\d")


def holds_answer(result: SearchResult, route: Route) -> bool:
    """Whether what was found is near enough to the question to answer from it."""
    if not result.passages:
        return False
    use = mentioned(route.query, result.passages) if route.kind == "find" else None
    if not judged(route) or (use and use.alone):
        return True
    found = evidence(result, route)
    if route.about and found.unshown:  # the title alone makes all else agree
        return False
    return (
        confidence(found) >= 0
        or _touches_topic(found, route)
        or _names_sides(result, found, route)
        or _introduces(result, found, route)
    )


def _touches_topic(found: Evidence, route: Route) -> bool:
    """Whether a reader who filtered the papers, and gave a bare subject, gets to see what touches on it.

    The best of the whole library may have been filtered away, and what is left is less alike; but nothing is
    claimed of it, so it is enough that the passages hold all of the subject's words.
    """
    return (
        bool(route.filters)
        and is_topic(route.query)
        and not found.lacking
        and found.coverage >= TOPIC_COVERED
        and found.similarity >= TOPIC_SIMILARITY
    )


def _introduces(result: SearchResult, found: Evidence, route: Route) -> bool:
    """Whether nothing is asked but what a paper is, and the first is the one: "explain HedgeNet".

    It is, where the words are the name before the colon of its title, or where a paper is spoken of, they are
    in its title, and no other is as near.
    """
    asked = set(content_words(route.query)) - ASKING
    if route.kind != "question" or not asked or not result.papers:
        return False
    title = result.papers[0].paper.title
    head, colon, _ = title.partition(":")
    if colon and asked <= set(content_words(head)):
        return True
    spoken_of = bool(_THE_PAPER.search(route.query)) and found.lead >= ALONE
    return spoken_of and asked <= set(content_words(title))


def _names_sides(result: SearchResult, found: Evidence, route: Route) -> bool:
    """Whether a comparison says no more than what is compared, and all of it is there: "compare A and B"."""
    return route.kind == "compare" and bool(found.names_found) and _told(result, route).share == 1.0


def judged(route: Route) -> bool:
    """Whether a question's passages are judged at all: chosen papers and lists need not resemble it."""
    return not (
        route.among or route.kind in ("author", "library") or route.filters.paper or route.filters.author
    )


def confidence(found: Evidence, weights: Evidence = WEIGHTS, bias: float = BIAS) -> float:
    """The log-odds that the passages hold an answer; below 0 the question is refused."""
    pairs = zip(astuple(weights), astuple(found), strict=True)
    return bias + float(sum(weight * value for weight, value in pairs))


def evidence(result: SearchResult, route: Route) -> Evidence:
    """What `result` says for an answer to the question of `route`."""
    asked = dict.fromkeys(names(route.query))
    held = held_by_paper(result)
    together = Held.of(" ".join(paper.text for paper in held))
    if route.kind == "compare":  # its names stand in several papers
        held = [together]
    found = any(all(paper.has(name) for name in asked) for paper in held)
    scores = [paper.score for paper in result.papers[:2]]
    pointed = route.kind == "question"
    told = _told(result, route)
    return Evidence(
        similarity=result.similarity,
        coverage=result.coverage,
        names_found=float(bool(asked) and found),
        lead=_lead(scores, route),
        lacking=float(not found and not all(together.has(name) for name in _own_names(route.query))),
        matched=min(ENOUGH, told.matched),
        untold=1 - told.share if pointed else 0.0,
        quantity=float(wants_quantity(route.query)),
        unshown=float(not told.shown),
        agreeing=_agreeing(result, route) if route.kind == "find" else 0.0,
        unlike=float(pointed and not told.alike),
    )


def _asked(route: Route) -> list[str]:
    """The words of a question that tell what it is about, each once."""
    words = dict.fromkeys(content_words(without_facts(route.query)))
    return [word for word in words if word not in ASKING]


def _is_subject(route: Route) -> bool:
    """Whether papers on a bare subject are looked for, of which there may be many or one."""
    few = asks_for_several(route.query) and len(_asked(route)) <= FEW
    return route.kind == "find" and (few or is_topic(route.query))


def _lead(scores: Sequence[float], route: Route) -> float:
    """How far the first of `scores` is ahead; of a subject that many papers share none need be."""
    if len(scores) < 2 or _is_subject(route):
        return ALONE
    return min(FAR_ENOUGH, scores[0] - scores[1])


def _agreeing(result: SearchResult, route: Route) -> float:
    asked = _asked(route)
    texts = (f"{found.paper.title} {found.paper.abstract or ''}" for found in result.papers)
    held = [set(content_words(text)) for text in texts] if asked else []
    return float(min(MANY, sum(all(_holds(there, word) for word in asked) for there in held)))


def _holds(there: Collection[str], word: str) -> bool:
    return word in there or not RELATED.get(word, frozenset()).isdisjoint(there)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the passages of the first paper tell of a question."""

    share: float  # of its words that do not name the paper
    matched: int  # of its words, with those that do
    shown: bool  # the kind of fact that is asked for, where it asks for one
    alike: bool  # the thing that is asked for by its kind, or a count of it


def _told(result: SearchResult, route: Route) -> _Told:
    """Held against the question: the passages of the first paper, or all where several papers are meant.

    The words of a paper's title are in all of its passages; what is asked of it may be in none.
    """
    first = result.papers[0].paper if result.papers else result.passages[0].paper
    listed = route.kind == "find" and asks_for_several(route.query)
    several = route.kind == "compare" or listed
    own = [one for one in result.passages if several or one.paper.id == first.id] or result.passages[:1]
    text = " ".join((*(one.chunk.text for one in own), first.abstract or ""))
    there, naming = set(content_words(text)), set(content_words(first.title))
    if several:
        there |= {word for one in own for word in content_words(one.paper.title)}
        naming = set()
    asked = _asked(route)
    unnamed = [word for word in asked if word not in naming]
    known = there | naming
    held = sum(word in there or not RELATED.get(word, frozenset()).isdisjoint(known) for word in unnamed)
    thing = thing_of(route.query)
    return _Told(
        share=held / len(unnamed) if unnamed else 1.0,
        matched=held + sum(word in naming for word in asked),
        shown=route.kind == "compare" or not unshown(route.query, text),
        alike=thing is None or bool(thing.search(text)),
    )


def lacking(query: str, result: SearchResult) -> list[str]:
    """The names in `query` that no passage found and no title mentions."""
    there = Held.of(" ".join(paper.text for paper in held_by_paper(result)))
    return [name for name in dict.fromkeys(_own_names(query)) if not there.has(name)]


def _own_names(query: str) -> list[str]:
    """The names in a question, without those that it was made whole with."""
    return names(asked_alone(query))


def asked_alone(query: str) -> str:
    """A question without what it was made whole with."""
    return _MADE_WHOLE.sub("", query)


def names(text: str, *, within: bool = False) -> list[str]:
    """The names in `text`: words with a capital or digit within, or with one that starts no sentence.

    Of "LLM-guided" it is "LLM", of "Text-to-Image" both ends: a part in small letters is no name. Nor is a
    word of asking or a filler, whatever its capital ("tell me How it works"). With `within` the text stands
    within a sentence, so that its first word may be a name by its capital.
    """
    found = []
    for match in _NAME.finditer(text):
        before = text[: match.start()].rstrip(" \"'“‘(")
        starts = before[-1] in ".?!:" if before else not within
        for named, parts in groupby(
            re.split(r"[-@]", match[0]), lambda part: part != part.lower() or part.isdigit()
        ):
            name = "-".join(parts)
            filler = name == match[0] and ASKING.issuperset(content_words(name))
            capital = name[0].isupper() and not starts and not filler
            if named and len(name) > 2 and (_INNER.search(name[1:]) or capital):
                found.append(name)
    return found


def is_far(result: SearchResult) -> bool:
    """Whether what was found is so far from the question that its titles would only puzzle."""
    return result.similarity < FAR or (result.coverage == 0.0 and result.similarity < FAR_WITHOUT_WORDS)

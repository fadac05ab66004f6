"""What papers are compared by: the aspects that a question asks for, and which sentences tell each. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.gate import names
from bot.questions.sides import BY, LIST, aside, sides
from bot.quoting.asked import kind_of, thing_of, unit_of
from bot.quoting.candidates import Candidate
from bot.quoting.concepts import RELATED
from bot.quoting.readable import is_row
from bot.quoting.worth import PROPOSES
from bot.words import ASKING, content_words, inverse_frequency
from retrieval.analysis import words

ASPECTS = 3
NAME = 3  # words of a title, or of what stands before its colon, that name a paper together
FEW = 2  # words of an aspect that are looked for together
SHORTEST = 3  # letters of a coined name: what is 3D or 360° is no paper's alone
HALF = 0.5  # of the weight of the words that are asked for, which a sentence must hold to tell of them

_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|then|what(?:'?s)?|is|are|the|there|differen(?:ce|ces|t)|in|between|of|their|both|"
    r"how|do|they|differ|tell\s+me)\b\W*)+",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    content_words(
        "difference differs different compare comparison both better main similar common each two three four "
        "five other others rest fewer fewest less least lowest highest latter former second third"
    )
)
_DOES = frozenset(
    content_words(
        "report evaluate evaluated handle deal achieve perform rely support set reach provide use based"
    )
)  # what a paper does with whatever is asked for
_BEST = frozenset(
    content_words("best better good strong stronger strongest win winner performance results score")
)
_LEADING = re.compile(
    r"\A\W*(?:(?:and|so|but|or|then|which|what|how|does|do|did|is|are|was|were|has|have|any|both|either|each|all|ones?|of|them|"
    r"these|those|they|the|two|three|papers|methods|its?|about|there|uses?|takes?)\b\W*)+",
    re.IGNORECASE,
)
_DATA_ALONE = frozenset(content_words("data dataset benchmark corpus"))
_OF_DATA = frozenset(content_words("data dataset benchmark corpus training test evaluation"))
_OWN = re.compile(r"\b(?:we|our|ours|us|this\s+(?:paper|work)|experiments?|evaluat\w+)\b", re.IGNORECASE)
_COINED = re.compile(r"[A-Z]|\d")  # within a word
_DATA = re.compile(r"\b(?:data\s?sets?|benchmarks?|corpus|corpora|trained\s+on)\b", re.IGNORECASE)
_RESULT = re.compile(
    r"\b(?:outperform|achiev|improv|surpass|exceed|reduc|gain(?!\w*\s+(?:\w+\s+){0,2}(?:interests?|attention|popularity|momentum|traction)\b)|accura|faster|state[\s-]of[\s-]the[\s-]art|results?\b)\w*",
    re.IGNORECASE,
)
_CLAIMS = re.compile(r"\b(?:outperforms?|achieves?|surpass\w*|exceeds?|\d+(?:\.\d+)?\s?%)", re.IGNORECASE)


Tells = Callable[[Candidate, str], bool]
"""Whether a sentence tells an aspect; the second is its paper's title."""


def _of_itself(text: str, title: str) -> bool:
    """Whether a sentence speaks of its own paper: as "we", or by its name.

    That is a coined word of the title, such as HedgeNet, or a short title, such as Token Turing Machines.
    """
    own = [word.strip(",.:;?!()") for word in title.split()]
    before = len(title.partition(":")[0].split()) if ":" in title else 0
    coined = _coined(own[:before]) or _coined(own)
    head = title.partition(":")[0].strip()
    if 1 < len(head.split()) <= NAME:
        coined.append(head)
    return bool(_OWN.search(text)) or any(name in text for name in coined)


def _coined(said: Sequence[str]) -> list[str]:
    return [word for word in said if _COINED.search(word[1:]) and sum(map(str.isalpha, word)) >= SHORTEST]


def _idea(one: Candidate, title: str) -> bool:
    return _of_itself(one.text, title) and not is_row(one.text)


def _brings(one: Candidate, title: str) -> bool:
    return bool(PROPOSES.search(one.text)) and not _CLAIMS.search(one.text)


def _data(one: Candidate, title: str) -> bool:
    text = one.text
    return bool(_DATA.search(text)) and (_of_itself(text, title) or bool(_CLAIMS.search(text)))


def _results(one: Candidate, title: str) -> bool:
    text = one.text
    return bool(_RESULT.search(text)) and (_of_itself(text, title) or bool(_CLAIMS.search(text)))


_NAMED_DATA = re.compile(r"\b[A-Z][\w/-]*[A-Z0-9][\w/-]*|\b[A-Z][a-z]\w+\s+(?:data\s?sets?|benchmarks?)\b")

_OF_THE_TIME = re.compile(r"\b(?:of|all|at|for)\s+the\s+(?:same\s+|first\s+)?time\b", re.IGNORECASE)
"""How often or together, which tells nothing of how long something takes."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One row: its name, what is asked for it, and which sentences can tell it."""

    name: str
    asked: str
    tells: Tells
    tells_best: Tells | None = None  # what tells it so comes before the others


USUAL = (
    Aspect("idea", "what do we propose, the idea and method", _idea, _brings),
    Aspect("data", "which datasets and benchmarks", _data),
    Aspect("results", "what results and accuracy, by how much", _results),
)


def asked_aspects(question: str, query: str) -> tuple[Aspect, ...]:
    """The aspects that a question asks for; the usual ones where it names no more than the papers.

    Where they cannot be told from the papers, the whole question is the one aspect.
    """
    named = {word for side in sides(query) for word in content_words(side)} | _EMPTY
    told = [_ASKING.sub("", clause) for clause in aside(question)]
    if by := BY.search(question):
        told = LIST.split(by["aspects"])
    rows = [(name, stems) for name in told if (stems := frozenset(content_words(name)) - named)]
    if len(rows) > 1:
        return tuple(
            Aspect(name, name, _telling_of(name, stems), _best_of(name, stems))
            for name, stems in rows[:ASPECTS]
        )
    if not rows and not set(content_words(question)) - named:
        return USUAL
    name, stems = rows[0] if rows else (question, frozenset(content_words(question)) - named)
    return (Aspect(name.strip(" ?.!"), question, _holding(stems)),)


def _telling_of(name: str, stems: frozenset[str]) -> Tells:
    """Which sentences can tell an aspect: of limitations no word alone does, but what shows one."""
    if stems <= _OF_DATA:
        return _data
    thing = kind_of(name) or thing_of(name)
    return _holding(stems) if thing is None else lambda one, _: bool(thing.search(one.text))


def _best_of(name: str, stems: frozenset[str]) -> Tells | None:
    """What tells an aspect best: a figure in its unit, or the name of a data set."""
    if stems <= _DATA_ALONE:
        return _showing(_NAMED_DATA)
    unit = unit_of(name)
    return _showing(unit) if unit else None


def _holding(stems: frozenset[str]) -> Tells:
    """Whether a sentence has one of these words, or one that is said for it."""
    meant = stems.union(*(RELATED.get(stem, frozenset()) for stem in stems))
    return lambda one, _: not meant.isdisjoint(content_words(_OF_THE_TIME.sub("", one.text)))


def aspects_of_all(question: str, found: Sequence[Candidate]) -> tuple[Aspect, ...]:
    """What `question` asks of each of several papers that it does not name; `found` are their sentences.

    Stricter than `asked_aspects`: a sentence tells only what it shows, so that none is quoted of a paper that
    is silent. The usual ones where nothing in particular is asked.
    """
    by = BY.search(question)
    told = [
        (asked, stems)
        for asked in (LIST.split(by["aspects"]) if by else [question])
        if (stems := _meant(asked))
    ]
    weights = inverse_frequency([one.stems for one in found])
    return tuple(_strict(asked, stems, weights, found) for asked, stems in told[:ASPECTS]) or USUAL


def _called(asked: str) -> str:
    """What a row is called: what is asked, without the words that only point to the papers."""
    return (_LEADING.sub("", asked.strip(" ?.!,;:")) or asked).strip(" ?.!,;:")


def _meant(text: str) -> frozenset[str]:
    """The words of `text` that say what is asked, without those that only point or compare.

    What a paper does with it is no part of it, unless it stands last: "generates reports", "reports runtime".
    """
    told = [stem for stem in content_words(text) if stem not in _EMPTY and stem not in ASKING]
    return frozenset(stem for stem in told if stem not in _DOES or stem == told[-1])


def _strict(
    asked: str, stems: frozenset[str], weights: Mapping[str, float], found: Sequence[Candidate]
) -> Aspect:
    """The aspect `asked`. Where a sentence has both of its words, one of them is not enough elsewhere."""
    name = _called(asked)
    if stems <= _BEST:
        return replace(USUAL[-1], name=name)
    if stems <= _DATA_ALONE:
        return Aspect(name, asked, _data, _best_of(asked, stems))
    best = _best_of(asked, stems)
    if shows := kind_of(asked) or thing_of(asked):  # the latter: so many of what is counted
        return Aspect(name, asked, _showing(shows), best)
    whole, half = (_most_of(stems - _BEST, asked, weights, share) for share in (1.0, HALF))
    tells = whole if len(stems) <= FEW and any(whole(one, "") for one in found) else half
    if not _BEST.isdisjoint(content_words(asked)):
        return Aspect(name, asked, tells if names(asked, within=True) else _either(tells, _results), _results)
    return Aspect(name, asked, tells, best)


def _either(one: Tells, other: Tells) -> Tells:
    return lambda candidate, title: one(candidate, title) or other(candidate, title)


def _showing(shows: re.Pattern[str]) -> Tells:
    return lambda one, _: bool(shows.search(f"{one.columns} {one.text}" if one.columns else one.text))


def _most_of(stems: frozenset[str], asked: str, weights: Mapping[str, float], share: float) -> Tells:
    """Whether a sentence has every name that is asked for and, without one, a `share` of the words."""
    named = frozenset(word for one in names(asked, within=True) for word in words(one))
    heaviest = max(weights.values(), default=1.0)  # of a word that no sentence has, too

    def weight(told: Collection[str]) -> float:
        return sum(weights.get(stem, heaviest) for stem in told)

    def tells(one: Candidate, title: str) -> bool:
        if named:
            return named <= set(words(one.text)) and (share < 1 or stems <= one.stems)
        there = one.stems | one.around if one.columns is not None else one.stems
        held = [
            stem for stem in stems if stem in there or not RELATED.get(stem, frozenset()).isdisjoint(there)
        ]
        return max(weight(held) / (weight(stems) or 1.0), len(held) / max(1, len(stems))) >= share

    return tells

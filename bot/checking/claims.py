"""What a sentence claims that can be looked up: numbers with units, names, denials, directions. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.checking.numerals import numbers
from bot.checking.rounded import Rough, bounds, roughly
from bot.gate import names
from bot.words import content_words
from retrieval.analysis import words

_BINDS = re.compile(
    r"\b(?:fewer|less|more|greater|larger|longer)\s+than\b|\bat\s+(?:most|least)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_NOT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|fail(?:s|ed)?\s+to|unable|lacks?|hardly|\w+n['’]t)\b",
    re.IGNORECASE,
)
_NO_DENIAL = re.compile(r"\bnot\s+(?:only|just|merely)\b|\bor\s+not\b", re.IGNORECASE)
_OPPOSITES = """
increase increases increased increasing / decrease decreases decreased decreasing
increases increased raises raised rises rose grows / reduces reduced drops dropped fell
higher / lower
more / less fewer
better / worse
faster / slower
larger bigger greater / smaller
outperform outperforms outperformed / underperform underperforms underperformed
surpass surpasses surpassed exceed exceeds beat beats / underperform underperforms underperformed trails
improve improves improved improving / worsen worsens worsened degrade degrades degraded
improve improves improved improving / harm harms harmed hurt hurts
gain gains gained / lose loses lost
best / worst
most / least
always / never
before / after
maximum / minimum
maximize maximizes / minimize minimizes
with / without
above / below
easy easier / hard harder difficult
supervised / unsupervised
"""
_Opposed = tuple[frozenset[str], frozenset[str]]


def _pairs() -> tuple[_Opposed, ...]:
    sides = [
        [frozenset(side.split()) for side in line.split("/")] for line in _OPPOSITES.strip().splitlines()
    ]
    return tuple((left, right) for left, right in sides) + tuple((right, left) for left, right in sides)


OPPOSED = _pairs()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence, taken apart."""

    text: str
    addresses: frozenset[str]  # of the web
    stems: frozenset[str]  # of its content words
    worded: frozenset[str]  # those of them that are no numbers
    numbers: frozenset[tuple[str, str]]  # value as printed without separators, unit or ""
    rough: tuple[Rough, ...]  # those of them that may be rounded
    names: tuple[str, ...]  # in order, as printed
    bounds: frozenset[tuple[str, str]]  # "at most" or "at least", value: where a number is only a limit
    negated: bool
    words: frozenset[str]  # all, in lower case


def claim(text: str) -> Claim:
    """`text` taken apart; its own footnote marks must be gone. An address is looked up nowhere."""
    addresses = frozenset(found.rstrip(".,;:)").casefold() for found in _ADDRESS.findall(text))
    text = _ADDRESS.sub(" ", text)
    plain = words(text)
    stems = frozenset(content_words(text))
    return Claim(
        addresses=addresses,
        text=text,
        stems=stems,
        worded=frozenset(stem for stem in stems if not stem[0].isdigit()),
        numbers=frozenset(numbers(text)),
        rough=tuple(roughly(text)),
        names=tuple(dict.fromkeys(names(text))),
        bounds=bounds(text) if _BINDS.search(text) else frozenset(),
        negated=negated(text),
        words=frozenset(plain) | frozenset(re.findall(r"[a-z]+", text.lower())),
    )


def negated(text: str) -> bool:
    """Whether a sentence denies something. "Not only" and "or not" deny nothing."""
    return bool(_NOT.search(_NO_DENIAL.sub(" ", text)))


def turned(said: Claim, there: frozenset[str]) -> bool:
    """Whether `said` uses the opposite of a word that stands in `there`, and not that word."""
    for own, other in OPPOSED:
        if said.words & own and not there & own and there & other and not said.words & other:
            return True
    return False

"""What a sentence claims that can be looked up: numbers with units, names, denials, directions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.gate import names
from bot.words import content_words
from retrieval.analysis import words

_SPELLED = dict(
    zip(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        map(str, range(2, 13)),
        strict=True,
    )
)
_UNITS = """
% percent percentage point points pp
ms millisecond milliseconds
s sec second seconds
min minute minutes
h hour hours
day days
fps hz
kb
mb
gb
tb
k thousand
m million
b billion
mm
cm
m-of-length metre metres meter meters
km
px pixel pixels
db
x × times
gflops gflop
epochs epoch
steps step iterations iteration
"""
_UNIT = {unit: line.split()[0] for line in _UNITS.strip().splitlines() for unit in line.split()}
_NUMBER = re.compile(
    r"(?<!\w)(?<![^\W\d_][-.])(?<!\d[.,])(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"(?:\s?-?(?P<unit>%|×|[^\W\d_]+))?",
)
_ANY_NUMBER = re.compile(r"(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?:\s?-?(?P<unit>%|×|[^\W\d_]+))?")
_APART = re.compile(r"(?<=\d) (?=\.\d)")  # a table's "32 .48"
_SCALES = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_AMOUNT = r"\s*(?:about\s+)?[$~]?(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+\b)"
_BOUNDS = tuple(
    (side, re.compile(rf"(?:{words}){_AMOUNT}", re.IGNORECASE))
    for side, words in (
        (
            "at most",
            r"\b(?:(?:fewer|less|lower|smaller|shorter)\s+than|at\s+most|(?:no|not)\s+more\s+than|below|under|up\s+to|within|"
            r"maximum\s+of)\b|[<≤]",
        ),
        (
            "at least",
            r"\b(?:(?<!no\s)(?<!not\s)(?:more|greater|larger|higher|longer)\s+than|at\s+least|no\s+(?:less|fewer)\s+than|above|"
            r"over|exceed\w*|minimum\s+of|beyond)\b|[>≥]",
        ),
    )
)
_BINDS = re.compile(
    r"\b(?:fewer|less|more|greater|larger|longer)\s+than\b|\bat\s+(?:most|least)\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_NOT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|fail(?:s|ed)?\s+to|unable|lacks?|hardly|\w+n['’]t)\b",
    re.IGNORECASE,
)
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
    numbers: frozenset[tuple[str, str]]  # value as printed without separators, unit or ""
    names: tuple[str, ...]  # in order, as printed
    bounds: frozenset[tuple[str, str]]  # "at most" or "at least", value: where a number is only a limit
    negated: bool
    words: frozenset[str]  # all, in lower case


def claim(text: str) -> Claim:
    """`text` taken apart; its own footnote marks must be gone. An address is looked up nowhere."""
    addresses = frozenset(found.rstrip(".,;:)").casefold() for found in _ADDRESS.findall(text))
    text = _ADDRESS.sub(" ", text)
    plain = words(text)
    return Claim(
        addresses=addresses,
        text=text,
        stems=frozenset(content_words(text)),
        numbers=frozenset(numbers(text)),
        names=tuple(dict.fromkeys(names(text))),
        bounds=bounds(text) if _BINDS.search(text) else frozenset(),
        negated=negated(text),
        words=frozenset(plain) | frozenset(re.findall(r"[a-z]+", text.lower())),
    )


def numbers(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of a sentence with their units; not those within names such as ResNet-50."""
    for found in _NUMBER.finditer(text):
        yield value(found["digits"]), unit(found["unit"])
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _SPELLED:
            yield _SPELLED[word], ""


def printed(text: str) -> set[tuple[str, str]]:
    """Every number that stands in a paper's words, however it is glued to others, and spelled ones.

    One with a scale stands there written out, too: "4.2 million" is 4200000.
    """
    every = (*_ANY_NUMBER.finditer(text), *_ANY_NUMBER.finditer(_APART.sub("", text)))
    found = {(value(match["digits"]), unit(match["unit"])) for match in every}
    found |= {(amount(*one), "") for one in found if one[1] in _SCALES}
    return found | {(_SPELLED[word], "") for word in re.findall(r"[a-z]+", text.lower()) if word in _SPELLED}


def amount(value: str, unit: str) -> str:
    """A value with its scale written out: 4.2 with "m" is 4200000; others are as they are."""
    return f"{Decimal(value) * _SCALES[unit]:f}".split(".")[0] if unit in _SCALES else value


def bounds(text: str) -> frozenset[tuple[str, str]]:
    """The numbers that are limits: ("at least", "5") of "more than 5", ("at most", "5") of "under five"."""
    return frozenset(
        (side, _SPELLED.get(told, told) if told.isalpha() else value(told))
        for side, pattern in _BOUNDS
        for found in pattern.finditer(text)
        if (told := found["digits"].lower())[0].isdigit() or told in _SPELLED
    )


def value(digits: str) -> str:
    """`1,024` and `1024`, `0.50` and `0.5` are one value."""
    plain = digits.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain.lstrip("0") or "0"


def unit(word: str | None) -> str:
    """The unit that `word` is, all spellings alike; "" for any other word."""
    if not word:
        return ""
    if word in ("M", "B", "K"):
        return _UNIT[word.lower()]
    return _UNIT.get(word if word == "m" else word.lower(), "")


def negated(text: str) -> bool:
    """Whether a sentence denies something. "Not only" denies nothing."""
    return bool(_NOT.search(re.sub(r"\bnot\s+(?:only|just|merely)\b", " ", text, flags=re.IGNORECASE)))


def turned(said: Claim, there: frozenset[str]) -> bool:
    """Whether `said` uses the opposite of a word that stands in `there`, and not that word."""
    for own, other in OPPOSED:
        if said.words & own and not there & own and there & other and not said.words & other:
            return True
    return False

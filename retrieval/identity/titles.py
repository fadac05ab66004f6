"""How two titles are alike: the same, one misspelt, one cut off, or another. Pure.

A misspelling leaves no word, or looks like what OCR takes for it; another paper's title has another word in
that place. So a word that stands for another is a misspelling only where one of the two is unknown to the
rest of the library. Numbers are never misspellings: they part the first from the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from sys import intern

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from retrieval.identity.folding import fold, looks

TwoWords = Callable[[str, str], bool]


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LINKS = _words("a an and as at between by for from in into is it of on or over the to under via with")
_PREFIXES = _words("un in im ir non de re dis mis multi semi self pre post sub super inter intra auto bi")
_SEQUELS = _words("part volume chapter plus revisited supplement supplementary appendix erratum extended")
_NOTICES = _words(
    "correction corrigendum erratum retraction comment comments reply response supplement re part"
)
_NAME_WORDS = 3  # before a colon
_NUMBER = re.compile(r"\d+|[ivx]{1,4}")
_MARK = re.compile(r"(?:\.\.\.|…)\s*$")
_LEAST = 15  # letters; of a title that may be misspelt: a shorter one is a name
_LEAST_CUT, _LEAST_CUT_WORDS = 20, 4
_QUICK = 80.0  # of 100; a title with as many wrong letters as may be has more
_EDITS_SHARE = 0.12  # of a title's letters that may be wrong
_SHORT = 5  # letters; a shorter word that is a name has no misspelling
_NAME = 6  # the same of two names, which may both be coined
_LONG = 8  # letters of a word of which two may be wrong


class Likeness(Enum):
    """How two titles are alike; the words say it to a person."""

    SAME = "the same title"
    MISSPELT = "titles that differ as by misspelling"
    CUT = "one title begins the other, cut off"
    BEGINS = "one title begins the other"
    UNNAMED = "one title lacks the name before the other's colon"
    OTHER = "other titles"


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared."""

    words: tuple[str, ...]  # folded, parted by all that is no letter or digit
    letters: str  # all of them, without anything between
    marked: bool  # ends in dots: it was cut off
    names: frozenset[str]  # folded words with capitals inside, as coined names have
    numbers: tuple[str, ...] = ()
    subtitle: str = ""  # the letters behind a name of some words and a colon

    @classmethod
    def of(cls, printed: str) -> Title:
        # Interned, for the titles of a library have few words, again and again.
        words = tuple(map(intern, re.findall(r"[^\W_]+", fold(printed.replace("+", " plus ")))))
        coined = re.findall(r"[^\W_]*[^\W_][A-Z][^\W_]*", "" if printed.isupper() else printed)
        marked, names = bool(_MARK.search(printed)), frozenset(map(fold, coined))
        numbers = tuple(filter(_NUMBER.fullmatch, words))
        return cls(words, "".join(words), marked, names, numbers, _subtitle(printed))


def _subtitle(printed: str) -> str:
    head, colon, rest = fold(printed).partition(":")
    words = re.findall(r"[^\W_]+", head)
    if not colon or not 0 < len(words) <= _NAME_WORDS or _NOTICES.intersection(words):
        return ""
    return "".join(re.findall(r"[^\W_]+", rest))


def likeness(one: Title, other: Title, words: TwoWords) -> Likeness:
    """How the titles are alike. `words` says whether two folded words are both in use."""
    if one.letters == other.letters:
        return Likeness.SAME
    shorter, longer = sorted((one, other), key=lambda title: len(title.letters))
    if len(shorter.letters) < _LEAST or not shorter.words:
        return Likeness.OTHER
    if shorter.letters == longer.subtitle and len(shorter.words) >= _LEAST_CUT_WORDS:
        return Likeness.UNNAMED
    if len(one.words) == len(other.words) and one.numbers and other.numbers and one.numbers != other.numbers:
        return Likeness.OTHER
    if not fuzz.partial_ratio(shorter.letters, longer.letters, score_cutoff=_QUICK):
        return Likeness.OTHER  # most of those that meet, and at a tenth of the cost
    edits, rest = _compared(shorter, longer, words)
    if edits is None or edits > max(1, _EDITS_SHARE * len(shorter.letters)):
        return Likeness.OTHER
    if not rest:
        return Likeness.MISSPELT
    if len(shorter.letters) < _LEAST_CUT or len(shorter.words) < _LEAST_CUT_WORDS:
        return Likeness.OTHER
    if _NUMBER.fullmatch(rest[0]) or rest[0] in _SEQUELS:
        return Likeness.OTHER
    torn = shorter.words[-1] in _LINKS or rest[0].startswith("+")
    return Likeness.CUT if shorter.marked or torn else Likeness.BEGINS


def _compared(shorter: Title, longer: Title, words: TwoWords) -> tuple[int | None, tuple[str, ...]]:
    """Letters wrong in the shorter title, None where it says something else; and how the longer goes on."""
    edits = 0
    names = shorter.names | longer.names
    blocks = SequenceMatcher(None, shorter.words, longer.words, autojunk=False).get_opcodes()
    for what, start, end, begin, until in blocks:
        mine, theirs = shorter.words[start:end], longer.words[begin:until]
        if what == "equal":
            continue
        rest: tuple[str, ...] = ()
        if end == len(shorter.words):
            theirs, rest = _split_rest(mine, theirs)
        wrong = _edits(mine, theirs, words, names) if mine or theirs else 0
        if wrong is None:
            return None, ()
        edits += wrong
        if rest:
            return edits, rest
    return edits, ()


def _split_rest(mine: Sequence[str], theirs: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words at the end of the longer title that stand for those of the shorter, and what comes after.

    A last word may be torn: its rest begins with "+".
    """
    if not mine:
        return (), tuple(theirs)
    said, taken = "".join(mine), ""
    for at, word in enumerate(theirs):
        before, taken = taken, taken + word
        if len(taken) < len(said):
            continue
        over = len(taken) - len(said)
        if over > 2 and taken.startswith(said):
            torn = said[len(before) :]
            return (*theirs[:at], torn), (f"+{word[len(torn) :]}", *theirs[at + 1 :])
        following = abs(len(before) - len(said)) < over
        end = at if following and at else at + 1
        return tuple(theirs[:end]), tuple(theirs[end:])
    return tuple(theirs), ()


def _edits(mine: Sequence[str], theirs: Sequence[str], words: TwoWords, names: frozenset[str]) -> int | None:
    """Letters that are wrong in these words, None where they are other words."""
    if "".join(mine) == "".join(theirs):
        return 0
    if len(mine) != len(theirs):
        return _edits_of_word("".join(mine), "".join(theirs), words, names)
    found = [_edits_of_word(one, other, words, names) for one, other in zip(mine, theirs, strict=True)]
    return None if None in found else sum(edits for edits in found if edits is not None)


def _edits_of_word(one: str, other: str, words: TwoWords, names: frozenset[str]) -> int | None:
    if one == other:
        return 0
    if looks(one) == looks(other):
        return None if words(one, other) and one.isalpha() and other.isalpha() else 1
    if _is_other(one, other):
        return None
    edits = min(OSA.distance(one, other), OSA.distance(looks(one), looks(other)))
    if edits > (1 if max(len(one), len(other)) < _LONG else 2):
        return None
    shortest, coined = min(len(one), len(other)), len({one, other} & names)
    if (coined and shortest < _SHORT) or (coined == 2 and shortest <= _NAME):
        return None
    return None if words(one, other) and not _plural(one, other) else edits


def numbered(one: Title, other: Title) -> bool:
    """Whether the titles differ in their numbers alone: the parts of a series."""
    if one.numbers == other.numbers:
        return False
    plain = [[word for word in title.words if not _NUMBER.fullmatch(word)] for title in (one, other)]
    return plain[0] == plain[1]


def _is_other(one: str, other: str) -> bool:
    """Whether the two are surely two words: a number, or an opposite made by a syllable in front."""
    if not one or not other:
        return True
    if _NUMBER.fullmatch(one) or _NUMBER.fullmatch(other):
        return True
    digits = re.sub(r"\D", "", one), re.sub(r"\D", "", other)
    if all(digits) and digits[0] != digits[1]:
        return True
    shorter, longer = sorted((one, other), key=len)
    return longer.endswith(shorter) and longer[: -len(shorter)] in _PREFIXES


def _plural(one: str, other: str) -> bool:
    return abs(len(one) - len(other)) == 1 and one.rstrip("s") == other.rstrip("s")

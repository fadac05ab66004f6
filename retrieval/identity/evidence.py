"""What speaks for and against two documents being one paper. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from retrieval.identity.titles import Likeness, TwoWords, likeness, numbered
from retrieval.identity.traits import SHINGLE, Traits

Key = tuple[str, str]
"""A family name and a given one, folded, as a name may be read."""

SAME_TEXT = 0.5
"""Share of the shorter text's runs that stand in the other: a page may stop early, and OCR breaks words."""
SCANNED_TEXT = 0.2
"""The same where the titles are alike too: with every sixth word broken, three runs in five are."""
MIN_SHINGLES = 15
"""Shorter texts ("No abstract available.") prove nothing."""
BRIEF = 60
"""Words; a text of fewer is often made from another by changing some, and its title then says whose it is."""
WHOLE_TEXT = 0.95
"""Share of the runs of a brief text that stand in the other, where its title does not."""

DISTINCTIVE = 15
"""Letters; a shorter title is a name that two papers may share."""

_SIMILAR_TITLE = 75.0  # of 100
_PART_OF_TITLE = 85.0
_NEARLY = 88.0
_OTHER_TEXT = 0.1  # share of runs under which two abstracts are of two papers
_LONG_TITLE = 30  # letters; a part of a title that long says which paper it is, where no authors do
_SAME_YEARS = 2  # between a preprint and its printing


class Strength(IntEnum):
    """How sure two documents are one paper; the surer ones are brought together first."""

    NONE = 0
    NEAR = 1  # a person should look
    NAMELESS_LIKE = 2  # by a misspelt or cut title alone, so only while one paper fits
    NAMELESS = 3  # by a title alone, in the same way
    TITLE = 4
    TEXT = 5
    NUMBER = 6  # DOI or arXiv id


@dataclass(frozen=True, slots=True)
class Finding:
    """What two documents have in common, and what parts them, in words for a person."""

    strength: Strength
    reason: str = ""

    @property
    def joins(self) -> bool:
        return self.strength > Strength.NEAR


NOTHING = Finding(Strength.NONE)


def compare(one: Traits, other: Traits, words: TwoWords) -> Finding:
    """Whether two documents are one paper, and why; NEAR where that is in doubt."""
    number = _shared_number(one, other)
    if number and (alike(one, other) or same_text(one, other)):
        return Finding(Strength.NUMBER, number)
    titles = likeness(one.title, other.title, words)
    if same_text(one, other) or _same_scan(one, other, titles):
        doubt = two_numbers(one, other) or _made_alike(one, other)
        return Finding(Strength.NEAR if doubt else Strength.TEXT, _reason("the same text", doubt))
    if number:
        return Finding(Strength.NEAR, f"{number}, under different titles")
    return _nearly(one, other) if titles is Likeness.OTHER else _by_title(one, other, titles)


def _nearly(one: Traits, other: Traits) -> Finding:
    """Of two titles that are others: whether a person should look, for a word is all that parts them."""
    if not fuzz.ratio(one.title.letters, other.title.letters, score_cutoff=_NEARLY):
        return NOTHING
    if not share_authors(one, other):
        return NOTHING
    parted = contradiction(one, other) or "one word is another"
    return Finding(Strength.NEAR, f"nearly the same title; but {parted}")


def _by_title(one: Traits, other: Traits, titles: Likeness) -> Finding:
    shared = share_authors(one, other)
    shortest = min(len(one.title.letters), len(other.title.letters))
    nameless = not one.authors or not other.authors
    if shortest < DISTINCTIVE and not shared:
        return NOTHING
    doubt = contradiction(one, other) or ("" if shared or nameless else "no author is the same")
    in_part = titles in (Likeness.BEGINS, Likeness.UNNAMED)
    if in_part and not doubt and not _goes_on(one, other):
        doubt = "the longer one may be another paper"
    if doubt:
        return Finding(Strength.NEAR, _reason(titles.value, doubt))
    if shared:
        return Finding(Strength.TITLE, f"{titles.value}, and an author in common")
    if titles is not Likeness.SAME and shortest < _LONG_TITLE:
        return Finding(Strength.NEAR, f"{titles.value}; but one has no authors")
    same = titles is Likeness.SAME
    return Finding(Strength.NAMELESS if same else Strength.NAMELESS_LIKE, titles.value)


def _reason(what: str, against: str) -> str:
    return f"{what}; but {against}" if against else what


def _shared_number(one: Traits, other: Traits) -> str:
    if one.doi and one.doi == other.doi:
        return f"the same DOI {one.doi}"
    return f"the same arXiv id {one.arxiv}" if one.arxiv and one.arxiv == other.arxiv else ""


def share_authors(one: Traits, other: Traits) -> bool:
    """An author in common: the family name, and the given one as far as both print it ("A." and "Ada").

    A long family name may have one letter wrong where the given one is whole.
    """
    return _share_keys(one.authors, other.authors)


def _share_keys(one: Collection[Key], other: Collection[Key]) -> bool:
    if not set(one).isdisjoint(other):
        return True
    given = defaultdict(list)
    for family, name in one:
        given[family].append(name)
    begins = any(
        name.startswith(mine) or mine.startswith(name)
        for family, name in other
        for mine in given.get(family, ())
        if bool(name) == bool(mine)
    )
    return begins or any(_scanned_name(a, b) for a in one for b in other)


def _scanned_name(one: Key, other: Key) -> bool:
    whole = (f"{one[0]} {one[1]}", f"{other[0]} {other[1]}")
    return min(map(len, whole)) >= 9 and OSA.distance(*whole, score_cutoff=1) <= 1


def _goes_on(one: Traits, other: Traits) -> bool:
    """Whether a title that begins the other is that title cut off: nothing but its end was lost.

    Half of the people at least are the same, or none are named; and the year is, where both say it.
    """
    years = one.document.year, other.document.year
    if one.authors and other.authors:
        fewer, more = sorted((one.people, other.people), key=len)
        shared = sum(any(_share_keys(person, another) for another in more) for person in fewer)
        return 2 * shared >= len(fewer) and (years[0] == years[1] or None in years)
    return years[0] is not None and years[0] == years[1]


def alike(one: Traits, other: Traits) -> bool:
    """Whether the titles are of one paper: a whole volume's DOI stands in many entries."""
    shorter, longer = sorted((one.title.letters, other.title.letters), key=len)
    if not shorter or shorter in longer or fuzz.ratio(shorter, longer) >= _SIMILAR_TITLE:
        return True
    return len(shorter) >= DISTINCTIVE and fuzz.partial_ratio(shorter, longer) >= _PART_OF_TITLE


def strangers(one: Traits, other: Traits) -> bool:
    """Whether both name their authors and have none in common."""
    return bool(one.authors and other.authors) and not share_authors(one, other)


def contradiction(one: Traits, other: Traits) -> str:
    """What speaks against one title being one paper, "" for nothing: numbers, years, or abstracts."""
    if numbers := two_numbers(one, other):
        return numbers
    years = one.document.year, other.document.year
    if years[0] and years[1] and abs(years[0] - years[1]) > _SAME_YEARS:
        return f"years {years[0]} and {years[1]}"
    told = one.has_abstract and other.has_abstract and _enough(one, other)
    return "other abstracts" if told and overlap(one, other) < _OTHER_TEXT else ""


def two_numbers(one: Traits, other: Traits) -> str:
    """What speaks against one text being one paper: a number of its own that each of the two has."""
    if _two_papers_dois(one, other):
        return "two DOIs"
    if one.arxiv and other.arxiv and one.arxiv != other.arxiv:
        return "two arXiv ids"
    return "other numbers in the titles" if numbered(one.title, other.title) else ""


def _two_papers_dois(one: Traits, other: Traits) -> bool:
    """Whether the DOIs are of two papers: a publisher gives one to each.

    A preprint and its printed version have two, of two publishers; where no authors stand beside them that is
    too little.
    """
    if not one.doi or not other.doi or one.doi == other.doi:
        return False
    same_publisher = one.doi.split("/")[0] == other.doi.split("/")[0]
    return same_publisher or not (one.authors and other.authors)


def same_text(one: Traits, other: Traits) -> bool:
    """Whether one's abstract or first page stands in the other, whatever the titles say."""
    if overlap(one, other) < SAME_TEXT:
        return False
    if strangers(one, other):
        return one.title.letters == other.title.letters  # of a series by several hands, with one abstract
    return share_authors(one, other) or alike(one, other)


def _made_alike(one: Traits, other: Traits) -> str:
    """What speaks against brief texts that differ in some words being one: each has a title of its own."""
    brief = min(one.words, other.words) < BRIEF and overlap(one, other) < WHOLE_TEXT
    return "it is brief, and the titles are others" if brief and not alike(one, other) else ""


def _same_scan(one: Traits, other: Traits, titles: Likeness) -> bool:
    if titles is Likeness.OTHER or len(one.title.letters) < DISTINCTIVE:
        return False
    return not strangers(one, other) and overlap(one, other) >= SCANNED_TEXT


def overlap(one: Traits, other: Traits) -> float:
    """The share of the shorter text's runs that stand in the other, 0..1; 0 for texts too short to tell."""
    if not _enough(one, other):
        return 0.0
    shorter, longer = sorted((one.shingles, other.shingles), key=len)
    places = np.minimum(np.searchsorted(longer, shorter), len(longer) - 1)
    return float(np.mean(longer[places] == shorter))


def _enough(one: Traits, other: Traits) -> bool:
    return min(one.words, other.words) >= MIN_SHINGLES + SHINGLE - 1

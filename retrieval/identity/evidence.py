"""What speaks for and against two documents being one paper. Pure."""

from __future__ import annotations

from collections import defaultdict

from rapidfuzz import fuzz

from retrieval.identity.traits import Traits

SAME_TEXT = 0.5
"""Share of the shorter text's runs that stand in the other: a page may stop early, and OCR breaks words."""
MIN_SHINGLES = 15
"""Shorter texts ("No abstract available.") prove nothing."""

_SIMILAR_TITLE = 75.0  # of 100
_SAME_YEARS = 2  # between a preprint and its printing


def share_authors(one: Traits, other: Traits) -> bool:
    """An author in common: the family name, and the given one as far as both print it ("A." and "Ada")."""
    if not one.authors.isdisjoint(other.authors):
        return True
    given = defaultdict(list)
    for family, name in one.authors:
        given[family].append(name)
    return any(
        name.startswith(known) or known.startswith(name)
        for family, name in other.authors
        for known in given.get(family, ())
        if bool(name) == bool(known)
    )


def same_hands(one: Traits, other: Traits) -> bool:
    """A title may come again: an editor's yearly "Editorial", a survey by another Wang."""
    return share_authors(one, other) and may_be_one(one, other)


def alike(one: Traits, other: Traits) -> bool:
    """Whether the titles are of one paper: a whole volume's DOI stands in many entries."""
    if not one.title or not other.title:
        return True
    shorter, longer = sorted((one.title, other.title), key=len)
    return shorter in longer or fuzz.ratio(shorter, longer) >= _SIMILAR_TITLE


def may_be_one(one: Traits, other: Traits) -> bool:
    """A title is not enough: neither years, DOIs nor abstracts may contradict."""
    years = one.document.year, other.document.year
    if years[0] and years[1] and abs(years[0] - years[1]) > _SAME_YEARS:
        return False
    if _two_papers_dois(one, other):
        return False
    both = all(trait.document.text("abstract") for trait in (one, other))
    return (
        not both
        or min(len(one.shingles), len(other.shingles)) < MIN_SHINGLES
        or _containment(one, other) >= 0.1
    )


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
    if min(len(one.shingles), len(other.shingles)) < MIN_SHINGLES or _containment(one, other) < SAME_TEXT:
        return False
    if one.authors and other.authors and not share_authors(one, other):
        return one.title == other.title  # of a series by several hands, with one abstract
    return share_authors(one, other) or alike(one, other)


def _containment(one: Traits, other: Traits) -> float:
    shorter, longer = sorted((one.shingles, other.shingles), key=len)
    return len(shorter & longer) / max(1, len(shorter))

"""Is what a service found the paper that we asked for? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from retrieval.identity import normal_title
from retrieval.identity.evidence import share_authors
from retrieval.identity.traits import Traits
from retrieval.models import Document, Paper

SAME_TITLE = 92.0
"""Likeness of two titles, letters and digits alone (rapidfuzz ratio, 0-100): a typing error or two, a lost
"the", and not another paper of a series, whose numbers must be the same besides."""


def share_an_author(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a person stands in both, by family name and the given one as far as both print it."""
    return share_authors(_traits("", one), _traits("", other))


def disagreement(paper: Paper, title: str, authors: Sequence[str], *, by_number: bool) -> str:
    """Why a record is not of `paper`; "" where title and an author agree.

    Where we know no authors, a number takes their place (`by_number`: it was found by DOI or arXiv id).
    """
    if paper.title_is_label:
        return "our title is unknown"
    ours, theirs = normal_title(paper.title), normal_title(title)
    if not ours or not theirs:
        return "a title is missing"
    if fuzz.ratio(ours, theirs) < SAME_TITLE and not _is_subtitled(ours, theirs):
        return "another title"
    if _digits(ours) != _digits(theirs) and not _is_subtitled(ours, theirs):
        return "another number in its title"
    if not paper.authors:
        return "" if by_number else "our authors are unknown"
    return "" if share_an_author(paper.authors, authors) else "other authors"


def _is_subtitled(one: str, other: str) -> bool:
    """Whether one is the other with a subtitle: services cut these off."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 20 and longer.startswith(shorter) and not longer[len(shorter)].isdigit()


def _digits(title: str) -> str:
    return "".join(char for char in title if char.isdigit())


def _traits(title: str, authors: Sequence[str]) -> Traits:
    return Traits(Document("", title, tuple(authors)))

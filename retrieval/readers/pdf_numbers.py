"""The numbers and the year of a paper, where its first page prints them as its own. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.readers.fields import doi_in

_ARXIV = re.compile(
    r"^\W*arxiv:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?=\s*\[[\w.-]+\]|.{0,30}$)",
    re.IGNORECASE | re.MULTILINE,
)
_DOI_LINE = re.compile(r"\bdoi\b|doi\.org/|\bdoi:", re.IGNORECASE)
_MOST_WORDS = 14  # of a line that prints a DOI; a sentence that cites one has more on it
_PLACEHOLDER = re.compile(r"n{4}|x{4}|/[^\d]*$|0{7}", re.IGNORECASE)
_OF_DATA = (
    "10.5281/",
    "10.6084/",
    "10.5061/",
    "10.17605/",
    "10.7910/",
)  # Zenodo, figshare, Dryad, OSF, Dataverse

_SAID = r"((?:19|20)\d\d)(?![\d–-])"
_DAY = r"(?:\d{1,2}(?:st|nd|rd|th)?[ -])?(?:[A-Z][a-z]{2,8}\.?[ -])?(?:\d{1,2}(?:st|nd|rd|th)?, ?)?"
_OF_ISSUE = re.compile(
    rf"\bvol(?:\.|ume)? ?(?:\d+|[IVXLC]+)\b.{{0,60}}?\b{_SAID}|\({_SAID}\) ?\d+ ?[:(,] ?\d"
    rf"|\b{_SAID}(?: [A-Z][a-z]{{2,8}})?(?: \d{{1,2}})? ?; ?\d+ ?[(:]|\b\d+ ?\({_SAID}\),? (?:pp?\.? )?\d",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    rf"\b(?:published|posted|available online|publication|issue)(?: online| date)?(?: ?:| on)? {_DAY}{_SAID}",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|copyright)(?: ?©| \(c\))?,? ?(?:(?:by )?the authors?(?:\(s\))?,? )?{_SAID}", re.IGNORECASE
)
_DATE = re.compile(rf"^\W*(?:Dated: ?)?{_DAY}{_SAID}\W*$")
_ABSTRACT = re.compile(r"^\W*abstract\b", re.IGNORECASE)
_HEAD, _FOOT = 12, 8  # lines of a page; between them it may cite others
_MOST_WORDS_DATED = 25


def year_of(page: str) -> int | None:
    """The year that the page's head or foot prints: of the issue, else of publication, else of the rights.

    Else that of a date above the abstract, where LaTeX prints it.
    """
    lines = [line for line in page.split("\n") if line.strip()]
    edges = [*lines[:_HEAD], *lines[max(_HEAD, len(lines) - _FOOT) :]]
    short = [line for line in edges if len(line.split()) <= _MOST_WORDS_DATED]
    for pattern in (_OF_ISSUE, _PUBLISHED, _COPYRIGHT):
        found = {
            year for line in short for match in pattern.finditer(line) for year in match.groups() if year
        }
        if found:
            return int(found.pop()) if len(found) == 1 else None
    return _dated(lines[:_HEAD])


def _dated(head: Sequence[str]) -> int | None:
    """The year of a line between title and abstract that is a date and nothing else."""
    end = next((place for place, line in enumerate(head) if _ABSTRACT.match(line)), 0)
    found = {match[1] for line in head[1:end] if (match := _DATE.match(line.strip()))}
    return int(found.pop()) if len(found) == 1 else None


def arxiv_of(page: str) -> str | None:
    """The arXiv id that is stamped on the page, without its version."""
    match = _ARXIV.search(page)
    return match[1] if match else None


def doi_of(page: str) -> str | None:
    """The DOI that stands on a short line of the page; None where there are several, or of data alone."""
    lines = (line for line in page.split("\n") if _DOI_LINE.search(line) and len(line.split()) <= _MOST_WORDS)
    found = {doi.lower().rstrip("."): doi for line in lines if (doi := doi_in(line))}
    own = [
        doi for name, doi in found.items() if not name.startswith(_OF_DATA) and not _PLACEHOLDER.search(doi)
    ]
    return own[0] if len(own) == 1 else None

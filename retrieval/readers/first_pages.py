"""First pages of papers, one after another: each begins with its abstract and ends with its page number.

They show no title and no authors.
"""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval import structure
from retrieval.models import Document, Reading
from retrieval.readers.completing import with_label
from retrieval.readers.decoding import holds_prose, without_runs
from retrieval.structure.furniture import without_furniture
from retrieval.structure.links import venue_and_year

_BEGINS = re.compile(r"\s*(?:\d{1,5}\s+)?[*#_ ]*a\s?bstract\b", re.IGNORECASE)
_REFERENCES = re.compile(
    r"^[^\w\n]*+(?:\d{1,3}\.?[ \t]*+)?(?:references|bibliography)[^\w\n]*$", re.IGNORECASE | re.MULTILINE
)
_NUMBER_LAST = re.compile(r"\n[ \t]*\d{1,6}\Z")
_LONGEST_PAGE = 12_000  # characters; two dense columns hold about 6,000


def fits(text: str) -> bool:
    """Whether it begins with an abstract, and so does (nearly) every page of it; none has references."""
    if not _BEGINS.match(text[:200]):
        return False
    pages = structure.split_first_pages(text)
    beginning = sum(bool(_BEGINS.match(page)) for page in pages)
    short = sum(len(page) <= _LONGEST_PAGE for page in pages)
    if len(pages) == 1:
        return short == 1 and bool(_NUMBER_LAST.search(text.rstrip()[-100:])) and not _REFERENCES.search(text)
    return beginning >= 2 and beginning >= 0.6 * len(pages) and short >= 0.8 * len(pages)


def read(name: str, text: str) -> Reading:
    """A document for each page, named FILE#1, FILE#2, ...; a page without text becomes a note."""
    documents: list[Document] = []
    notes: list[str] = []
    pages = structure.split_first_pages(text)
    kept = without_furniture([page.split("\n") for page in pages], anywhere=True)
    for number, (page, lines) in enumerate(zip(pages, kept, strict=True), 1):
        if holds_prose(page):
            document = structure.first_page(f"{name}#{number}", without_runs("\n".join(lines)))
            venue, year = venue_and_year(page, None)
            documents.append(replace(with_label(document), venue=venue, year=year))
        else:
            notes.append(f"page {number}: holds no text of a paper")
    return Reading(tuple(documents), tuple(notes))

"""A list of retracted papers, a CSV with the column names of the Retraction Watch Database.

https://www.crossref.org/documentation/retrieve-metadata/retraction-watch/
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Self

from retrieval.errors import UnreadableFile
from retrieval.identity import normal_title
from retrieval.models import Paper
from retrieval.outside.agreement import share_an_author
from retrieval.readers.fields import doi_in, squeeze

NEEDED = ("Title", "Author", "OriginalPaperDOI", "RetractionNature")
_NATURES = ("retraction", "reinstatement")  # corrections and expressions of concern are none
_MORE = ("RetractionDate", "RetractionDOI", "Reason")
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MARK = re.compile(r"^\W*(?:retracted(?:\s+(?:article|paper|chapter))?|withdrawn)\s*[:\]]\s*", re.IGNORECASE)
_MOST_REASON = 160  # characters


@dataclass(frozen=True, slots=True)
class Retraction:
    """One line of the list."""

    title: str
    people: str  # as listed, parted by ";"
    doi: str  # of the paper, in lower case; "" where the list has none
    nature: str  # one of _NATURES
    date: str  # "2021-03-04", "" where none can be read
    reasons: str  # as listed: "+Unreliable Data;+Plagiarism;"
    notice: str  # DOI of the notice, as listed

    @property
    def authors(self) -> tuple[str, ...]:
        """Those of the paper."""
        return tuple(filter(None, map(squeeze, self.people.split(";"))))

    def __str__(self) -> str:
        """What a reader is told: when, why, and by which notice."""
        why = ", ".join(filter(None, (squeeze(part.lstrip("+ ")) for part in self.reasons.split(";"))))
        notice = doi_in(self.notice)
        parts = (self.date, why[:_MOST_REASON], f"notice: https://doi.org/{notice}" if notice else "")
        return "; ".join(filter(None, parts)) or "listed as retracted"


@dataclass(frozen=True)
class Retractions:
    """The papers that are retracted now: one that was reinstated later is not."""

    by_doi: Mapping[str, Retraction]
    by_title: Mapping[str, tuple[Retraction, ...]]

    @property
    def size(self) -> int:
        """The papers that are listed, one without a DOI by its title."""
        without = (row for rows in self.by_title.values() for row in rows if not row.doi)
        return len(self.by_doi) + sum(1 for _ in without)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the list. Raises UnreadableFile where it is not there or lacks a column."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UnreadableFile(f"{path} cannot be opened: {error.strerror}") from error
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
        return cls.of(_rows(text, path.name))

    @classmethod
    def of(cls, rows: Iterable[Retraction]) -> Self:
        """The list of these, the last word about each paper."""
        said = sorted(rows, key=lambda row: row.date)  # stable: without dates the later line holds
        last = {row.doi or _key(row.title): row for row in said}
        held = [row for row in last.values() if row.nature == "retraction"]
        titles: dict[str, list[Retraction]] = {}
        for row in held:
            titles.setdefault(_key(row.title), []).append(row)
        return cls(
            {row.doi: row for row in held if row.doi},
            {title: tuple(rows) for title, rows in titles.items() if title},
        )

    def of_paper(self, paper: Paper) -> Retraction | None:
        """Its retraction: by DOI, else by the very title and an author. Two DOIs are two papers."""
        doi = (paper.doi or "").lower()
        if doi in self.by_doi:
            return self.by_doi[doi]
        if paper.title_is_label:
            return None
        named = self.by_title.get(_key(_MARK.sub("", paper.title)), ())
        fitting = (row for row in named if not (doi and row.doi))
        return next((row for row in fitting if share_an_author(paper.authors, row.authors)), None)


def _rows(text: str, name: str) -> Iterator[Retraction]:
    """The lines that can be read; a broken one is passed over, for such a list has tens of thousands."""
    lines = csv.reader(io.StringIO(text, newline=""))
    header = [column.strip() for column in next(lines, [])]
    if lacking := [column for column in NEEDED if column not in header]:
        raise UnreadableFile(f"{name} is no list of retractions: it has no column {', '.join(lacking)}")
    at = {column: header.index(column) for column in header}
    cells = itemgetter(*(at.get(column, len(header)) for column in (*NEEDED, *_MORE)))
    for line in lines:
        if len(line) != len(header):
            continue
        line.append("")  # for the columns that this list has not
        title, people, doi, nature, when, notice, reasons = cells(line)
        nature = nature.strip().lower()
        if nature in _NATURES:
            doi = (doi_in(doi) or "").lower()
            yield Retraction(_MARK.sub("", title), people, doi, nature, _date(when), reasons, notice)


def _key(title: str) -> str:
    """As `normal_title`, at a tenth of its cost where that is easy: the list is read with every command."""
    return _NO_LETTER.sub("", title.lower()) if title.isascii() else normal_title(title)


def _date(text: str) -> str:
    if american := _US_DATE.match(text.strip()):
        return f"{american[3]}-{int(american[1]):02}-{int(american[2]):02}"
    iso = _ISO_DATE.match(text.strip())
    return iso[0] if iso else ""

"""The facts of all papers in memory, for filters and for looking papers up.

Made anew when the catalogue moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from rapidfuzz import fuzz, process

from retrieval.analysis import fold, words
from retrieval.catalogue import Catalogue
from retrieval.identity.traits import arxiv_id, arxiv_in
from retrieval.models import Filters, Paper, PaperEntry

NAME_LIKENESS = 84.0
"""A name this like one of ours (rapidfuzz ratio, 0-100) is taken for it: one or two typing errors."""

TITLE_LIKENESS = 78.0
"""The same for what was typed of a title, when one paper is meant."""

SHORT_TITLE = 8
"""Letters under which what was typed of a title must be whole words of it."""

TITLE_GUESS = 62.0
"""The same while a title is still being typed: a list to choose from may hold wrong ones."""

WORD = 70.0
"""The same for a single word that no title has."""


@dataclass(frozen=True)
class Shelf:
    """Papers by id, with the number of chunks of each, the paper of each chunk, and each paper's face."""

    papers: dict[str, Paper]
    sizes: dict[str, int]
    owners: dict[str, str]
    faces: dict[str, str] = field(default_factory=dict)  # the chunk that says what the paper is about

    @classmethod
    def of(cls, catalogue: Catalogue, told: Callable[[Paper], Paper] | None = None) -> Self:
        """What the catalogue holds now; `told` lays over each paper what is known from outside."""
        listed = [(told(paper), size) if told else (paper, size) for paper, size in catalogue.papers()]
        names = {paper.id: paper.id for paper, _ in listed}  # one string a paper, not one a chunk
        return cls(
            papers={paper.id: paper for paper, _ in listed},
            sizes={paper.id: size for paper, size in listed},
            owners={chunk: names.get(paper, paper) for chunk, paper in catalogue.chunk_owners()},
            faces=catalogue.faces(),
        )

    @cached_property
    def chunk_ids(self) -> dict[str, list[str]]:
        """The chunks of each paper."""
        found: dict[str, list[str]] = {}
        for chunk_id, paper_id in self.owners.items():
            found.setdefault(paper_id, []).append(chunk_id)
        return found

    @cached_property
    def _authors(self) -> dict[str, set[str]]:
        """Folded author names, each with the ids of the papers that carry it."""
        found: dict[str, set[str]] = {}
        for paper in self.papers.values():
            for author in paper.authors:
                found.setdefault(" ".join(words(author)), set()).add(paper.id)
        return found

    @cached_property
    def _authors_by_word(self) -> dict[str, list[str]]:
        """The folded author names that hold a word."""
        found: dict[str, list[str]] = {}
        for author in self._authors:
            for word in set(author.split()):
                found.setdefault(word, []).append(author)
        return found

    @cached_property
    def _venues(self) -> dict[str, set[str]]:
        """The papers of each venue by its folded name."""
        printed: dict[str, set[str]] = {}
        for paper in self.papers.values():
            printed.setdefault(paper.venue or "", set()).add(paper.id)
        found: dict[str, set[str]] = {}
        for venue, ids in printed.items():
            found.setdefault(fold(venue), set()).update(ids)
        return found

    @cached_property
    def _years(self) -> dict[int | None, set[str]]:
        found: dict[int | None, set[str]] = {}
        for paper in self.papers.values():
            found.setdefault(paper.year, set()).add(paper.id)
        return found

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Papers by their sources, by their DOIs in lower case, and by arXiv ids; the first of two."""
        found: dict[str, str] = {}
        for paper in self.papers.values():
            dois = (paper.doi, *(version.doi for version in paper.versions))
            numbers = (arxiv_id(paper), *(arxiv_in(version.venue or "") for version in paper.versions))
            for name in (*paper.sources, *(doi.lower() for doi in dois if doi), *filter(None, numbers)):
                found.setdefault(name, paper.id)
        return found

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {paper.id: " ".join(words(paper.title)) for paper in self.papers.values()}

    def allowed(self, filters: Filters) -> tuple[set[str] | None, int]:
        """The ids of the papers that pass, None for all; and how many fell out for want of a known year."""
        if not filters:
            return None, 0
        kept: list[set[str]] = []
        if filters.paper is not None:
            found = self.find(filters.paper)
            kept.append({found.id} if found else set())
        if filters.author is not None:
            kept.append(self.by_author(filters.author))
        if filters.venue is not None:
            kept.append(self._by_venue(filters.venue))
        if filters.year_from is None and filters.year_to is None:
            return set.intersection(*kept), 0
        unknown = set.intersection(*kept, self._years.get(None, set()))
        return set.intersection(*kept, self._by_year(filters)), len(unknown)

    def entries(self, filters: Filters) -> list[PaperEntry]:
        """The papers that pass, by title."""
        allowed, _ = self.allowed(filters)
        kept = [paper for name, paper in self.papers.items() if allowed is None or name in allowed]
        ordered = sorted(kept, key=lambda paper: (fold(paper.title), paper.id))
        return [PaperEntry(paper, self.sizes[paper.id]) for paper in ordered]

    def by_author(self, name: str) -> set[str]:
        """The papers of an author, named in whole or in part; failing that, of the most similar name."""
        wanted = words(name)
        if not wanted:
            return set()
        whole = max(wanted, key=len)  # an initial fits many words, a whole word itself alone
        among = self._authors_by_word.get(whole, []) if len(whole) > 1 else self._authors
        exact = [author for author in among if _has_name(author.split(), wanted)]
        if not exact:
            near = process.extractOne(
                " ".join(wanted), self._authors.keys(), scorer=fuzz.ratio, score_cutoff=NAME_LIKENESS
            )
            exact = [near[0]] if near else []
        return {paper_id for author in exact for paper_id in self._authors[author]}

    def find(self, key: str) -> Paper | None:
        """The paper of this id, source, DOI, arXiv id, or title, in whole or part, typing errors forgiven."""
        return self._called(key) or self._titled(" ".join(words(key)))

    def exactly(self, key: str) -> list[Paper]:
        """The papers of this id, source, DOI, arXiv id or whole title, in any case, and nothing guessed.

        Several papers may have one title.
        """
        if called := self._called(key):
            return [called]
        wanted = " ".join(words(key))
        return [self.papers[name] for name, title in self._titles.items() if wanted and title == wanted]

    def _called(self, key: str) -> Paper | None:
        """The paper of this id, source, DOI or arXiv id."""
        if key in self.papers:
            return self.papers[key]
        bare = key.strip().lower().removeprefix("https://doi.org/").removeprefix("doi:")
        known = self._by_name.get(key) or self._by_name.get(bare) or self._by_name.get(arxiv_in(key) or "")
        return self.papers[known] if known else None

    def _titled(self, wanted: str) -> Paper | None:
        """The paper whose title holds all these words, else the most similar if they are enough."""
        if not wanted:
            return None
        holding = [name for name, title in self._titles.items() if f" {wanted} " in f" {title} "]
        if holding:
            return self.papers[min(holding, key=lambda name: (len(self._titles[name]), name))]
        if len(wanted) < SHORT_TITLE:
            return None  # a few letters are like a part of many titles
        near = process.extractOne(wanted, self._titles, scorer=_likeness, score_cutoff=TITLE_LIKENESS)
        return self.papers[near[2]] if near else None

    def titles(self, part: str, limit: int) -> list[Paper]:
        """The papers whose titles fit best what somebody has typed of one, best first."""
        wanted = " ".join(words(part))
        if not wanted:
            return sorted(self.papers.values(), key=lambda paper: fold(paper.title))[:limit]
        scores: dict[str, float] = {}
        for tried in sorted({wanted, self._spelt(wanted)}):
            for paper_id, score in self._like(tried, limit):
                scores[paper_id] = max(score, scores.get(paper_id, 0.0))
        best = sorted(scores, key=lambda paper_id: (-scores[paper_id], self._titles[paper_id]))
        return [self.papers[paper_id] for paper_id in best[:limit]]

    def _like(self, wanted: str, limit: int) -> list[tuple[str, float]]:
        """The papers whose titles have something of `wanted`, and how well they fit it."""
        if not wanted:
            return []
        found = process.extract(wanted, self._titles, scorer=_likeness, limit=limit, score_cutoff=TITLE_GUESS)
        return [(paper_id, score) for _, score, paper_id in found]

    def _spelt(self, wanted: str) -> str:
        """Each word in the spelling of the nearest that stands in a title; what is like none is left out."""
        known = self._title_words
        found = [
            process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=WORD) for word in wanted.split()
        ]
        return " ".join(near[0] for near in found if near)

    @cached_property
    def _title_words(self) -> list[str]:
        return sorted({word for title in self._titles.values() for word in title.split()})

    def _by_venue(self, venue: str) -> set[str]:
        wanted = fold(venue).strip()
        return set().union(*(ids for name, ids in self._venues.items() if name and wanted in name))

    def _by_year(self, filters: Filters) -> set[str]:
        first = filters.year_from if filters.year_from is not None else -10_000
        last = filters.year_to if filters.year_to is not None else 10_000
        known = (ids for year, ids in self._years.items() if year is not None and first <= year <= last)
        return set().union(*known)


def _has_name(author: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether these words stand in the name in order; an initial, as of "A. Zisserman", fits a whole name."""
    rest = iter(author)
    return all(
        any(word == have or (len(word) == 1 and have.startswith(word)) for have in rest) for word in wanted
    )


def _likeness(wanted: Any, title: Any, /, *, score_cutoff: float | None = None) -> float:
    """How well a part of a title fits it, 0-100: whole words in any order, or a stretch of letters."""
    if wanted in title:  # the more of it the better, and its start before its middle
        return 95.0 + 4.0 * float(len(wanted) / len(title)) + bool(title.startswith(wanted))
    return 0.94 * float(max(fuzz.partial_ratio(wanted, title), fuzz.token_set_ratio(wanted, title)))

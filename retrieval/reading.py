"""What is read of the papers as they are: lists of them, one of them, their passages. A part of `Library`."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from itertools import chain

from retrieval.candidates import Source
from retrieval.catalogue import Catalogue
from retrieval.models import NO_FILTERS, Chunk, Filters, Paper, PaperEntry, Passage

HELD = 20_000  # passages that are looked through for a name: a second or two


class Reading(ABC):
    """The part of the library that hands out what is there, whatever is asked."""

    _catalogue: Catalogue

    @abstractmethod
    def _source(self) -> Source:
        """What a search reads, of the present generation."""

    def papers(self, filters: Filters = NO_FILTERS) -> list[PaperEntry]:
        """Every paper that passes the filters, by title; names are read as in a search."""
        return self._source().shelf.entries(filters)

    def papers_as_read(self, filters: Filters = NO_FILTERS) -> list[Paper]:
        """The same papers as the files and people say they are, without what is known from outside."""
        own = {paper.id: paper for paper, _ in self._catalogue.papers()}
        return [own[entry.paper.id] for entry in self.papers(filters) if entry.paper.id in own]

    def paper(self, key: str) -> PaperEntry | None:
        """The paper that an id, source, DOI or title names; typing errors in a title are forgiven."""
        shelf = self._source().shelf
        found = shelf.find(key)
        return PaperEntry(found, shelf.sizes[found.id]) if found else None

    def titles(self, part: str, limit: int = 25) -> list[Paper]:
        """Papers whose title fits what was typed of it, best first."""
        return self._source().shelf.titles(part, limit)

    def passages_of(self, paper_id: str) -> list[Chunk]:
        """All chunks of a paper, in the order of its text."""
        return self._catalogue.chunks_of([paper_id])

    def holding(self, name: str, filters: Filters = NO_FILTERS) -> list[Passage]:
        """The passages that may write `name`, best first: its words stand there, joined or apart.

        All that the word index knows, up to HELD, however far behind a search would put their papers.
        """
        source = self._source()
        allowed, _ = source.shelf.allowed(filters)
        spelt = map(source.words.stems, _spellings(name))
        found = source.words.holding(list(spelt), HELD, None if allowed is None else sorted(allowed))
        chunks = self._catalogue.chunks(list(found))
        held = [(chunks[one], score) for one, score in found.items() if one in chunks]
        papers = source.shelf.papers
        return [Passage(one, papers[one.paper_id], score) for one, score in held if one.paper_id in papers]


def _spellings(name: str) -> list[str]:
    """ "Mask R-CNN" apart, as "Mask RCNN" and in one word; one and several, for "MLPs" has no other stem."""
    words = [re.findall(r"[^\W_]+", word) for word in name.split()]
    parts = list(chain.from_iterable(words))
    spelt = [one for one in (" ".join(parts), " ".join(map("".join, words)), "".join(parts)) if one]
    return list(dict.fromkeys([*spelt, *(one[:-1] if one.endswith("s") else f"{one}s" for one in spelt)]))

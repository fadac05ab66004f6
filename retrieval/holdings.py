"""What a library holds, what is in doubt about it, and what a person decides of that. A part of `Library`."""

from __future__ import annotations

import os
import threading
from abc import abstractmethod
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from itertools import combinations, product
from pathlib import Path
from typing import TypeVar

from retrieval.analysis import words
from retrieval.catalogue import FileRow
from retrieval.decided import contents
from retrieval.errors import ServerAway, SourceMissing
from retrieval.files import Progress
from retrieval.ingest import Indexes, recipe_of
from retrieval.models import FileFailure, LibraryStatus, NearCase, Paper, PaperEntry
from retrieval.ownership import owner
from retrieval.reading import Reading
from retrieval.settings import RetrievalSettings
from retrieval.source_names import as_file
from retrieval.text_repair import count_faults

T = TypeVar("T", bound=Hashable)
NEAREST = 5  # papers that are named where none fits, or several do


class Holdings(Reading):
    """The part of the library that knows what is there. Abstract: `Library` has what it reads and writes."""

    _settings: RetrievalSettings
    _all: Indexes
    _guard: threading.RLock

    @abstractmethod
    def _indexes(self) -> Indexes:
        """What is written to. Raises LibraryBusy where the library was opened for reading."""

    @abstractmethod
    def _settle(self, progress: Progress) -> int:
        """Make papers and indexes match the sources. Returns the number of texts that were embedded."""

    def status(self) -> LibraryStatus:
        """All that is counted of the library, for an operator."""
        source = self._source()
        papers, sources, passages, _ = self._catalogue.count()
        changed = self._catalogue.get("changed_at")
        listed = list(source.shelf.papers.values())
        wanted = self._all.embedder.name
        vectors, away = self._vectors_there()
        return LibraryStatus(
            data=str(self._settings.data),
            papers=papers,
            sources=sources,
            passages=passages,
            vectors=vectors,
            words=source.words.count(),
            embedder=source.made or wanted,
            changed_at=int(changed) if changed else None,
            folders=tuple(self._catalogue.folders()),
            failed=tuple(FileFailure(row.name, row.error) for row in self._catalogue.files() if row.error),
            owner=owner(self._settings.data),
            venues=_counted(paper.venue for paper in listed if paper.venue),
            years=tuple(sorted(_counted(paper.year for paper in listed if paper.year), reverse=True)),
            missing=_missing(listed),
            several=sum(len(paper.sources) > 1 for paper in listed),
            near=len(self.near_cases()),
            bytes=_size(self._settings.data),
            embedder_wanted=None if source.made in (None, wanted) else wanted,
            words_only=source.embedder is None,
            away=away,
        )

    def _vectors_there(self) -> tuple[int | None, str | None]:
        """How many vectors there are, or why their server cannot be asked."""
        try:
            return self._all.vectors.count(), None
        except ServerAway as error:
            return None, str(error)

    def outdated(self) -> bool:
        """Whether another embedder than is set, or an older version of Footnote, made the papers."""
        return self._catalogue.get("recipe") not in (None, recipe_of(self._all.embedder))

    def folders(self) -> list[str]:
        """The folders that were ever ingested, by their absolute paths."""
        return self._catalogue.folders()

    def files(self) -> list[FileRow]:
        """Every file that was read, or that could not be, by its name."""
        return self._catalogue.files()

    def sources_of_files(self) -> dict[str, list[str]]:
        """The sources of each file, in the order in which they stand in it."""
        return self._catalogue.sources_of_files()

    def verify_text(self) -> dict[str, int]:
        """What is left of each kind of fault in the texts of all passages, 0 of a kind without any."""
        found = count_faults("")
        for paper_id in self._source().shelf.papers:
            for chunk in self._catalogue.chunks_of([paper_id]):
                found.update(count_faults(chunk.text))
        return dict(found)

    def near_cases(self) -> list[NearCase]:
        """Pairs of papers that may be one, the nearest first, as the last ingest found them."""
        papers = self._source().shelf.papers.values()
        by_source = {source: paper for paper in papers for source in paper.sources}
        found = []
        for one, other, reason in self._catalogue.near():
            pair = by_source.get(one), by_source.get(other)
            if pair[0] and pair[1] and pair[0].id != pair[1].id:
                found.append(NearCase(pair[0], pair[1], reason))
        return found

    def merge(self, keys: Sequence[str]) -> PaperEntry:
        """Make these papers one, and remember it through every ingest. Returns that paper.

        A key is what `named` takes. Raises SourceMissing where one names no paper, or two the same.
        """
        with self._guard:
            papers = [self.named(key) for key in keys]
            for (key, one), (other_key, other) in combinations(zip(keys, papers, strict=True), 2):
                if one.id == other.id:
                    both = f"{key!r} is named twice" if key == other_key else f"{key!r} and {other_key!r}"
                    raise SourceMissing(f"{both}: that is one paper, {_shown(one)}. {self._other(one)}")
            self._decide([paper.sources for paper in papers], same=True)
            return self._entry(papers[0].sources[0])

    def split(self, key: str, sources: Sequence[str] = ()) -> list[PaperEntry]:
        """Make these sources of a paper one of their own, or without any each source; remember it.

        Returns the papers that came of it. Raises SourceMissing for a paper or source that is not there, and
        where there is nothing to part.
        """
        with self._guard:
            paper = self.named(key)
            strange = [source for source in sources if source not in paper.sources]
            rest = tuple(source for source in paper.sources if source not in sources)
            if strange or not rest or len(paper.sources) < 2:
                raise SourceMissing(_not_split(paper))
            parts = [tuple(sources), rest] if sources else [(source,) for source in paper.sources]
            self._decide(parts, same=False)
            return list({entry.paper.id: entry for entry in map(self._entry, paper.sources)}.values())

    def _decide(self, parts: Sequence[Sequence[str]], *, same: bool) -> None:
        self._indexes()  # which says so where nothing can be changed
        pairs = [pair for one, other in combinations(parts, 2) for pair in product(one, other)]
        known = contents(self._catalogue, [source for part in parts for source in part])
        self._catalogue.decide(pairs, known, same=same)
        self._settle(lambda _: None)

    def named(self, key: str) -> Paper:
        """The paper of an id, source, DOI or whole title, or of a file's path. Nothing is guessed.

        Raises SourceMissing, which says what to type, for what names no paper or several.
        """
        shelf = self._source().shelf
        found = shelf.exactly(key) or self._in_file(key)
        if len(found) > 1:
            raise SourceMissing(
                f"{key!r} names {len(found)} papers: {_listed(found)}. Name one by the id in brackets."
            )
        if not found:
            near = shelf.titles(key, NEAREST)
            holding = [paper for paper in near if set(words(key)) <= set(words(paper.title))]
            raise SourceMissing(_not_exact(key, holding or near))
        return found[0]

    def _in_file(self, key: str) -> list[Paper]:
        """The papers of the file at this path."""
        path = _resolved(key)
        names = [row.name for row in self._catalogue.files() if path and row.path == str(path)]
        held = {source for name in names for source in self._catalogue.sources_of_files().get(name, ())}
        return [paper for paper in self._source().shelf.papers.values() if held & set(paper.sources)]

    def _other(self, paper: Paper) -> str:
        """With which paper this one may be meant to be merged, and what to type."""
        for case in self.near_cases():
            pair = {case.one.id: case.one, case.other.id: case.other}
            if pair.pop(paper.id, None):
                (near,) = pair.values()
                return f"It may be one with {_shown(near)}: then `footnote merge {paper.id} {near.id}`."
        return "Name another one too: `footnote papers --duplicates` shows which may be one, with their ids."

    def _entry(self, source: str) -> PaperEntry:
        """The paper that a source belongs to now."""
        shelf = self._source().shelf
        found = next(paper for paper in shelf.papers.values() if source in paper.sources)
        return PaperEntry(found, shelf.sizes[found.id])


def _not_split(paper: Paper) -> str:
    sources = ", ".join(map(repr, paper.sources))
    if len(paper.sources) < 2:
        return f"{paper.title!r} comes from one source only, {sources}: there is nothing to split."
    return f"{paper.title!r} comes from {sources}. Name one or some of these sources, but not all."


def files_named(rows: Iterable[FileRow], name: str) -> list[str]:
    """The paths of the files that a name means: as the library names a file or folder, else as a path."""
    listed = list(rows)
    inside, escaped = name.rstrip("/") + "/", as_file(name)
    found = [
        row.path
        for row in listed
        if name in (row.name, row.path, row.folder) or escaped == row.name or row.name.startswith(inside)
    ]
    path = _resolved(name)
    return found or [row.path for row in listed if path and Path(row.path).is_relative_to(path)]


def _resolved(name: str) -> Path | None:
    """The path that was typed; None for what can be none."""
    try:
        return Path(name).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):  # too long, the home of nobody, a null
        return None


def _shown(paper: Paper) -> str:
    return f"{paper.title!r} ({paper.id})"


def _listed(papers: Sequence[Paper]) -> str:
    """The first of these papers, with their ids and files."""
    shown = "; ".join(f"{one.title!r} from {one.sources[0]} ({one.id})" for one in papers[:NEAREST])
    return f"{shown}; and {len(papers) - NEAREST} more" if len(papers) > NEAREST else shown


def _not_exact(key: str, near: Sequence[Paper]) -> str:
    """The sentence for what is no paper's own name, where a guess might change the wrong one."""
    start = f"{key!r} is no paper's whole title, id, source or DOI."
    if not near:
        return f"{start} `footnote papers --csv` lists them all, with their ids."
    return f"{start} The nearest titles: {'; '.join(map(_shown, near))}. Type a whole title, or its id."


def no_source(name: str, known: Iterable[str]) -> str:
    """The sentence for what is no source, file or folder: the names that are nearly so, if there are any."""
    near = get_close_matches(name, list(known), n=3)
    hint = f"The nearest: {', '.join(near)}." if near else "`footnote papers --json` lists them all."
    return f"There is no source {name!r} in the library. {hint}"


def not_found(key: str, near: Sequence[Paper]) -> str:
    """The sentence for a name that no paper has: the nearest titles, if there are any."""
    titles = "; ".join(f"{paper.title!r}" for paper in near)
    advice = (
        f"The nearest titles: {titles}." if titles else f"`footnote search {key!r}` finds papers by subject."
    )
    return f"No paper is called {key!r}. {advice}"


def _counted(values: Iterable[T]) -> tuple[tuple[T, int], ...]:
    """Each value with its number, the most first."""
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], str(pair[0]))))


def _missing(papers: Sequence[Paper]) -> tuple[tuple[str, int], ...]:
    return tuple((fact, sum(lacks(paper, fact) for paper in papers)) for fact in FACTS)


FACTS = ("title", "authors", "year", "venue", "doi", "abstract")
"""What a paper may lack."""


def lacks(paper: Paper, fact: str) -> bool:
    """Whether nobody knows this of the paper; a label is no title."""
    return paper.title_is_label if fact == "title" else not getattr(paper, fact)


def _size(folder: Path) -> int:
    """Bytes of all files in it. What goes while they are counted, as during an ingest, counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += Path(place, name).stat().st_size
    return total

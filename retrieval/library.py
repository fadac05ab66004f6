"""The library: the one class that the bot sees."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock

from retrieval import corrections
from retrieval.candidates import Source
from retrieval.catalogue import Catalogue
from retrieval.embedding import Embedder, embedder_when_needed
from retrieval.embedding.serving import Embedders
from retrieval.errors import LibraryBusy, SourceMissing
from retrieval.files import Progress, Run, read_changes
from retrieval.holdings import Holdings, files_named, no_source
from retrieval.ingest import Indexes, check_recipe, made_by, settle
from retrieval.mending import faults, mend, mend_on_opening, mend_unowned
from retrieval.models import (
    NO_FILTERS,
    Filters,
    IngestReport,
    SearchResult,
    VerifyReport,
)
from retrieval.opening import missing, note_end, open_catalogue, open_indexes, see_anew
from retrieval.outside import Overlay
from retrieval.ownership import own
from retrieval.planner import VectorSearch
from retrieval.read_only import Lent, is_barred
from retrieval.rebuilding import rebuild as rebuilt
from retrieval.rescoring import second_look
from retrieval.search import search
from retrieval.settings import RetrievalSettings
from retrieval.shelf import Shelf
from retrieval.vector_memory import VectorMemory

TRIES = 3
"""How often a question is searched at most whose papers others change meanwhile."""


class Library(Holdings):
    """Papers in, passages out. Synchronous and thread-safe.

    One process at a time may open a data folder `writable`; others see a change with their next call.
    """

    def __init__(
        self, settings: RetrievalSettings, catalogue: Catalogue, embedder: Embedder, lock: FileLock | None
    ) -> None:
        """Use `open`."""
        self._settings = settings
        self._catalogue = catalogue
        self._embedders = Embedders(settings, embedder)
        self._lock = lock
        self._guard = threading.RLock()
        self._lent = Lent() if lock is None and is_barred(settings.data) else None
        self._all = open_indexes(catalogue, settings, embedder, lock is not None, self._lent)
        self._vectors, self._words = self._all.vectors, self._all.words
        self._memory = VectorMemory(catalogue, settings.vector_memory_mb)
        self._second_look = second_look(settings)
        self._overlay = Overlay(settings)
        self._seen: Source | None = None  # of the generation that was read last
        self._rebuilding = False  # whether the next change makes all indexes anew
        self._mended: tuple[str, ...] = ()  # what was wrong with the indexes on opening
        self._life = ExitStack()  # closes what `open` opened, the last first

    @classmethod
    def open(
        cls,
        settings: RetrievalSettings,
        *,
        writable: bool = False,
        create: bool = False,
        rebuild: bool = False,
        embedder: Embedder | None = None,
        purpose: str = "footnote",
        wait: float = 0.0,
    ) -> Self:
        """Open the library in `settings.data`.

        `writable` owns the folder until `close`, and mends the indexes where they differ from the catalogue;
        `wait` is how many seconds to wait for another owner. `rebuild` opens one of another embedder too, and
        the next `ingest` makes all indexes anew, beside the old ones, which others read until that is done.
        Who only reads goes on with the embedder that made the indexes, else by words only.
        `embedder` takes the place of that of the settings.
        Raises LibraryMissing, LibraryBusy, IndexMismatch, IndexBroken, EmbedderError.
        """
        path = settings.data / "catalogue.sqlite"
        if not path.exists() and not create:
            raise missing(settings.data)
        with ExitStack() as life:
            lock = own(settings.data, purpose, wait) if writable else None
            if lock:
                life.callback(lock.release)
            catalogue = open_catalogue(path, owned=writable)
            life.callback(catalogue.close)
            embedder = embedder or embedder_when_needed(settings, for_questions=not writable)
            if writable and (not rebuild or catalogue.get("recipe") is None):
                check_recipe(catalogue, embedder)
            library = cls(settings, catalogue, embedder, lock)
            life.callback(library._let_go)
            library._rebuilding = rebuild
            library._mended = library._mend_if_needed()
            if lock:
                life.callback(note_end, catalogue)
            library._life = life.pop_all()
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all that is open, and of the folder. May be called again."""
        with self._guard:
            self._life.close()

    def _let_go(self) -> None:
        """Of what a search reads."""
        self._memory.close()
        self._vectors.close()
        if self._lent:
            self._lent.close()

    # -- changing

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        prune: bool = False,
        only: Iterable[Path] | None = None,
        again: bool = False,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Make the library match the files under `paths`. Can be killed and run again.

        `only` reads these of the files, by their absolute paths, and forgets what is gone all the same;
        `again` tries anew what could not be read. Raises SourceMissing for a path that is not there, and
        EmbedderError.
        """
        data, limits = self._settings.data, self._settings.limits
        chosen = None if only is None else frozenset(only)
        with self._guard:
            report = progress or (lambda _: None)
            run = Run(paths, data, limits, prune, chosen, again, corrections.load(data))
            changes = read_changes(self._indexes().catalogue, run, report)
            embedded = self._settle(report)
            held = self._catalogue.count()
            return IngestReport(
                added=changes.added,
                updated=changes.updated,
                unchanged=changes.unchanged,
                removed=changes.removed,
                embedded=embedded,
                failed=changes.failed,
                notes=changes.notes,
                papers=held.papers,
                passages=held.chunks,
            )

    def remove(self, source: str) -> int:
        """Forget a file, a part of one, a folder (by name here or path), or all sources of a paper by its id.

        The files themselves stay; ingesting them again brings their papers back. Returns how many sources.
        Raises SourceMissing.
        """
        with self._guard:
            rows = self._catalogue.files()
            paths = files_named(rows, source)
            paper = self._source().shelf.papers.get(source)
            parts = paper.sources if paper else (source,)
            forget = self._catalogue.forget_source
            gone = self._catalogue.forget_files(paths) if paths else sum(map(forget, parts))
            if not gone and not paths:
                known = {name for name, _ in self._catalogue.sources()} | {row.name for row in rows}
                raise SourceMissing(no_source(source, sorted(known)))
            self._settle(lambda _: None)
            return gone

    def _settle(self, progress: Progress) -> int:
        indexes, data = self._indexes(), self._settings.data
        embedded = rebuilt(indexes, data, progress) if self._rebuilding else settle(indexes, progress)
        self._rebuilding, self._seen = False, None
        return embedded

    def _indexes(self) -> Indexes:
        if self._lock is None:
            raise LibraryBusy("This library was opened for reading. Open it for writing to change it.")
        return self._all

    # -- reading

    def search(
        self, question: str, filters: Filters = NO_FILTERS, limit: int = 8, papers: int = 10
    ) -> SearchResult:
        """The best passages and papers for a question, best first.

        By the embedder that made the indexes, whichever that is by now; by words only where it cannot be had.
        """
        for again in range(TRIES, 0, -1):
            source = self._source()
            try:
                found = search(source, question, filters, limit, papers)
                if again == 1 or made_by(self._catalogue) == source.made:
                    return found  # else another embedder's indexes came in the middle of the search
            except Exception:
                if again == 1 or self._catalogue.generation == source.vectors.generation:
                    raise  # else the papers changed
        raise AssertionError("unreachable")

    def verify(self) -> VerifyReport:
        """Compare every id in the indexes with the catalogue; mend them if this process owns the folder.

        `mended` tells too what was mended when the library was opened.
        """
        with self._guard:
            self._reopen()
            problems = faults(self._all)
            mended = self._mended
            if problems and self._lock:
                mend(self._all)
                mended, problems = (*mended, *problems), faults(self._all)
            held = self._catalogue.count()
            return VerifyReport(held.papers, held.chunks, problems, mended)

    # -- keeping the derived indexes right

    def _source(self) -> Source:
        """What a search reads; made anew when the catalogue has moved."""
        with self._guard:
            made = made_by(self._catalogue)  # before the generation, with which it moves
            generation, seen = self._catalogue.generation, self._seen
            if moved := seen is not None and (seen.vectors.generation, seen.made) != (generation, made):
                self._reopen()
            if seen is None or moved or self._overlay.moved():
                seen = self._seen = self._read(generation, made)
            return seen

    def _read(self, generation: int, made: str | None) -> Source:
        shelf = Shelf.of(self._catalogue, self._overlay.completed if self._overlay.refresh() else None)
        parts = self._catalogue.count().vectors
        vectors = VectorSearch(self._catalogue, self._vectors, self._memory, shelf, generation, parts)
        embedder = self._embedders.of(made)
        return Source(self._catalogue, shelf, vectors, self._words, embedder, self._second_look, made)

    def _reopen(self) -> None:
        """See what another process has written to the indexes since."""
        if self._lock is None:
            see_anew(self._all, self._settings.data)

    def _mend_if_needed(self) -> tuple[str, ...]:
        """On opening: finish what a crash left half-done, and mend the indexes where they differ.

        A reader does so too where they are not whole and nobody owns the folder. Returns what was wrong.
        """
        if self._lock is None:
            held = self._catalogue.count()
            if not (self._vectors.whole(held.vectors) and self._words.count() == held.chunks):
                return mend_unowned(self._all, self._settings.data)
            return ()
        if self._rebuilding:
            return ()  # by the next `ingest`
        wrong = mend_on_opening(self._indexes())
        if self._catalogue.get("pending") == "1":
            settle(self._indexes(), lambda _: None)
        return wrong

"""What changes a library beside a running bot: folders that are followed, and papers that people add, mend,
remove and try again. Runs in the one process that owns the data folder meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval import corrections
from retrieval.corrections import Correction
from retrieval.discovery import ADDED, followed
from retrieval.embedding import Embedder, embedder_when_needed
from retrieval.errors import IndexMismatch
from retrieval.files import Progress
from retrieval.fingerprints import content_of
from retrieval.library import Library
from retrieval.models import IngestReport, Paper
from retrieval.readers.manifest import Override
from retrieval.settings import RetrievalSettings
from retrieval.shelving import is_added, put_away
from retrieval.source_names import file_of


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one file."""

    name: str
    papers: tuple[Paper, ...] = ()  # that it holds
    known: tuple[str, ...] = ()  # ids of those that other files held already
    error: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A paper that was mended or removed, as it is, or was."""

    paper: Paper
    absent: tuple[str, ...] = ()  # its files that are not there: what was said holds when they come back


class Jobs:
    """Opens the library when there is work, and lets go of it when told to `rest`."""

    def __init__(
        self,
        settings: RetrievalSettings,
        *,
        purpose: str,
        embedder: Callable[[RetrievalSettings], Embedder] = embedder_when_needed,
        wait: float = 10.0,
    ) -> None:
        """`purpose` is what others are told who find the data folder owned; `wait` is how many seconds to
        wait for another owner. Every method raises what `Library.open` raises."""
        self._settings, self._purpose, self._wait = settings, purpose, wait
        self._make_embedder = embedder
        self._embedder: Embedder | None = None
        self._open: Library | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_embedder": None, "_open": None}

    @property
    def library(self) -> Library:
        """Owned from now on until `rest`."""
        if self._open is None:
            self._open = self._opened()
        return self._open

    def _opened(self, *, rebuild: bool = False) -> Library:
        self._embedder = self._embedder or self._make_embedder(self._settings)
        return Library.open(
            self._settings,
            writable=True,
            create=True,
            rebuild=rebuild,
            embedder=self._embedder,
            purpose=self._purpose,
            wait=self._wait,
        )

    def rest(self) -> None:
        """Let others own the data folder."""
        library, self._open = self._open, None
        if library is not None:
            library.close()

    def renew(self, progress: Progress) -> None:
        """Make papers anew that another embedder, or an older version, made; the old ones serve meanwhile."""
        try:
            self.library.ingest([], progress=progress)
        except IndexMismatch:
            with self._opened(rebuild=True) as library:
                library.ingest([], progress=progress)

    def create(self, progress: Progress) -> None:
        """Make the library where there is none, and be ready to add to it at once."""
        _ = self.library
        if self._embedder is not None:
            self._embedder.count_tokens("ready")  # which loads the model

    def follow(self, folders: Sequence[Path], batch: Sequence[Path], progress: Progress) -> IngestReport:
        """Read these files, and forget what is gone from the folders. A folder that never was is left out."""
        known = set(self.library.folders())
        there = [folder for folder in folders if folder.is_dir() or str(_place(folder)) in known]
        return self.library.ingest(there, only=batch, progress=progress)

    def add(self, files: Sequence[Path], progress: Progress) -> tuple[Read, ...]:
        """Read files from the folder of added papers; what of them had been set aside comes back."""
        contents = {content_of(file.read_bytes()) for file in files}
        said = corrections.load(self._settings.data)
        if (kept := corrections.lifted(said, contents)) != said:
            corrections.save(self._settings.data, kept)
        files = [file.resolve() for file in files]
        self.library.ingest([self._settings.data / ADDED], only=files, progress=progress)
        return self._read(files)

    def retry(self, progress: Progress) -> tuple[Read, ...]:
        """Try anew every file that could not be read and is still there."""
        failed = [Path(row.path) for row in self.library.files() if row.error]
        there = [path for path in failed if path.is_file()]
        self.library.ingest(there, only=there, again=True, progress=progress)
        return self._read(there)

    def mend(self, key: str, facts: Override, progress: Progress) -> Changed:
        """Set facts of the paper that an id, source or whole title names, for good. Raises SourceMissing."""
        paper = self.library.named(key)
        absent = self._correct(paper, progress, facts=facts)
        found = next((entry for entry in map(self.library.paper, paper.sources) if entry), None)
        return Changed(found.paper if found else paper, absent)

    def remove(self, key: str, progress: Progress) -> Changed:
        """Take out the paper that an id, source or whole title names, for good. Raises SourceMissing.

        A file that was added by hand, and holds nothing else, is put away; others stay where they are.
        """
        paper = self.library.named(key)
        absent = self._correct(paper, progress, removed=True)
        left = self.library.sources_of_files()
        for row in self.library.files():
            path = Path(row.path)
            if row.name in _files_of(paper) and row.name not in left and is_added(self._settings.data, path):
                self.library.remove(row.name)
                if path.is_file():
                    put_away(self._settings.data, path)
        return Changed(paper, absent)

    def _correct(
        self,
        paper: Paper,
        progress: Progress,
        *,
        facts: Override = corrections.NOTHING,
        removed: bool = False,
    ) -> tuple[str, ...]:
        """Say this of all sources of a paper, and read its files again. Returns names of those not there."""
        paths = {row.name: Path(row.path) for row in self.library.files() if row.name in _files_of(paper)}
        there = {name: path for name, path in paths.items() if path.is_file()}
        contents = {name: content_of(path.read_bytes()) for name, path in there.items()}
        said = corrections.load(self._settings.data)
        for source in paper.sources:
            content = contents.get(file_of(source), "")
            said = corrections.with_said(said, Correction(source, content, facts, removed))
        corrections.save(self._settings.data, said)
        self.library.ingest(list(there.values()), only=there.values(), progress=progress)
        absent = tuple(sorted(_files_of(paper) - there.keys()))
        if removed:
            for source in paper.sources:
                if file_of(source) in absent:
                    self.library.remove(source)
        return absent

    def _read(self, files: Sequence[Path]) -> tuple[Read, ...]:
        """What became of each file."""
        rows = {row.path: row for row in self.library.files()}
        sources = self.library.sources_of_files()
        papers = {source: entry.paper for entry in self.library.papers() for source in entry.paper.sources}
        names = {rows[str(file)].name for file in files if str(file) in rows}
        found: list[Read] = []
        for file in files:
            row = rows.get(str(file))
            if row is None:
                found.append(Read(file.name, error="it was passed over: its name speaks of no paper"))
                continue
            held = dict.fromkeys(papers[source] for source in sources.get(row.name, ()) if source in papers)
            told = {paper for one in found for paper in one.papers}
            known = tuple(p.id for p in held if p in told or not {*map(file_of, p.sources)} <= names)
            notes = tuple(row.notes.splitlines())
            found.append(Read(row.name, tuple(held), known, row.error, notes))
        return tuple(found)


def _place(folder: Path) -> Path:
    """Where a folder is; where it should be, if it is a link that leads to itself."""
    try:
        return followed(folder)
    except OSError:
        return folder.absolute()


def _files_of(paper: Paper) -> set[str]:
    return set(map(file_of, paper.sources))

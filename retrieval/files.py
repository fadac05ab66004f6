"""What stands on the disk -> the catalogue's files and sources. Each file is one transaction.

A file that cannot be read keeps what it said before; a file that is gone is forgotten, unless so many are
gone that a disk seems not to be mounted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from retrieval.catalogue import Catalogue, FileRow
from retrieval.corrections import Correction, corrected, of_file, together
from retrieval.discovery import UNNAMEABLE, Found, absolute, discover, printable
from retrieval.document_json import document_to_json
from retrieval.errors import ReadingBroken, UnreadableFile
from retrieval.fingerprints import content_of_file, digest, fingerprint
from retrieval.gone import forget_gone
from retrieval.known_files import KnownFiles
from retrieval.limits import Limits
from retrieval.manifests import Manifest, overridden, overrides, unmatched
from retrieval.models import Document, FileFailure, IngestProgress
from retrieval.readers import PdfReader, Stream, read_open
from retrieval.readers.manifest import Override
from retrieval.readers.pdf_process import PdfProcess
from retrieval.readers.pieces import PIECE
from retrieval.source_names import as_file, part_of

Progress = Callable[[IngestProgress], None]


@dataclass(frozen=True, slots=True)
class Changes:
    """What `read_changes` found. Counts are of sources."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[FileFailure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What one run reads, and how."""

    paths: Sequence[Path]
    data: Path  # the library's own folder
    limits: Limits
    prune: bool = False
    only: frozenset[Path] | None = None  # absolute; None: every file under the paths
    again: bool = False  # also what could not be read and has not changed since
    corrections: Sequence[Correction] = ()


def read_changes(catalogue: Catalogue, run: Run, progress: Progress) -> Changes:
    """Make the sources match the files under `run.paths`; forget what is gone from a folder among them.

    A folder that is missing, is empty or has lost more than half of its files loses nothing unless `prune`.
    """
    known = set(catalogue.folders())
    absent = [path for path in run.paths if not path.exists() and str(absolute(path)) in known]
    found = discover([path for path in run.paths if path not in absent], run.data, known)
    removed, notes = _forget_gone(catalogue, run, found, absent)
    for folder in found.folders:
        catalogue.add_folder(str(folder))
    known |= {str(folder) for folder in found.folders}
    files = found.files if run.only is None else [file for file in found.files if file in run.only]
    totals = {"added": 0, "updated": 0, "unchanged": 0}
    failed = [
        FileFailure(printable(file), UNNAMEABLE)
        for file in found.unnameable
        if run.only is None or file in run.only
    ]
    progress(IngestProgress("reading", 0, len(files)))
    for done, (row, outcome) in enumerate(_outcomes(catalogue, files, known, found.manifests, run), 1):
        progress(IngestProgress("reading", done, len(files)))
        for key, count in outcome.counts.items():
            totals[key] += count
        removed += outcome.removed
        failed += [FileFailure(row.name, outcome.error)] if outcome.error else []
        notes += [f"{row.name}: {note}" for note in outcome.notes]
    whole = {*found.folders, *(file.parent for file in files)} if run.only is None else set()
    parts = _parts(catalogue, set(files)) if whole and found.manifests else {}
    notes += [
        f"{m.path.name}: {fault}"
        for m in found.manifests
        if run.only is None or m.path in run.only  # said once, not with each batch of files below it
        for fault in (*m.faults, *(unmatched(m, parts) if m.path.parent in whole else ()))
    ]
    return Changes(**totals, removed=removed, failed=tuple(failed), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Outcome:
    counts: dict[str, int]
    removed: int = 0
    error: str | None = None
    notes: tuple[str, ...] = ()


def _parts(catalogue: Catalogue, files: AbstractSet[Path]) -> dict[Path, set[str]]:
    """What each of these files holds, "#PART" or ""."""
    sources = catalogue.sources_of_files()
    rows = [(Path(row.path), row.name) for row in catalogue.files()]
    return {path: set(map(part_of, sources.get(name, ()))) for path, name in rows if path in files}


def _named(known: KnownFiles, file: Path, folders: set[str]) -> FileRow:
    """The file's row, not yet read. Its name is relative to the outermost folder that was ever ingested.

    A name that another file has already gets the names of the folders above in front, as many as it takes.
    """
    above = [Path(folder) for folder in folders if file.is_relative_to(folder)]
    folder = min(above, key=lambda path: len(path.parts), default=None)
    name = as_file(file.relative_to(folder or file.parent).as_posix())
    for parent in (folder or file.parent, *(folder or file.parent).parents):
        if known.path(name) in (None, str(file)):
            break
        name = f"{as_file(parent.name)}/{name}"
    return FileRow(str(file), str(folder) if folder else None, name, "")


def _outcomes(
    catalogue: Catalogue, files: Sequence[Path], folders: set[str], manifests: Sequence[Manifest], run: Run
) -> Iterator[tuple[FileRow, _Outcome]]:
    known = KnownFiles(catalogue)
    with PdfProcess(seconds=run.limits.pdf_seconds, memory_mb=run.limits.pdf_memory_mb) as pdfs:
        for file in files:
            row = _named(known, file, folders)
            yield row, _read_one(known, file, row, manifests, run, pdfs.read)


def _read_one(
    known: KnownFiles,
    file: Path,
    row: FileRow,
    manifests: Sequence[Manifest],
    run: Run,
    read_pdf: PdfReader,
) -> _Outcome:
    """Bring one file's sources up to date; a file that cannot be read keeps what it said before."""
    before = known.row(row.path)
    said = overrides(file, manifests)
    mark = ""
    try:
        with _opened(file, run.limits.max_mb) as data:
            content = content_of_file(data)
            corrections = of_file(run.corrections, row.name, content)
            mark = fingerprint(row.name, content, together(said, corrections))
            of_limits = digest(mark, repr(run.limits))
            if before and before.fingerprint in (mark, of_limits) and not (run.again and before.error):
                return _as_before(known, before)
            stream = read_open(row.name, data, max_mb=run.limits.max_mb, read_pdf=read_pdf)
            said_of = partial(_as_said, row.name, said, corrections)
            return _replace(known, FileRow(row.path, row.folder, row.name, mark), stream, said_of)
    except UnreadableFile as error:
        mark = of_limits if isinstance(error, ReadingBroken) else mark
        kept = before.name if before else row.name  # what it said before goes by its name of then
        known.replace(FileRow(row.path, row.folder, kept, mark, str(error)), None)
        return _Outcome({}, error=str(error))


def _as_said(
    name: str, said: Mapping[str, Override], corrections: Mapping[str, Correction], document: Document
) -> list[Document]:
    """The document as people want it; nothing where it was set aside."""
    return corrected([overridden(document, name, said)], name, corrections)[0]


def _replace(
    known: KnownFiles, row: FileRow, stream: Stream, said_of: Callable[[Document], Sequence[Document]]
) -> _Outcome:
    aside = 0

    def documents() -> Iterator[tuple[str, Document]]:
        nonlocal aside
        for document in stream.documents:
            kept = said_of(document)
            aside += not kept
            yield from ((digest(document_to_json(one)), one) for one in kept)

    def notes() -> tuple[str, ...]:
        return (*stream.notes(), *([_aside(aside)] if aside else []))

    found, told = known.replace(row, documents(), notes)
    counts = {"added": found.added, "updated": found.updated, "unchanged": found.unchanged}
    return _Outcome(counts, found.removed, notes=told)


def _aside(papers: int) -> str:
    return f"{'1 paper was' if papers == 1 else f'{papers} papers were'} set aside by hand, and left out"


def _as_before(known: KnownFiles, before: FileRow) -> _Outcome:
    notes = tuple(before.notes.splitlines())
    counts = {} if before.error else {"unchanged": known.size(before.path)}
    return _Outcome(counts, error=before.error, notes=notes)


@contextmanager
def _opened(path: Path, max_mb: int) -> Iterator[BinaryIO]:
    """The file's bytes; those of a small one are in memory."""
    try:
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise UnreadableFile(f"too large: {size / 1e6:.0f} MB, and MAX_FILE_MB is {max_mb}")
        data = path.open("rb") if size > PIECE else BytesIO(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}") from error
    with data:
        yield data


def _forget_gone(
    catalogue: Catalogue, run: Run, found: Found, absent: Sequence[Path]
) -> tuple[int, list[str]]:
    def contents() -> Iterable[str]:
        for file in found.files:
            if (run.only is None or file in run.only) and catalogue.file(str(file)) is None:
                with suppress(UnreadableFile), _opened(file, run.limits.max_mb) as data:
                    yield content_of_file(data)

    def is_of(row: FileRow, content: str) -> bool:
        said = overrides(Path(row.path), found.manifests)
        corrections = of_file(run.corrections, row.name, content)
        return fingerprint(row.name, content, together(said, corrections)) == row.fingerprint

    folders = [*found.folders, *absent]
    return forget_gone(catalogue, folders, found.files, prune=run.prune, new=contents, is_of=is_of)

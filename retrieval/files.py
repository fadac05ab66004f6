"""What stands on the disk -> the catalogue's files and sources. Each file is one transaction.

A file that cannot be read keeps what it said before; a file that is gone is forgotten, unless so many are
gone that a disk seems not to be mounted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue import Catalogue, FileRow
from retrieval.corrections import Correction, corrected, of_file, together
from retrieval.discovery import UNNAMEABLE, Found, absolute, discover, printable
from retrieval.document_json import document_to_json
from retrieval.errors import ReadingBroken, UnreadableFile
from retrieval.fingerprints import content_of, digest, fingerprint
from retrieval.gone import forget_gone
from retrieval.known_files import KnownFiles
from retrieval.limits import Limits
from retrieval.manifests import Manifest, overridden, overrides, unmatched
from retrieval.models import Document, FileFailure, IngestProgress
from retrieval.readers import PdfReader, read_file
from retrieval.readers.pdf_process import PdfProcess
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
    parts: dict[Path, set[str]] = {}
    progress(IngestProgress("reading", 0, len(files)))
    for done, (file, row, outcome) in enumerate(_outcomes(catalogue, files, known, found.manifests, run), 1):
        progress(IngestProgress("reading", done, len(files)))
        for key, count in outcome.counts.items():
            totals[key] += count
        removed += outcome.removed
        parts[file] = outcome.parts
        failed += [FileFailure(row.name, outcome.error)] if outcome.error else []
        notes += [f"{row.name}: {note}" for note in outcome.notes]
    whole = {*found.folders, *(file.parent for file in files)} if run.only is None else set()
    notes += [
        f"{m.path.name}: {fault}"
        for m in found.manifests
        if run.only is None or m.path in run.only  # said once, not with each batch of files below it
        for fault in (*m.faults, *(unmatched(m, parts) if m.path.parent in whole else ()))
    ]
    return Changes(**totals, removed=removed, failed=tuple(failed), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Outcome:
    parts: set[str]  # what the file holds now, "#PART" or ""
    counts: dict[str, int]
    removed: int = 0
    error: str | None = None
    notes: tuple[str, ...] = ()


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
) -> Iterator[tuple[Path, FileRow, _Outcome]]:
    known = KnownFiles(catalogue)
    with PdfProcess(seconds=run.limits.pdf_seconds, memory_mb=run.limits.pdf_memory_mb) as pdfs:
        for file in files:
            row = _named(known, file, folders)
            yield file, row, _read_one(known, file, row, manifests, run, pdfs.read)


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
        data = _bytes(file, run.limits.max_mb)
        content = content_of(data)
        corrections = of_file(run.corrections, row.name, content)
        mark = fingerprint(row.name, content, together(said, corrections))
        of_limits = digest(mark, repr(run.limits))
        if before and before.fingerprint in (mark, of_limits) and not (run.again and before.error):
            return _as_before(known, before)
        reading = read_file(row.name, data, max_mb=run.limits.max_mb, read_pdf=read_pdf)
    except UnreadableFile as error:
        mark = of_limits if isinstance(error, ReadingBroken) else mark
        kept = before.name if before else row.name  # what it said before goes by its name of then
        known.replace(FileRow(row.path, row.folder, kept, mark, str(error)), None)
        return _Outcome(known.parts(row.path), {}, error=str(error))
    read = [overridden(document, row.name, said) for document in reading.documents]
    documents, aside = corrected(read, row.name, corrections)
    notes = "\n".join([*reading.notes, *([_aside(aside)] if aside else [])])
    return _replace(known, FileRow(row.path, row.folder, row.name, mark, None, notes), documents)


def _aside(papers: int) -> str:
    return f"{'1 paper was' if papers == 1 else f'{papers} papers were'} set aside by hand, and left out"


def _as_before(known: KnownFiles, before: FileRow) -> _Outcome:
    parts = known.parts(before.path)
    notes = tuple(before.notes.splitlines())
    return _Outcome(parts, {} if before.error else {"unchanged": len(parts)}, error=before.error, notes=notes)


def _replace(known: KnownFiles, row: FileRow, documents: Sequence[Document]) -> _Outcome:
    old = known.digests(row.path)
    new = {document.source: digest(document_to_json(document)) for document in documents}
    known.replace(row, [(new[document.source], document) for document in documents])
    both = new.keys() & old.keys()
    counts = {
        "added": len(new.keys() - both),
        "updated": sum(old[name] != new[name] for name in both),
        "unchanged": sum(old[name] == new[name] for name in both),
    }
    removed = len(old.keys() - both)
    return _Outcome(set(map(part_of, new)), counts, removed, notes=tuple(row.notes.splitlines()))


def _bytes(path: Path, max_mb: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise UnreadableFile(f"too large: {size / 1e6:.0f} MB, and MAX_FILE_MB is {max_mb}")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}") from error


def _forget_gone(
    catalogue: Catalogue, run: Run, found: Found, absent: Sequence[Path]
) -> tuple[int, list[str]]:
    def contents() -> Iterable[str]:
        for file in found.files:
            if (run.only is None or file in run.only) and catalogue.file(str(file)) is None:
                with suppress(UnreadableFile):
                    yield content_of(_bytes(file, run.limits.max_mb))

    def is_of(row: FileRow, content: str) -> bool:
        said = overrides(Path(row.path), found.manifests)
        corrections = of_file(run.corrections, row.name, content)
        return fingerprint(row.name, content, together(said, corrections)) == row.fingerprint

    folders = [*found.folders, *absent]
    return forget_gone(catalogue, folders, found.files, prune=run.prune, new=contents, is_of=is_of)

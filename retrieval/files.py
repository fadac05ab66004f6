"""What stands on the disk -> the catalogue's files and sources. Each file is one transaction.

A file that cannot be read keeps what it said before; a file that is gone is forgotten, unless so many are
gone that a disk seems not to be mounted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.catalogue import Catalogue, FileRow, document_to_json
from retrieval.errors import SourceMissing, UnreadableFile
from retrieval.models import Document, FileFailure, IngestProgress
from retrieval.readers import RECIPE as READERS_RECIPE
from retrieval.readers import read_file
from retrieval.readers.manifest import MANIFEST_NAME, Override, read_manifest

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
class Found:
    """A file on the disk that may hold papers."""

    path: Path  # absolute
    folder: Path | None  # the ingested folder it stands in; None: it was named itself
    name: str  # relative to the folder, with "/"


def discover(paths: Sequence[Path]) -> tuple[Found, ...]:
    """The files under `paths`, hidden ones and manifests left out. Raises SourceMissing."""
    found: dict[Path, Found] = {}
    for path in (path.resolve() for path in paths):
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                name = file.relative_to(path)
                if file.is_file() and not any(part.startswith(".") for part in name.parts):
                    found[file] = Found(file, path, name.as_posix())
        elif path.is_file():
            found.setdefault(path, Found(path, None, path.name))
        else:
            raise SourceMissing(f"{path} is not there. Check the path; nothing was changed.")
    return tuple(file for file in found.values() if file.path.name != MANIFEST_NAME)


def missing_folders(catalogue: Catalogue, paths: Sequence[Path]) -> list[str]:
    """Those of `paths` that were ingested before and are not there now: a disk that is not mounted, say."""
    known = set(catalogue.folders())
    return [str(path) for path in paths if not path.exists() and str(path.resolve()) in known]


def read_changes(
    catalogue: Catalogue, paths: Sequence[Path], prune: bool, max_mb: int, progress: Progress
) -> Changes:
    """Make the sources match the files under `paths`; forget what is gone from a folder among them.

    A folder that is missing, is empty or has lost more than half of its files loses nothing unless `prune`.
    """
    absent = missing_folders(catalogue, paths)
    there = [path for path in paths if str(path) not in absent]
    found = discover(there)
    removed, notes = _forget_gone(catalogue, paths, found, prune)
    notes += [f"{path} is not there; its papers are kept." for path in absent if not prune]
    totals = {"added": 0, "updated": 0, "unchanged": 0}
    failed: list[FileFailure] = []
    for done, file in enumerate(found):
        progress(IngestProgress("reading", done, len(found)))
        outcome = _read_one(catalogue, file, max_mb)
        for key, count in outcome.counts.items():
            totals[key] += count
        removed += outcome.removed
        failed += [FileFailure(file.name, outcome.error)] if outcome.error else []
        notes += [f"{file.name}: {note}" for note in outcome.notes]
    progress(IngestProgress("reading", len(found), len(found)))
    for path in there:
        if path.is_dir():
            catalogue.add_folder(str(path.resolve()))
    return Changes(**totals, removed=removed, failed=tuple(failed), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Outcome:
    counts: dict[str, int]
    removed: int = 0
    error: str | None = None
    notes: tuple[str, ...] = ()


def _read_one(catalogue: Catalogue, file: Found, max_mb: int) -> _Outcome:
    """Bring one file's sources up to date; a file that cannot be read keeps what it said before."""
    overrides, notes = _overrides(file)
    before = catalogue.file(str(file.path))
    try:
        data = _bytes(file.path, max_mb)
    except UnreadableFile as error:
        catalogue.replace_file(_row(catalogue, file, before, "", str(error)), None)
        return _Outcome({}, error=str(error), notes=notes)
    fingerprint = digest(READERS_RECIPE, hashlib.sha256(data).hexdigest(), repr(sorted(overrides.items())))
    row = _row(catalogue, file, before, fingerprint, None)
    if before == row:
        return _Outcome({"unchanged": len(catalogue.digests_of_file(row.path))}, notes=notes)
    if before and before.error and before.fingerprint == fingerprint:
        return _Outcome({}, error=before.error, notes=notes)
    try:
        reading = read_file(row.name, data, max_mb=max_mb)
    except UnreadableFile as error:
        catalogue.replace_file(_row(catalogue, file, before, fingerprint, str(error)), None)
        return _Outcome({}, error=str(error), notes=notes)
    documents = [_override(document, overrides) for document in reading.documents]
    return _replace(catalogue, row, documents, (*notes, *reading.notes))


def _replace(
    catalogue: Catalogue, row: FileRow, documents: Sequence[Document], notes: tuple[str, ...]
) -> _Outcome:
    old = catalogue.digests_of_file(row.path)
    new = {document.source: digest(document_to_json(document)) for document in documents}
    catalogue.replace_file(row, [(new[document.source], document) for document in documents])
    counts = {
        "added": len(new.keys() - old.keys()),
        "updated": sum(old[name] != new[name] for name in new.keys() & old.keys()),
        "unchanged": sum(old[name] == new[name] for name in new.keys() & old.keys()),
    }
    return _Outcome(counts, removed=len(old.keys() - new.keys()), notes=notes)


def _row(
    catalogue: Catalogue, file: Found, before: FileRow | None, fingerprint: str, error: str | None
) -> FileRow:
    """The file's row. A name stays once given; one that another file has already gets its folder in front."""
    folder = str(file.folder) if file.folder else (before.folder if before else None)
    name = before.name if before else file.name
    if not before and catalogue.file_named(name) not in (None, str(file.path)):
        name = f"{file.path.parent.name}/{name}"
    return FileRow(str(file.path), folder, name, fingerprint, error)


def _bytes(path: Path, max_mb: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > max_mb * 1_000_000:
            raise UnreadableFile(f"too large: {size / 1e6:.0f} MB, and MAX_FILE_MB is {max_mb}")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}") from error


def _overrides(file: Found) -> tuple[dict[str, Override], tuple[str, ...]]:
    """The manifest's rows for this file, by source. It stands in the file's folder or the ingested one."""
    overrides: dict[str, Override] = {}
    notes: list[str] = []
    for folder in dict.fromkeys((file.folder or file.path.parent, file.path.parent)):
        manifest = folder / MANIFEST_NAME
        if not manifest.is_file():
            continue
        try:
            rows = read_manifest(manifest.read_bytes())
        except (UnreadableFile, OSError) as error:
            notes.append(f"{MANIFEST_NAME} beside it was left out: {error}")
            continue
        name = file.path.relative_to(folder).as_posix()
        prefix = file.name.removesuffix(name)
        overrides.update(
            {prefix + source: row for source, row in rows.items() if source.partition("#")[0] == name}
        )
    return overrides, tuple(notes)


def _override(document: Document, overrides: dict[str, Override]) -> Document:
    override = overrides.get(document.source)
    return override.apply(document) if override else document


def _forget_gone(
    catalogue: Catalogue, paths: Sequence[Path], found: Sequence[Found], prune: bool
) -> tuple[int, list[str]]:
    here = {str(file.path) for file in found}
    removed, notes = 0, []
    for folder in (str(path.resolve()) for path in paths):
        known = [row.path for row in catalogue.files() if row.folder == folder]
        gone = [path for path in known if path not in here]
        if not gone:
            continue
        if len(gone) * 2 > len(known) and not prune:
            notes.append(
                f"{folder} has lost {len(gone)} of its {len(known)} files. Nothing was removed, in case "
                "a disk is not mounted. If they are meant to be gone, run again with --prune."
            )
            continue
        removed += catalogue.forget_files(gone)
    return removed, notes


def digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()

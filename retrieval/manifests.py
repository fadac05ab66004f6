"""The manifests beside the files of a run: what a person says of a source goes before what was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import UnreadableFile
from retrieval.models import Document
from retrieval.readers.manifest import Override, manifest_faults, read_manifest
from retrieval.source_names import composed


@dataclass(frozen=True, slots=True)
class Manifest:
    """One papers.csv: its rows by source, relative to its own folder; letters are `composed`."""

    path: Path
    rows: Mapping[str, Override]
    faults: tuple[str, ...] = ()

    def of_file(self, file: Path) -> dict[str, Override]:
        """The rows about a file, by what stands after its name: "#PART", or "" for the whole file."""
        if not file.is_relative_to(self.path.parent):
            return {}
        name = composed(file.relative_to(self.path.parent).as_posix())
        return {
            source.removeprefix(name): row
            for source, row in self.rows.items()
            if source == name or source.startswith(f"{name}#")
        }


def open_manifest(path: Path) -> Manifest:
    """Read a manifest; one that cannot be read has no rows, and its fault says why."""
    try:
        data = path.read_bytes()
        rows = {composed(source): row for source, row in read_manifest(data).items()}
        return Manifest(path, rows, manifest_faults(data))
    except (UnreadableFile, OSError) as error:
        return Manifest(path, {}, (f"it was left out: {error}",))


def overrides(file: Path, manifests: Iterable[Manifest]) -> dict[str, Override]:
    """What manifests say of a file's sources, by what stands after its name. The nearest one goes first."""
    found: dict[str, Override] = {}
    for manifest in sorted(manifests, key=lambda manifest: len(manifest.path.parts)):
        found.update(manifest.of_file(file))
    return found


def overridden(document: Document, name: str, said: Mapping[str, Override]) -> Document:
    """The document as a person corrected it. `name` is that of its file."""
    override = said.get(composed(document.source.removeprefix(name)))
    return override.apply(document) if override else document


def unmatched(manifest: Manifest, known: Mapping[Path, set[str]]) -> list[str]:
    """Rows that speak of nothing that was read. `known` are the parts of each file, "#PART" or ""."""
    folder = manifest.path.parent
    there = {composed(str(path)): set(map(composed, parts)) for path, parts in known.items()}
    lost = []
    for source in manifest.rows:
        if "" in there.get(composed(str(folder / source)), ()):
            continue  # a file's name may hold "#" too
        name, mark, part = source.partition("#")
        parts = there.get(composed(str(folder / name)))
        if parts is None:
            lost.append(f"there is no file {name!r} that its row {source!r} could mean")
        elif mark + part not in parts:
            lost.append(f"{name} has no part {part!r} that its row {source!r} could mean")
    return lost

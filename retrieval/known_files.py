"""What the catalogue knows of files, asked for once a run and not for each file."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.catalogue import Catalogue, FileRow
from retrieval.models import Document
from retrieval.source_names import part_of


class KnownFiles:
    """Its files and their sources, as they are now."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._rows = {row.path: row for row in catalogue.files()}
        self._paths = {row.name: row.path for row in self._rows.values()}
        self._sources = catalogue.sources_of_files()

    def row(self, path: str) -> FileRow | None:
        return self._rows.get(path)

    def path(self, name: str) -> str | None:
        """The path of the file that has this name."""
        return self._paths.get(name)

    def parts(self, path: str) -> set[str]:
        """What the file held when it was last read, "#PART" or ""."""
        row = self._rows.get(path)
        return set(map(part_of, self._sources.get(row.name, ()))) if row else set()

    def replace(self, row: FileRow, documents: Sequence[tuple[str, Document]] | None) -> None:
        """As `Catalogue.replace_file`."""
        self._catalogue.replace_file(row, documents)
        before = self._rows.get(row.path)
        if before:
            self._paths.pop(before.name, None)
        self._rows[row.path], self._paths[row.name] = row, row.path

    def digests(self, path: str) -> dict[str, str]:
        """The digest of each of the file's sources."""
        return self._catalogue.digests_of_file(path) if path in self._rows else {}

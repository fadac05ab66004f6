"""What the catalogue knows of files, asked for once a run and not for each file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from retrieval.catalogue import Catalogue, FileRow, Replaced
from retrieval.models import Document


class KnownFiles:
    """Its files, and how many sources each has, as they are now."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._rows = {row.path: row for row in catalogue.files()}
        self._paths = {row.name: row.path for row in self._rows.values()}
        self._sizes = catalogue.sizes_of_files()

    def row(self, path: str) -> FileRow | None:
        return self._rows.get(path)

    def path(self, name: str) -> str | None:
        """The path of the file that has this name."""
        return self._paths.get(name)

    def size(self, path: str) -> int:
        """How many sources the file had when this run began."""
        return self._sizes.get(path, 0)

    def replace(
        self,
        row: FileRow,
        documents: Iterable[tuple[str, Document]] | None,
        notes: Callable[[], tuple[str, ...]] = tuple,
    ) -> tuple[Replaced, tuple[str, ...]]:
        """As `Catalogue.replace_file`, and the notes."""
        told: list[str] = []

        def lines() -> str:
            told.extend(notes())
            return "\n".join(told)

        found = self._catalogue.replace_file(row, documents, lines)
        before = self._rows.get(row.path)
        if before:
            self._paths.pop(before.name, None)
        self._rows[row.path] = replace(row, notes="\n".join(told))
        self._paths[row.name] = row.path
        return found, tuple("\n".join(told).splitlines())

"""Files that the catalogue knows and that no longer stand where they stood.

They are forgotten, unless a folder has lost so many that a disk seems not to be mounted. A file that only
goes by another name now is no loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from retrieval.catalogue import Catalogue, FileRow

Contents = Callable[[], Iterable[str]]
"""The contents (`fingerprints.content_of`) of the files that are new in the folders."""
IsOf = Callable[[FileRow, str], bool]
"""Whether a known file had this content when it was read."""


def forget_gone(
    catalogue: Catalogue,
    folders: Sequence[Path],
    files: Sequence[Path],
    *,
    prune: bool,
    new: Contents,
    is_of: IsOf,
) -> tuple[int, list[str]]:
    """Forget what is gone from these folders. Returns the number of sources, and notes for a person.

    A folder that has lost more than half of its files loses only those that stand elsewhere in them now,
    unless `prune`.
    """
    here = {str(file) for file in files}
    removed, notes = 0, []
    for folder in (path.resolve() for path in folders):
        known = [row for row in catalogue.files() if Path(row.path).is_relative_to(folder)]
        gone = [row for row in known if row.path not in here]
        if len(gone) * 2 > len(known) and not prune:
            contents = list(new())
            moved = [row for row in gone if any(is_of(row, content) for content in contents)]
            lost = len(gone) - len(moved)
            if lost * 2 > len(known):
                gone = moved
                notes.append(_note(folder, lost, len(known)))
        if gone:
            removed += catalogue.forget_files([row.path for row in gone])
    return removed, notes


def _note(folder: Path, lost: int, known: int) -> str:
    return (
        f"{folder} has lost {lost} of its {known} files. Nothing was removed, in case "
        "a disk is not mounted. If they are meant to be gone, run again with --prune."
    )

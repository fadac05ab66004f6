"""A data folder that can be read and not written: another disk, a snapshot, somebody else's library.

SQLite, tantivy and Chroma all want to write where they read: locks, a log, what was asked. SQLite can be told
not to; for the others there is a place of our own, where tantivy finds links and Chroma copies.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

Lend = Callable[[Path], Path]
"""Where the index in a folder can be opened: there, or in a place of our own."""


def is_barred(folder: Path) -> bool:
    """Whether this process may not write there."""
    return folder.is_dir() and not os.access(folder, os.W_OK)


def itself(folder: Path) -> Path:
    """The folder, which can be written."""
    return folder


def uri_to_read(path: Path) -> str:
    """How SQLite opens a database in a folder that cannot be written.

    A log beside it belongs to somebody who writes from elsewhere. Without one nothing is written just now,
    and SQLite may take it that nothing ever is: so open it anew for each look.
    """
    log = path.with_name(path.name + "-wal")
    return f"{path.absolute().as_uri()}?{'mode=ro' if log.exists() else 'immutable=1'}"


class Lent:
    """Places of our own for the indexes of a folder that cannot be written. They go with `close`.

    Of each index there are the place that is read now and the one before it, from which a search may still
    read: where the owner changes much, all copies together would fill the disk.
    """

    def __init__(self) -> None:
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._number = 0
        self._guard = threading.Lock()
        self._given: dict[str, list[Path]] = {}

    def linked(self, folder: Path) -> Path:
        """Links to the files as they are named now. tantivy never changes one that it has written, but its
        list of them, of which there is a copy."""
        place = self._another("links")
        for file in folder.glob("[!.]*"):
            if file.suffix == ".json":
                shutil.copyfile(file, place / file.name)
            else:
                (place / file.name).symlink_to(file.absolute())
        return place

    def copied(self, folder: Path) -> Path:
        """Copies of all files, which may be as many bytes again."""
        place = self._another("copies")
        if folder.is_dir():
            shutil.copytree(folder, place, dirs_exist_ok=True, copy_function=shutil.copyfile)
            for part in (place, *(path for path in place.rglob("*") if path.is_dir())):
                part.chmod(0o700)  # of folders, copytree copies the rights too
        return place

    def close(self) -> None:
        if self._place is not None:
            self._place.cleanup()
            self._place = None

    def _another(self, kind: str) -> Path:
        with self._guard:
            if self._place is None:
                self._place = tempfile.TemporaryDirectory(prefix="footnote-")
            self._number += 1
            place = Path(self._place.name) / str(self._number)
            place.mkdir()
            given = [*self._given.get(kind, ()), place]
            self._given[kind] = given[-2:]
        for path in given[:-2]:
            shutil.rmtree(path, ignore_errors=True)
        return place

"""Which files stand under the paths of a run, and which of them may hold papers."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import SourceMissing
from retrieval.manifests import Manifest, open_manifest
from retrieval.readers.manifest import MANIFEST_NAME, is_manifest

NO_PAPERS = frozenset(("readme", "license", "licence", "contributing", "changelog", "notice"))
"""Names of files that speak of a folder, not of research; they are passed over."""

HALF_DONE = (".part", ".partial", ".crdownload", ".download", ".tmp")
"""How browsers and other programs call a file that they have not finished."""

UNNAMEABLE = "its name has bytes that are no UTF-8, and cannot be kept: rename it"

ADDED = "papers"
"""The folder in the data folder for papers that were added by hand; the only part of it that is read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands under the paths of a run."""

    files: tuple[Path, ...]  # absolute, those that may hold papers
    folders: tuple[Path, ...]  # absolute, those of the paths that are folders
    manifests: tuple[Manifest, ...]
    unnameable: tuple[Path, ...] = ()  # absolute, left out: no text can hold their names


def discover(paths: Sequence[Path], data: Path, above: Iterable[str] = ()) -> Found:
    """The files under `paths`; hidden and unfinished ones and the library's own folder `data` are left out.

    `above` are folders whose manifests hold too for files in them. Raises SourceMissing for a path that is
    not there or cannot be named.
    """
    files: dict[Path, None] = {}
    folders = []
    for path in map(absolute, paths):
        if path.is_dir():
            folders.append(path)
            files |= dict.fromkeys(_visible(path, data.resolve()))
        elif path.is_file():
            files[path] = None
        else:
            raise SourceMissing(_not_there(path))
    over = {folder for folder in map(Path, above) if any(file.is_relative_to(folder) for file in files)}
    beside = {folder / MANIFEST_NAME for folder in {*(file.parent for file in files), *folders, *over}}
    manifests = sorted(path for path in beside if _holds_corrections(path))
    papers = [file for file in files if file not in manifests and file.stem.lower() not in NO_PAPERS]
    return Found(
        files=tuple(filter(_is_nameable, papers)),
        folders=tuple(folders),
        manifests=tuple(map(open_manifest, manifests)),
        unnameable=tuple(file for file in papers if not _is_nameable(file)),
    )


def _not_there(path: Path) -> str:
    """The sentence for a path that leads nowhere; a link looks like one too."""
    if link := re.search(r"\bhttps?:/+.*", str(path)):
        told = re.sub(":/+", "://", link[0], count=1)
        return (
            f"{told} is a link, and only files and folders are read. Save what it leads to and name that "
            "file, or add the link with /library add on Discord."
        )
    return f"{path} is not there. Check the path; nothing was changed."


def absolute(path: Path) -> Path:
    """The path in full. Raises SourceMissing for a link that leads to itself, or a name that is no text."""
    try:
        found = followed(path)
    except OSError as error:
        raise SourceMissing(f"{path} is a link that leads to itself. Check the path.") from error
    if not _is_nameable(found):
        raise SourceMissing(f"{printable(found)}: {UNNAMEABLE}.")
    return found


def followed(path: Path) -> Path:
    """The path in full, its links followed. Raises OSError for a link that leads to itself."""
    try:
        found = path.resolve()
    except RuntimeError as error:  # of Python until 3.12
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    if found.is_symlink():  # from Python 3.13 on, such a link is handed back as it is
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return found


def _is_nameable(path: Path) -> bool:
    """Whether the path has a UTF-8 form, as the catalogue needs."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def printable(path: Path) -> str:
    """The path with the bytes that are no text as "\\xff"."""
    return os.fsencode(path).decode(errors="backslashreplace")


def _visible(folder: Path, data: Path) -> Iterator[Path]:
    """The files in the folder and below it, in the order of their paths."""
    files: list[Path] = []
    for place, inner, names in os.walk(folder, onerror=_pass_over):
        inner[:] = [name for name in inner if not name.startswith(".")]
        files += [Path(place, name) for name in names if not name.startswith(".")]
    for file in sorted(files):
        if not is_half_done(file) and not is_ours(file, data) and _is_file(file):
            yield file


def _pass_over(error: OSError) -> None:
    """What has just gone, or may not be looked at. A disk that fails must not look as if it were empty."""
    if not isinstance(error, (FileNotFoundError, NotADirectoryError, PermissionError)):
        raise error


def _is_file(path: Path) -> bool:
    """Whether a file is there, or a link to one that may be looked at."""
    try:
        return path.is_file()
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.ENAMETOOLONG):
            raise
        return False


def is_so(look: Callable[[], bool]) -> bool:
    """What a look at the disk says; False where it fails, as behind a closed door."""
    try:
        return look()
    except OSError:
        return False


def is_half_done(file: Path) -> bool:
    """Whether its name says that somebody is still writing it."""
    return file.suffix.lower() in HALF_DONE


def is_ours(file: Path, data: Path) -> bool:
    """Whether it belongs to the library itself; papers that were added by hand do not."""
    return file.is_relative_to(data) and not file.is_relative_to(data / ADDED)


def _holds_corrections(path: Path) -> bool:
    """Whether it is a manifest; a papers.csv without a column `source` is a table of papers."""
    try:
        return path.is_file() and is_manifest(path.name, path.read_bytes())
    except OSError:
        return False

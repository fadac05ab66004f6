"""Papers that people add by hand: kept in the data folder, under names that do no harm."""

from __future__ import annotations

import re
import shutil
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

from retrieval import corrections
from retrieval.discovery import ADDED, NO_PAPERS
from retrieval.fingerprints import content_of
from retrieval.readers.manifest import MANIFEST_NAME
from retrieval.whole_files import whole

REMOVED = "removed"
"""The folder in the data folder where a file goes that was added and then removed."""

_LONGEST = 80  # characters of a name without its ending
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the folder of added papers now."""

    path: Path
    double: bool = False  # the same bytes were there already; nothing was written


def safe_name(name: str) -> str:
    """A file name of letters, digits, dots, dashes and underscores that leads nowhere else, hides nothing and
    is not passed over as a readme or taken for a manifest. Pure."""
    plain = unicodedata.normalize("NFKC", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, ending = re.sub(r"[^\w.-]+", "-", plain).strip("-._ ").rpartition(".")
    stem, ending = (stem, ending[:8].lower()) if dot else (ending, "")
    stem = stem.strip("-._")[:_LONGEST] or "paper"
    taken = stem.lower() in _RESERVED | NO_PAPERS or f"{stem}.{ending}".lower() == MANIFEST_NAME
    return f"{'added-' if taken else ''}{stem}{f'.{ending}' if ending else ''}"


def keep(data: Path, name: str, content: bytes) -> Kept:
    """Put a file into the folder of added papers, whole or not at all; another file of its name stays."""
    folder = data / ADDED
    folder.mkdir(parents=True, exist_ok=True)
    if (there := _same(folder, content)) is not None:
        return Kept(there, double=True)
    path = _free(folder, safe_name(name))
    with whole(path) as out:
        out.write(content)
    return Kept(path)


def put_away(data: Path, path: Path) -> None:
    """Move an added file out of the library, so that a wrong removal can be undone by adding it again."""
    folder = data / REMOVED
    folder.mkdir(parents=True, exist_ok=True)
    path.replace(_free(folder, path.name))


def is_added(data: Path, path: Path) -> bool:
    """Whether the file was added by hand."""
    return path.is_relative_to((data / ADDED).resolve())


def by_hand(data: Path) -> list[Path]:
    """What people gave and said by hand, which stands nowhere but in the data folder."""
    files = [data / corrections.FILE, *sorted((data / ADDED).glob("[!.]*"))]
    return [path for path in files if path.is_file()]


def put_by_hand(bundle: Path, data: Path) -> None:
    """The same, out of a zip file into a data folder; what else is there stays.

    Raises OSError and zipfile.BadZipFile.
    """
    with zipfile.ZipFile(bundle) as told:
        for name in told.namelist():
            folder, _, file = name.rpartition("/")
            plain = bool(file) and not file.startswith(".") and "\\" not in file
            if name == corrections.FILE or (folder == ADDED and plain):
                target = data / name
                target.parent.mkdir(exist_ok=True)
                with told.open(name) as source, whole(target) as out:
                    shutil.copyfileobj(source, out)


def _same(folder: Path, content: bytes) -> Path | None:
    wanted = content_of(content)
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file() or path.stat().st_size != len(content):
            continue
        if content_of(path.read_bytes()) == wanted:
            return path.resolve()
    return None


def _free(folder: Path, name: str) -> Path:
    """A path in the folder that no file has."""
    path, number = (folder / name).resolve(), 1
    while path.exists():
        number += 1
        path = path.with_name(f"{Path(name).stem}-{number}{Path(name).suffix}")
    return path

"""A library in one file, and back: the catalogue, what the bot remembers, and what people added and mended by
hand. The indexes are made anew from it.

A backup is a snapshot of one moment, taken while others read and write. Restoring goes into the living
database in one transaction, so that whoever reads sees the old library or the new one.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from retrieval.catalogue import Catalogue, advice, is_damaged, migrate
from retrieval.errors import (
    BackupUnusable,
    CatalogueBroken,
    IndexMismatch,
    LibraryMissing,
    SchemaOutdated,
)
from retrieval.ownership import own
from retrieval.read_only import is_barred, uri_to_read
from retrieval.shelving import by_hand, put_by_hand
from retrieval.whole_files import whole

CATALOGUE, REMEMBERED = "catalogue.sqlite", ("discord.sqlite", "outside.sqlite")
"""The database that every backup holds, and those that it holds where there are any."""

OWN = 0o600  # rights of what holds the questions of people: they are nobody else's business


def back_up(data: Path, file: Path, *, overwrite: bool = False) -> int:
    """Write a backup of the library in `data`. Returns its size in bytes. A file appears whole or not at all.

    Raises LibraryMissing, CatalogueBroken, BackupUnusable.
    """
    if not (data / CATALOGUE).exists():
        raise LibraryMissing(f"There is no library in {data}. Set FOOTNOTE_DATA to where it is.")
    if file.exists() and not overwrite:
        raise BackupUnusable(f"{file} is there already. Name another file, or add --force to replace it.")
    if is_damaged(data / CATALOGUE):
        raise CatalogueBroken("The catalogue is damaged. `footnote verify --mend` saves what can be read.")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".footnote-") as place, whole(file) as out:
            Path(out.name).chmod(OWN)
            _write(data, Path(place), out)
    except sqlite3.Error as error:
        raise BackupUnusable(f"The backup cannot be written: {advice(error)}") from error
    except OSError as error:
        raise BackupUnusable(f"{file} cannot be written ({error.strerror}). Name another place.") from error
    return file.stat().st_size


def _write(data: Path, place: Path, out: BinaryIO) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as bundle:
        for name in (CATALOGUE, *REMEMBERED):
            if not (data / name).exists():
                continue
            how = uri_to_read(data / name) if is_barred(data) else (data / name).absolute().as_uri()
            with closing(sqlite3.connect(how, uri=True, timeout=60)) as db:
                db.execute("VACUUM INTO ?", (str(place / name),))
            bundle.write(place / name, name)
            (place / name).unlink()
        for path in by_hand(data):
            bundle.write(path, path.relative_to(data).as_posix())


def restore(data: Path, file: Path, *, overwrite: bool = False, wait: float = 0.0) -> tuple[str, ...]:
    """Put the library of a backup into `data`. Returns the names of the databases that were put there.

    Its indexes are made when it is next opened to be changed.
    Raises BackupUnusable, LibraryBusy, CatalogueBroken, IndexMismatch.
    """
    if not file.is_file():
        raise BackupUnusable(f"{file} is not there. Check the path; nothing was changed.")
    if not zipfile.is_zipfile(file):
        raise BackupUnusable(f"{file} is no backup of Footnote's. Name a file that `footnote backup` wrote.")
    if (data / CATALOGUE).exists() and not overwrite:
        raise BackupUnusable(
            f"There is a library in {data} already. Set FOOTNOTE_DATA to another folder, or add --force to "
            "put the backup in its place."
        )
    data.mkdir(parents=True, exist_ok=True)
    try:
        with own(data, "footnote restore", wait), tempfile.TemporaryDirectory(dir=data) as place:
            names = _unpacked(file, Path(place))
            for name in REMEMBERED:
                if name in names:
                    (Path(place) / name).chmod(OWN)
            _follow(file, Path(place) / CATALOGUE, data / CATALOGUE)
            for name in names:
                _put(Path(place) / name, data / name)
            put_by_hand(file, data)
    except sqlite3.Error as error:
        raise BackupUnusable(f"The backup cannot be put back: {advice(error)}") from error
    except OSError as error:
        raise BackupUnusable(
            f"The backup cannot be put back ({error.strerror}). Make room in {data}."
        ) from error
    return names


def _unpacked(file: Path, place: Path) -> tuple[str, ...]:
    """The databases in a backup, each found to be whole."""
    try:
        with zipfile.ZipFile(file) as bundle:
            names = tuple(name for name in (*REMEMBERED, CATALOGUE) if name in bundle.namelist())
            for name in names:
                bundle.extract(name, place)
    except FileNotFoundError as error:
        raise BackupUnusable(f"{file} is not there.") from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise BackupUnusable(f"{file} is no backup of Footnote's, or is damaged ({error}).") from error
    if CATALOGUE not in names or any(is_damaged(place / name) for name in names):
        raise BackupUnusable(f"{file} is no backup of Footnote's, or is damaged.")
    return names


def _follow(file: Path, fresh: Path, old: Path) -> None:
    """Make the catalogue of a backup the successor of the one that is there: readers notice, indexes stay.

    Raises IndexMismatch for a backup of a newer version.
    """
    try:
        Catalogue(fresh).close()
    except SchemaOutdated:
        migrate(fresh)
    except IndexMismatch as error:
        raise IndexMismatch(
            f"{file} is of a newer version of Footnote, or of one that is too old. Update Footnote; nothing "
            "was changed."
        ) from error
    kept = _meta(old) if old.exists() and not is_damaged(old) else {}
    generation = max(int(found.get("generation", "0")) for found in (kept, _meta(fresh))) + 1
    with closing(sqlite3.connect(fresh)) as db:
        db.execute("DELETE FROM meta WHERE key IN ('chroma', 'lexical')")
        values: list[tuple[str, str]] = [(name, kept[name]) for name in ("chroma", "lexical") if name in kept]
        values += [("generation", str(generation)), ("open", "1")]
        db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values)
        db.commit()
        db.execute("PRAGMA journal_mode=DELETE")  # all in one file


def _meta(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path, timeout=60)) as db:
        return dict(db.execute("SELECT key, value FROM meta"))


def _put(fresh: Path, target: Path) -> None:
    """Into the database that others may have open; a damaged one makes room."""
    if target.exists() and not is_damaged(target):
        with (
            closing(sqlite3.connect(fresh)) as source,
            closing(sqlite3.connect(target, timeout=60)) as living,
        ):
            source.backup(living)
        return
    for ending in ("", "-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    shutil.move(fresh, target)

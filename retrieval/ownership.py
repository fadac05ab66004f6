"""Who may write to a data folder: one process at a time, and it leaves its name.

Two writers on one Chroma folder lose vectors without a word. The lock is the operating system's, so that it
goes when its process dies; the note beside it only says who holds it.
"""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

from filelock import FileLock, Timeout

from retrieval.errors import CatalogueBroken, LibraryBusy

_GLANCE = 0.3  # seconds; `owner` holds the lock for a moment to see whether anybody does


def owner(data: Path) -> str | None:
    """Who holds a data folder for writing, in words; None when nobody does."""
    lock = FileLock(data / "writer.lock")
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return _in_words(data)
    except OSError:
        return None  # who may not write here cannot ask either


def own(data: Path, purpose: str, wait: float) -> FileLock:
    """Own a data folder, made if need be, until the lock is released; wait `wait` seconds for another owner.

    Raises LibraryBusy, and CatalogueBroken where nothing can be written.
    """
    lock = FileLock(data / "writer.lock", thread_local=False)
    note = {"purpose": purpose, "pid": os.getpid(), "host": socket.gethostname(), "since": int(time.time())}
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=max(wait, _GLANCE))
        (data / "writer.json").write_text(json.dumps(note), encoding="utf-8")
    except Timeout as error:
        raise LibraryBusy(
            f"The data folder {data} is held by {_in_words(data)}. Wait until it is done, or stop it, "
            "and run this again."
        ) from error
    except OSError as error:
        lock.release()
        raise CatalogueBroken(
            f"The data folder {data} cannot be written ({error.strerror}). Make room on its disk, give the "
            "user that runs Footnote the right to write there, or set FOOTNOTE_DATA to another folder; then "
            "run this again."
        ) from error
    return lock


def _in_words(data: Path) -> str:
    """The note that the owner left."""
    try:
        note = json.loads((data / "writer.json").read_text(encoding="utf-8"))
        since = time.strftime("%Y-%m-%d %H:%M", time.localtime(note["since"]))
        return f"`{note['purpose']}` (process {note['pid']} on {note['host']}, since {since})"
    except (OSError, ValueError, KeyError):
        return "another process"

"""Folders that are watched: which files are complete now and want to be read.

The system's notices (watchfiles) tell where something happened, and a look at the whole folders now and then
finds what they missed, as on network disks. A file is handed over when its size and time have been quiet.
"""

from __future__ import annotations

import logging
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import watchfiles

from retrieval.discovery import discover, followed, is_half_done, is_ours, is_so, printable
from retrieval.errors import SourceMissing
from retrieval.readers.manifest import MANIFEST_NAME

QUIET = 2.0  # seconds without a change after which a file counts as complete
ENDED = 0.25  # of that, for a PDF file that ends as one does; should it go on all the same, it is read again
TICK = 250  # milliseconds between two looks at the files that are not yet quiet
LOOK = 60.0  # seconds between two looks at everything
BUSY = 3.0  # seconds before a batch that could not be read is tried again
AT_A_STRETCH = 2.0  # seconds of reading, after which new notices are looked at
FIRST, MOST, BATCH_BYTES = 4, 64, 8_000_000  # files that are read together, as long as that is quick

_log = logging.getLogger(__name__)

UNREADABLE = "\ufffd"  # stands in a notice for bytes of a name that are no text
_TAIL = 64  # bytes, in which the mark of the end stands, and what editors put behind it

State = tuple[int, int] | None
"""Size and time of change of a file; None where there is none."""
Read = Callable[[Sequence[Path]], bool]
"""Reads a batch of files that are complete, or gone. False: not now; it is to be tried again."""


class Waiting:
    """Files that changed, each until it is quiet."""

    def __init__(
        self,
        quiet: float = QUIET,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._quiet, self._clock, self._wall = quiet, clock, wall
        self._since: dict[Path, tuple[State, float]] = {}
        self._seen: dict[Path, State] = {}  # as each was when it was handed over; none that was gone then

    def __len__(self) -> int:
        return len(self._since)

    def note(self, path: Path, *, even_so: bool = False) -> None:
        """Something happened to a file; `even_so` hands it over though it is as it was."""
        state = state_of(path)
        self._since.pop(path, None)  # the latest last
        if even_so or state != self._seen.get(path):
            self._since[path] = (state, self._clock() - self._age(state))

    def _age(self, state: State) -> float:
        """Seconds since a file was written to: its notice may have waited while others were read."""
        return max(0.0, self._wall() - state[1] / 1e9) if state else 0.0

    def glimpse(self, path: Path, *, even_so: bool = False) -> None:
        """As `note`, but a file that waits already goes on waiting."""
        if path not in self._since:
            self.note(path, even_so=even_so)

    def known(self) -> list[Path]:
        """Files that were handed over while they were there."""
        return list(self._seen)

    def take(self, files: int = MOST, size: int = BATCH_BYTES) -> list[Path]:
        """Some that are quiet, those noted last first: at most so many, and so many bytes, but one."""
        taken: list[Path] = []
        for path, (state, since) in reversed(list(self._since.items())):
            now = state_of(path)
            if now != state:
                self._since[path] = (now, self._clock())
            elif self._is_complete(path, self._clock() - since):
                size -= now[0] if now else 0
                if taken and (size < 0 or len(taken) >= files):
                    break
                taken.append(path)
        for path in taken:
            if state := self._since.pop(path)[0]:
                self._seen[path] = state
            else:
                self._seen.pop(path, None)
        return taken

    def _is_complete(self, path: Path, quiet: float) -> bool:
        """Whether a file that has been quiet so long, in seconds, will hardly change."""
        return quiet >= self._quiet or (quiet >= ENDED * self._quiet and has_ended(path))

    def give_back(self, paths: Iterable[Path]) -> None:
        """They were taken and not read."""
        for path in paths:
            self._seen.pop(path, None)
            self.note(path, even_so=True)


def state_of(path: Path) -> State:
    """What shows whether somebody still writes to a file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def has_ended(path: Path) -> bool:
    """Whether a file is a PDF whose last bytes say that it ends there, as it must (ISO 32000-1, 7.5.5)."""
    if path.suffix.lower() != ".pdf":
        return False
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            return b"%%EOF" in file.read(_TAIL)
    except OSError:
        return False


class Pace:
    """How many files are read together: as many as take about AT_A_STRETCH, for a new one waits that long."""

    def __init__(self) -> None:
        self.files = FIRST

    def took(self, seconds: float) -> None:
        """Learn from the last batch."""
        if seconds > AT_A_STRETCH:
            self.files = max(int(self.files * AT_A_STRETCH / seconds), 1)
        elif seconds < AT_A_STRETCH / 2:
            self.files = min(self.files * 2, MOST)


def watch(
    folders: Sequence[Path],
    data: Path,
    read: Read,
    stop: threading.Event,
    *,
    quiet: float = QUIET,
    busy: float = BUSY,
    drained: Callable[[], None] = lambda: None,
) -> None:
    """Hand files of these folders to `read` until `stop` is set, at first all that there are.

    `data` is the library's own folder. Folders may be missing and come later. `drained` is called when
    nothing is left to read for now.
    """
    data = data.resolve()
    waiting, pace = Waiting(quiet), Pace()
    told: set[Path] = set()
    while not stop.is_set():
        present = _identities(folders)
        places = _places(folders, told)
        _look([place for place in places if is_so(place.is_dir)], data, waiting)
        looked = time.monotonic()
        for changes in _notices([place for place in places if is_so(place.is_dir)], stop):
            if _note(changes, places, data, waiting):
                break  # a whole folder came or went
            if not _hand_over(waiting, pace, read, stop, drained, data):
                stop.wait(busy)
            if _identities(folders) != present or time.monotonic() - looked > LOOK:
                break


def _places(folders: Sequence[Path], told: set[Path]) -> list[Path]:
    """Where these folders are now, links followed. One that leads to itself is told of once, and left out."""
    places = []
    for folder in folders:
        try:
            places.append(followed(folder))
            told.discard(folder)
        except OSError:
            if folder not in told:
                _log.warning(
                    "%s is a link that leads to itself: it cannot be followed until you put it right.",
                    printable(folder.absolute()),
                )
            told.add(folder)
    return list(dict.fromkeys(places))


def _hand_over(
    waiting: Waiting,
    pace: Pace,
    read: Read,
    stop: threading.Event,
    drained: Callable[[], None],
    data: Path,
) -> bool:
    """Whether all could be read that was handed over."""
    until = time.monotonic() + AT_A_STRETCH
    while (batch := waiting.take(pace.files)) and not stop.is_set():
        began = time.monotonic()
        if not read(batch):
            waiting.give_back(batch)
            return False
        pace.took(time.monotonic() - began)
        _look_below_manifests(batch, data, waiting)
        if not len(waiting):
            drained()
        if time.monotonic() > until:
            break
    return True


def _look_below_manifests(batch: Sequence[Path], data: Path, waiting: Waiting) -> None:
    """What a manifest says may change each file below it; a table of papers may be called so too."""
    for manifest in (path for path in batch if path.name == MANIFEST_NAME):
        with suppress(SourceMissing, OSError):
            files = discover([manifest.parent], data).files
            for file in files if manifest not in files else ():
                if file not in batch:
                    waiting.glimpse(file, even_so=True)


def _identities(folders: Sequence[Path]) -> dict[Path, tuple[int, int]]:
    """Those that are there; a disk that is mounted over a folder makes it another."""
    found = {}
    for folder in folders:
        try:
            there = folder.stat()
        except OSError:
            continue
        found[folder] = (there.st_dev, there.st_ino)
    return found


def _notices(folders: Sequence[Path], stop: threading.Event) -> Iterator[set[str]]:
    """Paths where something happened, an empty set at each tick without any. Ends when `stop` is set."""
    if not folders:
        while not stop.wait(TICK / 1000):
            yield set()
        return
    try:
        for changes in watchfiles.watch(
            *folders,
            watch_filter=None,
            debounce=TICK,
            step=100,
            rust_timeout=TICK,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=True,
            ignore_permission_denied=True,
        ):
            yield {path for _, path in changes}
    except (OSError, RuntimeError):  # the folder went while it was being watched, or no watch can be had
        if not stop.wait(TICK / 1000):
            yield set()


def _note(changes: set[str], folders: Sequence[Path], data: Path, waiting: Waiting) -> bool:
    """Note the files among them. Returns whether a folder came or went, of whose files nothing was said."""
    paths = [Path(name) for name in changes]
    for path in paths:
        if _may_hold_papers(path, folders, data):
            waiting.note(path)
    if any(UNREADABLE in path.name or (is_so(path.is_dir) and not is_ours(path, data)) for path in paths):
        return True  # and of a name that is no text, only a look says which it is
    gone = [path for path in paths if not is_so(path.exists)]
    above = {parent for known in waiting.known() for parent in known.parents} if gone else set()
    return any(path in above for path in gone)


def _may_hold_papers(path: Path, folders: Sequence[Path], data: Path) -> bool:
    folder = next((folder for folder in folders if path.is_relative_to(folder)), None)
    hidden = folder is None or any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not (hidden or is_so(path.is_dir) or is_half_done(path) or is_ours(path, data))


def _look(folders: Iterable[Path], data: Path, waiting: Waiting) -> None:
    """Note every file that is not as it was handed over, or is gone."""
    for path in waiting.known():
        waiting.glimpse(path)
    for folder in folders:
        with suppress(SourceMissing, OSError):  # it has just gone, or its disk fails: the next look tells
            found = discover([folder], data)
            for path in (*found.files, *found.unnameable, *(manifest.path for manifest in found.manifests)):
                waiting.glimpse(path)

"""Watched folders: what is complete is handed over soon, what still grows is not, and nothing is lost."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from retrieval.jobs import Jobs
from retrieval.models import FileFailure
from retrieval.watching import FIRST, Pace, Waiting, watch
from tests.jobs_kit import jobs_in, quietly
from tests.test_corrections import TEXT, titles, written

QUIET = 0.3  # seconds, for tests


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def text(name: str) -> str:
    return TEXT.replace("Kites", name).replace("kite", name.lower())


# waiting for quiet


def test_a_growing_file_is_taken_only_when_it_is_quiet(tmp_path: Path) -> None:
    clock = Clock()
    waiting = Waiting(2.0, clock)
    file = written(tmp_path / "a.txt", "one")
    waiting.note(file)
    for moment, size in ((1.0, "one two"), (2.5, "one two three"), (4.0, "one two three four")):
        clock.now = moment
        written(file, size)
        assert waiting.take() == [], f"at {moment} it has just grown"
    clock.now = 5.9
    assert waiting.take() == []
    clock.now = 6.0
    assert waiting.take() == [file] and waiting.take() == [] and len(waiting) == 0
    waiting.note(file)
    assert len(waiting) == 0, "nothing has changed since it was taken"
    file.unlink()
    waiting.note(file)
    clock.now = 9.0
    assert waiting.take() == [file], "that it is gone is news too"


def test_batches_are_bounded_and_the_latest_come_first(tmp_path: Path) -> None:
    clock = Clock()
    waiting = Waiting(1.0, clock)
    files = [written(tmp_path / f"{number}.txt", "x" * 10) for number in range(5)]
    for file in files:
        waiting.note(file)
    clock.now = 1.0
    assert waiting.take(files=2) == [files[4], files[3]]
    assert waiting.take(size=5) == [files[2]], "one at least, however large"
    waiting.give_back([files[4]])
    clock.now = 2.0
    assert waiting.take() == [files[4], files[1], files[0]]


def test_a_file_whose_notice_waited_while_others_were_read_does_not_wait_again(tmp_path: Path) -> None:
    clock, wall, file = Clock(), Clock(), written(tmp_path / "a.txt", "one")
    for age, quiet_from in ((0.0, 2.0), (1.5, 0.5), (60.0, 0.0), (-60.0, 2.0)):
        clock.now, wall.now = 0.0, file.stat().st_mtime + age
        waiting = Waiting(2.0, clock, wall)
        waiting.note(file)
        clock.now = quiet_from - 0.01
        assert waiting.take() == ([file] if quiet_from == 0 else [])
        clock.now = quiet_from + 0.01
        assert waiting.take() == ([] if quiet_from == 0 else [file])


def test_nothing_is_kept_in_mind_of_files_that_went(tmp_path: Path) -> None:
    clock = Clock()
    waiting = Waiting(2.0, clock)
    for number in range(20):
        path = written(tmp_path / f"{number}.txt", "x")
        for taken in ([path], [path], []):  # as it came; as it went; and that once only
            waiting.note(path)
            clock.now += 3.0
            assert waiting.take() == taken
            path.unlink(missing_ok=True)
    assert not waiting._seen and not len(waiting)


def test_batches_grow_while_they_are_quick_and_shrink_when_they_are_not() -> None:
    pace, sizes = Pace(), []
    for seconds in (0.1, 0.1, 0.1, 0.1, 0.1, 1.5, 2.5, 9.0, 9.0, 9.0, 9.0):
        sizes.append(pace.files)
        pace.took(seconds)
    assert sizes == [4, 8, 16, 32, 64, 64, 64, 51, 11, 2, 1] and pace.files == 1


# real folders


class Reader:
    """Ingests what is handed over, and remembers it."""

    def __init__(self, jobs: Jobs, folders: Sequence[Path]) -> None:
        self.jobs, self.folders = jobs, folders
        self.batches: list[set[str]] = []
        self.notes: list[str] = []
        self.failed: list[FileFailure] = []
        self.busy = 0  # so many batches are refused
        self.guard = threading.Lock()

    def __call__(self, batch: Sequence[Path]) -> bool:
        if self.busy:
            self.busy -= 1
            return False
        with self.guard:
            report = self.jobs.follow(self.folders, batch, quietly)
            self.notes += report.notes
            self.failed += report.failed
        self.batches.append({path.name for path in batch})
        return True

    def titles(self) -> set[str]:
        with self.guard:
            return {title.split()[0] for title in titles(self.jobs.library)}


@contextlib.contextmanager
def watching(tmp_path: Path, *folders: Path, busy: int = 0) -> Iterator[Reader]:
    reader = Reader(jobs_in(tmp_path / "data"), folders)
    reader.busy = busy
    stop = threading.Event()
    thread = threading.Thread(
        target=watch, args=(folders, tmp_path / "data", reader, stop), kwargs={"quiet": QUIET, "busy": 0.1}
    )
    thread.start()
    try:
        yield reader
    finally:
        stop.set()
        thread.join(10)
        reader.jobs.rest()
    assert not thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 10.0) -> float:
    """Seconds until it came true."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "did not come true"
        time.sleep(0.02)
    return time.monotonic() - began


def test_new_changed_renamed_and_deleted_files_are_soon_in_the_library(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    for name in ("Tents", "Kites", "Boats"):
        written(folder / f"{name}.txt", text(name))
    with watching(tmp_path, folder) as reader:
        until(lambda: reader.titles() == {"Tents", "Kites", "Boats"})
        written(folder / "deep" / "Ropes.txt", text("Ropes"))
        until(lambda: "Ropes" in reader.titles())
        written(folder / "Ropes.txt.part", text("Knots"))
        (folder / "Kites.txt").write_text(text("Wings"), encoding="utf-8")
        until(lambda: reader.titles() == {"Tents", "Wings", "Boats", "Ropes"})
        (folder / "Boats.txt").rename(folder / "Ships.txt")
        until(lambda: "Ships.txt" in set().union(*reader.batches))
        (folder / "Tents.txt").unlink()
        until(lambda: reader.titles() == {"Wings", "Boats", "Ropes"})
        (folder / "Ropes.txt.part").rename(folder / "Knots.txt")
        until(lambda: "Knots" in reader.titles())
        assert [row.name for row in reader.jobs.library.files()] == [
            "Kites.txt",
            "Knots.txt",
            "Ships.txt",
            "deep/Ropes.txt",
        ]
    assert not any(name.endswith(".part") for batch in reader.batches for name in batch)


def test_a_half_written_file_is_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    whole = text("Tents") * 3
    with watching(tmp_path, written(folder / "Kites.txt").parent) as reader:
        until(lambda: reader.titles() == {"Kites"})
        with (folder / "slow.txt").open("w", encoding="utf-8") as out:
            for start in range(0, len(whole), len(whole) // 6):
                out.write(whole[start : start + len(whole) // 6])
                out.flush()
                time.sleep(QUIET / 2)
                assert {"slow.txt"} not in reader.batches
        until(lambda: "Tents" in reader.titles())
    assert sum("slow.txt" in batch for batch in reader.batches) == 1


def test_a_folder_that_is_unmounted_loses_nothing_and_is_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder / "Kites.txt")
    with watching(tmp_path, folder) as reader:
        until(lambda: reader.titles() == {"Kites"})
        folder.rename(tmp_path / "elsewhere")
        until(lambda: any("has lost" in note for note in reader.notes))
        assert reader.titles() == {"Kites"}
        (tmp_path / "elsewhere").rename(folder)
        written(folder / "Tents.txt", text("Tents"))
        until(lambda: reader.titles() == {"Kites", "Tents"})


def test_a_manifest_that_changes_is_heeded(tmp_path: Path) -> None:
    folder = written(tmp_path / "papers" / "Kites.txt").parent
    with watching(tmp_path, folder) as reader:
        until(lambda: reader.titles() == {"Kites"})
        written(folder / "papers.csv", "source,title\nKites.txt,Mended by Hand\n")
        until(lambda: reader.titles() == {"Mended"})


def test_a_table_of_papers_that_is_called_as_a_manifest_hands_nothing_over_twice(tmp_path: Path) -> None:
    folder = written(tmp_path / "papers" / "papers.csv", f"title,abstract\nTents,{TEXT!r}\n").parent
    for number in range(FIRST):
        written(folder / f"z{number}.txt", "")
    with watching(tmp_path, folder) as reader:
        until(lambda: reader.titles() == {"Tents"})
        time.sleep(3 * QUIET)
    names = [name for batch in reader.batches for name in batch]
    assert sorted(names) == ["papers.csv", *(f"z{number}.txt" for number in range(FIRST))]


def test_what_is_wrong_in_a_manifest_is_said_once(tmp_path: Path) -> None:
    folder = written(tmp_path / "papers" / "papers.csv", "source,year\nKites.txt,1500\n").parent
    names = {"Kites", "Tents", "Ropes", "Knots", "Ships"}
    for name in names:
        written(folder / f"{name}.txt", text(name))
    with watching(tmp_path, folder) as reader:
        until(lambda: reader.titles() == names)
    assert len(reader.batches) > 1
    assert [note for note in reader.notes if "1500" in note] == [
        "papers.csv: line 2: '1500' is no year from 1900 to 2099"
    ]


def test_a_batch_that_was_refused_is_handed_over_again(tmp_path: Path) -> None:
    with watching(tmp_path, written(tmp_path / "papers" / "Kites.txt").parent, busy=2) as reader:
        until(lambda: reader.titles() == {"Kites"})
    assert reader.busy == 0

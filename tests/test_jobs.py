"""Adding, mending, removing and trying again, on a real library; and the process that does it."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import JobFailed, LibraryBusy, SourceMissing, WorkerLost
from retrieval.jobs import Jobs
from retrieval.library import Library
from retrieval.ownership import owner
from retrieval.readers.manifest import Override
from retrieval.settings import RetrievalSettings
from retrieval.shelving import keep, safe_name
from retrieval.worker import Worker
from tests.jobs_kit import Steps, die, fail, jobs_in, linger, quietly
from tests.papers import HashingEmbedder, settings_for, write_records
from tests.test_corrections import TEXT, titles, written


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    made = jobs_in(tmp_path / "data")
    yield made
    made.rest()


def text(name: str) -> bytes:
    return TEXT.replace("Kites", name).replace("kite", name.lower()).encode()


@pytest.mark.parametrize(
    "given, safe",
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".hidden.pdf", "hidden.pdf"),
        ("a paper (final) [2].PDF", "a-paper-final-2.pdf"),
        ("papers.csv", "added-papers.csv"),
        ("README.md", "added-README.md"),
        ("NUL.txt", "added-NUL.txt"),
        ("\u202egnp.pdf", "gnp.pdf"),
        ("%2e%2e%2f#x?.pdf", "2e-2e-2f-x.pdf"),
        ("论文.pdf", "论文.pdf"),
        ("", "paper"),
        ("...", "paper"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_names_are_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_the_same_bytes_are_kept_once_and_another_file_of_the_name_too(tmp_path: Path) -> None:
    first = keep(tmp_path, "a.txt", b"one")
    assert keep(tmp_path, "b.txt", b"one") == type(first)(first.path, double=True)
    assert keep(tmp_path, "a.txt", b"two").path.name == "a-2.txt"
    assert sorted(path.name for path in (tmp_path / "papers").iterdir()) == ["a-2.txt", "a.txt"]


def test_added_files_are_told_of_one_by_one(jobs: Jobs, tmp_path: Path) -> None:
    data = tmp_path / "data"
    jobs.follow([write_records(tmp_path / "papers" / "list.jsonl").parent], [], quietly)
    jobs.follow([tmp_path / "papers"], [tmp_path / "papers" / "list.jsonl"], quietly)
    again = write_records(tmp_path / "other.jsonl").read_bytes().splitlines()[0]
    steps = Steps()
    files = [
        keep(data, name, content).path
        for name, content in (("kites.txt", text("Tents")), ("one.jsonl", again), ("empty.txt", b""))
    ]
    good, double, bad = jobs.add(files, steps)
    assert [paper.title for paper in good.papers] == ["Tents on Long Lines"] and not good.known
    assert [paper.title for paper in double.papers] == ["KiteNet: Learning to Fly Tethered Wings"]
    assert double.known == (double.papers[0].id,)
    assert bad.error and not bad.papers and set(steps.stages) == {"reading", "embedding"}
    assert jobs.add(files[:1], quietly)[0].papers == good.papers
    twice = [
        keep(data, f"boats.{kind}", text("Boats") + end).path for kind, end in (("txt", b""), ("md", b"\n"))
    ]
    assert [len(one.known) for one in jobs.add(twice, quietly)] == [0, 1], "one paper, and new"


def test_a_removed_paper_stays_away_until_it_is_added_again(jobs: Jobs, tmp_path: Path) -> None:
    folder = write_records(tmp_path / "papers" / "list.jsonl").parent
    added = keep(tmp_path / "data", "tents.txt", text("Tents")).path
    jobs.follow([folder], [folder / "list.jsonl"], quietly)
    jobs.add([added], quietly)
    jobs.remove("Sourdough at Scale", quietly)
    assert jobs.remove("Tents on Long Lines", quietly).paper.title == "Tents on Long Lines"
    assert not added.exists() and (tmp_path / "data" / "removed" / "tents.txt").exists()
    jobs.follow([folder], [folder / "list.jsonl"], quietly)
    assert len(titles(jobs.library)) == 3 and "Sourdough at Scale" not in titles(jobs.library)
    with pytest.raises(SourceMissing):
        jobs.remove("Sourdough at Scale", quietly)
    jobs.add([keep(tmp_path / "data", "tents.txt", text("Tents")).path], quietly)
    assert "Tents on Long Lines" in titles(jobs.library)


def test_a_mended_paper_stays_mended_wherever_its_files_are(jobs: Jobs, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    for name in ("Tents", "Kites"):
        written(folder / f"{name}.txt", text(name).decode())
    jobs.follow([folder], list(folder.iterdir()), quietly)
    facts = Override(title="On Tents", authors=("Bo Lindqvist",), year=1999)
    changed = jobs.mend("Tents on Long Lines", facts, quietly)
    assert changed.absent == ()
    assert (changed.paper.title, changed.paper.authors, changed.paper.year) == (
        "On Tents",
        ("Bo Lindqvist",),
        1999,
    )
    (folder / "Kites.txt").rename(tmp_path / "away.txt")
    assert jobs.mend("Kites on Long Lines", Override(year=2000), quietly).absent == ("Kites.txt",)
    (tmp_path / "away.txt").rename(folder / "Kites.txt")
    jobs.rest()
    with Library.open(settings_for(tmp_path / "data"), writable=True, embedder=HashingEmbedder()) as later:
        later.ingest([folder], prune=True)
        papers = {entry.paper.title: entry.paper for entry in later.papers()}
    assert papers["On Tents"].year == 1999 and papers["Kites on Long Lines"].year == 2000


def test_what_failed_is_tried_again(jobs: Jobs, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    bad, gone = written(folder / "bad.txt", ""), written(folder / "gone.txt", "")
    written(folder / "good.txt")
    jobs.follow([folder], [bad, gone, folder / "good.txt"], quietly)
    gone.unlink()
    (still,) = jobs.retry(quietly)
    assert still.name == "bad.txt" and still.error
    written(bad, text("Tents").decode())
    (mended,) = jobs.retry(quietly)
    assert [paper.title for paper in mended.papers] == ["Tents on Long Lines"]
    assert jobs.retry(quietly) == ()


# the process


def test_the_worker_does_jobs_and_lets_go_of_the_folder(tmp_path: Path) -> None:
    data, worker = tmp_path / "data", Worker(jobs_in(tmp_path / "data"))
    try:
        steps = Steps()
        (read,) = worker.call(Jobs.add, [keep(data, "tents.txt", text("Tents")).path], steps)
        assert [paper.title for paper in read.papers] == ["Tents on Long Lines"] and steps.stages
        assert "a test" in str(owner(data)), "it keeps the folder for a moment, for what may come next"
        with pytest.raises(SourceMissing, match="no such paper"):
            worker.call(Jobs.remove, "no such paper", quietly)
        with pytest.raises(JobFailed, match="ZeroDivisionError"):
            worker.call(fail, quietly)
        assert owner(data) is None
        with pytest.raises(WorkerLost, match="exit status 9"):
            worker.call(die, quietly)
        assert worker.call(Jobs.retry, quietly) == (), "another process took its place"
    finally:
        worker.close()
    with pytest.raises(LibraryBusy, match="being stopped"):
        worker.call(Jobs.retry, quietly)


def test_another_owner_is_named_and_closing_breaks_a_job_off(tmp_path: Path) -> None:
    data = tmp_path / "data"
    worker = Worker(jobs_in(data, wait=0.0))
    with (
        Library.open(
            settings_for(data),
            writable=True,
            create=True,
            embedder=HashingEmbedder(),
            purpose="somebody else",
        ),
        pytest.raises(LibraryBusy, match="somebody else"),
    ):
        worker.call(Jobs.retry, quietly)
    begun, ended = threading.Event(), []

    def endless() -> None:
        try:
            worker.call(linger, lambda _: begun.set())
        except LibraryBusy as error:
            ended.append(error)

    thread = threading.Thread(target=endless)
    thread.start()
    assert begun.wait(20)
    began = time.monotonic()
    worker.close()
    thread.join(10)
    assert ended and time.monotonic() - began < 5 and owner(data) is None


class Stopping:
    """Makes an embedder; and stops its worker while the process that is to have it is being started."""

    worker: Worker | None = None

    def __call__(self, settings: RetrievalSettings) -> HashingEmbedder:
        return HashingEmbedder()

    def __reduce__(self) -> tuple[type[Stopping], tuple[()]]:
        if self.worker:
            self.worker.close()
        return Stopping, ()


def test_a_worker_that_is_closed_while_its_process_starts_leaves_none_behind(tmp_path: Path) -> None:
    stopping = Stopping()
    worker = Worker(Jobs(settings_for(tmp_path / "data"), purpose="a test", embedder=stopping))
    stopping.worker = worker
    with pytest.raises(LibraryBusy, match="being stopped"):
        worker.call(Jobs.retry, quietly)
    assert "footnote-worker" not in [process.name for process in multiprocessing.active_children()]

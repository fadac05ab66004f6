"""`footnote ingest --watch`, and what a follower makes of trouble."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import pytest

from bot.librarian.follower import Follower, summary
from retrieval.errors import EmbedderError, JobFailed, LibraryBusy, RetrievalError, WorkerLost
from retrieval.models import FileFailure, IngestReport
from tests.command_line import bare_settings, footnote, json_lines, start
from tests.papers import write_records
from tests.test_corrections import TEXT, written

BATCH = (Path("a.pdf"), Path("b.pdf"))


def test_an_owner_who_is_busy_is_named_once_and_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot")
    busy = 2
    told: list[IngestReport] = []

    def follow(batch: Sequence[Path]) -> IngestReport:
        nonlocal busy
        busy -= 1
        if busy >= 0:
            raise LibraryBusy("It is held by `footnote ingest`.")
        return IngestReport(added=len(batch))

    follower = Follower(follow, told.append)
    assert [follower(BATCH) for _ in range(3)] == [False, False, True]
    assert [record.getMessage() for record in caplog.records] == [
        "Waiting with 2 changed files. It is held by `footnote ingest`."
    ]
    assert told == [IngestReport(added=2)]


@pytest.mark.parametrize("kind", [WorkerLost, JobFailed])
def test_the_file_that_ends_a_job_is_left_out_and_the_others_are_read(
    caplog: pytest.LogCaptureFixture, kind: type[RetrievalError]
) -> None:
    read: list[str] = []

    def follow(batch: Sequence[Path]) -> IngestReport:
        if BATCH[0] in batch:
            raise kind("exit status 9")
        read.extend(path.name for path in batch)
        return IngestReport()

    assert Follower(follow, lambda _: None)(BATCH)
    assert read == ["b.pdf"]
    assert "a.pdf was left out until it changes" in caplog.text


def test_an_embedder_that_is_down_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    def follow(_: Sequence[Path]) -> IngestReport:
        raise EmbedderError("the endpoint does not answer")

    assert not Follower(follow, lambda _: None)(BATCH)
    assert "the endpoint does not answer" in caplog.text


def test_a_change_is_one_line_with_the_reasons_below() -> None:
    failed = (FileFailure("scan.pdf", "it holds no text"),)
    report = IngestReport(added=2, removed=1, failed=failed, notes=("a note",), papers=9)
    assert (
        summary(report)
        == "2 added, 1 removed, 1 failed; 9 papers now\n  scan.pdf: it holds no text\n  a note"
    )
    assert summary(IngestReport(unchanged=4, papers=9)) is None
    assert summary(IngestReport(added=1, papers=1)) == "1 added; 1 paper now"


@pytest.mark.parametrize("more", [[], ["papers", "--prune"], ["papers", "--rebuild"], ["a-file.txt"]])
def test_wrong_uses_of_watch_are_refused(tmp_path: Path, more: list[str]) -> None:
    with bare_settings(tmp_path, tmp_path / "data"):
        written(tmp_path / "a-file.txt", "x")
        result = footnote("ingest", "--watch", *more)
    assert result.exit_code == 2 and "--watch" in result.output
    assert not (tmp_path / "data").exists()


@pytest.mark.long
def test_the_command_follows_a_folder_until_it_is_stopped(tmp_path: Path) -> None:
    folder = write_records(tmp_path / "papers" / "papers.jsonl").parent
    with bare_settings(tmp_path, tmp_path / "data"):
        process = start("ingest", "--watch", "--json", folder)
        assert process.stdout is not None
        try:
            lines = _lines(process.stdout)
            assert next(lines)["added"] == 4
            complete = time.monotonic()
            written(folder / "kites.txt", TEXT)
            report = next(lines)
            assert (report["added"], report["papers"]) == (1, 5)
            assert time.monotonic() - complete < 10
            time.sleep(1)  # it lets go of the library
            found = footnote("search", "kites on long lines", "--json")
            assert "Kites on Long Lines" in found.output
            assert footnote("remove", "kites.txt").exit_code == 0, "nobody holds the folder between changes"
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors


def _lines(stream: IO[bytes]) -> Iterator[dict[str, object]]:
    for line in stream:
        yield from json_lines(line)

"""The librarian of a running bot: watched folders are in its answers within seconds, and added papers too."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.librarian import open_librarian
from bot.settings import BotSettings
from retrieval.jobs import Jobs
from retrieval.library import Library
from tests.jobs_kit import InlineRunner, jobs_in
from tests.papers import HashingEmbedder, settings_for, write_records
from tests.test_corrections import TEXT, written
from tests.test_jobs import text


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> float:
    """Seconds until it came true; the limit is what is promised."""
    began = time.monotonic()
    while not await asyncio.to_thread(condition):
        assert time.monotonic() - began < seconds, "did not come true"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def watching(tmp_path: Path, *folders: Path) -> BotSettings:
    return BotSettings.model_construct(data=tmp_path / "data", watch=os.pathsep.join(map(str, folders)))


def found(library: Library, question: str, title: str) -> Callable[[], bool]:
    return lambda: any(title == one.paper.title for one in library.search(question).papers)


async def test_a_bot_that_watches_makes_its_library_and_finds_new_papers_within_seconds(
    tmp_path: Path,
) -> None:
    folder, other = tmp_path / "papers", tmp_path / "more"
    write_records(folder / "list.jsonl")
    settings, runner = watching(tmp_path, folder, other), InlineRunner(jobs_in(tmp_path / "data"))
    async with open_librarian(settings, runner=runner, quiet=0.3):
        with Library.open(settings_for(tmp_path / "data"), embedder=HashingEmbedder()) as reader:
            await until(lambda: len(reader.papers()) == 4)
            written(folder / "kites.txt", TEXT)
            seconds = await until(found(reader, "kites on long lines", "Kites on Long Lines"))
            print(f"a new file was found after {seconds:.1f} s")
            written(other / "tents.txt", text("Tents").decode())  # the folder comes later than the bot
            await until(found(reader, "tents on long lines", "Tents on Long Lines"))
            (folder / "kites.txt").unlink()
            await until(lambda: not found(reader, "kites on long lines", "Kites on Long Lines")())
            written(tmp_path / "data" / "papers" / "boats.txt", text("Boats").decode())
            await until(found(reader, "boats on long lines", "Boats on Long Lines"))
    assert runner.closed and not [thread for thread in threading.enumerate() if thread.name == "watch"]


async def test_what_was_kept_and_not_read_is_read_after_the_next_start(tmp_path: Path) -> None:
    runner = InlineRunner(jobs_in(tmp_path / "data"))
    runner.jobs.create(lambda _: None)
    runner.jobs.rest()
    written(tmp_path / "data" / "papers" / "kites.txt", TEXT)
    async with open_librarian(watching(tmp_path), runner=runner, quiet=0.3):
        with Library.open(settings_for(tmp_path / "data"), embedder=HashingEmbedder()) as reader:
            await until(found(reader, "kites on long lines", "Kites on Long Lines"))


class Stumbling(InlineRunner):
    """Meets an error that nobody foresaw when it is first told of files."""

    stumbled = False

    def call(self, job: Callable[..., Any], *args: Any) -> Any:
        if job is Jobs.follow and not self.stumbled:
            self.stumbled = True
            raise ZeroDivisionError
        return super().call(job, *args)


async def test_an_error_that_nobody_foresaw_is_logged_and_the_folders_are_followed_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_records(tmp_path / "papers" / "list.jsonl")
    runner = Stumbling(jobs_in(tmp_path / "data"))
    async with open_librarian(watching(tmp_path, tmp_path / "papers"), runner=runner, quiet=0.2):
        with Library.open(settings_for(tmp_path / "data"), embedder=HashingEmbedder()) as reader:
            await until(lambda: len(reader.papers()) == 4)
    assert runner.stumbled and "could not be followed" in caplog.text

"""Jobs without weights and without a process: the real library and jobs, in the thread that calls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from retrieval.embedding import Embedder
from retrieval.errors import LibraryBusy
from retrieval.files import Progress
from retrieval.jobs import Jobs
from retrieval.models import IngestProgress
from retrieval.settings import RetrievalSettings
from tests.papers import HashingEmbedder, settings_for


def hashing(_: RetrievalSettings) -> Embedder:
    """Instead of the embedder that the settings name."""
    return HashingEmbedder()


def jobs_in(data: Path, **options: Any) -> Jobs:
    """Jobs on the library in `data`."""
    return Jobs(settings_for(data), purpose="a test", embedder=hashing, **options)


class InlineRunner:
    """Does each job at once and lets go of the library, as the worker does when it rests."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.closed = False
        self._turn = threading.Lock()

    def call(self, job: Callable[..., Any], *args: Any) -> Any:
        with self._turn:
            if self.closed:
                raise LibraryBusy("It is being stopped.")
            try:
                return job(self.jobs, *args)
            finally:
                self.jobs.rest()

    def close(self) -> None:
        self.closed = True


def quietly(_: IngestProgress) -> None:
    """A progress that nobody looks at."""


class Steps:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def __call__(self, progress: IngestProgress) -> None:
        self.stages.append(progress.stage)


_: Progress = quietly


def die(jobs: Jobs, progress: Progress) -> None:
    """A job that kills its process, as one that is out of memory does."""
    import os

    os._exit(9)


def fail(jobs: Jobs, progress: Progress) -> None:
    """A job with a fault in it."""
    raise ZeroDivisionError("a fault")


def linger(jobs: Jobs, progress: Progress) -> None:
    """A job that does not end."""
    import time

    _ = jobs.library
    progress(IngestProgress("reading", 0, 1))
    time.sleep(60)

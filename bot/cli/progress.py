"""How far an ingest is, on standard error: a bar with the time left on a terminal, else lines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from bot.cli import output

if TYPE_CHECKING:
    from rich.console import Console

    from retrieval.files import Progress
    from retrieval.models import IngestProgress

EVERY = 5.0
"""Seconds between two plain lines."""


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A function for `Library.ingest`; what it draws is gone or finished at the end."""
    console = output.console(err=True)
    if not console.is_terminal:
        yield PlainProgress()
        return
    with _bars(console) as show:
        yield show


@contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(progress: IngestProgress) -> None:
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(progress.stage, total=progress.total)
            bars.update(tasks[progress.stage], completed=progress.done, total=progress.total)

        yield show


class PlainProgress:
    """Writes `embedding 128/512, about 40 s left`, at most every EVERY seconds and at the end of a stage."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = self._said = 0.0

    def __call__(self, progress: IngestProgress) -> None:
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._began, self._said = progress.stage, now, now
        finished = progress.done >= progress.total
        if progress.total and (finished or now - self._said >= EVERY):
            self._said = now
            typer.echo(
                f"{progress.stage} {progress.done}/{progress.total}{self._left(progress, now)}", err=True
            )

    def _left(self, progress: IngestProgress, now: float) -> str:
        if not 0 < progress.done < progress.total:
            return ""
        seconds = (now - self._began) / progress.done * (progress.total - progress.done)
        return f", about {seconds:.0f} s left"

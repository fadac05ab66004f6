"""ingest --watch: folders that are followed until somebody stops it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli import output
from bot.cli.logs import set_up_logging

if TYPE_CHECKING:
    from retrieval.models import IngestReport


def follow(folders: Sequence[Path], wait: float, *, as_json: bool) -> None:
    """Keep the library like these folders until SIGTERM or Ctrl-C; a line for each change."""
    from bot.cli.session import load_settings
    from bot.librarian.follower import Follower
    from retrieval.jobs import Jobs
    from retrieval.watching import watch

    if wrong := [folder for folder in folders if folder.exists() and not folder.is_dir()]:
        raise typer.BadParameter(f"--watch follows folders, and {wrong[0]} is a file")
    settings, stop = load_settings(), threading.Event()
    jobs = Jobs(settings, purpose="footnote ingest --watch", wait=wait)
    set_up_logging(0, service=True)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    follower = Follower(
        lambda batch: jobs.follow(folders, batch, lambda _: None),
        output.print_json if as_json else show,
    )
    if not as_json:
        names = ", ".join(str(folder) for folder in folders)
        typer.echo(f"Watching {names}. Stop with Ctrl-C.", err=True)
        for folder in folders:
            if not folder.exists():
                typer.echo(f"{folder} is not there yet; it is read as soon as it is.", err=True)
    try:
        watch(folders, settings.data, follower, stop, drained=jobs.rest)
    finally:
        jobs.rest()


def show(report: IngestReport) -> None:
    """What a batch changed, if anything."""
    from bot.librarian.follower import summary

    if line := summary(report):
        typer.echo(line)

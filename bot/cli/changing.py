"""ingest and remove: what goes into the library, and out of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.guard import FAILED
from bot.cli.options import AsJson
from bot.counting import counted

if TYPE_CHECKING:
    from retrieval.library import Library
    from retrieval.models import IngestReport

Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        min=0,
        help="Wait this long for another process that holds the data folder.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(ingest)
    app.command()(remove)


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Folders and files with papers.", show_default=False),
    ] = None,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Also forget what is gone where a folder is missing or has lost most of its files.",
        ),
    ] = False,
    wait: Wait = 0.0,
    rebuild: Annotated[
        bool,
        typer.Option(
            "--rebuild", help="Make the indexes anew, also after EMBEDDER was changed; needs no PATH."
        ),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and follow these folders until it is stopped.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the library match these files and folders.

    What is new is added, what changed is replaced, what is gone from a folder is forgotten. It can be stopped
    and run again at any time. The exit status is 1 if any file failed.
    """
    from bot.cli.following import follow
    from bot.cli.progress import shown_progress

    if watch:
        if not paths or prune or rebuild:
            raise typer.BadParameter("--watch needs folders, and goes with neither --prune nor --rebuild")
        follow(paths, wait, as_json=as_json)
        return
    if not paths and not rebuild:
        raise typer.BadParameter("name at least one folder or file (or --rebuild alone)")
    _refuse_an_empty_start(paths or ())
    with (
        open_to_change("footnote ingest", wait, create=True, rebuild=rebuild) as library,
        shown_progress() as progress,
    ):
        report = library.ingest(paths or [], prune=prune, progress=progress)
    if as_json:
        output.print_json(report)
    else:
        _show_report(report)
        if paths and not _met_anything(report):
            typer.echo(f"Nothing to read was found in {', '.join(map(str, paths))}.")
    if report.failed:
        raise typer.Exit(FAILED)


def _refuse_an_empty_start(paths: Sequence[Path]) -> None:
    """Raise SourceMissing where a misspelt path would leave behind a new library with nothing in it."""
    from bot.cli.session import load_settings
    from retrieval.discovery import discover

    data = load_settings().data
    if not data.exists():
        discover(paths, data)


def _met_anything(report: IngestReport) -> bool:
    seen = report.added or report.updated or report.unchanged or report.removed
    return bool(seen or report.failed or report.notes)


def open_to_change(purpose: str, wait: float, *, create: bool = False, rebuild: bool = False) -> Library:
    """The library, owned by this process. Says on standard error who holds it, lest a wait seem a hang."""
    from bot.cli.session import load_settings
    from retrieval.library import Library
    from retrieval.ownership import owner

    settings = load_settings()
    if wait and settings.data.is_dir() and (holder := owner(settings.data)):
        typer.echo(f"Waiting up to {wait:g} s for {holder}.", err=True)
    return Library.open(settings, writable=True, create=create, rebuild=rebuild, purpose=purpose, wait=wait)


def _show_report(report: IngestReport) -> None:
    counts = ("added", "updated", "unchanged", "removed")
    rows = [*((name, getattr(report, name)) for name in counts), ("failed", len(report.failed))]
    output.print_table(("sources", "count"), rows, numbers=("count",))
    if report.failed:
        typer.echo("")
        output.print_table(("failed", "reason"), [(fault.name, fault.reason) for fault in report.failed])
    for note in report.notes:
        typer.echo(f"note: {note}")
    typer.echo(
        f"\nThe library holds {report.papers} papers with {report.passages} passages; "
        f"{report.embedded} texts were embedded."
    )


def remove(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A file, a part of one (FILE#PART) or a folder, as `papers --json` names it, or its path; "
            "or the id of a paper.",
        ),
    ],
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Forget a source, or a paper with all its sources.

    The file itself stays, and ingesting it again brings its papers back.
    """
    with open_to_change("footnote remove", wait) as library:
        removed = library.remove(source)
    if as_json:
        output.print_json({"source": source, "removed": removed})
    else:
        typer.echo(f"{counted(removed, 'source')} removed.")
        if removed:
            typer.echo("The file itself stays where it is: the next ingest of its folder brings it back.")

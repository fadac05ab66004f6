"""backup and restore: the library in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import output
from bot.cli.options import AsJson

Force = Annotated[bool, typer.Option("--force", help="Replace what is there already.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write the library into one file.

    It may be done while the bot runs or papers are ingested.
    """
    from bot.cli.session import load_settings
    from retrieval.backup import back_up

    size = back_up(load_settings().data, file, overwrite=force)
    if as_json:
        output.print_json({"file": str(file), "bytes": size})
    else:
        typer.echo(f"The library is in {file} ({size / 1e6:.1f} MB). `footnote restore {file}` puts it back.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `footnote backup` wrote.")],
    force: Force = False,
    wait: Annotated[
        float,
        typer.Option("--wait", metavar="SECONDS", min=0, help="Wait this long for another process."),
    ] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Put a backup into the data folder, and make its indexes. A running bot goes on with it."""
    from bot.cli.session import load_settings, open_library
    from retrieval.backup import restore as put_back

    names = put_back(load_settings().data, file, overwrite=force, wait=wait)
    with open_library(writable=True, purpose="footnote restore") as library:
        report = library.verify()
    if as_json:
        output.print_json({"restored": names, "papers": report.papers, "passages": report.passages})
    else:
        typer.echo(f"Restored: {report.papers} papers, {report.passages} passages.")

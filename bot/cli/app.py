"""The Typer app: the options of all commands, and where each command is found."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli import (
    backups,
    changing,
    commands,
    deciding,
    enriching,
    evaluation,
    exporting,
    holdings,
    library,
    papers,
    questions,
    service,
)
from bot.cli.guard import Commands
from bot.cli.logs import set_up_logging

app = typer.Typer(
    cls=Commands,
    name="footnote",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Ask questions over a library of research papers. Every answer names the papers it rests on, "
    "and quotes their words.",
    epilog="Settings come from the environment and from .env; `footnote doctor` checks them.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"footnote {version('footnote')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave."),
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            show_default=False,
            help="Say more on standard error; -vv says everything.",
        ),
    ] = 0,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the program an error came from.")
    ] = False,
) -> None:
    """Options before the command's name; they hold for every command."""
    set_up_logging(verbose)


for group in (  # in the order of the help: as one comes to need them
    changing,
    questions,
    papers,
    library,
    holdings,
    exporting,
    deciding,
    enriching,
    backups,
    service,
    commands,
    evaluation,
):
    group.add_to(app)

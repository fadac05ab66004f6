"""export: the papers of the library as a list of references."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import with_filters
from bot.counting import counted
from retrieval.models import NO_FILTERS, Filters

UNTITLED = (
    "`footnote papers --missing title` lists them, and a file papers.csv in their folder can name them."
)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(export)


@with_filters
def export(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", allow_dash=True, help="Where to write; - is standard output."),
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="bibtex, ris or csl-json; by default what the ending says: .bib, .ris, .json.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there already.")] = False,
    filters: Filters = NO_FILTERS,
) -> None:
    """Write the papers as BibTeX, RIS or CSL-JSON.

    A paper whose title nobody knows is left out, and counted on standard error.
    """
    from bot.cli.session import open_library
    from bot.references import written

    chosen = _format(file, form)
    if str(file) != "-" and file.exists() and not force:
        raise typer.BadParameter(f"{file} is there already: name another file, or add --force to replace it")
    with open_library() as library:
        found = [e.paper for e in library.papers(filters)]
    titled = [one for one in found if not one.title_is_label]
    text = written(titled, chosen)
    to_a_file = str(file) != "-"
    if not to_a_file:
        typer.echo(text.encode("utf-8", "replace"), nl=False)
    elif titled:
        _save(file, text)
    else:
        typer.echo(f"No paper fits, and {file} was not written.", err=True)
    if titled or not to_a_file:
        where = f" to {file}" if to_a_file else ""
        typer.echo(f"{counted(len(titled), 'paper')} written{where} as {chosen}.", err=True)
    if untitled := len(found) - len(titled):
        typer.echo(f"{counted(untitled, 'paper')} left out, for nobody knows the title: {UNTITLED}", err=True)


def _format(file: Path, form: str | None) -> str:
    """The format by its name, by an ending given for it, or by the ending of the file."""
    from bot.references import ENDINGS, FORMATS

    named = ENDINGS.get(f".{form.lower()}", form) if form else None
    chosen = named or ENDINGS.get(file.suffix.lower()) or ("bibtex" if str(file) == "-" else "")
    if chosen not in FORMATS:
        what = f"{chosen!r} is no format" if chosen else f"{file.name} does not say which format"
        raise typer.BadParameter(f"{what}: choose one of {', '.join(FORMATS)} with --format")
    return chosen


def _save(file: Path, text: str) -> None:
    """All of it, or nothing: what was there before stays until the new text is whole."""
    from retrieval.whole_files import whole

    try:
        with whole(file) as out:
            out.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be written ({error.strerror})") from error

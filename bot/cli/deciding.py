"""merge and split: what a person decides where Footnote took one paper for two, or two for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.changing import Wait, open_to_change
from bot.cli.options import AsJson
from bot.cli.papers import paper_record

if TYPE_CHECKING:
    from retrieval.models import PaperEntry


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(merge)
    app.command()(split)


def merge(
    papers: Annotated[
        list[str],
        typer.Argument(
            metavar="PAPER PAPER", help="Ids, sources, DOIs, whole titles or files.", show_default=False
        ),
    ],
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Make two or more papers one. It is remembered through every ingest; `split` takes it back."""
    if len(papers) < 2:
        raise typer.BadParameter("name at least two papers")
    with open_to_change("footnote merge", wait) as library:
        made = library.merge(papers)
    _show([made], "One paper now:", as_json)


def split(
    paper: Annotated[
        str, typer.Argument(metavar="PAPER", help="An id, a source, a DOI, a whole title or a file.")
    ],
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SOURCE...]",
            help="Sources of it that are another paper; without any, each source becomes a paper.",
            show_default=False,
        ),
    ] = None,
    wait: Wait = 0.0,
    as_json: AsJson = False,
) -> None:
    """Part a paper into several. It is remembered through every ingest; `merge` takes it back."""
    with open_to_change("footnote split", wait) as library:
        made = library.split(paper, sources or ())
    _show(made, f"{len(made)} papers now:", as_json)


def _show(made: Sequence[PaperEntry], head: str, as_json: bool) -> None:
    if as_json:
        for entry in made:
            output.print_json(paper_record(entry))
        return
    typer.echo(head)
    for entry in made:
        typer.echo(f"  {entry.paper.id}  {entry.paper.title} (from {', '.join(entry.paper.sources)})")

"""enrich: what others know of the papers, where METADATA_FROM_OUTSIDE is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.guard import FAILED
from bot.cli.options import AsJson, with_filters
from retrieval.models import NO_FILTERS, Filters

if TYPE_CHECKING:
    from retrieval.outside.enrich import EnrichReport


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(enrich)


@with_filters
def enrich(
    again: Annotated[
        bool, typer.Option("--again", help="Ask also for what was answered in an earlier run.")
    ] = False,
    filters: Filters = NO_FILTERS,
    as_json: AsJson = False,
) -> None:
    """Ask metadata services for what the papers lack.

    Crossref, arXiv, OpenAlex and Semantic Scholar are asked for years, venues, DOIs, counts of citations
    and retractions. What they say is taken only where title and an author agree, and never in place of what
    a file or a person says. It can be stopped and run again at any time. The exit status is 1 if a service
    failed.
    """
    from bot.cli.progress import shown_progress
    from bot.cli.session import load_settings
    from bot.errors import SetupError
    from retrieval.library import Library
    from retrieval.outside.client import Client
    from retrieval.outside.enrich import enrich as ask_for
    from retrieval.outside.enrich import told_to_whom

    settings = load_settings()
    if not settings.metadata_from_outside:
        raise SetupError(
            "Nobody is asked while this is switched off. To switch it on, write METADATA_FROM_OUTSIDE=true "
            f"into .env, or before the command; then {told_to_whom(settings)}."
        )
    with Library.open(settings) as library:
        papers = library.papers_as_read(filters)
    agent = f"Footnote (mailto:{settings.metadata_mailto})" if settings.metadata_mailto else "Footnote"
    with Client(agent, settings.metadata_timeout) as client, shown_progress() as progress:
        report = ask_for(papers, settings, client, again=again, progress=progress)
    if as_json:
        output.print_json(report)
    else:
        _show(report)
    if report.failed:
        raise typer.Exit(FAILED)


def _show(report: EnrichReport) -> None:
    columns = ("found", "refused", "nothing", "known")
    names = list(dict.fromkeys(name for what in columns for name in getattr(report, what)))
    rows = [(name, *(getattr(report, what).get(name, 0) for what in columns)) for name in names]
    if rows:
        headings = ("service", "found", "another paper", "nothing", "known before")
        output.print_table(headings, rows, numbers=headings[1:])
    for line in report.failed:
        typer.echo(f"failed: {line}. Run it again to go on.")
    typer.echo(f"{report.completed} of {report.papers} papers are known outside.")

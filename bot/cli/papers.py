"""papers: the list of what is there, filtered, sorted and paged; and the pairs that may be one paper."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import output
from bot.cli.options import AsJson, Author, Venue, YearFrom, YearTo, filters_of
from bot.counting import counted

if TYPE_CHECKING:
    from retrieval.library import Library
    from retrieval.models import Filters, NearCase, Paper, PaperEntry

COLUMNS = ("title", "authors", "year", "venue", "doi", "url", "code_url", "passages", "sources", "id")
"""Of `papers --csv`. Several authors, or sources, stand in one cell, parted by semicolons."""

HANDLE = ("id", "title", "authors", "year", "venue", "doi", "sources")
"""Of a paper, in `papers --duplicates --json`."""

Missing = Annotated[
    list[str] | None,
    typer.Option(
        "--missing",
        metavar="FACT",
        show_default=False,
        help="Only papers that lack this: title, authors, year, venue, doi or abstract. May be repeated.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(papers)


def papers(
    author: Author = None,
    venue: Venue = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    missing: Missing = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort", metavar="BY", help="Order by title, year, venue, author or passages; unknown ones last."
        ),
    ] = "title",
    backwards: Annotated[bool, typer.Option("--reverse", help="The other way round.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Show at most so many papers.")
    ] = None,
    page: Annotated[
        int, typer.Option("--page", metavar="P", min=1, help="Of pages of --limit papers, show this one.")
    ] = 1,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Show pairs of papers that may be one, and why, instead.")
    ] = False,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for spreadsheets.")] = False,
) -> None:
    """List the papers, by title. With --json, one object a paper."""
    from bot.cli.session import open_library

    if as_json and as_csv:
        raise typer.BadParameter("choose one of --json and --csv")
    if page > 1 and limit is None:
        raise typer.BadParameter("--page needs --limit: how many papers a page has")
    order, wanted = _order(sort), _facts(missing or ())
    filters = filters_of(year_from, year_to, venue, author, None)
    with open_library() as library:
        if duplicates:
            _show_near(library.near_cases(), as_json)
            return
        entries = _sorted(_lacking(library.papers(filters), wanted), order, backwards)
        undated = _undated(library, filters)
        why = "" if entries else _why_none(library, filters, chosen=bool(filters or wanted))
    shown = entries if limit is None else entries[(page - 1) * limit : page * limit]
    if as_json:
        for entry in shown:
            output.print_json(paper_record(entry))
    elif as_csv:
        _write_csv(shown)
    else:
        _show(shown, len(entries), undated, why)
        if limit and entries and not shown:
            typer.echo(f"There is no page {page}: the last is {-(-len(entries) // limit)}.")


def paper_record(entry: PaperEntry) -> dict[str, Any]:
    """What `papers --json` prints of a paper."""
    found = entry.paper
    return {
        "id": found.id,
        "title": found.title,
        "title_is_label": found.title_is_label,
        "authors": found.authors,
        "year": found.year,
        "venue": found.venue,
        "url": found.url,
        "code_url": found.code_url,
        "doi": found.doi,
        "sources": found.sources,
        "passages": entry.passages,
        **({"retracted": found.retracted} if found.retracted else {}),
    }


# -- choosing and ordering


Order = Callable[["PaperEntry"], "str | int | None"]


def _order(name: str) -> Order:
    """What to sort by; None for a paper of which it is not known."""
    from retrieval.analysis import fold

    orders: dict[str, Order] = {
        "title": lambda entry: fold(entry.paper.title),
        "year": lambda entry: entry.paper.year,
        "venue": lambda entry: fold(entry.paper.venue or "") or None,
        "author": lambda entry: _family(entry.paper.authors),
        "passages": lambda entry: entry.passages,
    }
    if name not in orders:
        raise typer.BadParameter(f"--sort {name!r}: choose one of {', '.join(orders)}")
    return orders[name]


def _family(authors: Sequence[str]) -> str | None:
    """The first author's family name, then the given one."""
    from retrieval.analysis import fold

    if not authors:
        return None
    *given, family = fold(authors[0]).split() or [""]
    return " ".join([family, *given])


def _sorted(entries: Sequence[PaperEntry], order: Order, backwards: bool) -> list[PaperEntry]:
    known = [(value, entry) for entry in entries if (value := order(entry)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=backwards)
    return [entry for _, entry in known] + [entry for entry in entries if order(entry) is None]


def _facts(missing: Sequence[str]) -> tuple[str, ...]:
    from retrieval.holdings import FACTS

    for fact in missing:
        if fact not in FACTS:
            raise typer.BadParameter(f"--missing {fact!r}: choose one of {', '.join(FACTS)}")
    return tuple(missing)


def _lacking(entries: Sequence[PaperEntry], facts: Sequence[str]) -> list[PaperEntry]:
    from retrieval.holdings import lacks

    return [entry for entry in entries if all(lacks(entry.paper, fact) for fact in facts)]


def _undated(library: Library, filters: Filters) -> int:
    """Papers that only their unknown year keeps out."""
    if filters.year_from is None and filters.year_to is None:
        return 0
    others = library.papers(replace(filters, year_from=None, year_to=None))
    return sum(entry.paper.year is None for entry in others)


def _why_none(library: Library, filters: Filters, *, chosen: bool) -> str:
    """Why there is nothing to show; `chosen`: somebody asked for some papers only."""
    from bot.plain_answers import why_none

    if not chosen:
        return "The library is empty: `footnote ingest FOLDER` fills it."
    passing = library.papers(filters)
    told = "" if passing else why_none(filters, [entry.paper for entry in library.papers()])
    return told or "No paper fits."


# -- showing


def _show(shown: Sequence[PaperEntry], found: int, undated: int, why_none: str) -> None:
    from bot.titles import title

    rows = [
        ("?" if one.paper.year is None else one.paper.year, one.passages, one.paper.venue, title(one.paper))
        for one in shown
    ]
    if rows:
        output.print_table(("year", "passages", "venue", "title"), rows, numbers=("year", "passages"))
    if not found:
        typer.echo(why_none)
    elif len(shown) < found:
        typer.echo(f"{len(shown)} of {found} papers")
    else:
        typer.echo(counted(found, "paper"))
    if undated:
        typer.echo(f"{undated} of unknown year left out")


def _write_csv(shown: Sequence[PaperEntry]) -> None:
    """RFC 4180, in the stream's encoding; a quote goes before what a spreadsheet takes for a formula."""
    table = csv.writer(sys.stdout)
    table.writerow(COLUMNS)
    for entry in shown:
        facts = paper_record(entry)
        cells = (facts[name] for name in COLUMNS)
        table.writerow([_cell("; ".join(cell) if isinstance(cell, tuple) else cell) for cell in cells])


def _cell(value: object) -> object:
    """OWASP's rule for text from strangers: no cell begins as a formula does."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def _show_near(cases: Sequence[NearCase], as_json: bool) -> None:
    from bot.titles import title

    if as_json:
        for case in cases:
            output.print_json({"reason": case.reason, "papers": [_handle(case.one), _handle(case.other)]})
        return
    for number, case in enumerate(cases, 1):
        typer.echo(f"{number}. {case.reason}")
        for found in (case.one, case.other):
            place = ", ".join(filter(None, (found.venue, str(found.year or ""), found.sources[0])))
            typer.echo(f"   {found.id}  {title(found)} ({place})")
    if cases:
        typer.echo("\n`footnote merge ID ID` makes two of these one paper.")
    else:
        typer.echo("No two papers look as if they were one.")


def _handle(found: Paper) -> dict[str, Any]:
    return {name: getattr(found, name) for name in HANDLE}

"""papers, paper, status and verify: what is in the library."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import output
from bot.cli.guard import FAILED
from bot.cli.options import AsJson

if TYPE_CHECKING:
    from retrieval.models import Chunk, Paper, PaperEntry


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    for command in (papers, paper, status, verify):
        app.command()(command)


def papers(as_json: AsJson = False) -> None:
    """List every paper, by title. With --json, one object a paper."""
    from bot.cli.session import open_library

    with open_library() as library:
        entries = library.papers()
    if as_json:
        for entry in entries:
            output.print_json(paper_record(entry))
        return
    rows = [
        (
            "?" if entry.paper.year is None else entry.paper.year,
            entry.passages,
            _title(entry.paper),
            entry.paper.venue or "",
        )
        for entry in entries
    ]
    if rows:
        output.print_table(("year", "passages", "title", "venue"), rows, numbers=("year", "passages"))
    typer.echo(
        f"{len(entries)} papers" if entries else "The library is empty: `footnote ingest FOLDER` fills it."
    )


def paper_record(entry: PaperEntry) -> dict[str, Any]:
    """What `papers --json` prints of a paper."""
    found = entry.paper
    return {
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
    }


def _title(found: Paper) -> str:
    return f"{found.title} (label)" if found.title_is_label else found.title


def paper(
    key: Annotated[
        str, typer.Argument(metavar="PAPER", help="A title (or nearly), a DOI, a source or an id.")
    ],
    passages: Annotated[
        bool,
        typer.Option("--passages", help="Show the texts of all its passages, in the order of the paper."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one paper: what is known of it, and where it came from."""
    from bot.cli.session import open_library
    from retrieval.errors import SourceMissing

    with open_library() as library:
        entry = library.paper(key)
        if entry is None:
            raise SourceMissing(
                f"No paper is called {key!r}. `footnote search {key!r}` finds papers by subject."
            )
        chunks = library.passages_of(entry.paper.id) if passages else []
    if as_json:
        texts = {"texts": [_chunk_record(chunk) for chunk in chunks]} if passages else {}
        output.print_json(
            {
                **paper_record(entry),
                "id": entry.paper.id,
                "abstract": entry.paper.abstract,
                "extra": dict(entry.paper.extra),
                **texts,
            }
        )
        return
    _show_paper(entry)
    for chunk in chunks:
        place = ", ".join(filter(None, (chunk.section, f"p. {chunk.page}" if chunk.page is not None else "")))
        typer.echo(f"\n[{place or chunk.kind}]\n{chunk.text}")


def _chunk_record(chunk: Chunk) -> dict[str, Any]:
    return {"section": chunk.section, "page": chunk.page, "kind": chunk.kind, "text": chunk.text}


def _show_paper(entry: PaperEntry) -> None:
    found = entry.paper
    facts = {
        "authors": ", ".join(found.authors),
        "venue": found.venue,
        "year": found.year,
        "doi": found.doi,
        "link": found.url,
        "code": found.code_url,
        **{name.replace("_", " "): value for name, value in found.extra},
        "passages": entry.passages,
        "sources": ", ".join(found.sources),
    }
    typer.echo(f"{found.title}{' (a label: the title is unknown)' if found.title_is_label else ''}")
    for name, value in facts.items():
        if value not in (None, ""):
            typer.echo(f"  {name}: {value}")
    if found.abstract:
        typer.echo(f"\n{found.abstract}")


def status(as_json: AsJson = False) -> None:
    """Say what the library holds, where it is, and who is changing it."""
    from bot.cli.session import open_library

    with open_library() as library:
        found = library.status()
    if as_json:
        output.print_json(found)
        return
    changed = None if found.changed_at is None else datetime.fromtimestamp(found.changed_at, UTC)
    lines = {
        "data folder": found.data,
        "papers": found.papers,
        "sources": found.sources,
        "passages": found.passages,
        "vectors": found.vectors,
        "passages in the word index": found.words,
        "embedder": found.embedder,
        "last change": changed and f"{changed:%Y-%m-%d %H:%M} UTC",
        "folders": ", ".join(found.folders),
        "being changed by": found.owner,
    }
    for name, value in lines.items():
        if value not in (None, ""):
            typer.echo(f"{name}: {value}")
    for fault in found.failed:
        typer.echo(f"cannot be read: {fault.name}: {fault.reason}")


def verify(
    text: Annotated[
        bool,
        typer.Option(
            "--text", help="Count what is left of each kind of fault in the passages' texts instead."
        ),
    ] = False,
    mend: Annotated[
        bool,
        typer.Option(
            "--mend", help="Mend the indexes where they differ; nobody else may be changing the library."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check that the indexes hold what the catalogue says. The exit status is 1 if they do not."""
    from bot.cli.session import open_library

    with open_library(writable=mend, purpose="footnote verify") as library:
        if text:
            _show_faults(library.verify_text(), as_json)
            return
        report = library.verify()
    if as_json:
        output.print_json(report)
    else:
        for problem in report.mended:
            typer.echo(f"mended: {problem}")
        for problem in report.problems:
            typer.echo(f"problem: {problem}")
        if not report.problems:
            typer.echo(f"All is well: {report.papers} papers, {report.passages} passages.")
        elif not mend:
            typer.echo("`footnote verify --mend` puts this right.")
    if report.problems:
        raise typer.Exit(FAILED)


def _show_faults(counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        output.print_json(counts)
        return
    output.print_table(("kind of fault", "left"), sorted(counts.items()), numbers=("left",))

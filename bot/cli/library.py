"""paper and verify: one paper, and whether the indexes are whole."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import output
from bot.cli.guard import FAILED
from bot.cli.options import AsJson
from bot.cli.papers import paper_record

if TYPE_CHECKING:
    from retrieval.models import Chunk, Paper, PaperEntry


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    for command in (paper, verify):
        app.command()(command)


def paper(
    name: Annotated[
        list[str], typer.Argument(metavar="PAPER", help="A title (or nearly), a DOI, a source or an id.")
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
    from retrieval.holdings import NEAREST, not_found

    key = " ".join(name).strip()
    if not key:
        raise typer.BadParameter("the name of the paper is empty")
    with open_library() as library:
        entry = library.paper(key)
        if entry is None:
            raise SourceMissing(not_found(key, library.titles(key, NEAREST)))
        chunks = library.passages_of(entry.paper.id) if passages else []
    if as_json:
        texts = {"texts": [_chunk_record(chunk) for chunk in chunks]} if passages else {}
        output.print_json(
            {
                **paper_record(entry),
                "abstract": entry.paper.abstract,
                "retracted": entry.paper.retracted,
                "versions": _versions(entry.paper),
                "extra": dict(entry.paper.extra),
                **texts,
            }
        )
        return
    _show_paper(entry)
    for chunk in chunks:
        place = ", ".join(filter(None, (chunk.section, f"p. {chunk.page}" if chunk.page is not None else "")))
        typer.echo(f"\n[{place or chunk.kind}]\n{chunk.text}")


def _versions(found: Paper) -> list[dict[str, Any]]:
    return [asdict(version) for version in found.versions]


def _chunk_record(chunk: Chunk) -> dict[str, Any]:
    return {"section": chunk.section, "page": chunk.page, "kind": chunk.kind, "text": chunk.text}


def _show_paper(entry: PaperEntry) -> None:
    found = entry.paper
    facts = {
        "retracted": found.retracted,
        "authors": ", ".join(found.authors),
        "venue": found.venue,
        "year": found.year,
        "doi": found.doi,
        "preprint": ", ".join(
            f"{one.venue} {one.year or ''}".strip() for one in found.versions if one.preprint
        ),
        "link": found.url,
        "code": found.code_url,
        **{name.replace("_", " "): value for name, value in found.extra},
        "passages": entry.passages,
        "sources": ", ".join(found.sources),
        "id": found.id,
    }
    typer.echo(f"{found.title}{' (a label: the title is unknown)' if found.title_is_label else ''}")
    for name, value in facts.items():
        if value not in (None, ""):
            typer.echo(f"  {name}: {value}")
    if found.abstract:
        typer.echo(f"\n{found.abstract}")


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
    from bot.cli.session import load_settings, open_library
    from retrieval.mending import rescue_catalogue

    if mend and (saved := rescue_catalogue(load_settings().data)):
        _show_rescued(saved, as_json)
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


def _show_rescued(saved: dict[str, int], as_json: bool) -> None:
    typer.echo(
        f"mended: the catalogue was damaged. Saved: {saved['sources']} texts of {saved['files']} files and "
        f"{saved['embeddings']} vectors. Run `footnote ingest` on your folders to bring back the rest; the "
        "damaged file is kept as catalogue.damaged.",
        err=as_json,
    )


def _show_faults(counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        output.print_json(counts)
        return
    output.print_table(("kind of fault", "left"), sorted(counts.items()), numbers=("left",))

"""status: what the library holds, what it lacks, and what could not be read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from bot.cli import output
from bot.cli.options import AsJson
from bot.counting import counted

if TYPE_CHECKING:
    from retrieval.models import LibraryStatus

MOST_VENUES = 12  # that a person is shown; --json has them all


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(status)


def status(as_json: AsJson = False) -> None:
    """Say what the library holds and what it lacks.

    Also which files could not be read, and what to do about each.
    """
    from bot.cli.session import open_library

    with open_library() as library:
        found = library.status()
    if as_json:
        output.print_json(_record(found))
        return
    for name, value in _lines(found).items():
        if value not in (None, ""):
            typer.echo(f"{name}: {value}")
    _show_failed(found)


def _lines(found: LibraryStatus) -> dict[str, object]:
    from bot.librarian.renewing import REBUILD, outdated

    changed = None if found.changed_at is None else datetime.fromtimestamp(found.changed_at, UTC)
    lacking = [(fact, count) for fact, count in found.missing if count]
    missing = ", ".join(f"{fact} of {counted(count, 'paper')}" for fact, count in lacking)
    near = f"{counted(found.near, 'pair')} (`footnote papers --duplicates`)"
    return {
        "data folder": found.data,
        "size on disk": f"{found.bytes / 1e6:.1f} MB",
        "papers": found.papers,
        "sources": found.sources,
        "from several sources": found.several,
        "may be one paper": near if found.near else 0,
        "passages": found.passages,
        "vectors": found.vectors if found.away is None else f"not known. {found.away}",
        "passages in the word index": found.words,
        "by venue": _counts(found.venues, MOST_VENUES),
        "by year": _counts(found.years),
        "missing": f"{missing} (`footnote papers --missing FACT`)" if missing else "nothing",
        "embedder": found.embedder,
        "indexes": f"{told}. {REBUILD}" if (told := outdated(found)) else "",
        "last change": changed and f"{changed:%Y-%m-%d %H:%M} UTC",
        "folders": ", ".join(found.folders),
        "being changed by": found.owner,
    }


def _counts(pairs: Any, most: int | None = None) -> str:
    shown = ", ".join(f"{name} ({count})" for name, count in pairs[:most])
    left = len(pairs) - len(pairs[:most])
    return f"{shown}, and {left} more" if left else shown


def _show_failed(found: LibraryStatus) -> None:
    from retrieval.advice import what_to_do

    if found.failed:
        typer.echo(f"\ncannot be read: {len(found.failed)}")
    for fault in found.failed:
        advice = what_to_do(fault.reason)
        typer.echo(f"  {fault.name}: {fault.reason}{f'; {advice}' if advice else ''}")
    if found.failed:
        typer.echo("Then run `footnote ingest` with the same folder again.")


def _record(found: LibraryStatus) -> dict[str, Any]:
    """The status with its counts as objects, and what to do about each failed file."""
    from dataclasses import fields

    from retrieval.advice import what_to_do

    facts = {field.name: getattr(found, field.name) for field in fields(found)}
    counts = {
        name: {str(key): count for key, count in facts[name]} for name in ("venues", "years", "missing")
    }
    failed = [
        {"name": one.name, "reason": one.reason, "advice": what_to_do(one.reason) or None}
        for one in found.failed
    ]
    return {**facts, **counts, "failed": failed}

"""What `search` shows: the papers as a table, then the passages of each and where they stand."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from bot.cli import output

if TYPE_CHECKING:
    from retrieval.models import Passage, SearchResult

LOOKED_AT = 64  # passages: one long paper may hold the first dozens, and the others are to be seen too
OF_A_PAPER = 2  # passages
SHORT = 320  # characters of a passage, about four lines
INDENT = "   "


def show(result: SearchResult, papers: int, *, whole: bool) -> None:
    """At most `papers` papers, the best passages of each; `whole`: from beginning to end."""
    from bot.notes import WORDS_ONLY
    from bot.titles import title

    shown = result.papers[:papers]
    if not shown:
        typer.echo("No paper fits.")
    else:
        rows = [
            (n, f"{found.score:.3f}", found.paper.year or "?", found.paper.venue, title(found.paper))
            for n, found in enumerate(shown, 1)
        ]
        output.print_table(("#", "score", "year", "venue", "title"), rows, numbers=("#", "score"))
    if result.unknown_year:
        typer.echo(f"\n{result.unknown_year} papers of unknown year were left out.")
    if result.words_only:
        typer.echo(f"\n{WORDS_ONLY}")
    for n, found in enumerate(shown, 1):
        own = _passages(result, found.paper.id)
        if own:
            typer.echo(f"\n{n}. {title(found.paper)}")
        for passage in own:
            typer.echo(_wrapped(_told(passage, whole)))


def _passages(result: SearchResult, paper: str) -> Sequence[Passage]:
    """The best of this paper; title and authors, which are a passage too, stand in the table."""
    own = [one for one in result.passages if one.paper.id == paper and one.chunk.kind != "card"]
    return own[:OF_A_PAPER]


def _told(passage: Passage, whole: bool) -> str:
    """Where it stands, and its words."""
    chunk = passage.chunk
    words = " ".join(chunk.text.split())
    page = "" if chunk.page is None else f"p. {chunk.page}"
    kind = "summary by Footnote" if chunk.kind == "summary" else ""
    place = ", ".join(filter(None, (kind, chunk.section, page)))
    told = words if whole else textwrap.shorten(words, SHORT, placeholder=" …")
    return f"{place}: {told}" if place else told


def _wrapped(text: str) -> str:
    """Indented lines as wide as the terminal; one line where the output is piped."""
    out = output.console()
    if not out.is_terminal:
        return f"{INDENT}{text}"
    return textwrap.fill(text, max(out.width, 40), initial_indent=INDENT, subsequent_indent=INDENT)

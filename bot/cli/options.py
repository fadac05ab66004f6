"""Options that several commands share, each with its help."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrieval.models import Filters

if TYPE_CHECKING:
    from bot.models import Question

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text, for scripts.")]
YearFrom = Annotated[
    int | None,
    typer.Option(
        "--from", metavar="YEAR", help="Only papers of this year or later; papers of unknown year never pass."
    ),
]
YearTo = Annotated[
    int | None,
    typer.Option(
        "--to", metavar="YEAR", help="Only papers of this year or earlier; papers of unknown year never pass."
    ),
]
Venue = Annotated[
    str | None, typer.Option("--venue", metavar="NAME", help="Only papers whose venue's name holds this.")
]
Author = Annotated[
    str | None,
    typer.Option("--author", metavar="NAME", help="Only papers by this author: the name, or a word of it."),
]
OnePaper = Annotated[
    str | None,
    typer.Option("--paper", metavar="PAPER", help="Only this paper: its title, DOI, source or id."),
]
Batch = Annotated[
    Path | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        allow_dash=True,
        help="Read questions as JSON lines from this file (-: standard input); print JSON lines.",
    ),
]


def filters_of(
    year_from: YearFrom = None,
    year_to: YearTo = None,
    venue: Venue = None,
    author: Author = None,
    paper: OnePaper = None,
) -> Filters:
    """The options as one value; a blank one is not set. Wrong usage: what no paper can pass."""
    from bot.errors import BadQuestion
    from bot.filters import checked

    venue, author, paper = ((given or "").strip() or None for given in (venue, author, paper))
    try:
        return checked(Filters(year_from, year_to, venue, author, paper))
    except BadQuestion as error:
        raise typer.BadParameter(str(error)) from error


def with_filters(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with the options of `filters_of` in place of its parameter `filters`, made of them."""
    options = inspect.signature(filters_of, eval_str=True).parameters
    own = inspect.signature(command, eval_str=True)
    shown = [
        option
        for name, parameter in own.parameters.items()
        for option in (options.values() if name == "filters" else (parameter,))
    ]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        command(filters=filters_of(**{name: given.pop(name) for name in options}), **given)

    run.__signature__ = own.replace(parameters=shown)  # type: ignore[attr-defined]  # what Typer reads
    return run


def question_or_batch(words: list[str] | None, batch: Path | None, filters: Filters) -> Question | None:
    """The question, or None where there is a batch. Wrong usage: both, neither, filters beside a batch.

    Who leaves the quotation marks away gives the question's words one by one.
    """
    from bot.models import Question

    question = " ".join(words) if words else None
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a question, in quotation marks, or --batch FILE")
    if question is not None and not question.strip():
        raise typer.BadParameter("the question is empty")
    if batch is not None and filters:
        raise typer.BadParameter("a batch takes its filters from its lines, not from the command line")
    return None if question is None else Question(question, filters=filters)

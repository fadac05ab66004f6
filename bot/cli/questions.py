"""chat, ask and search: a question in, an answer or the papers out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from bot.cli import output
from bot.cli.guard import FAILED
from bot.cli.options import AsJson, Batch, question_or_batch, with_filters
from retrieval.models import NO_FILTERS, Filters

if TYPE_CHECKING:
    from bot.batch import Record
    from bot.models import Question
    from retrieval.library import Library
    from retrieval.models import SearchResult

PAPERS = 10
MOST_PAPERS = 100

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="QUESTION", help="The question, in quotation marks.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(chat)
    app.command()(ask)
    app.command()(search)


def chat() -> None:
    """Talk with the library: each answer knows what was said before. /quit or Ctrl-D leaves.

    Piped, it reads one question a line.
    """
    from bot import terminal
    from bot.cli.session import open_session
    from bot.errors import BotError
    from retrieval.errors import RetrievalError

    out = output.console()
    with open_session() as session:
        assistant = session.footnote.assistant
        failed = terminal.chat(
            lambda question: session.run(terminal.ask(assistant, question, out)),
            session.footnote.conversations,
            out,
            on_error=lambda error: typer.echo(f"footnote: {error}", err=True),
            errors=(BotError, RetrievalError),
        )
    if failed:
        raise typer.Exit(FAILED)


@with_filters
def ask(
    question: Words = None,
    filters: Filters = NO_FILTERS,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the papers, a footnote for every claim.

    With --batch, the answers are JSON lines, in the order of the questions.
    """
    from bot import terminal
    from bot.batch import answer_record
    from bot.cli.session import open_session

    asked = question_or_batch(question, batch, filters)
    with _input(batch) as lines, open_session() as session:
        assistant = session.footnote.assistant

        def show(asked: Question) -> None:
            out = output.console()
            terminal.show_answer(out, session.run(terminal.ask(assistant, asked, out)))

        _serve(
            asked or lines, lambda asked: answer_record(session.run(assistant.answer(asked))), show, as_json
        )


@with_filters
def search(
    question: Words = None,
    papers: Annotated[
        int,
        typer.Option("-k", metavar="N", min=1, max=MOST_PAPERS, help="How many papers to show, at most 100."),
    ] = PAPERS,
    whole: Annotated[bool, typer.Option("--full", help="Show passages from beginning to end.")] = False,
    filters: Filters = NO_FILTERS,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Find the papers and passages that fit a question best.

    Of each paper its two best passages are shown, cut short without --full.

    With --batch, the results are JSON lines, in the order of the questions.
    """
    from bot.batch import result_record
    from bot.cli.finding import LOOKED_AT, show
    from bot.cli.session import open_library
    from bot.searchable import PASSAGES

    asked = question_or_batch(question, batch, filters)
    with _input(batch) as lines, open_library() as library:
        _serve(
            asked or lines,
            lambda asked: result_record(_search(library, asked, papers, PASSAGES), papers),
            lambda asked: show(_search(library, asked, papers, LOOKED_AT), papers, whole=whole),
            as_json,
        )


def _search(library: Library, question: Question, papers: int, passages: int) -> SearchResult:
    """What the assistant would search for the same question."""
    from bot.questions.named_author import with_known_author
    from bot.router import route

    way = with_known_author(library, question, route(question))
    return library.search(way.query, way.filters, limit=passages, papers=papers)


@contextmanager
def _input(batch: Path | None) -> Iterator[BinaryIO | None]:
    """The lines of the batch; `-` is standard input, which stays open."""
    if batch is None:
        yield None
    elif str(batch) == "-":
        yield sys.stdin.buffer
    else:
        with batch.open("rb") as lines:
            yield lines


def _serve(
    asked: Question | BinaryIO | None,
    answer: Callable[[Question], Record],
    show: Callable[[Question], None],
    as_json: bool,
) -> None:
    """One question, shown or as JSON; or the lines of a batch, as JSON in any case."""
    from bot.batch import run
    from bot.models import Question

    if not isinstance(asked, Question):
        if run(asked or (), answer, output.print_json):
            raise typer.Exit(FAILED)
    elif as_json:
        output.print_json({"id": None, **answer(asked)})
    else:
        show(asked)

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
from bot.cli.options import (
    AsJson,
    Author,
    Batch,
    OnePaper,
    Venue,
    YearFrom,
    YearTo,
    either_question_or_batch,
    filters_of,
)

if TYPE_CHECKING:
    from bot.batch import Record
    from bot.cli.session import Session
    from bot.models import Question
    from retrieval.library import Library
    from retrieval.models import SearchResult

PAPERS = 10
MOST_PAPERS = 100

Words = Annotated[
    str | None,
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


def ask(
    question: Words = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    venue: Venue = None,
    author: Author = None,
    paper: OnePaper = None,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the papers, a footnote for every claim.

    With --batch, the answers are JSON lines, in the order of the questions.
    """
    from bot import terminal
    from bot.cli.session import open_session
    from bot.models import Question

    filters = filters_of(year_from, year_to, venue, author, paper)
    either_question_or_batch(question, batch, filters)
    with _input(batch) as lines, open_session() as session:
        if lines is not None:
            _run_batch(lines, lambda asked: _answer(session, asked))
        elif as_json:
            output.print_json({"id": None, **_answer(session, Question(question or "", filters=filters))})
        else:
            out = output.console()
            asked = Question(question or "", filters=filters)
            terminal.show_answer(out, session.run(terminal.ask(session.footnote.assistant, asked, out)))


def _answer(session: Session, question: Question) -> Record:
    from bot.batch import answer_record

    return answer_record(session.run(session.footnote.assistant.answer(question)))


def search(
    question: Words = None,
    papers: Annotated[
        int,
        typer.Option("-k", metavar="N", min=1, max=MOST_PAPERS, help="How many papers to show, at most 100."),
    ] = PAPERS,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    venue: Venue = None,
    author: Author = None,
    paper: OnePaper = None,
    batch: Batch = None,
    as_json: AsJson = False,
) -> None:
    """Find the papers and passages that fit a question best.

    With --batch, the results are JSON lines, in the order of the questions.
    """
    from bot.batch import result_record
    from bot.cli.session import load_settings
    from bot.models import Question
    from retrieval.library import Library

    filters = filters_of(year_from, year_to, venue, author, paper)
    either_question_or_batch(question, batch, filters)
    with _input(batch) as lines, Library.open(load_settings()) as library:
        if lines is not None:
            _run_batch(lines, lambda asked: result_record(_search(library, asked, papers), papers))
            return
        result = _search(library, Question(question or "", filters=filters), papers)
    if as_json:
        output.print_json({"id": None, **result_record(result, papers)})
    else:
        _show(result, papers)


def _search(library: Library, question: Question, papers: int) -> SearchResult:
    """What the assistant would search for the same question."""
    from bot.batch import PASSAGES
    from bot.router import route

    way = route(question)
    return library.search(way.query, way.filters, limit=PASSAGES, papers=papers)


def _show(result: SearchResult, papers: int) -> None:
    """The papers as a table, then the passages with where they stand."""
    if not result.papers:
        typer.echo("No paper fits.")
    else:
        rows = [
            (n, f"{found.score:.3f}", found.paper.title, found.paper.venue, found.paper.year)
            for n, found in enumerate(result.papers[:papers], 1)
        ]
        output.print_table(("#", "score", "title", "venue", "year"), rows, numbers=("#", "score"))
    if result.unknown_year:
        typer.echo(f"\n{result.unknown_year} papers of unknown year were left out.")
    for passage in result.passages:
        page = "" if passage.chunk.page is None else f", p. {passage.chunk.page}"
        section = f", {passage.chunk.section}" if passage.chunk.section else ""
        summary = "Summary by Footnote: " if passage.chunk.kind == "summary" else ""
        typer.echo(
            f"\n{passage.paper.title}{section}{page}\n    {summary}{' '.join(passage.chunk.text.split())}"
        )


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


def _run_batch(lines: BinaryIO, answer: Callable[[Question], Record]) -> None:
    from bot.batch import run

    if run(lines, answer, output.print_json):
        raise typer.Exit(FAILED)

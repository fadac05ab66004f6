"""evaluate: figures of searches, answers, refusals and checks, over questions whose answers are known."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import output
from bot.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.evaluate import Graded
    from bot.settings import BotSettings
    from retrieval.gold import Gold
    from retrieval.library import Library
    from retrieval.models import Filters

GOLD_HELP = (
    "Files of gold questions, a JSON object a line: id, question, and gold_papers, a list of sources as "
    "`papers --json` names them, or of files; empty where the question is to be refused."
)
GoldFiles = Annotated[list[Path] | None, typer.Argument(metavar="GOLD", help=GOLD_HELP, show_default=False)]
Each = Annotated[bool, typer.Option("--each", help="Also print one line for each question.")]

SEARCH_HEADINGS = {
    "name": "kind",
    "questions": "n",
    "hit1": "hit@1",
    "hit5": "hit@5",
    "evidence": "evidence, all",
    "quotes": "evidence, quotes",
    "recall": "papers, recall@10",
    "filtered": "filters kept",
    "ms": "ms p50",
}
ANSWER_HEADINGS = {
    "kind": "kind",
    "questions": "n",
    "answered": "answered",
    "refused": "refused rightly",
    "complete": "says all it must",
    "included": "items said",
    "cited": "cites a right paper",
    "forbidden": "cites a wrong one",
    "verbatim": "quotes verbatim",
    "resolved": "marks resolved",
    "supported": "claims supported",
    "numbers": "numbers found",
    "words": "words",
    "tokens": "tokens",
    "cost": "cost",
    "p50": "ms p50",
    "p95": "ms p95",
}


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    group = typer.Typer(no_args_is_help=True, help="Hold the search or the answers against gold questions.")
    group.command("search")(search)
    group.command("answers")(answers)
    group.command("gate")(gate)
    group.command("checks")(checks)
    app.add_typer(group, name="evaluate")


def search(
    gold: GoldFiles = None,
    beir: Annotated[
        list[Path] | None,
        typer.Option(
            "--beir",
            metavar="DIR",
            help="Also score this collection in the BEIR layout, in a library of its own for the time.",
        ),
    ] = None,
    each: Each = False,
    as_json: AsJson = False,
) -> None:
    """How often the search finds the right papers and words.

    GOLD is asked of the present library; counts stand beside shares.
    """
    from bot.cli.session import load_settings
    from retrieval import evaluate
    from retrieval.gold import load
    from retrieval.library import Library

    if not gold and not beir:
        raise typer.BadParameter("name at least one file of gold questions, or --beir DIR")
    settings = load_settings()
    if gold:
        questions = load(gold)
        with Library.open(settings) as library:
            _tell_unknown(questions, library)
            judged = evaluate.judge(library, questions, partial(_as_the_assistant, library))
        _print_each(judged if each else (), as_json)
        _print_rows(evaluate.table(judged), SEARCH_HEADINGS, as_json)
    for folder in beir or ():
        _print_collection(settings, folder, as_json)


def _as_the_assistant(library: Library, gold: Gold) -> tuple[str, Filters]:
    """The search that the assistant would make for the question."""
    from bot.evaluate import question_of
    from bot.questions.named_author import with_known_author
    from bot.router import route

    question = question_of(gold)
    way = with_known_author(library, question, route(question))
    return way.query, way.filters


def _print_collection(settings: BotSettings, folder: Path, as_json: bool) -> None:
    from bot.cli.progress import shown_progress
    from retrieval import evaluate
    from retrieval.library import Library

    collection = evaluate.read_collection(folder)
    with tempfile.TemporaryDirectory(prefix="footnote-") as data:
        own = settings.model_copy(update={"data": Path(data)})
        with Library.open(own, writable=True, create=True, purpose="footnote evaluate") as library:
            with shown_progress() as progress:
                library.ingest([folder / "corpus.jsonl"], progress=progress)
            scores = evaluate.score_collection(library, collection)
    if as_json:
        output.print_json({"collection": folder.name, **scores})
    else:
        row = (folder.name, len(collection.relevant), *(f"{score:.4f}" for score in scores.values()))
        output.print_table(("collection", "n", *scores), [row], numbers=("n", *scores))


def answers(
    gold: GoldFiles = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write a report to read question by question."),
    ] = None,
    each: Each = False,
    as_json: AsJson = False,
) -> None:
    """How often answers and refusals are right, and what they cite.

    It answers as it is set up: with the language model of the settings, or by quotation.
    """
    from bot import evaluate
    from bot.cli.session import open_session
    from retrieval.gold import load

    if not gold:
        raise typer.BadParameter("name at least one file of gold questions")
    questions = load(gold)
    with open_session() as session:
        footnote = session.footnote
        order = _reading_order_of(footnote.library)
        _tell_unknown(questions, footnote.library)
        graded = session.run(evaluate.grade_all(questions, footnote.assistant.answer, order))
    grades = [one.grade for one in graded]
    if html is not None:
        _write_report(html, graded)
    _print_each(grades if each else (), as_json)
    _print_rows(evaluate.table(grades), ANSWER_HEADINGS, as_json)


def _write_report(path: Path, graded: Sequence[Graded]) -> None:
    from bot.report import page

    try:
        path.write_text(page(graded), encoding="utf-8", errors="replace")
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written ({error.strerror})") from error
    typer.echo(f"The report is in {path}.", err=True)


def gate(
    gold: GoldFiles = None,
    refused: Annotated[
        float,
        typer.Option(
            "--refused",
            metavar="SHARE",
            min=0.0,
            max=0.5,
            help="Share of the questions with an answer that the fitted gate may refuse.",
        ),
    ] = 0.04,
    as_json: AsJson = False,
) -> None:
    """How well questions without an answer are told.

    Also the weights of the gate that fit these questions. GOLD is asked of the present library; what is
    printed under "fitted" belongs into bot/gate.py.
    """
    from bot.calibration import calibrate
    from bot.cli.session import load_settings
    from bot.evaluate import judged_questions
    from retrieval.gold import load
    from retrieval.library import Library

    if not gold:
        raise typer.BadParameter("name at least one file of gold questions")
    questions = load(gold)
    with Library.open(load_settings()) as library:
        _tell_unknown(questions, library)
        found, answerable = judged_questions(library, questions)
    try:
        rates = calibrate(found, answerable, refused)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        for rate in rates:
            output.print_json(rate)
        return
    signs = [field.name for field in fields(rates[0].weights)]
    cells = []
    for rate in rates:
        weights = (*(getattr(rate.weights, sign) for sign in signs), rate.bias)
        shares = (str(rate.refused_rightly), str(rate.refused_wrongly))
        cells.append([rate.name, *shares, *(f"{weight:.2f}" for weight in weights)])
    headings = ("gate", "refused rightly", "refused wrongly", *signs, "bias")
    output.print_table(headings, cells, numbers=headings[1:])


def checks(
    papers: Annotated[
        int,
        typer.Option("--papers", metavar="N", min=1, help="Papers of the library whose sentences are tried."),
    ] = 120,
    as_json: AsJson = False,
) -> None:
    """How many wrong sentences the check of answers finds.

    Also how many right ones it takes for wrong. Sentences of the present library are retold, and made wrong
    in one point each.
    """
    from bot.checking import planted
    from bot.cli.session import load_settings
    from retrieval.library import Library

    with Library.open(load_settings()) as library:
        found = planted.table(library, papers)
    if as_json:
        output.print_json({kind: _plain(share) for kind, share in found.items()})
        return
    output.print_table(("sentence", "found without support"), list(found.items()))


def _reading_order_of(library: Library) -> dict[str, tuple[str, ...]]:
    """The parts of each file, as `retrieval.gold.is_gold` wants them."""
    from retrieval.gold import reading_order

    return reading_order(source for sources in library.sources_of_files().values() for source in sources)


def _tell_unknown(questions: Sequence[Gold], library: Library) -> None:
    from retrieval.gold import unknown

    names = unknown(questions, _reading_order_of(library))
    shown, more = ", ".join(map(repr, names[:3])), f" and {len(names) - 3} more" if len(names) > 3 else ""
    if names:
        typer.echo(f"note: no source in the library is called {shown}{more}: nothing finds it.", err=True)


def _print_each(results: Any, as_json: bool) -> None:
    """One JSON object a question: they are for a person who looks for what went wrong, and for scripts."""
    for result in results:
        output.print_json(result)
    if results and not as_json:
        typer.echo("")


def _print_rows(rows: list[Any], headings: dict[str, str], as_json: bool) -> None:
    if as_json:
        for row in rows:
            output.print_json({field.name: _plain(getattr(row, field.name)) for field in fields(row)})
        return
    cells = [[_cell(getattr(row, name)) for name in headings] for row in rows]
    output.print_table(list(headings.values()), cells, numbers=list(headings.values())[1:])


def _plain(value: object) -> object:
    from retrieval.evaluate import Share

    return {"hits": value.hits, "of": value.of, "share": value.value} if isinstance(value, Share) else value


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}" if value >= 1 or not value else f"{value:.2g}"
    return str(value)

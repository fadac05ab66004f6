"""The same assistant in a terminal: an answer with its footnotes, and a conversation."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.models import Answer, Citation, Question, Turn

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from bot.assistant import Assistant
    from bot.conversation import Conversations

EXTRACTIVE = "Quoted from the papers: no language model is set up (OPENAI_API_KEY or OPENAI_BASE_URL)."
AUTHORS_SHOWN = 3
KEY = "terminal"
"""The key of the one conversation that a terminal holds."""

QUIT = frozenset({"/quit", "/exit", "/q"})
GREETING = "Ask a question about the papers. /quit (or Ctrl-D) leaves."


def source_line(citation: Citation) -> str:
    """`[1] Title. Authors. Venue, year, p. 3. link`, with what is known."""
    paper = citation.paper
    shown = ", ".join(paper.authors[:AUTHORS_SHOWN]) + (
        " et al." if len(paper.authors) > AUTHORS_SHOWN else ""
    )
    place = ", ".join(
        part
        for part in (
            paper.venue,
            None if paper.year is None else str(paper.year),
            None if citation.chunk.page is None else f"p. {citation.chunk.page}",
        )
        if part
    )
    title = f"{paper.title} (a label: the title is unknown)" if paper.title_is_label else paper.title
    facts = (title, shown, place)
    sentence = " ".join(fact if fact.endswith((".", "?", "!")) else f"{fact}." for fact in facts if fact)
    return " ".join(part for part in (f"[{citation.n}]", sentence, paper.url or link_of(paper.doi)) if part)


def link_of(doi: str | None) -> str:
    """The address that a DOI stands for."""
    return f"https://doi.org/{doi}" if doi else ""


def quote_line(citation: Citation) -> str:
    """The words that the footnote rests on; a summary of ours is never shown as the paper's words."""
    words = " ".join(citation.quote.split())
    return f"Summary by Footnote: {words}" if citation.chunk.kind == "summary" else f"“{words}”"


def notice_of(answer: Answer) -> str | None:
    """What a reader should know about how the answer was made."""
    if answer.fallback_from:
        return f"Quoted from the papers: the language model {answer.fallback_from} gave no answer."
    return EXTRACTIVE if answer.model is None and answer.citations else None


def show_answer(out: Console, answer: Answer) -> None:
    """Print the body, the cited papers with their words, and the notes. Piped lines are not wrapped."""
    from rich.text import Text

    def line(text: str, style: str = "") -> None:
        out.print(Text(text, style), soft_wrap=not out.is_terminal)

    body = Text(answer.text)
    body.highlight_regex(r"\[\d+\]", "bold cyan")
    out.print(body, soft_wrap=not out.is_terminal)
    for citation in answer.citations:
        line("")
        line(source_line(citation), "bold")
        line(f"    {quote_line(citation)}")
    notes = [*answer.notes, notice_of(answer)]
    if any(notes):
        line("")
    for note in notes:
        if note:
            line(note, "dim")


async def ask(assistant: Assistant, question: Question, out: Console) -> Answer:
    """The answer to `question`; on a terminal it is shown while it is written, and then cleared away."""
    if not out.is_terminal:
        return await assistant.answer(question)
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.text import Text

    waiting: RenderableType = Spinner("dots", "reading …")
    with Live(waiting, console=out, transient=True, refresh_per_second=8) as live:

        async def on_text(text: str) -> None:
            live.update(Text(text))

        return await assistant.answer(question, on_text)


def chat(
    answer: Callable[[Question], Answer],
    conversations: Conversations,
    out: Console,
    on_error: Callable[[Exception], None],
    errors: tuple[type[Exception], ...],
) -> int:
    """Answer line by line until /quit or the end of the input. Returns how many questions failed.

    Ctrl-C stops the answer that is being written; while a question is awaited, it leaves.
    """
    failed = 0
    if sys.stdin.isatty():
        out.print(GREETING)
    while (text := _next_line()) is not None:
        try:
            question = Question(text, conversations.history(KEY))
            reply = answer(question)
        except errors as error:
            failed += 1
            on_error(error)
        except KeyboardInterrupt:
            if not sys.stdin.isatty():
                raise
            out.print("(stopped)")
        else:
            show_answer(out, reply)
            conversations.remember(KEY, Turn(text, reply.text))
            out.print()
    return failed


def _next_line() -> str | None:
    """The next question; None at the end."""
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        try:
            line = input(prompt).strip()
        except EOFError:
            return None
        if line.lower() in QUIT:
            return None
        if line:
            return line

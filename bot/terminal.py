"""The same assistant in a terminal: an answer with its footnotes, and a conversation."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.drawing import drawn
from bot.models import Answer, Citation, Question, Turn, Usage
from bot.rendering import footer, plain_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from bot.assistant import Assistant
    from bot.conversation import Conversations

WIDEST = 100  # characters of a comparison's table
INDENT = 4  # of the words under a footnote
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Signs that a terminal would obey, and a model may write. No text that we read from papers holds any."""
KEY = "terminal"
"""The key of the one conversation that a terminal holds."""

QUIT = frozenset({"/quit", "/exit", "/q", "quit", "exit", ":q"})
GREETING = "Ask a question about the papers. /quit (or Ctrl-D) leaves."


def cited_papers(answer: Answer) -> list[list[Citation]]:
    """The citations of each paper together, papers in the order of their first number."""
    papers: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        papers.setdefault(citation.paper.id, []).append(citation)
    return list(papers.values())


def _quote_line(citation: Citation) -> str:
    """The words that a footnote rests on; what is not the paper's words is never shown as if it were."""
    words = " ".join(citation.quote.split())
    named = {"summary": f"Summary by Footnote: {words}", "card": words}
    return f"[{citation.n}] {named.get(citation.chunk.kind, f'“{words}”')}"


def _usage_line(usage: Usage) -> str:
    """What an answer took of the language models."""
    about = "about " if usage.estimated else ""
    cost = f", about {usage.cost:.2g} at the prices of the settings" if usage.cost else ""
    return f"Tokens: {about}{usage.read} read, {about}{usage.written} written{cost}."


def show_answer(out: Console, answer: Answer) -> None:
    """Print the body, the cited papers with their words, and the notes. Piped lines are not wrapped."""
    from rich.padding import Padding
    from rich.text import Text

    def line(text: str, style: str = "") -> None:
        out.print(Text(CONTROL.sub("", text), style), soft_wrap=not out.is_terminal)

    def indented(text: str) -> None:
        if out.is_terminal:
            out.print(Padding(Text(CONTROL.sub("", text)), (0, 0, 0, INDENT), expand=False))
        else:
            line(" " * INDENT + text)

    tabled = answer.comparison and (out.is_terminal or answer.model)
    text = "" if tabled and not answer.model else answer.text  # quotes say what the table says
    if text:
        body = Text(CONTROL.sub("", text))
        body.highlight_regex(r"\[\d+\]", "bold cyan")
        out.print(body, soft_wrap=not out.is_terminal)
    if answer.comparison and tabled:
        if text:
            line("")
        for row in drawn(answer.comparison, min(out.width, WIDEST)).splitlines()[1:-1]:
            line(row)
    for cited in cited_papers(answer):
        line("")
        line(plain_line([citation.n for citation in cited], cited), "bold")
        for citation in cited:
            if citation.quote not in text:  # an extractive answer has shown it already
                indented(_quote_line(citation))
    notes = (*footer(answer), *([_usage_line(answer.usage)] if answer.usage else []))
    for number, note in enumerate(notes):
        line(note if number else f"\n{note}", "dim")


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
            live.update(Text(CONTROL.sub("", text)))

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
        with suppress(ImportError):  # not on Windows
            import readline  # noqa: F401  (it gives `input` its keys and its memory)
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
            conversations.remember(KEY, Turn(text, reply.text, reply.cited_papers))
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

"""What the buttons Sources and More show. Pure."""

from __future__ import annotations

from bot.discord_bot.listing import escaped, facts, shorten, title
from bot.models import OURS, Answer, Citation
from bot.rendering import LIMIT
from bot.splitting import split

QUOTE = 1_200  # characters of one footnote's words
MORE = 6  # papers
NEXT = "The next best papers, of which the answer says nothing:"


def source_texts(answer: Answer) -> tuple[str, ...]:
    """Each footnote with its page and its exact words, as messages; () where the answer cites nothing."""
    return tuple(split("\n\n".join(map(_footnote, answer.citations)), LIMIT)) if answer.citations else ()


def _footnote(citation: Citation) -> str:
    page = f", p. {citation.page}" if citation.page is not None else ""
    ours = f"{OURS} " if citation.chunk.kind == "summary" else ""
    words = "\n".join(f"> {line}" for line in _lines(ours + citation.quote))
    return f"[{citation.n}] {title(citation.paper)}{page}\n{words}"


def _lines(quote: str) -> list[str]:
    return [escaped(line) for line in shorten(quote, QUOTE).splitlines() if line.strip()]


def more_text(answer: Answer) -> str:
    """The best papers that the answer does not cite; "" where there are none."""
    cited = {citation.paper.id for citation in answer.citations}
    lines = [NEXT]
    room = LIMIT - len(NEXT) - 1
    for found in answer.papers:
        if found.paper.id in cited:
            continue
        entry = f"- {title(found.paper)}\n-# {facts(found.paper)}"
        room -= len(entry) + 1
        if room < 0 or len(lines) > MORE:
            break
        lines.append(entry)
    return "\n".join(lines) if len(lines) > 1 else ""

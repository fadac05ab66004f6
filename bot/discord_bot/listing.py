"""What `/search` and `/paper` show, as Discord's Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from discord.utils import escape_markdown, escape_mentions

from bot import rendering
from bot.counting import counted
from bot.models import OURS, Reply
from bot.notes import WORDS_ONLY
from bot.rendering import LIMIT
from retrieval.models import Chunk, Filters, Paper, PaperEntry, SearchResult

_LINK = re.compile(r"(?<!<)https?://[^\s<>()]+")

SNIPPET = 180  # characters of a passage below a paper
ABSTRACT = 1200  # characters
PEOPLE, ALL_PEOPLE, WHERE = 200, 500, 120  # characters of authors, of all of them, of venue and year
NOTHING = "Nothing in the library fits."
NEAREST = "Nothing fits well; these are the nearest:"
NO_SUCH_PAPER = "The library holds no paper of that title. `/search` looks for papers by their subject."


def search_replies(
    result: SearchResult, filters: Filters, *, fits: bool = True, room: int = LIMIT
) -> tuple[Reply, ...]:
    """The papers found, best first, each with the start of its best passage; as many as `room` holds.

    Without `fits`, they are said to be merely the nearest.
    """
    return (Reply(search_pages(result, filters, fits=fits, room=room)[0]),)


def search_pages(
    result: SearchResult, filters: Filters, *, fits: bool = True, room: int = LIMIT
) -> tuple[str, ...]:
    """All papers found, as pages of at most `room` characters; see `search_replies`."""
    head, notes = [] if fits else [NEAREST], _notes(result, filters)
    if not result.papers:
        return ("\n".join([NOTHING, *notes]),)
    snippets: dict[str, Chunk] = {}
    for passage in (one for one in result.passages if one.chunk.kind != "card"):
        snippets.setdefault(passage.paper.id, passage.chunk)
    room -= sum(len(note) + 1 for note in (*head, *notes))
    pages: list[list[str]] = [[]]
    for number, ranked in enumerate(result.papers, 1):
        entry = _entry(number, ranked.paper, snippets.get(ranked.paper.id))
        if pages[-1] and sum(map(len, pages[-1])) + len(pages[-1]) + len(entry) > room:
            pages.append([])
        pages[-1].append(entry)
    return tuple("\n".join([*head, *page, *notes]) for page in pages)


def _entry(number: int, paper: Paper, snippet: Chunk | None) -> str:
    lines = [f"{number}. {title(paper)}", f"-# {facts(paper)}"]
    if snippet:
        lines.append(f"> {quoted(snippet.text, SNIPPET, summary=snippet.kind == 'summary')}")
    return "\n".join(lines)


def _notes(result: SearchResult, filters: Filters) -> list[str]:
    notes = []
    if filters:
        notes.append(f"-# Only {describe(filters)}.")
    if result.unknown_year:
        notes.append(f"-# {counted(result.unknown_year, 'paper')} of unknown year left out.")
    if result.words_only:
        notes.append(f"-# {WORDS_ONLY}")
    return notes


def paper_replies(entry: PaperEntry | None, summary: str | None = None) -> tuple[Reply, ...]:
    """All that is known of one paper, in one message; `summary` is ours, for a paper without an abstract."""
    if entry is None:
        return (Reply(NO_SUCH_PAPER),)
    paper = entry.paper
    lines = [title(paper), facts(paper, all_authors=True)]
    if paper.retracted:
        lines.append(f"Retracted: {escaped(shorten(paper.retracted, 300))}")
    if paper.code_url and paper.code_url.startswith(("https://", "http://")):
        lines.append(f"Code: <{paper.code_url}>")
    if paper.abstract:
        lines += ["", f"> {quoted(paper.abstract, ABSTRACT)}"]
    elif summary:
        lines += ["", f"> {quoted(summary, ABSTRACT, summary=True)}"]
    sources = escaped(shorten(", ".join(paper.sources), 200))
    lines += ["", f"-# {counted(entry.passages, 'passage')} in the library · from {sources}"]
    return (Reply(shorten_lines(lines, LIMIT)),)


def title(paper: Paper, limit: int = 300) -> str:
    """The title in bold, of at most `limit` characters, as a link; a label is visibly one."""
    return rendering.linked(paper, escaped(shorten(rendering.title(paper), limit)))


def facts(paper: Paper, *, all_authors: bool = False) -> str:
    """Authors, venue and year, parted by dots."""
    people = ", ".join(paper.authors) if all_authors else rendering.authors(paper)
    people = shorten(people, ALL_PEOPLE if all_authors else PEOPLE)
    where = " ".join(str(part) for part in (shorten(paper.venue or "", WHERE), paper.year) if part)
    parts = [part for part in (escaped(people), escaped(where)) if part]
    return " · ".join(parts) or "authors, venue and year unknown"


def quoted(text: str, limit: int, *, summary: bool = False) -> str:
    """Words of a paper, or of Footnote about it: the second are never passed off as the first."""
    return (f"{OURS} " if summary else "") + escaped(shorten(text, limit))


def escaped(text: str) -> str:
    """Words that are data, on one line: they format nothing, mention nobody, and draw no preview."""
    return _LINK.sub(r"<\g<0>>", escape_mentions(escape_markdown(" ".join(text.split()))))


def describe(filters: Filters) -> str:
    """The filters in words."""
    parts = []
    if filters.paper:
        parts.append("in one paper")
    if filters.author:
        parts.append(f"by {filters.author}")
    if filters.venue:
        parts.append(f"at {filters.venue}")
    if filters.year_from is not None:
        parts.append(f"from {filters.year_from}")
    if filters.year_to is not None:
        parts.append(f"up to {filters.year_to}")
    return escaped(shorten(", ".join(parts), 200))


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut after a word, with a sign where it was cut."""
    text = text.strip()
    if len(text) <= limit:
        return text
    return text[: max(limit - 2, 0)].rsplit(" ", 1)[0].rstrip(" ,.;:") + " …"


def shorten_lines(lines: Sequence[str], limit: int) -> str:
    """The lines, the longest shortened until all fit."""
    kept = list(lines)
    while len(text := "\n".join(kept)) > limit:
        longest = max(range(len(kept)), key=lambda n: len(kept[n]))
        kept[longest] = shorten(kept[longest], len(kept[longest]) - max(len(text) - limit, 10))
    return text

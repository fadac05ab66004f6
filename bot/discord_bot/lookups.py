"""What the look-up commands show, from the library alone. Synchronous: they run in a thread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot import rendering
from bot.counting import counted
from bot.discord_bot import citing
from bot.discord_bot.listing import (
    NO_SUCH_PAPER,
    escaped,
    facts,
    paper_replies,
    quoted,
    search_replies,
    shorten,
    shorten_lines,
    title,
)
from bot.discord_bot.surfaces import Enclosed
from bot.discord_bot.tables import picture_of
from bot.models import OURS, Reply
from bot.rendering import LIMIT
from retrieval.advice import what_to_do
from retrieval.analysis import fold
from retrieval.models import NO_FILTERS, FileFailure, Filters, Paper, PaperEntry, Passage, SearchResult

if TYPE_CHECKING:
    from retrieval.library import Library

SIMILAR = 8  # papers
COMPARED_TITLE = 120  # characters, so that six papers fit a message
COMPARED_WORDS = 420  # characters of a passage in a comparison
LEAST_WORDS = 80  # for them the title gives up its link
ROW_WORDS = 200  # and in its picture
ASPECT = "method, idea and main result"  # what papers are compared by unless the asker says what
COUNTED = 8  # venues and years that are named
EXACT = 97.0  # of 100: so alike are a quotation and its source, but for spaces, hyphens and case
NEAR = 75.0
LEAST_FIT = 0.3  # of the first paper's score; what is further behind is of another subject


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up shows: messages, and what goes with them."""

    replies: tuple[Reply, ...]
    paper_id: str | None = None  # the one paper that it is about
    pages: tuple[str, ...] = ()  # all that was found, where one message cannot hold it
    files: tuple[Enclosed, ...] = ()


def fitting(result: SearchResult) -> list[Paper]:
    """The papers found, but for those far behind the first."""
    least = LEAST_FIT * result.papers[0].score if result.papers else 0.0
    return [found.paper for found in result.papers if found.score >= least]


def paper_found(library: Library, key: str) -> Found:
    """All that is known of one paper."""
    entry = library.paper(key)
    if entry is None or entry.paper.abstract:
        return Found(paper_replies(entry), entry.paper.id if entry else None)
    summary = next((c.text for c in library.passages_of(entry.paper.id) if c.kind == "summary"), None)
    return Found(paper_replies(entry, summary), entry.paper.id)


def citation_found(library: Library, key: str) -> Found:
    """One paper as BibTeX and APA, ready to copy."""
    entry = library.paper(key)
    if entry is None:
        return Found((Reply(NO_SUCH_PAPER),))
    warning = (
        "-# The title is only a label: nobody knows the real one.\n" if entry.paper.title_is_label else ""
    )
    book, line = (
        part.replace("```", "'''") for part in (citing.bibtex(entry.paper), citing.apa(entry.paper))
    )
    room = LIMIT - len(warning) - 30
    return Found((Reply(f"{warning}```bibtex\n{book[: room // 2]}\n```\n```text\n{line[: room // 2]}\n```"),))


def similar_found(library: Library, key: str) -> Found:
    """Papers nearest to one, by its title and abstract."""
    entry = library.paper(key)
    if entry is None:
        return Found((Reply(NO_SUCH_PAPER),))
    about = entry.paper.abstract or next((c.text for c in library.passages_of(entry.paper.id)), "")
    result = library.search(f"{entry.paper.title}. {about[:600]}", NO_FILTERS, 4 * SIMILAR, SIMILAR + 1)
    others = [found for found in result.papers if found.paper.id != entry.paper.id]
    passages = [passage for passage in result.passages if passage.paper.id != entry.paper.id]
    result = replace(result, papers=tuple(others[:SIMILAR]), passages=tuple(passages))
    head = f"-# Like {escaped(shorten(entry.paper.title, 150))}:\n"
    (reply,) = search_replies(result, NO_FILTERS, room=LIMIT - len(head))
    return Found((Reply(head + reply.text),))


def comparison_found(library: Library, keys: Sequence[str], aspect: str | None) -> Found:
    """Papers side by side: the facts of each, and its own words on the aspect."""
    entries: dict[str, PaperEntry] = {}
    for key in keys:
        entry = library.paper(key)
        if entry is None:
            return Found((Reply(f"The library holds no paper “{escaped(shorten(key, 150))}”."),))
        entries.setdefault(entry.paper.id, entry)
    if len(entries) < 2:
        return Found((Reply("These are one and the same paper: name two."),))
    papers = [entry.paper for entry in entries.values()]
    found = [library.search(aspect or ASPECT, Filters(paper=paper.id), 1, 1).passages for paper in papers]
    sides = [
        (paper, passages[0] if passages else None) for paper, passages in zip(papers, found, strict=True)
    ]
    room = LIMIT // len(sides) - 2
    shown = "\n\n".join(shorten_lines(_side(*side, room), room) for side in sides)
    head = ("Paper", "Authors", "Where", "In its own words")
    table = (head, *(_row(*side) for side in sides))
    # two fit a phone's page of text; a picture of them would only say it again, smaller
    files = picture_of(table, "comparison.png") if len(sides) > 2 else ()
    return Found((Reply(shown),), files=files)


def _side(paper: Paper, found: Passage | None, room: int) -> list[str]:
    head = [title(paper, COMPARED_TITLE), f"-# {facts(paper)}"]
    left = room - sum(len(line) + 1 for line in head) - 2
    if left < LEAST_WORDS:  # a long address would leave no room for words, and a torn one leads nowhere
        head[0] = f"**{escaped(shorten(rendering.title(paper), COMPARED_TITLE))}**"
        left = room - sum(len(line) + 1 for line in head) - 2
    return [*head, f"> {_own_words(found, min(left, COMPARED_WORDS))}"]


def _own_words(found: Passage | None, limit: int) -> str:
    if found is None:
        return "(no text in the library)"
    return quoted(found.chunk.text, limit, summary=found.chunk.kind == "summary")


def _row(paper: Paper, found: Passage | None) -> tuple[str, ...]:
    """The same for the picture, whose cells are data: no sign in them means anything."""
    where = " ".join(str(part) for part in (paper.venue, paper.year) if part)
    ours = f"{OURS} " if found and found.chunk.kind == "summary" else ""
    words = ours + shorten(found.chunk.text, ROW_WORDS) if found else ""
    return (shorten(rendering.title(paper), COMPARED_TITLE), rendering.authors(paper), where, words)


def author_found(library: Library, name: str) -> Found:
    """The papers of an author, newest first, and who wrote them with him.

    A whole name means nobody else: "Wei Li" is not Wei Lin. A part of one means all who have it.
    """
    entries, wanted = library.papers(), fold(name.strip())
    names = {author: fold(author) for entry in entries for author in entry.paper.authors}
    meant = {author for author, folded in names.items() if folded == wanted}
    meant = meant or {author for author, folded in names.items() if wanted in folded}
    papers = [entry.paper for entry in entries if not meant.isdisjoint(entry.paper.authors)]
    if not papers:
        return Found((Reply("The library knows no paper by that author."),))
    papers.sort(key=lambda paper: (-(paper.year or 0), fold(paper.title)))
    together = Counter(a for paper in papers for a in paper.authors if a not in meant)
    others = ", ".join(f"{escaped(a)} ({n})" for a, n in together.most_common(5) if n > 1)
    tail = [f"-# Most often with: {others}"] if others else []
    papers = [replace(paper, authors=_first(paper.authors, meant)) for paper in papers]
    return Found((Reply(_list(f"**{counted(len(papers), 'paper')}** by {escaped(name)}", papers, tail)),))


def _first(authors: Sequence[str], meant: Collection[str]) -> tuple[str, ...]:
    """The authors, who is meant among the first of them: of many, only these are shown."""
    at = next((n for n, author in enumerate(authors) if author in meant), 0)
    if at < rendering.AUTHORS_SHOWN:
        return tuple(authors)
    shown = rendering.AUTHORS_SHOWN - 1
    return (*authors[:shown], f"… {authors[at]}", *authors[shown:at], *authors[at + 1 :])


def authors_like(library: Library, part: str, limit: int) -> list[str]:
    """Names that have `part`, those of most papers first."""
    wanted = fold(part.strip())
    names = Counter(author for entry in library.papers() for author in entry.paper.authors)
    return [name for name, _ in names.most_common() if wanted in fold(name)][:limit]


def _list(head: str, papers: Sequence[Paper], tail: Sequence[str]) -> str:
    """As many papers as one message holds, and how many are left out."""
    lines, room = [head], LIMIT - len(head) - sum(len(line) + 1 for line in tail) - 40
    for number, paper in enumerate(papers, 1):
        entry = f"{number}. {title(paper)}\n-# {facts(paper)}"
        room -= len(entry) + 1
        if room < 0:
            lines.append(f"-# … and {len(papers) - number + 1} more.")
            break
        lines.append(entry)
    return "\n".join([*lines, *tail])


def quotation_found(library: Library, text: str) -> Found:
    """Which paper says this, and where: word for word, nearly so, or nobody."""
    result = library.search(text, NO_FILTERS, 30, 10)
    ranked = sorted(result.passages, key=lambda passage: -_likeness(text, passage))
    if not ranked or _likeness(text, ranked[0]) < NEAR:
        return Found(
            (Reply("No paper in the library says this in these words. `/search` looks for the sense."),)
        )
    best = ranked[0]
    sure = "says this" if _likeness(text, best) >= EXACT else "says nearly this"
    who = f"Our summary of {title(best.paper)}" if best.chunk.kind == "summary" else title(best.paper)
    page = f", p. {best.chunk.page}" if best.chunk.page is not None else ""
    words = quoted(_around(text, best.chunk.text), 700, summary=best.chunk.kind == "summary")
    lines = [f"{who}{page} {sure}:", f"> {words}", f"-# {facts(best.paper)}"]
    return Found((Reply(shorten_lines(lines, LIMIT)),))


def _likeness(text: str, passage: Passage) -> float:
    """How much of `text` stands in the passage, 0 to 100; a longer text cannot stand there."""
    wanted, there = fold(text), fold(passage.chunk.text)
    return fuzz.ratio(wanted, there) if len(wanted) > len(there) else fuzz.partial_ratio(wanted, there)


def _around(text: str, whole: str) -> str:
    """The passage from a little before the quotation on."""
    match = fuzz.partial_ratio_alignment(text.casefold(), whole.casefold())
    start = max(0, match.dest_start - 150) if match and match.dest_end <= len(whole) else 0
    return ("… " if start else "") + whole[start:].split(" ", 1)[-1] if start else whole


def library_found(library: Library, name: str = "") -> Found:
    """How much there is, since when, what is missing, what could not be read and why; last, its `name`."""
    status = library.status()
    changed = f"<t:{status.changed_at}:R>" if status.changed_at else "never"
    lines = [
        f"**{status.papers}** papers in **{status.passages}** passages, from {status.sources} sources.",
        f"Last change: {changed}.",
        *_counts("By venue", status.venues),
        *_counts("By year", status.years),
        *_missing(status.missing),
    ]
    if status.near:
        lines.append(f"Pairs of papers that may be one: {status.near}.")
    if status.failed:
        lines.append(f"{len(status.failed)} files could not be read:")
        lines += [f"- {escaped(shorten(_told(one), 200))}" for one in status.failed[:8]]
    return Found((Reply(shorten_lines([*lines, *filter(None, [name])], LIMIT)),))


def _counts(head: str, pairs: Sequence[tuple[object, int]]) -> list[str]:
    """One line of the first of these, each with its number; none where there are none."""
    shown = ", ".join(f"{escaped(shorten(str(name), 40))} ({count})" for name, count in pairs[:COUNTED])
    more = f" and {len(pairs) - COUNTED} more" if len(pairs) > COUNTED else ""
    return [f"{head}: {shown}{more}."] if pairs else []


def _missing(pairs: Sequence[tuple[str, int]]) -> list[str]:
    told = [f"{fact.replace('doi', 'DOI')} of {counted(number, 'paper')}" for fact, number in pairs if number]
    return [f"Not known: {', '.join(told)}."] if told else []


def _told(fault: FileFailure) -> str:
    advice = what_to_do(fault.reason)
    return f"{fault.name}: {fault.reason}{f'; {advice}' if advice else ''}"

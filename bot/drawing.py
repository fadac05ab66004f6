"""A comparison as a table in a code block, narrow enough for a phone. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from bot.models import NOT_REPORTED, OURS, Citation, Comparison
from bot.quoting.concepts import RELATED
from bot.quoting.readable import shown
from bot.titles import title
from bot.words import content_words
from retrieval.models import Paper

WIDTH = 36  # characters of a line; a phone shows about as many of a code block before it wraps them
NARROWEST = 16  # of a column; where columns would be narrower, papers stand below one another
HIGHEST = 1_700  # characters of a block that still fits a message with its sources
WORDS = 16  # of a quote in a cell; the footnote has all of it
NAME = 24  # characters of a paper's name

_GAP = " │ "
_CLAUSE = re.compile(r"(?<=[,;:)])\s+")


def drawn(table: Comparison, width: int = WIDTH) -> str:
    """The table as lines of at most `width` characters, between the marks of a code block."""
    column = (width - len(_GAP) * (len(table.papers) - 1)) // len(table.papers)
    lines = _beside(table, column) if column >= NARROWEST else _below(table, width)
    return "\n".join(["```", *(line.replace("`", "'").rstrip() for line in lines), "```"])


def fits(table: Comparison) -> bool:
    """Whether the table can be shown in a message; else a picture of it can be."""
    return len(drawn(table)) <= HIGHEST


def cell_text(cell: Sequence[Citation], aspect: str) -> str:
    """What a cell says: the telling words of its first quote, and the marks of all of them."""
    if not cell:
        return NOT_REPORTED
    first = cell[0]
    marks = "".join(f"[{citation.n}]" for citation in cell)
    stems = content_words(aspect)
    wanted = frozenset(stems).union(*(RELATED.get(stem, frozenset()) for stem in stems))
    told = _telling(shown(first.quote), wanted)
    ours = first.chunk.kind == "summary"
    return f"{OURS} {told} {marks}" if ours else f"“{told}” {marks}"


def _telling(text: str, wanted: frozenset[str]) -> str:
    """The stretch of WORDS words that holds most of `wanted` and of figures, from where a clause begins."""
    words = text.split()
    if len(words) <= WORDS:
        return text
    worth = [(word[0].isdigit()) + len(wanted.intersection(content_words(word))) for word in words]
    starts, at = [0], 0
    for clause in _CLAUSE.split(text)[:-1]:
        at += len(clause.split())
        starts.append(at)
    held = {start: sum(worth[start : start + WORDS]) for start in starts}
    most = max(held.values())
    start = max(start for start in starts if held[start] == most) if most else 0
    before, after = "… " if start else "", " …" if start + WORDS < len(words) else ""
    return f"{before}{' '.join(words[start : start + WORDS])}{after}"


def _beside(table: Comparison, column: int) -> list[str]:
    """Papers as columns; each aspect is a line of its own above its cells."""
    width = column * len(table.papers) + len(_GAP) * (len(table.papers) - 1)
    lines = _row([name(paper) for paper in table.papers], column)
    for aspect, cells in zip(table.aspects, table.cells, strict=True):
        lines.append(f"── {_cut(aspect, width - 6)} ".ljust(width, "─"))
        lines += _row([cell_text(cell, aspect) for cell in cells], column)
    return lines


def _row(texts: Sequence[str], column: int) -> list[str]:
    wrapped = [wrap(text, column) or [""] for text in texts]
    height = max(len(lines) for lines in wrapped)
    padded = [[*lines, *[""] * (height - len(lines))] for lines in wrapped]
    return [_GAP.join(part.ljust(column) for part in parts) for parts in zip(*padded, strict=True)]


def _below(table: Comparison, width: int) -> list[str]:
    """Papers below one another under each aspect."""
    lines: list[str] = []
    for aspect, cells in zip(table.aspects, table.cells, strict=True):
        lines.append(f"── {_cut(aspect, width - 6)} ".ljust(width, "─"))
        for paper, cell in zip(table.papers, cells, strict=True):
            told = f"{name(paper)}: {cell_text(cell, aspect)}"
            lines += wrap(told, width, subsequent_indent="  ")
    return lines


def name(paper: Paper) -> str:
    """What a paper is called in a table: the name before the colon of its title, else its first words."""
    whole = title(paper)
    head, colon, _ = whole.partition(":")
    return _cut(head if colon and len(head) <= NAME else whole, NAME)


def _cut(text: str, most: int) -> str:
    """`text` in at most `most` characters, between words where that can be."""
    if len(text) <= most:
        return text
    short = text[: most - 1].rsplit(" ", 1)[0]
    return f"{short.rstrip(' ,;:-')}…"

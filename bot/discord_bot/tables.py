"""Tables in an answer: Discord draws none. A narrow one becomes a block of even columns, a wide one a list.

A wide one is also drawn as a picture, where rows and columns can be seen at once. All but that is pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot import rendering
from bot.charts import table_picture
from bot.discord_bot.pictures import drawn
from bot.discord_bot.surfaces import Enclosed
from bot.drawing import cell_text, fits
from bot.models import Answer

PHONE = 36  # characters of a line in a code block that a phone shows without breaking it
MOST = 3  # pictures of one answer
WORDS = 1_000  # characters that say what a picture shows
Row = tuple[str, ...]
Table = tuple[Row, ...]
"""Rows of equally many cells; the first is the head."""

_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_BETWEEN = re.compile(r"(?<!\\)\|")
_MARKUP = re.compile(r"(\*\*|__|`)(?P<inner>.+?)\1")


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A text without Markdown's tables, and those of them that are too wide for a phone."""

    text: str
    wide: tuple[Table, ...] = ()


def lay_out(text: str) -> LaidOut:
    """`text` with each table in a form that Discord shows; text without a table comes back as it is."""
    lines, wide = text.split("\n"), list[Table]()
    shown: list[str] = []
    at, fenced = 0, False
    while at < len(lines):
        fenced ^= bool(_FENCE.match(lines[at]))
        end = at if fenced else _table_end(lines, at)
        if end == at:
            shown.append(lines[at])
            at += 1
            continue
        table = _cells([lines[at], *lines[at + 2 : end]])
        at = end
        if len(table) == 1:
            continue  # a head alone says nothing
        if _width(table) <= PHONE:
            shown += _block(table)
        else:
            wide.append(table)
            shown += _list(table)
    return LaidOut("\n".join(shown), tuple(wide)) if len(shown) != len(lines) or wide else LaidOut(text)


def wide_tables(answer: Answer) -> tuple[Table, ...]:
    """The tables of an answer that are too wide for a phone, and a comparison whose columns are."""
    wide = lay_out(answer.text).wide
    compared = answer.comparison
    if compared is None or (len(compared.papers) == 2 and fits(compared)):
        return wide
    head = ("", *(rendering.title(paper) for paper in compared.papers))
    rows = zip(compared.aspects, compared.cells, strict=True)
    return ((head, *((aspect, *(cell_text(one, aspect) for one in cells)) for aspect, cells in rows)), *wide)


def pictures_of(tables: Sequence[Table]) -> tuple[Enclosed, ...]:
    """The tables as pictures. Takes some tenths of a second."""
    found: list[Enclosed] = []
    for number, table in enumerate(tables[:MOST], 1):
        found += picture_of(table, f"table-{number}.png")
    return tuple(found)


def picture_of(table: Table, name: str) -> tuple[Enclosed, ...]:
    """One table as a picture; none where it cannot be drawn."""
    return drawn(name, lambda: (table_picture(table), in_words(table)))


def in_words(table: Table) -> str:
    """The table for who does not see its picture."""
    head, *rows = table
    said = "; ".join(
        ", ".join(f"{name}: {cell}" for name, cell in zip(head, row, strict=True)) for row in rows
    )
    text = f"A table. {said}."
    return text if len(text) <= WORDS else text[: WORDS - 2].rsplit(" ", 1)[0] + " …"


def _table_end(lines: Sequence[str], start: int) -> int:
    """The line after the table that begins at `start`; `start` where none does."""
    if start + 1 == len(lines) or "|" not in lines[start] or not _RULE.match(lines[start + 1]):
        return start
    if "|" not in lines[start + 1]:
        return start
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end


def _cells(lines: Sequence[str]) -> Table:
    rows = [[_plain(cell) for cell in _BETWEEN.split(line.strip().strip("|"))] for line in lines]
    columns = len(rows[0])
    return tuple(tuple((row + [""] * columns)[:columns]) for row in rows)


def _plain(cell: str) -> str:
    return _MARKUP.sub(r"\g<inner>", cell.strip()).replace("\\|", "|")


def _width(table: Table) -> int:
    return sum(_widths(table)) + 2 * (len(table[0]) - 1)


def _widths(table: Table) -> list[int]:
    return [max(len(row[n]) for row in table) for n in range(len(table[0]))]


def _block(table: Table) -> list[str]:
    widths = _widths(table)
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    rule = "  ".join("─" * width for width in widths)
    return ["```text", *(line.replace("```", "'''") for line in [lines[0], rule, *lines[1:]]), "```"]


def _list(table: Table) -> list[str]:
    """Each row a point: its first cell, then the others with their columns' names."""
    head, *rows = table
    shown = []
    for first, *rest in rows:
        facts = [
            f"{name}: {cell}" if name else cell for name, cell in zip(head[1:], rest, strict=True) if cell
        ]
        shown.append(f"- **{first or '–'}**")
        shown += [f"  {fact}" for fact in facts]
    return shown

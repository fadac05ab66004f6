"""The cells of a table: words that stand together on a PDF's page, and the rows that they make. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_glyphs import Glyph, is_blank
from retrieval.readers.pdf_pages import tidy, with_line_ends
from retrieval.readers.pdf_typeset import mended

_WIDE = 0.85  # times the size of the type: a wider gap parts two cells
_LOWER = 0.6  # times the size: what stands higher or lower by more is on another line; an index is not
_SAME_ROW = 0.42  # times the size
_NEXT_LINE = 1.45  # times the size: lines of one cell are closer than this
_CUT = "\x02\ufffe"  # PDFium's signs of a hyphen at a line's end
_SAME_LEFT = 3.0  # points: cells of one column begin there
_FULL = 0.72  # of a column's width: a shorter line is a cell's last


@dataclass(frozen=True, slots=True)
class Cell:
    """Words that stand together on one line. Places in points."""

    text: str
    left: float
    right: float
    base: float
    size: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of a page's text and the cells that it is made of."""

    text: str
    cells: tuple[Cell, ...]


def lines_with_cells(text: str, glyphs: Sequence[Glyph]) -> list[PageLine]:
    """The lines of the text, each with its letters in cells; [] where the two do not say the same."""
    found: list[PageLine] = []
    at = 0
    for line in with_line_ends(text).split("\n"):
        own: list[Glyph] = []
        for char in filter(_counts, line):
            while at < len(glyphs) and not _counts(glyphs[at].char):
                own.append(glyphs[at])
                at += 1
            if at == len(glyphs) or glyphs[at].char != char:
                return []
            own.append(glyphs[at])
            at += 1
        while at < len(glyphs) and glyphs[at].char in _CUT:
            own.append(glyphs[at])
            at += 1
        found.append(PageLine(line, tuple(cells_of(own))))
    return found


def _counts(char: str) -> bool:
    """Whether both ways to read a page give the character: not so for blanks, and for some signs."""
    return (
        not char.isspace() and unicodedata.category(char) not in ("Cc", "Cn", "Co", "Cs") and char != "\ufffd"
    )


def cells_of(line: Sequence[Glyph]) -> Iterator[Cell]:
    """The cells of a line, in its order. A line of PDFium's may hold some that stand on several."""
    cell: list[Glyph] = []
    last: Glyph | None = None
    for glyph in line:
        if not glyph.size or is_blank(glyph):
            if cell:
                cell.append(replace(glyph, char=" ") if glyph.char in "\r\n" else glyph)
            continue
        if last and _is_apart(last, glyph):
            yield from _cell(cell)
            cell = []
        cell.append(glyph)
        last = glyph
    yield from _cell(cell)


def _is_apart(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size)
    beside = last.left - _WIDE * size <= glyph.left <= last.right + _WIDE * size
    return not beside or abs(glyph.base - last.base) > _LOWER * size


def _cell(glyphs: Sequence[Glyph]) -> Iterator[Cell]:
    own = [glyph for glyph in glyphs if glyph.size and not is_blank(glyph)]
    if not own:
        return
    size = max(glyph.size for glyph in own)
    base = next(glyph.base for glyph in own if glyph.size == size)
    text = squeeze(tidy("".join(glyph.char for glyph in mended(glyphs))))
    if text:
        yield Cell(text, min(g.left for g in own), max(g.right for g in own), base, size)


def grouped(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells in rows from the top of the page to its foot, each from left to right."""
    rows: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda cell: -cell.base):
        if rows and abs(rows[-1][0].base - cell.base) <= _SAME_ROW * max(cell.size, rows[-1][0].size):
            rows[-1].append(cell)
        else:
            rows.append([cell])
    return [sorted(row, key=lambda cell: cell.left) for row in rows]


def rows_of(cells: Sequence[Cell]) -> list[str]:
    """The rows of a table. A cell of several lines is put together, where its row has a first cell."""
    rows: list[list[Cell]] = []
    lines = grouped(cells)
    first = min((cell.left for cell in cells), default=0.0)
    widest = max(map(len, lines), default=0)
    for last, line in zip([[], *lines], lines, strict=False):
        inner = len(line) < widest and line[0].left >= first + line[0].size
        if rows and inner and len(rows[-1]) > 1 and all(_goes_on(last, cell, cells) for cell in line):
            rows[-1] = _joined(rows[-1], line)
        else:
            rows.append(line)
    return [" ".join(cell.text for cell in row) for row in rows]


def _goes_on(last: Sequence[Cell], cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether it is the next line of a cell in `last`, the line above: words, below such as fill the column.

    What stands below a short cell is another row's, of a group that has its name in the first column.
    """
    above = [one for one in last if one.left < cell.right and cell.left < one.right]
    if (
        not above
        or above[0].base - cell.base > _NEXT_LINE * cell.size
        or not any(map(str.isalpha, cell.text))
    ):
        return False
    start = min(one.left for one in above)
    ends = [one.right for one in cells if abs(one.left - start) <= _SAME_LEFT]
    return above[-1].right >= start + _FULL * (max(ends) - start)


def _above(row: Sequence[Cell], cell: Cell) -> int | None:
    """The cell of the row that stands over this one, by its place; the last of those that a blank parted."""
    over = (at for at, one in enumerate(row) if one.left < cell.right and cell.left < one.right)
    return max(over, default=None)


def _joined(row: Sequence[Cell], line: Sequence[Cell]) -> list[Cell]:
    whole = list(row)
    for cell in line:
        at = _above(whole, cell)
        if at is None:
            continue
        text = whole[at].text
        cut = text.endswith("-") and cell.text[:1].islower()
        whole[at] = replace(
            whole[at],
            text=text[:-1] + cell.text if cut else f"{text} {cell.text}",
            left=min(whole[at].left, cell.left),
            right=max(whole[at].right, cell.right),
            base=cell.base,
        )
    return whole

"""Tables on a PDF's page, by the rules and the columns that stand beside a caption. Pure.

Words of a table read like words of the text, so its rows are told by where they stand: between rules as wide
as each other (a printed table has one above and one below at least), or in columns that begin, end or have
their middles below each other. Only what stands beside a caption is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from retrieval.readers.pdf_cells import Cell, PageLine, grouped, lines_with_cells, rows_of
from retrieval.readers.pdf_glyphs import Glyph, Rule
from retrieval.readers.pdf_pages import tidy
from retrieval.structure.lines import ROW_ABOVE, ROW_BELOW, caption_kind, is_running, without_mark

_CAPTION = re.compile(
    r"((?:Table|TABLE|Tab\.|TAB\.)\s?(?:[A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5}))"
    r"(?:\s?[.:|](?!\d)|\s*$|\s(?=[A-Z“(]))"
)
_CAPTION_LINES = 8  # at most, of one caption
_CLOSE = 3.6  # times the size of the type: the most between a table and its caption
_LEADING = 1.75  # times the size: lines of one caption are closer
_SAME_END = 4.0  # points by which the ends of a table's rules differ
_OVERLAP = 0.5  # of the narrower: a caption stands above or below its table
_FEWEST_ROWS = 3  # in columns, of a table without rules; two with a rule between them
_ALIGNED = 2.5  # points
_IN_COLUMNS = 0.7  # of the rows of a table without rules
_ROW_GAP = 3.0  # times the size
_MOST_CAPTIONS = 30  # of one page; a list of tables has more
_MOST_TEXT = 12_000  # characters; a full page has half of that
_EQUATION = re.compile(r"\(\d{1,3}[a-z]?\)")


@dataclass(frozen=True, slots=True)
class _Table:
    """The lines of a table by their places in the page's text, and the caption's that stand before it."""

    lines: frozenset[int]
    gap: float  # points between it and its caption


@dataclass(frozen=True, slots=True)
class _Page:
    lines: Sequence[PageLine]
    rules: Sequence[Rule]  # from the top
    starts: frozenset[int]  # of captions of all kinds
    taken: set[int]  # lines that are in a table already

    def cells(self, high: float, low: float, left: float, right: float) -> Iterator[tuple[int, Cell]]:
        """What stands between two heights and has its middle between two edges, with its line."""
        for at, line in enumerate(self.lines):
            for cell in line.cells:
                if low < cell.base < high and left < cell.middle < right:
                    yield at, cell


def has_caption(text: str) -> bool:
    """Whether a page with this text may have a table's caption on it."""
    return any(map(_CAPTION.match, tidy(text).split("\n")))


def with_rows(text: str, glyphs: Sequence[Glyph], rules: Sequence[Rule]) -> str:
    """The page's text with the rows of its tables one a line, marked, next to the caption of each."""
    lines = lines_with_cells(text, glyphs)
    captions = [at for at, line in enumerate(lines) if line.cells and _CAPTION.match(tidy(line.text))]
    if len(captions) > _MOST_CAPTIONS:
        return text
    starts = frozenset(at for at, line in enumerate(lines) if caption_kind(tidy(line.text))) | set(captions)
    page = _Page(lines, sorted(rules, key=lambda rule: -rule.base), frozenset(starts), set())
    tables: dict[int, _Table] = {}
    for at in captions:
        table = _table(page, at)
        if table and sum(len(lines[line].text) for line in table.lines) <= _MOST_TEXT:
            tables[at] = table
            page.taken.update(table.lines)
    return "\n".join(_laid_out(page, tables)) if tables else text


def without_marks(text: str) -> str:
    """The page's text with the rows of its tables as they are printed."""
    return "\n".join(map(without_mark, text.split("\n")))


def _table(page: _Page, at: int) -> _Table | None:
    """The table of the caption that begins with line `at`: the nearer of those above and below it."""
    ruled = [found for side in (-1, 1) if (found := _ruled(page, at, side))]
    if ruled:
        return min(ruled, key=lambda found: found.gap)
    return _in_columns(page, at, 1) or _in_columns(page, at, -1)


def _ruled(page: _Page, at: int, side: int) -> _Table | None:
    """The table between rules above (`side` 1) or below (-1) the caption."""
    caption = page.lines[at].cells[0]
    width = max(cell.right for cell in page.lines[at].cells)
    rules = [
        rule
        for rule in page.rules
        if side * (rule.base - caption.base) > 0 and _overlap(rule, caption.left, width) >= _OVERLAP
    ]
    rules = rules[::-1] if side > 0 else rules
    for first in rules[:1]:
        gap = _gap(page, at, first, side)
        if gap is None:
            return None
        inner, outer = first, first
        for rule in rules:
            if abs(rule.left - first.left) > _SAME_END or abs(rule.right - first.right) > _SAME_END:
                continue
            if _is_parted(page, outer, rule):
                break
            outer = rule
        high, low = max(inner.base, outer.base), min(inner.base, outer.base)
        own = frozenset(line for line, _ in page.cells(high, low, first.left, first.right))
        if own and not own & page.taken and at not in own:
            return _Table(own, gap)
    return None


def _overlap(rule: Rule, left: float, right: float) -> float:
    """The share that the narrower of the two has in common with the other."""
    shared = min(rule.right, right) - max(rule.left, left)
    return shared / max(min(rule.right - rule.left, right - left), 1.0)


def _gap(page: _Page, at: int, rule: Rule, side: int) -> float | None:
    """Points between the caption and a table's first rule; None where more than the caption is between."""
    caption = page.lines[at].cells[0]
    high, low = max(caption.base, rule.base), min(caption.base, rule.base)
    between = grouped([cell for _, cell in page.cells(high, low, rule.left, rule.right)])
    if side > 0:
        gap = rule.base - caption.base
        return gap if not between and gap <= _CLOSE * caption.size else None
    base = caption.base
    if len(between) >= _CAPTION_LINES:
        return None
    for row in between:
        if base - row[0].base > _LEADING * max(caption.size, row[0].size):
            return None
        base = row[0].base
    return base - rule.base if base - rule.base <= _CLOSE * caption.size else None


def _is_parted(page: _Page, one: Rule, other: Rule) -> bool:
    """Whether something that is no table stands between two rules: a caption, or sentences of full width."""
    high, low = max(one.base, other.base), min(one.base, other.base)
    cells = list(page.cells(high, low, one.left, one.right))
    if any(line in page.starts for line, _ in cells):
        return True
    rows = grouped([cell for _, cell in cells])
    full = 0.8 * (one.right - one.left)
    prose = [row for row in rows if len(row) == 1 and row[0].right - row[0].left > full]
    return len(prose) >= 3 and sum(is_running(row[0].text) for row in prose) >= max(3, 0.5 * len(rows))


def _in_columns(page: _Page, at: int, side: int) -> _Table | None:
    """The table without rules above or below the caption, in the lines that stand next to it in the text."""
    caption = page.lines[at].cells[0]
    near = range(at + 1, len(page.lines)) if side < 0 else range(at - 1, -1, -1)
    places = list(takewhile(lambda line: _may_be_row(page, line, caption, side), near))
    rows = grouped([cell for line in places for cell in page.lines[line].cells])
    table = list(
        _rows_in_columns(rows if side < 0 else rows[::-1], caption, _CAPTION_LINES if side < 0 else 1)
    )
    if not table:
        return None
    bases = [cell.base for row in table for cell in row]
    headed = any(min(bases) < rule.base < max(bases) and rule.left < caption.right for rule in page.rules)
    if len(table) < (_FEWEST_ROWS - 1 if headed else _FEWEST_ROWS):
        return None
    own = frozenset(
        line
        for line in places
        if any(min(bases) <= cell.base <= max(bases) for cell in page.lines[line].cells)
    )
    return _Table(own, 0.0)


def _may_be_row(page: _Page, line: int, caption: Cell, side: int) -> bool:
    if line in page.starts or line in page.taken:
        return False
    return all(side * (cell.base - caption.base) > 0 for cell in page.lines[line].cells)


def _rows_in_columns(rows: Sequence[list[Cell]], caption: Cell, skipped: int) -> Iterator[list[Cell]]:
    """The rows with cells in columns, from the caption on; none where too few are."""
    start = next((at for at, row in enumerate(rows) if len(row) > 1), len(rows))
    if start >= skipped:
        return
    found: list[list[Cell]] = []
    pending: list[list[Cell]] = []
    last = caption.base if start == 0 else rows[start - 1][0].base
    for row in rows[start:]:
        if abs(last - row[0].base) > _ROW_GAP * row[0].size:
            break
        last = row[0].base
        if len(row) > 1:
            found += [*pending, row]
            pending = []
        elif len(pending) == 2 or is_running(row[0].text):
            break
        else:
            pending.append(row)
    full = [row for row in found if len(row) > 1]
    inner = [row[1:] for row in full]
    aligned = sum(_is_aligned(row, [*inner[:at], *inner[at + 1 :]]) for at, row in enumerate(inner))
    if len(full) >= _FEWEST_ROWS - 1 and aligned >= _IN_COLUMNS * len(full):
        yield from found


def _is_aligned(row: Sequence[Cell], others: Sequence[Sequence[Cell]]) -> bool:
    """Whether a cell begins, ends or has its middle where one of another row does; no equation's number."""
    return any(
        min(abs(cell.left - one.left), abs(cell.right - one.right), abs(cell.middle - one.middle)) <= _ALIGNED
        for cell in row
        if not _EQUATION.fullmatch(cell.text)
        for other in others
        for one in other
    )


def _laid_out(page: _Page, tables: dict[int, _Table]) -> Iterator[str]:
    """The lines of the text with the rows in their place: below the caption's lines, or right above them."""
    ends = {_end(page, at, table): at for at, table in tables.items() if min(table.lines) > at}
    for at, line in enumerate(page.lines):
        if at in ends:
            yield from _marked(page, tables[ends[at]], ROW_BELOW)
        if at in page.taken:
            continue
        table = tables.get(at)
        if table and min(table.lines) < at:
            yield from _marked(page, table, ROW_ABOVE)
        yield _named(line.text) if table else line.text


def _end(page: _Page, at: int, table: _Table) -> int:
    """Before which line of the text the rows stand: the table's first, unless much stands before that."""
    first = min(table.lines)
    return first if first - at <= _CAPTION_LINES else at + 1


def _marked(page: _Page, table: _Table, mark: str) -> Iterator[str]:
    cells = [cell for line in sorted(table.lines) for cell in page.lines[line].cells]
    return (mark + row for row in rows_of(cells))


def _named(text: str) -> str:
    """The caption with a colon behind its number, where its style prints none."""
    plain = tidy(text)
    match = _CAPTION.match(plain)
    return text if caption_kind(plain) or not match else f"{match[1]}: {plain[match.end() :].strip()}".strip()

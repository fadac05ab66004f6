"""Rows of CSV, TSV and their kin, for records and manifests."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retrieval.readers.pieces import begun

_DELIMITERS = (",", "\t", ";", "|")
_LINES_AHEAD = 5  # of which one must be a row by itself, for a quote before them to be a slip

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a cell may hold a whole paper; the default is 128 kB


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why."""

    reason: str


def header_of(text: str) -> list[str]:
    """The names of the columns, as written."""
    first = _first_line(text)
    return [cell.strip() for cell in next(csv.reader([first], delimiter=_delimiter_of(first)), [])]


def rows_of(text: str | Iterable[str]) -> Iterator[tuple[int, dict[str, str] | BadRow]]:
    """The line on which each row ends (from 1) and its cells by the header's names; blank rows are left out.

    A row with more cells than the header is bad: a delimiter in it was not quoted, and its cells have moved.
    A quote that is never closed is told as a bad row; the lines behind it are rows as if it were not there.
    A text may come in pieces; of it there are in memory the lines that a row may need.
    """
    head, pieces = begun((text,) if isinstance(text, str) else text)
    lines = _Lines(pieces)
    delimiter = _delimiter_of(_first_line(head))
    header: list[str] = []
    at = 0
    while lines.line(0) is not None:
        cells, used, fault = _cells(lines, delimiter, len(header))
        lines.drop(used)
        at += used
        if fault:
            yield at, BadRow(fault)
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
        elif len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            reason = f"{len(cells)} cells where the header has {len(header)}: is a delimiter not quoted?"
            yield at, BadRow(reason)
        else:
            row = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key}
            yield at, row


class _Lines:
    """The lines of a text from some line on, with their ends; read as far as they are asked for."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._coming = _split(pieces)
        self._held: list[str] = []
        self._first = 0

    def line(self, number: int) -> str | None:
        """This one, from 0; None behind the last."""
        while self._first + number >= len(self._held):
            more = next(self._coming, None)
            if more is None:
                return None
            self._held.append(more)
        return self._held[self._first + number]

    def __iter__(self) -> Iterator[str]:
        number = 0
        while (line := self.line(number)) is not None:
            yield line
            number += 1

    def drop(self, count: int) -> None:
        """Begin so many lines later."""
        self._first += count
        if 2 * self._first > len(self._held):  # not each time: what is left has to move
            del self._held[: self._first]
            self._first = 0


def _split(pieces: Iterable[str]) -> Iterator[str]:
    rest, first = "", True
    for piece in pieces:
        text = (rest + piece).lstrip("\r\n") if first else rest + piece
        first = first and not text
        lines = list(io.StringIO(text, newline=""))
        rest = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        yield from lines
    if rest:
        yield rest


def _cells(lines: _Lines, delimiter: str, width: int) -> tuple[list[str], int, str]:
    """The cells of the row that begins with the first line, how many lines it has, and what is wrong."""
    first = lines.line(0) or ""
    strict = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return next(strict), strict.line_num, ""
    except csv.Error:
        ends = lines.line(strict.line_num) is None
    following = [line for n in range(1, 1 + _LINES_AHEAD) if (line := lines.line(n)) is not None]
    slip = strict.line_num > 1 and any(_is_row(line, delimiter, width) for line in following)
    if slip or (ends and strict.line_num == 1 and _is_row(first, delimiter, width, quotes=False)):
        bare = next(csv.reader([first], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        fault = "a quote that opens here is not closed: the line was read by itself"
        return [cell.strip().removeprefix('"') for cell in bare], 1, fault
    loose = csv.reader(lines, delimiter=delimiter)
    fault = "the file ends inside a quoted cell" if ends else ""
    return next(loose), loose.line_num, fault if loose.line_num > 1 else ""


def _is_row(line: str, delimiter: str, width: int, quotes: bool = True) -> bool:
    """Whether the line by itself is a whole row of `width` cells."""
    if not quotes:
        return line.count(delimiter) == width - 1
    try:
        return len(next(csv.reader([line], delimiter=delimiter, strict=True), [])) == width
    except csv.Error:
        return False


def _first_line(text: str) -> str:
    return re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]


def _delimiter_of(header: str) -> str:
    """What parts the cells of a header line: the sign that stands in it most often."""
    return max(_DELIMITERS, key=header.count)

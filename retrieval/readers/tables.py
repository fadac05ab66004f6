"""Rows of CSV, TSV and their kin, for records and manifests."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str] | BadRow]]:
    """The line on which each row ends (from 1) and its cells by the header's names; blank rows are left out.

    A row with more cells than the header is bad: a delimiter in it was not quoted, and its cells have moved.
    A quote that is never closed is told as a bad row; the lines behind it are rows as if it were not there.
    """
    text = text.lstrip("\r\n")
    lines = list(io.StringIO(text, newline=""))
    delimiter = _delimiter_of(_first_line(text))
    header: list[str] = []
    at = 0
    while at < len(lines):
        cells, used, fault = _cells(lines, at, delimiter, len(header))
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


def _cells(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[list[str], int, str]:
    """The cells of the row that begins with line `at`, the number of its lines, and what is wrong with it."""
    strict = csv.reader((lines[n] for n in range(at, len(lines))), delimiter=delimiter, strict=True)
    try:
        return next(strict), strict.line_num, ""
    except csv.Error:
        ends = at + strict.line_num == len(lines)
    following = lines[at + 1 : at + 1 + _LINES_AHEAD]
    slip = strict.line_num > 1 and any(_is_row(line, delimiter, width) for line in following)
    if slip or (ends and strict.line_num == 1 and _is_row(lines[at], delimiter, width, quotes=False)):
        bare = next(csv.reader([lines[at]], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        fault = "a quote that opens here is not closed: the line was read by itself"
        return [cell.strip().removeprefix('"') for cell in bare], 1, fault
    loose = csv.reader((lines[n] for n in range(at, len(lines))), delimiter=delimiter)
    fault = "the file ends inside a quoted cell" if at + strict.line_num == len(lines) and ends else ""
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

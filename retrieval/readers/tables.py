"""Rows of CSV, TSV and their kin, for records and manifests."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

_DELIMITERS = (",", "\t", ";", "|")

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
    """
    text = text.lstrip("\r\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(_first_line(text)))
    header: list[str] = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
        elif len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            reason = f"{len(cells)} cells where the header has {len(header)}: is a delimiter not quoted?"
            yield reader.line_num, BadRow(reason)
        else:
            row = {key: cell.strip() for key, cell in zip(header, cells, strict=False) if key}
            yield reader.line_num, row


def _first_line(text: str) -> str:
    return re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]


def _delimiter_of(header: str) -> str:
    """What parts the cells of a header line: the sign that stands in it most often."""
    return max(_DELIMITERS, key=header.count)

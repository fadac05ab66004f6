"""Printing: Rich on a terminal, plain lines when piped, JSON lines when asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Row = Sequence[object]
GAP = 3  # characters between two columns on a terminal
WIDEST = 48  # characters; a longer cell pushes away the rest of its own line, and of no other


def console(*, err: bool = False) -> Console:
    """A console on standard output, made anew for each use so that it follows a redirected stream."""
    from rich.console import Console

    return Console(file=sys.stderr if err else sys.stdout, markup=False, highlight=False)


def print_json(record: object) -> None:
    """One JSON object on one line, UTF-8, flushed."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, default=_jsonable)
    try:
        line = text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which UTF-8 cannot hold and JSON can escape
        line = json.dumps(record, allow_nan=False, default=_jsonable).encode()
    typer.echo(line)


def _jsonable(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Path) or hasattr(value, "isoformat"):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be printed as JSON")


def print_table(columns: Sequence[str], rows: Sequence[Row], *, numbers: Sequence[str] = ()) -> None:
    """Rows under headings: a Rich table on a terminal, else aligned lines that are never cut.

    The columns named in `numbers` are aligned to the right. What is long stands best in the last column.
    Where the terminal is too narrow the table comes in parts, each with the first column.
    """
    out = console()
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not out.is_terminal:
        _print_aligned(columns, cells, numbers)
        return
    from rich.cells import cell_len
    from rich.table import Table

    by_column = list(zip(*cells, strict=True)) or [()] * len(columns)
    widths = [_least(name, own, whole=name in numbers) for name, own in zip(columns, by_column, strict=True)]
    parts = _parts(widths, out.width)
    lines = [list(columns), *cells]
    wanted = GAP * (len(columns) - 1) + sum(max(map(cell_len, own)) for own in zip(*lines, strict=True))
    for number, part in enumerate(parts):
        table = Table(*(), show_edge=False, pad_edge=False)
        for column in part:
            right = columns[column] in numbers
            table.add_column(
                columns[column],
                justify="right" if right else "left",
                overflow="fold",
                width=widths[column] if right and wanted > out.width else None,
            )
        for row in cells:
            table.add_row(*(row[column] for column in part))
        out.print(table, new_line_start=number > 0)


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Which columns stand in each table, by their least widths, so that none takes more than `room`."""
    parts, taken = [[0]], widths[0]
    for column, width in list(enumerate(widths))[1:]:
        if taken + GAP + width > room and len(parts[-1]) > 1:
            parts.append([0])
            taken = widths[0]
        parts[-1].append(column)
        taken += GAP + width
    return parts


def _least(heading: str, cells: Sequence[str], *, whole: bool) -> int:
    """The width, in characters, that a column needs at least: words may be parted, a `whole` cell not."""
    from rich.cells import cell_len

    shown = cells if whole else [word for cell in cells for word in cell.split()]
    return min(max(map(cell_len, [*heading.split(), *shown]), default=0), WIDEST)


def _print_aligned(columns: Sequence[str], cells: Sequence[Sequence[str]], numbers: Sequence[str]) -> None:
    from rich.cells import cell_len

    lines = [columns, *cells]
    wide = [[cell_len(cell) for cell in line] for line in lines]  # a Chinese letter takes the room of two
    widths = [
        max((width for width in column if width <= WIDEST), default=0) for column in zip(*wide, strict=True)
    ]
    for line, taken in zip(lines, wide, strict=True):
        blanks = [" " * max(0, width - own) for width, own in zip(widths, taken, strict=True)]
        padded = (
            blank + cell if name in numbers else cell + blank
            for cell, blank, name in zip(line, blanks, columns, strict=True)
        )
        typer.echo("  ".join(padded).rstrip())

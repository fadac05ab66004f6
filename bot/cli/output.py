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
    """
    out = console()
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not out.is_terminal:
        _print_aligned(columns, cells, numbers)
        return
    from rich.table import Table

    table = Table(*(), show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in cells:
        table.add_row(*row)
    out.print(table)


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

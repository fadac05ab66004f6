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
PADDED = 32  # characters: columns up to this width are padded where lines are printed


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
    """Rows under headings: a Rich table on a terminal, else lines that are never cut.

    The columns named in `numbers` are aligned to the right. In lines, only a column whose cells are
    all short is padded: one long title would push away the rest of every line.
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
    lines = [columns, *cells]
    longest = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    widths = [width if width <= PADDED else 0 for width in longest]
    for line in lines:
        padded = (
            cell.rjust(width) if name in numbers else cell.ljust(width)
            for cell, width, name in zip(line, widths, columns, strict=True)
        )
        typer.echo("  ".join(padded).rstrip())

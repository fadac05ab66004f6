"""Captions of tables, with the rows that stand beside them."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.structure.lines import is_row

_MOST_WORDS = 190  # of one caption block: a passage may show 250


def caption_texts(caption: str, rows: Sequence[str], rows_first: bool) -> list[str]:
    """The caption with its rows in the order of the page, one a line.

    A long table comes in parts, each with the caption and the header.
    """
    if not rows:
        return [caption]
    header = _header(rows)
    fixed = len(caption.split()) + sum(len(row.split()) for row in header)
    parts: list[list[str]] = [[]]
    size = fixed
    for row in rows[len(header) :]:
        words = len(row.split())
        if size + words > _MOST_WORDS and parts[-1]:
            parts.append([])
            size = fixed
        parts[-1].append(row)
        size += words
    return [_together(caption, [*header, *part], rows_first) for part in parts]


def _together(caption: str, rows: Sequence[str], rows_first: bool) -> str:
    table = "\n".join(rows)
    return f"{table}\n{caption}" if rows_first else f"{caption}\n{table}"


def _header(rows: Sequence[str]) -> list[str]:
    """The lines above the first row of numbers, at most four."""
    first = next((at for at, row in enumerate(rows) if is_row(row)), 0)
    return list(rows[:first]) if first <= 4 else []

"""Tables: which rows belong to which caption, and their text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from retrieval.structure import lines as look
from retrieval.structure.lines import Line
from retrieval.structure.pieces import Piece

_MOST_WORDS = 190  # of one caption block: a passage may show 250


def caption_texts(caption: str, rows: Sequence[str], rows_first: bool, known: bool = False) -> list[str]:
    """The caption with its rows in the order of the page, one a line.

    A long table comes in parts, each with the caption and the header, which is the first row where the rows
    are `known` to be a whole table and none of the first has numbers.
    """
    if not rows:
        return [caption]
    header = _header(rows) or list(rows[:known])
    body = rows[len(header) :]
    sizes = [len(row.split()) for row in body]
    room = max(_MOST_WORDS - sum(len(text.split()) for text in (caption, *header)), 40)
    share = sum(sizes) / math.ceil(max(sum(sizes), 1) / room)  # parts of about the same length
    parts: list[list[str]] = [[]]
    filled = 0
    for row, size in zip(body, sizes, strict=True):
        if parts[-1] and filled + size > share + max(sizes) / 2:
            parts.append([])
            filled = 0
        parts[-1].append(row)
        filled += size
    return [_together(caption, [*header, *part], rows_first) for part in parts]


def _together(caption: str, rows: Sequence[str], rows_first: bool) -> str:
    table = "\n".join(rows)
    return f"{table}\n{caption}" if rows_first else f"{caption}\n{table}"


def _header(rows: Sequence[str]) -> list[str]:
    """The lines above the first row of numbers, at most four."""
    first = next((at for at, row in enumerate(rows) if look.is_row(row)), 0)
    return list(rows[:first]) if first <= 4 else []


def claim_rows(pieces: list[Piece]) -> list[Piece]:
    """Runs that look like tables, given to the caption beside them on the paper's usual side."""
    claimed = _claim_known_rows(pieces)
    above = _captions_stand_below(pieces)
    for at, piece in enumerate(pieces):
        if piece.kind not in ("table", "algorithm") or piece.rows:
            continue
        sides = (at - 1, at + 1) if above and piece.kind == "table" else (at + 1, at - 1)
        for side in sides[: 1 if piece.kind == "algorithm" else 2]:
            rows = _rows_beside(pieces, at, side, claimed, sure=side == sides[0])
            if rows:
                piece.rows, piece.rows_first = rows, side < at
                break
    return [piece for at, piece in enumerate(pieces) if at not in claimed]


def _claim_known_rows(pieces: list[Piece]) -> set[int]:
    """Rows that the reader saw, given to their captions; where they stand. Without one they are text."""
    claimed = set()
    for at, piece in enumerate(pieces):
        if piece.kind not in ("rows below", "rows above"):
            continue
        caption = at - 1 if piece.kind == "rows below" else at + 1
        if 0 <= caption < len(pieces) and pieces[caption].kind == "table" and not pieces[caption].rows:
            pieces[caption].rows, pieces[caption].rows_first = piece.lines, caption > at
            pieces[caption].rows_known = True
            claimed.add(at)
        else:
            piece.kind = "other"
    return claimed


def _captions_stand_below(pieces: list[Piece]) -> bool:
    """Whether the paper's tables stand above their captions: what most tables with rows on one side do."""
    votes = 0
    for at, piece in enumerate(pieces):
        if piece.kind == "table":
            votes += _has_rows(pieces, at, at - 1) - _has_rows(pieces, at, at + 1)
    return votes >= 0


def _has_rows(pieces: list[Piece], at: int, side: int) -> bool:
    if not 0 <= side < len(pieces) or pieces[side].page != pieces[at].page:
        return False
    return pieces[side].kind == "other" and _is_tabular(pieces[side], "table")


def _rows_beside(pieces: list[Piece], at: int, side: int, claimed: set[int], sure: bool) -> list[Line]:
    """The rows in the run at `side` of the caption at `at`, with runs that only look otherwise in between."""
    step = 1 if side > at else -1
    found: list[Line] = []
    while 0 <= side < len(pieces) and side not in claimed:
        run = pieces[side]
        if run.page != pieces[at].page or run.kind not in ("other", "running"):
            break
        if run.kind == "running" and not _is_wordy_row(run, pieces, side, step):
            break
        if run.kind == "other" and not found and not _is_tabular(run, pieces[at].kind, sure):
            break
        found = found + run.lines if step > 0 else run.lines + found
        claimed.add(side)
        side += step
    return found


def _is_tabular(run: Piece, kind: str, loosely: bool = False) -> bool:
    """Whether a run reads like the rows of a table or, by `kind`, the steps of an algorithm.

    `loosely`: it is enough that half of three lines or more hold a digit.
    """
    texts = [line.text for line in run.lines]
    if kind == "algorithm":
        return any(look.is_step(text) for text in texts)
    if any(look.is_row(text) and not look.is_numbers(text) for text in texts):
        return True
    numbered = sum(any(sign.isdigit() for sign in text) for text in texts)
    if loosely and len(texts) >= 3 and numbered >= 0.5 * len(texts):
        return True
    return sum(look.is_numbers(text) for text in texts) >= 2 and len(texts) > 3


def _is_wordy_row(run: Piece, pieces: list[Piece], at: int, step: int) -> bool:
    """A line or two of words between rows: a header, or a row with much text."""
    beyond = at + step
    if len(run.lines) > 2 or not 0 <= beyond < len(pieces):
        return False
    text = run.text
    if look.is_sentence_end(text) or text[:1].islower():
        return False
    return pieces[beyond].kind == "other" and _is_tabular(pieces[beyond], "table")

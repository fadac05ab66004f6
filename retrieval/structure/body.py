"""Lines to blocks: sections, captions with their tables, footnotes set apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retrieval.models import Block, BlockKind
from retrieval.structure import lines as look
from retrieval.structure.flow import Flow
from retrieval.structure.lines import Line
from retrieval.structure.pieces import Piece, pieces_of
from retrieval.structure.tables import caption_texts, claim_rows
from retrieval.text_repair import Vocabulary


def blocks_of(
    lines: Sequence[Line], known: Vocabulary, section: str = "", abstract: bool = False, width: int = 60
) -> Iterator[Block]:
    """The blocks of these lines in reading order; `abstract`: those before the first heading are one."""
    pieces = claim_rows(list(pieces_of(lines, width)))
    kind: BlockKind = "abstract" if abstract else "body"
    flow = Flow(section, kind, known, width)
    waiting: list[Block] = []
    for piece in _without_labels(pieces):
        if piece.kind == "heading":
            yield from flow.blocks()
            yield from waiting
            waiting = []
            section = piece.text
            flow = Flow(section, "body", known, width)
        elif piece.kind == "note":
            flow.add_note(piece.text, piece.page)
        elif piece.kind in ("figure", "table", "algorithm"):
            waiting.extend(_caption_blocks(piece, "" if flow.kind == "abstract" else section, known))
        else:
            for line in piece.lines:
                flow.add(line.text, line.page)
    yield from flow.blocks()
    yield from waiting


def _caption_blocks(piece: Piece, section: str, known: Vocabulary) -> Iterator[Block]:
    caption = Flow(section, "caption", known, width=10_000)
    for line in piece.lines:
        caption.add(line.text, None)
    text = " ".join(block.text for block in caption.blocks()).replace("\n\n", " ")
    rows = [line.text for line in piece.rows]
    for part in caption_texts(text, rows, piece.rows_first, piece.rows_known):
        yield Block(part, section, piece.page, "caption")


def _without_labels(pieces: list[Piece]) -> Iterator[Piece]:
    """The pieces without the labels and ticks of figures; formulas between running text stay in it."""
    for at, piece in enumerate(pieces):
        if piece.kind != "other":
            yield piece
            continue
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        before = pieces[at - 1] if at else None
        kept = _kept_lines(piece, before, after)
        if kept:
            yield Piece("running", kept)


def _kept_lines(run: Piece, before: Piece | None, after: Piece | None) -> list[Line]:
    of_figure = bool(after and after.kind == "figure" and after.page == run.page)
    beside_text = not before or (before.kind in ("running", "note", "heading") and before.page == run.page)
    formula = any(look.is_formula(line.text) for line in run.lines)
    kept = []
    for at, line in enumerate(run.lines):
        if look.is_numbers(line.text) and not (formula and len(run.lines) < 8 and not of_figure):
            continue
        if of_figure and not (at < 2 and beside_text and "=" in line.text):
            continue
        if not beside_text and not _says_something(line.text):
            continue
        kept.append(line)
    return kept


def _says_something(text: str) -> bool:
    words = [word for word in look.WORD.findall(text) if len(word) > 2]
    return len(words) >= 3 or look.is_row(text)

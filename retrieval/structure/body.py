"""Lines to blocks: sections, captions with their tables, footnotes set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.models import Block, BlockKind
from retrieval.structure import lines as look
from retrieval.structure.flow import Flow
from retrieval.structure.headings import Headings, whole_heading
from retrieval.structure.lines import Line
from retrieval.structure.tables import caption_texts
from retrieval.text_repair import Vocabulary

_LONGEST_NOTE = 12  # lines


@dataclass(slots=True)
class Piece:
    """Neighbouring lines of one kind: running | other | heading | figure | table | algorithm | note."""

    kind: str
    lines: list[Line]
    rows: list[Line] = field(default_factory=list)  # of a table or an algorithm, above or below its caption
    rows_first: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def page(self) -> int | None:
        return self.lines[0].page


def blocks_of(
    lines: Sequence[Line], known: Vocabulary, section: str = "", abstract: bool = False, width: int = 60
) -> Iterator[Block]:
    """The blocks of these lines in reading order; `abstract`: those before the first heading are one."""
    pieces = _claim_rows(list(_pieces(lines, width)))
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
    text = " ".join(block.text for block in caption.blocks())
    rows = [line.text for line in piece.rows]
    for part in caption_texts(text, rows, piece.rows_first):
        yield Block(part, section, piece.page, "caption")


def _pieces(lines: Sequence[Line], width: int) -> Iterator[Piece]:
    """The lines in runs of one kind. Captions and footnotes are followed to their ends."""
    todo = [line for line in reversed(lines) if line.text.strip()]
    headings = Headings([line.text for line in lines])
    before = ""  # the last running line: is its sentence finished?
    run: Piece | None = None
    while todo:
        line = todo.pop()
        if parts := look.split_glued_caption(line.text, before):
            todo.append(Line(parts[1], line.page))
            line = Line(parts[0], line.page)
        piece = _special(line, todo, headings, before, width)
        if piece is None:
            running = look.is_running(line.text) or _goes_on(line.text, before, run, line.page)
            before = line.text if running else before
            name = "running" if running else "other"
            if run and run.kind == name and run.page == line.page:
                run.lines.append(line)
                continue
            piece = Piece(name, [line])
        if run:
            yield run
        run = piece if piece.kind in ("running", "other") else None
        if run is None:
            yield piece
    if run:
        yield run


def _special(line: Line, todo: list[Line], headings: Headings, before: str, width: int) -> Piece | None:
    """The heading, caption or footnote that begins with `line`, with the lines it goes on with off `todo`."""
    if found := headings.find(line.text):
        headings.passed(found)
        whole = whole_heading(found.text, todo[-1].text) if todo else None
        if whole:
            todo.pop()
        return Piece("heading", [Line(whole or found.text, line.page)])
    interrupts = look.is_open(before)
    kind = look.caption_kind(line.text)
    if kind and not (interrupts and before.split()[-1].lower() in look.STOP_WORDS | {"see"}):
        return Piece(kind, [line, *_caption_lines(line, todo, headings, width, interrupts)])
    if look.is_note(line.text):
        return Piece("note", list(_note_lines(line, todo, headings, width)))
    return None


def _goes_on(text: str, before: str, run: Piece | None, page: int | None) -> bool:
    """Whether a short line is the end of the sentence that the running line right before it began."""
    if not (run and run.kind == "running" and run.page == page and look.is_open(before)):
        return False
    return look.is_sentence_end(text) and not look.is_numbers(text) and not look.is_row(text)


def _caption_lines(
    first: Line, todo: list[Line], headings: Headings, width: int, interrupts: bool
) -> Iterator[Line]:
    """The lines with which a caption goes on, taken off `todo`.

    `interrupts`: the text before the caption stopped inside a sentence, so that its next line starts in small
    letters or with what is no sentence's start.
    """
    current, widest = first.text, len(first.text)
    while todo and todo[-1].page == first.page and not headings.find(todo[-1].text):
        if not _caption_goes_on(current, todo[-1].text, widest, width, interrupts):
            return
        line = todo.pop()
        current = line.text
        widest = max(widest, len(current))
        yield line


def _caption_goes_on(current: str, following: str, widest: int, width: int, interrupts: bool) -> bool:
    following = following.strip()
    if look.caption_kind(following) or look.is_note(following) or look.is_numbers(following):
        return False
    if not look.is_sentence_end(current) or look.is_bare_caption(current):
        return following[:1].islower() or not look.is_row(following)
    if following[:1].islower() or not look.is_running(following):
        return False
    if widest > 1.4 * width:  # over both columns
        return len(current) > 0.85 * widest and len(following) > 1.3 * width
    if len(current) < 0.85 * max(widest, width):
        return False
    return interrupts or len(following) > 1.07 * width


def _note_lines(first: Line, todo: list[Line], headings: Headings, width: int) -> Iterator[Line]:
    """The lines of a footnote; what follows its address in the same line goes back to `todo`."""
    current = first
    for _ in range(_LONGEST_NOTE):
        head, rest = _behind_note(current.text)
        yield Line(head, current.page)
        if rest:
            todo.append(Line(rest, current.page))
            return
        done = look.is_sentence_end(head) or _ends_with_address(head) or len(head) < 0.6 * width
        if done or not todo or todo[-1].page != first.page or headings.find(todo[-1].text):
            return
        if look.caption_kind(todo[-1].text) or look.is_note(todo[-1].text):
            return
        current = todo.pop()


def _ends_with_address(text: str) -> bool:
    last = text.split()[-1]
    return "://" in last or ("@" in last and not last.endswith(",")) or ".com/" in last


def _behind_note(text: str) -> tuple[str, str]:
    """The note up to its end, and the running text that stands behind it in the same line."""
    if glued := re.search(r"(?<=author\.|bution\.)(?=[a-z]{2,}[ -])", text):
        return text[: glued.start()], text[glued.start() :]
    words = text.split(" ")
    for at, word in enumerate(words[:-1]):
        if "://" in word and words[at + 1][:1].islower() and not look.is_sentence_end(word):
            return " ".join(words[: at + 1]), " ".join(words[at + 1 :])
    return text, ""


def _claim_rows(pieces: list[Piece]) -> list[Piece]:
    """Runs that look like tables, given to the caption beside them on the paper's usual side."""
    claimed: set[int] = set()
    above = _captions_stand_below(pieces)
    for at, piece in enumerate(pieces):
        if piece.kind not in ("table", "algorithm"):
            continue
        sides = (at - 1, at + 1) if above and piece.kind == "table" else (at + 1, at - 1)
        for side in sides[: 1 if piece.kind == "algorithm" else 2]:
            rows = _rows_beside(pieces, at, side, claimed, sure=side == sides[0])
            if rows:
                piece.rows, piece.rows_first = rows, side < at
                break
    return [piece for at, piece in enumerate(pieces) if at not in claimed]


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
    beside_text = bool(before and before.kind in ("running", "note", "heading") and before.page == run.page)
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

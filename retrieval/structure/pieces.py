"""Lines to pieces: running text, headings, captions and footnotes, each followed to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from retrieval.structure import lines as look
from retrieval.structure.headings import Headings, whole_heading
from retrieval.structure.lines import Line

_LONGEST_NOTE = 12  # lines
_MOST_LABELS = 10  # lines of a figure's labels that may stand inside a cut word
_CAPTION_LINES = 8


@dataclass(slots=True)
class Piece:
    """Neighbouring lines of one kind: running | other | heading | figure | table | algorithm | note.

    Known rows of a table are a kind each: "rows below" their caption and "rows above" it.
    """

    kind: str
    lines: list[Line]
    rows: list[Line] = field(default_factory=list)  # of a table or an algorithm, above or below its caption
    rows_first: bool = False
    rows_known: bool = False  # a reader saw them; else they are told by their words

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def page(self) -> int | None:
        return self.lines[0].page


def pieces_of(lines: Sequence[Line], width: int) -> Iterator[Piece]:
    """The lines in runs of one kind. Captions and footnotes are followed to their ends."""
    todo = [line for line in reversed(lines) if line.text.strip()]
    headings = Headings([line.text for line in lines])
    before = ""  # the last running line: is its sentence finished?
    run: Piece | None = None
    while todo:
        line = todo.pop()
        if mark := look.row_mark(line.text):
            yield from [run] if run else []
            run = None
            yield _known_rows(line, todo, mark)
            continue
        if run and run.kind == "running" and look.is_cut(before) and run.page == line.page:
            line = _behind_labels(line, todo)
        if parts := look.split_glued_caption(line.text, before):
            todo.append(Line(parts[1], line.page))
            line = Line(parts[0], line.page)
        beside = run is not None and run.kind == "running" and run.page == line.page
        piece = _special(line, todo, headings, before, beside, width)
        if piece is None:
            headings.passed_text(line.text)
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


def _known_rows(first: Line, todo: list[Line], mark: str) -> Piece:
    """The rows that begin with `first`, with those that follow off `todo`, as they are printed."""
    rows = [first]
    while todo and look.row_mark(todo[-1].text) == mark and todo[-1].page == first.page:
        rows.append(todo.pop())
    kind = "rows below" if mark == look.ROW_BELOW else "rows above"
    return Piece(kind, [Line(look.without_mark(row.text), row.page) for row in rows])


def _has_known_rows(todo: list[Line]) -> bool:
    """Whether the rows of the caption before `todo` follow on its last lines."""
    for line in reversed(todo[-_CAPTION_LINES:]):
        if mark := look.row_mark(line.text):
            return mark == look.ROW_BELOW
        if look.caption_kind(line.text):
            return False
    return False


def _behind_labels(line: Line, todo: list[Line]) -> Line:
    """The caption of a figure whose labels begin with `line`, inside a cut word; else `line`.

    It is one where a figure's caption follows closely, and behind it a line that goes on in small letters.
    """
    if not line.text[:1].isupper():
        return line
    near = [line, *reversed(todo[-_MOST_LABELS - _CAPTION_LINES :])]
    caption = next((at for at, other in enumerate(near[:_MOST_LABELS]) if look.figure_in(other.text)), None)
    if caption is None or near[caption].page != line.page:
        return line
    behind = near[caption + 1 : caption + 1 + _CAPTION_LINES]
    ends = [look.is_sentence_end(other.text) for other in near[caption : caption + 1 + _CAPTION_LINES]]
    goes_on = (
        end and other.text[:1].islower() and look.is_running(other.text)
        for end, other in zip(ends, behind, strict=False)
    )
    if not any(goes_on):
        return line
    for _ in range(caption):
        todo.pop()
    return Line(look.figure_in(near[caption].text), line.page)


def _special(
    line: Line, todo: list[Line], headings: Headings, before: str, beside: bool, width: int
) -> Piece | None:
    """The heading, caption or footnote that begins with `line`, with the lines it goes on with off `todo`.

    `before`: the last running line; `beside`: it stands right above `line`, which may name a figure only.
    """
    if found := headings.find(line.text):
        headings.passed(found)
        whole = whole_heading(found.text, todo[-1].text, todo[-2].text) if len(todo) > 1 else None
        if whole:
            todo.pop()
        return Piece("heading", [Line(whole or found.text, line.page)])
    interrupts = look.is_open(before)
    kind = look.caption_kind(line.text)
    if kind and _has_known_rows(todo):
        interrupts = False
    if kind and not (beside and interrupts and before.split()[-1].lower() in look.STOP_WORDS | {"see"}):
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
    if _has_known_rows(todo):
        while look.row_mark(todo[-1].text) != look.ROW_BELOW:  # up to its rows, the caption goes on
            yield todo.pop()
        return
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
    if look.row_mark(following):
        return False
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

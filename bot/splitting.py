"""Cut a long message into several, where a reader would. Pure."""

from __future__ import annotations

import re

LEAST_LIMIT = 60  # so that an opened and closed code block always has room for some of its text
_FENCE = re.compile(r"^[ \t]*(`{3,5}|~{3,5})([\w+-]{0,12})[ \t]*$")
_POINT = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+\S")
_MARK = re.compile(r"\[\d+\]")
_FLOOR = 0.4  # a part is at least so full before a better place to cut is preferred over a fuller part
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\n\s*\n",  # between paragraphs
        r"\n",  # between lines: never within a list line or a table line
        r"(?<=[.!?”\"\])])[ \t]+(?![\[【])",  # between sentences, a mark staying with its sentence
        r"[ \t]+(?![\[【])",  # between words
    )
)


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` characters, none of them empty.

    Nothing is lost but white space at the cuts. A part ends between paragraphs, else lines, else sentences,
    else words; `[n]` stays whole and with its sentence. A code block, table, list or point of a list that
    fits into one part is not cut. A code block that does not fit is closed and opened again.
    Raises ValueError for a limit under LEAST_LIMIT.
    """
    if limit < LEAST_LIMIT:
        raise ValueError(f"a message needs at least {LEAST_LIMIT} characters")
    parts: list[str] = []
    rest = text.strip("\n")
    while rest.strip():
        opened = _open_fence(rest)
        room = limit - (len(opened) + 1 if opened else 0)
        cut = len(rest) if len(rest) <= limit else _cut(rest, room)
        part, rest = (
            rest[:cut].rstrip(),
            rest[cut:].lstrip("\n") if _at_line(rest, cut) else rest[cut:].lstrip(),
        )
        fence = _unclosed(part) if rest.strip() else None
        if fence:
            mark, language = fence
            part = f"{part}\n{mark}"
            rest = f"{mark}{language}\n{rest}"
        parts.append(part)
    return parts


def _cut(text: str, room: int) -> int:
    """Where to cut: at the best kind of place that leaves the part well filled."""
    whole = _wholes(text, room)
    for pattern in _PLACES:
        ends = [found.start() for found in pattern.finditer(text, 0, room + 1) if found.start() <= room]
        ends = [end for end in ends if not any(first < end < last for first, last in whole)]
        if ends and ends[-1] >= _FLOOR * room:
            return ends[-1]
    if before := [first for first, last in whole if 0 < first <= room < last]:
        return min(before)
    torn = next((mark.start() for mark in _MARK.finditer(text) if mark.start() < room < mark.end()), 0)
    return torn or room


def _wholes(text: str, room: int) -> list[tuple[int, int]]:
    """From where to where the blocks reach that begin within `room` and fit into it: not to be cut.

    A block begins at the line break before it, so that the text before may be cut there.
    """
    found: list[tuple[int, int]] = []
    opened: dict[str, int] = {}  # kind -> where the block of this kind began that is not at its end
    at, fence = 0, ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line.rstrip("\n"))
        within = bool(fence or mark)
        if mark:
            fence = "" if fence and mark[1].startswith(fence) and not mark[2] else fence or mark[1]
        for kind in _kinds_ending(line, within):
            if kind in opened:
                found.append((opened.pop(kind), at - 1))
        if at > room and not opened:
            break
        for kind in _kinds_of(line, within):
            opened.setdefault(kind, max(at - 1, 0))
        at += len(line)
    found += [(start, len(text.rstrip())) for start in opened.values()]
    return [(first, last) for first, last in found if last - first <= room]


def _kinds_of(line: str, in_fence: bool) -> tuple[str, ...]:
    """The kinds of block that this line is in or begins."""
    if in_fence:
        return ("fence",)
    if line.lstrip().startswith("|"):
        return ("table",)
    return ("list", "point") if _POINT.match(line) else ()


def _kinds_ending(line: str, in_fence: bool) -> tuple[str, ...]:
    """The kinds of block that end before this line."""
    if in_fence:
        return ("table", "list", "point")
    if line.lstrip().startswith("|"):
        return ("fence", "list", "point")
    if _POINT.match(line):
        return ("fence", "table", "point")
    if line[:1] in " \t" and line.strip():
        return ("fence", "table")  # the line goes on with a point
    return ("fence", "table", "list", "point")


def _at_line(text: str, cut: int) -> bool:
    """Whether the cut is at a line's end, so that the next line's indent must stay."""
    return text[cut : cut + 1] == "\n"


def _open_fence(text: str) -> str:
    """The longest closing mark that cutting `text` may need; "" where it holds no fence."""
    marks = [found[1] for line in text.splitlines() if (found := _FENCE.match(line))]
    return max(marks, key=len, default="")


def _unclosed(part: str) -> tuple[str, str] | None:
    """The mark and language of the code block that is open at the end of `part`."""
    opened: tuple[str, str] | None = None
    for line in part.splitlines():
        found = _FENCE.match(line)
        if found and opened is None:
            opened = (found[1], found[2])
        elif found and opened and found[1].startswith(opened[0]) and not found[2]:
            opened = None
    return opened

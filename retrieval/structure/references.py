"""Where the reference list is, so that no passage comes from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.structure.lines import Line

_HEADING = re.compile(
    r"[#*\s]*(?:\d{1,2}\.?\s+|[IVX]+\.\s+)?(?:references(?: and notes)?|bibliography|literature)[\s*:.]*",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\s*(?:\[\d{1,3}\]|\[[A-Z][\w+]{1,12}\]|\d{1,3}\.\s+[A-Z]|[-•*]\s+[A-Z])")
_AUTHOR_YEAR = re.compile(r"(?<![\w'’-])[A-Z][\w'’-]++,? (?:[A-Z]\.|and |et al)|(?:19|20)\d\d[a-z]?\b")
_AFTER = re.compile(
    r"[#*\s]*(?:[A-Z]\.?\s+)?(?:supplement(?:ary|al)(?: materials?)?|appendi(?:x|ces))\b[^.]{0,60}",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"[#*\s]*A(?:\.1)?\.?\s+[A-Z][a-z]{2,}(?: [\w:,-]+){0,8}[*\s]*")


def split_references(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines before the reference list, the list, and what follows it: an appendix, if anything."""
    start = _start(lines)
    if start is None:
        return list(lines), [], []
    end = _end(lines, start)
    return list(lines[:start]), list(lines[start:end]), list(lines[end:])


def _start(lines: Sequence[Line]) -> int | None:
    """The heading that entries follow; the last such one, for a word in a list of contents may come first."""
    for at in range(len(lines) - 1, -1, -1):
        text = lines[at].text
        if len(text) < 60 and _HEADING.fullmatch(text):
            following = [line.text for line in lines[at + 1 : at + 9] if line.text.strip()]
            if not following or any(_ENTRY.match(text) or _AUTHOR_YEAR.search(text) for text in following):
                return at
    return None


def _end(lines: Sequence[Line], start: int) -> int:
    entries = [at for at in range(start, len(lines)) if re.match(r"\s*\[\d{1,3}\]", lines[at].text)]
    last = _last_entry(lines, entries) if entries else start
    for at in range(last + 1, len(lines)):
        text = lines[at].text.strip()
        if len(text) > 90:
            continue
        if _AFTER.fullmatch(text) and re.match(
            r"[#*\s]*(?:[A-Z]\.?\s+)?(?:suppl|append)", text, re.IGNORECASE
        ):
            return at
        if entries and _LETTERED.fullmatch(text):
            return at
    return len(lines)


def _last_entry(lines: Sequence[Line], entries: Sequence[int]) -> int:
    """The last entry of the list itself: numbers rise by one; brackets in an appendix do not."""
    last, number = entries[0], 0
    for at in entries:
        found = re.match(r"\s*\[(\d{1,3})\]", lines[at].text)
        value = int(found[1]) if found else 0
        if number < value <= number + 3:
            last, number = at, value
    return last

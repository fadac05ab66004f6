"""Which items of a list "the second one", "paper 2" or "the first two" mean. Pure."""

from __future__ import annotations

import re

ORDINAL = re.compile(
    r"\bthe\s+(?P<word>first|1st|second|2nd|third|3rd|fourth|last)(?:\s+(?:one|paper|method|model|work))?\b(?!\s+\w+\s+(?:layer|stage|step))|"
    r"(?:\b(?:paper|number|nr\.?|no\.?)|(?<!\w)#)\s*(?P<number>[1-9])\b(?:\s+above)?",
    re.IGNORECASE,
)
_PLACES = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "last": -1}
_FIRST_FEW = re.compile(r"\bthe\s+first\s+(?P<count>two|three|four|2|3|4)\b", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4}
_ITEM = re.compile(r"^[ \t]*(?:\d+[.)]|[-*•])\s+(?P<item>.+)$", re.MULTILINE)


def items(answer: str) -> list[str]:
    """The lines of an answer's list, or its paragraphs where there are several; [] for one without parts."""
    lines = [found["item"] for found in _ITEM.finditer(answer)]
    if not lines and len(parts := answer.strip().split("\n\n")) > 1:
        return parts
    return lines


def place(text: str) -> int | None:
    """The place that `text` names first, from 0; -1 for the last, None for none."""
    found = ORDINAL.search(text)
    return _place(found) if found else None


def places(text: str, count: int) -> tuple[int, ...]:
    """All places that `text` names, of `count`, each once; those beyond are left out."""
    if few := _FIRST_FEW.search(text):
        said = few["count"].casefold()
        return tuple(range(min(count, _COUNTS.get(said) or int(said))))
    told = [_place(found) for found in ORDINAL.finditer(text)]
    return tuple(dict.fromkeys(one % count for one in told if -1 <= one < count)) if count else ()


def _place(found: re.Match[str]) -> int:
    return int(found["number"]) - 1 if found["number"] else _PLACES[found["word"].casefold()]

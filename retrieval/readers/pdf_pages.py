"""What a PDF's pages say of themselves: printed numbers, and the title by the size of its type. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.readers.fields import squeeze

_NUMBER_LINE = re.compile(
    r"(?:page\s+|[-–—|]\s*)?(\d{1,6})()(?:\s*(?:of|/)\s*\d{1,6}|\s*[-–—|])?$", re.IGNORECASE
)
_IN_HEAD = re.compile(r"^(\d{1,6})(?=\s+[^\d\s].{0,80}$)|(?<=[^\d\s]\s)(\d{1,6})$")
_NUMBER_ALONE = "#"
_LABEL_WORDS = 14
_EDGE_LINES = 3
_BANNER = re.compile(
    r"@|arxiv:|https?:|www\.|issn|doi\b|contents lists|sciencedirect|open access|published (?:as|in)|preprint"
    r"|(?:proceedings|journal|transactions) (?:of|on)|research article|original (?:article|paper|research)"
    r"|(?:accepted|submitted) (?:to|at)|vol(?:\.|ume) ?\d",
    re.IGNORECASE,
)
_MARKS = "*∗†‡§¶⋆# \t"
_LARGER = 1.15  # times the size of the body's type: section headings of most styles are 1.2 at most
_SAME_SIZE = 0.94
_INITIALS_SHARE = (
    0.1  # of a line's letters: capitals of words in small caps are the true size, a drop cap is not
)


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of a page and how large it is printed."""

    text: str
    size: float  # points; 0 for a line without letters
    letters: int
    upright: bool = True  # False: turned, as the stamp in the margin of a preprint is

    @classmethod
    def of(cls, text: str, sizes: Sequence[float], upright: bool) -> TypedLine:
        """A line by the sizes of its letters: the largest that more than a tenth of them reach."""
        ordered = sorted(sizes, reverse=True)
        size = ordered[int(len(ordered) * _INITIALS_SHARE)] if ordered else 0.0
        return cls(squeeze(tidy(text)), size, len(sizes), upright)


def tidy(text: str) -> str:
    """PDFium's text with plain line ends and, for its sign of a hyphen at a line's end, the hyphen."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x02\ufffe](?=\n|$)", "-", text).replace("\ufffe", "-")


def title_of(lines: Sequence[TypedLine], metadata: str, page: str) -> str | None:
    """The title by its type on page one; the metadata's where it says the same, or says it alone and truly.

    Metadata is believed only if its words stand on the page: it is often a template's or a file's name.
    """
    printed = _largest(lines)
    embedded = squeeze(metadata)
    if len(embedded.split()) < 2 or _letters(embedded) not in _letters(page):
        return printed
    if printed is None or _letters(printed) == _letters(embedded):
        return embedded
    return printed


def headed(page: str, title: str) -> str:
    """Page one beginning with its title on one line, then what followed; what stood above goes below."""
    lines = page.split("\n")
    wanted = _letters(title)
    for start in range(len(lines)):
        found = ""
        for end in range(start, min(start + 8, len(lines))):
            found += _letters(lines[end])
            if found == wanted:
                above = [line for line in lines[:start] if line.strip()]
                return "\n".join([title, *lines[end + 1 :], *above])
            if not wanted.startswith(found):
                break
    return page


def without_running_lines(pages: Sequence[str], numbers: Sequence[int | None]) -> list[str]:
    """The pages without what many of them repeat at their edges: page numbers, names of journals, titles."""
    split = [page.split("\n") for page in pages]
    keys = [
        {at: _running_key(lines[at], number) for at in _edges(lines)}
        for lines, number in zip(split, numbers, strict=True)
    ]
    seen = Counter(key for page in keys for key in set(page.values()))
    many = max(2, 0.4 * sum(bool(page.strip()) for page in pages))
    return [
        "\n".join(
            line
            for at, line in enumerate(lines)
            if not (key := page.get(at)) or (seen[key] < many and key != _NUMBER_ALONE)
        )
        for lines, page in zip(split, keys, strict=True)
    ]


def _edges(lines: Sequence[str]) -> list[int]:
    """Where the first and last lines with text stand."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _running_key(line: str, number: int | None) -> str:
    """By what a line is found again elsewhere: its words, "#" for the page's number; "" for a sentence."""
    text = squeeze(line)
    match = _NUMBER_LINE.match(text)
    if match and number is not None and int(match[1]) == number:
        return _NUMBER_ALONE
    sentence = text[-1:] in tuple(".,;:-") or len(text.split()) > _LABEL_WORDS
    return "" if sentence else re.sub(rf"(?<!\d){number}(?!\d)", "#", text).casefold()


def printed_numbers(pages: Sequence[str]) -> list[int | None]:
    """Each page's number as printed at its edge, where most pages count on by one; else None for all."""
    votes = Counter(number - place for place, page in enumerate(pages) for number in _edge_numbers(page))
    texts = sum(bool(page.strip()) for page in pages)
    offset, count = votes.most_common(1)[0] if votes else (0, 0)
    if count >= max(2, 0.5 * texts) or (texts == 1 and count == 1):
        return [place + offset if place + offset >= 0 else None for place in range(len(pages))]
    return [None] * len(pages)


def counted_numbers(labels: Sequence[str]) -> list[int | None]:
    """Each page's number where none is printed: what the file calls it, or its place from 1."""
    if labels and all(label.isdecimal() for label in labels):
        return [int(label) for label in labels]
    return list(range(1, len(labels) + 1))


def _edge_numbers(page: str) -> set[int]:
    """The numbers alone, or at the end of a running head, among the first and last lines."""
    lines = page.split("\n")
    edges = [lines[at].strip() for at in _edges(lines)]
    found = [
        match for line in edges for match in [_NUMBER_LINE.match(line), *_IN_HEAD.finditer(line)] if match
    ]
    return {int(match[1] or match[2]) for match in found}


def _largest(lines: Sequence[TypedLine]) -> str | None:
    """The words in the largest type that read like a title: two to forty, upright, no banner of a journal."""
    lines = [line for line in lines if line.letters and line.upright]
    body = _body_size(lines)
    for size in sorted({line.size for line in lines if line.size >= _LARGER * body}, reverse=True):
        for run in _runs(lines, size):
            text = " ".join(run).strip(_MARKS)
            if 2 <= len(text.split()) <= 40 and len(_letters(text)) >= 8 and not _BANNER.search(text):
                return re.sub(r"(\w)- (?=[a-z])", r"\1-", text)
    return None


def _body_size(lines: Sequence[TypedLine]) -> float:
    """The size that most letters have."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += line.letters
    return letters.most_common(1)[0][0] if letters else 0.0


def _runs(lines: Sequence[TypedLine], size: float) -> list[list[str]]:
    """Neighbouring lines of (nearly) this size."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if _SAME_SIZE * size <= line.size <= size / _SAME_SIZE:
            runs[-1].append(line.text)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())

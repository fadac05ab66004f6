"""What a PDF's pages say at their edges: printed numbers, running heads; and what is told from them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_letters import with_ligatures

_NUMBER_LINE = re.compile(
    r"(?:page\s+|[-–—|]\s*)?(\d{1,6})()(?:\s*(?:of|/)\s*\d{1,6}|\s*[-–—|])?$", re.IGNORECASE
)
_IN_HEAD = re.compile(r"^(\d{1,6})(?=\s+[^\d\s].{0,80}$)|(?<=[^\d\s]\s)(\d{1,6})$")
_CUT = re.compile("(?<=[^\\W\\d_])[\x02\ufffe](?=[^\\W\\d_])")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PARTED = re.compile(r"([^\W\d_]+)-([^\W\d_]+)")
_NUMBER_ALONE = "#"
_MOST_DIGITS = 6  # of a page's number
_LABEL_WORDS = 14
_EDGE_LINES = 3
_LINE_NUMBER = re.compile(r"(\d{1,4})(?:[ \t]+|$)")
_FEWEST_COUNTED = 8  # lines of a page by which it is seen that they are counted
_MOST_SKIPPED = 3  # a number among other words is not found


def tidy(text: str) -> str:
    """PDFium's text with plain line ends and, for its sign of a hyphen at a line's end, the hyphen."""
    text = with_ligatures(with_line_ends(text))
    return re.sub("[\x02\ufffe](?=\n|$)", "-", text).replace("\ufffe", "-")


def with_line_ends(text: str) -> str:
    """The text with plain line ends, and one behind each of PDFium's signs of a cut word, which has none."""
    return _CUT.sub("\\g<0>\n", text.replace("\r\n", "\n").replace("\r", "\n"))


def without_cuts(text: str) -> str:
    """The text with the words whole that PDFium says are cut."""
    return _CUT.sub("", text)


def whole_words(title: str, text: str) -> str:
    """The title without its lines' hyphens: where the text has the word whole, and never so parted."""
    words = set(_WORD.findall(text.casefold()))

    def mended(match: re.Match[str]) -> str:
        joined = match[1] + match[2]
        cut = joined.casefold() in words and match[0].casefold() not in words
        return joined if cut else match[0]

    return _PARTED.sub(mended, title)


def headed(page: str, title: str) -> str:
    """Page one beginning with its title on one line, then what followed; what stood above goes below."""
    lines = page.split("\n")
    wanted = letters_of(title)
    for start in range(len(lines)):
        found = ""
        for end in range(start, min(start + 8, len(lines))):
            found += letters_of(lines[end])
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


def without_line_numbers(pages: Sequence[str]) -> list[str]:
    """The pages without the numbers in the margin, where a manuscript's lines are counted on most of them."""
    split = [page.split("\n") for page in pages]
    counted = [_counted(lines) for lines in split]
    full = [
        bool(found)
        for lines, found in zip(split, counted, strict=True)
        if sum(map(bool, lines)) >= _FEWEST_COUNTED
    ]
    if not full or sum(full) < 0.6 * len(full):
        return list(pages)
    return [
        "\n".join(_LINE_NUMBER.sub("", line) if at in found else line for at, line in enumerate(lines))
        for lines, found in zip(split, counted, strict=True)
    ]


def _counted(lines: Sequence[str]) -> frozenset[int]:
    """Which lines begin with a number that counts on from line to line; none where less than half do."""
    starts = [(at, int(match[1])) for at, line in enumerate(lines) if (match := _LINE_NUMBER.match(line))]
    links = [(one, two) for one, two in pairwise(starts) if 1 <= two[1] - one[1] <= _MOST_SKIPPED]
    found = frozenset(at for link in links for at, _ in link)
    return found if len(found) >= max(_FEWEST_COUNTED, 0.5 * sum(map(bool, lines))) else frozenset()


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
    if labels and all(label.isdecimal() and len(label) <= _MOST_DIGITS for label in labels):
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


def letters_of(text: str) -> str:
    """By which two texts are the same, however they are spaced, accented and marked."""
    folded = unicodedata.normalize("NFKD", text).casefold()  # "´e" and "é" are told apart by no reader
    return "".join(char for char in folded if char.isalnum())

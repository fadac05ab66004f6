"""Lines of letters as they were meant: accents on their letters, words whole and apart. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from statistics import median

from retrieval.readers.pdf_glyphs import Glyph

_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308", "˚": "\u030a", "ˇ": "\u030c",
    "˘": "\u0306", "¸": "\u0327", "˝": "\u030b", "˙": "\u0307", "˛": "\u0328", "¯": "\u0304",
}  # fmt: skip
_FIRST_OF_EAST_ASIA = "\u2e80"
_BLANK = 0.27  # times the size of the type: a wider gap parts words, where PDFium saw none
_TIGHT = 0.12  # times the size: the gap between letters of a line that is not letter-spaced
_SPACED = 0.7  # of a line's words that are single letters: it is letter-spaced
_FEWEST = 6  # letters by which that is judged
_WORD_GAP = 1.4  # times the usual gap of a letter-spaced line: there a word ends


def without_line_numbers(lines: Sequence[Sequence[Glyph]]) -> list[list[Glyph]]:
    """The lines without the numbers in the margin by which a manuscript's are counted."""
    numbers = [_number(line) for line in lines]
    counted = [number for number in numbers if number]
    many = sum(right - left == 1 for left, right in pairwise(counted)) >= max(_FEWEST, 0.25 * len(lines))
    if not (many and any(numbers[:_FEWEST])):
        return list(map(list, lines))
    return [
        list(line[len(str(number)) :] if number else line)
        for number, line in zip(numbers, lines, strict=True)
    ]


def _number(line: Sequence[Glyph]) -> int | None:
    """The number that the line begins with, which something follows at a distance."""
    digits = "".join(glyph.char for glyph in takewhile(lambda glyph: glyph.char in "0123456789", line))
    follows = line[len(digits)].char if len(line) > len(digits) else " "
    return int(digits) if 0 < len(digits) < 5 and follows.isspace() else None


def mended(line: Sequence[Glyph]) -> list[Glyph]:
    """The line with each accent on its letter and a blank between words, and nowhere else."""
    return list(_apart(_together(_accented(line))))


def _accented(line: Sequence[Glyph]) -> list[Glyph]:
    """TeX's old fonts print an accent and its letter over each other; PDFium gives the two as they come."""
    if not any(glyph.char in _ACCENTS for glyph in line):
        return list(line)
    chars: dict[int, str] = {}
    for place, glyph in enumerate(line):
        if glyph.char in _ACCENTS and glyph.size and (at := _below(line, place)) is not None:
            letter = "i" if line[at].char == "ı" else line[at].char
            composed = unicodedata.normalize("NFC", letter + _ACCENTS[glyph.char])
            if len(composed) == 1:
                chars |= {at: composed, place: ""}
    return [
        replace(glyph, char=chars.get(place, glyph.char))
        for place, glyph in enumerate(line)
        if chars.get(place) != "" and not _beside_accent(line, place, chars)
    ]


def _below(line: Sequence[Glyph], place: int) -> int | None:
    """The letter over whose middle the accent stands; PDFium may give the two far from each other."""
    middle = (line[place].left + line[place].right) / 2
    near = [
        at
        for at, glyph in enumerate(line)
        if glyph.size and _is_letter(glyph) and glyph.left - 0.5 <= middle <= glyph.right + 0.5
    ]
    return min(near, key=lambda at: abs((line[at].left + line[at].right) / 2 - middle), default=None)


def _is_letter(glyph: Glyph) -> bool:
    return glyph.char.isalpha() and glyph.char not in _ACCENTS  # to Python, some of these are letters


def _beside_accent(line: Sequence[Glyph], place: int, chars: dict[int, str]) -> bool:
    """Whether it is a blank that PDFium made up for want of the accented letter."""
    if line[place].size or not line[place].char.isspace():
        return False
    if not any(chars.get(at) == "" for at in (place - 1, place + 1)):
        return False
    before = [g for at, g in enumerate(line[:place]) if g.size and chars.get(at) != ""]
    after = [g for at, g in enumerate(line[place + 1 :], place + 1) if g.size and chars.get(at) != ""]
    return bool(before and after) and after[0].left - before[-1].right < _TIGHT * after[0].size


def _together(line: Sequence[Glyph]) -> list[Glyph]:
    """A letter-spaced line, as in "A B S T R A C T", with its blanks between the words alone."""
    letters = [glyph for glyph in line if glyph.size and not glyph.char.isspace()]
    if letters and all(glyph.char >= _FIRST_OF_EAST_ASIA for glyph in letters):
        return letters  # which are written without blanks
    words = "".join(glyph.char for glyph in line).split()
    if len(words) < _FEWEST or sum(len(word) == 1 for word in words) < _SPACED * len(words):
        return list(line)
    gaps = [right.left - left.right for left, right in pairwise(letters)]
    if not gaps or not all(glyph.char.isalpha() for glyph in letters[:2]):
        return list(line)
    wide = max(_WORD_GAP * median(gaps), _TIGHT * letters[0].size)
    out = letters[:1]
    for glyph, gap in zip(letters[1:], gaps, strict=True):
        if gap > wide:
            out.append(_blank(out[-1]))
        out.append(glyph)
    return out


def _apart(line: Sequence[Glyph]) -> Iterator[Glyph]:
    """The line with the blanks that PDFium did not see, where its letters otherwise stand close."""
    letters = [glyph for glyph in line if glyph.size and not glyph.char.isspace()]
    gaps = [right.left - left.right for left, right in pairwise(letters)]
    close = bool(gaps) and abs(median(gaps)) < _TIGHT * letters[0].size
    last: Glyph | None = None
    for glyph in line:
        own = bool(glyph.size) and glyph.char.isalpha()
        if close and own and last and glyph.left - last.right > _BLANK * glyph.size:
            yield _blank(last)
        last = glyph if own else None
        yield glyph


def _blank(before: Glyph) -> Glyph:
    return replace(before, char=" ", size=0.0)

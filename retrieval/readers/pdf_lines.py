"""The lines of a PDF's page. PDFium ends one at each mark that is raised high; here they are whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from retrieval.readers.pdf_glyphs import Glyph, glyphs_at

if TYPE_CHECKING:
    import pypdfium2

_END = "\r\n"  # of a line of PDFium's
_SMALLER = 0.85  # times the size of the type beside it: a mark is no larger
_RISES = (0.2, 0.6)  # times that size: by how much marks and exponents are raised
_MARK_LETTERS = 3
_BESIDE = 0.5  # times that size: what is farther off is no mark of it


def lines_of(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs in lines, without the line ends."""
    line: list[Glyph] = []
    ended = False
    for glyph in glyphs:
        if glyph.char in _END:
            ended = True
            continue
        if ended and line and not is_beside_mark(line[-1], glyph):
            yield line
            line = []
        line.append(glyph)
        ended = False
    if line:
        yield line


def is_beside_mark(last: Glyph, following: Glyph) -> bool:
    """Whether the two stand beside each other, and one is a mark that is raised above the other."""
    mark, letter = sorted((last, following), key=lambda glyph: glyph.size)
    if not mark.size or mark.size >= _SMALLER * letter.size:
        return False
    rise = (mark.base - letter.base) / letter.size
    return _RISES[0] < rise < _RISES[1] and abs(following.left - last.right) < _BESIDE * letter.size


def with_whole_lines(text: str, text_page: pypdfium2.PdfTextPage) -> str:
    """The page's text without the line ends beside its marks; as it is, where it lacks some of its ends."""
    from pypdfium2 import raw

    lines = text.split(_END)
    codes = [raw.FPDFText_GetUnicode(text_page, place) for place in range(text_page.count_chars())]
    ends = [at for at in range(len(codes) - 1) if (codes[at], codes[at + 1]) == (13, 10)]
    if len(ends) != len(lines) - 1:
        return text
    inner = [at for at in ends if 0 < at < len(codes) - 2 and not _is_half(codes[at - 1], codes[at + 2])]
    beside = list(glyphs_at(text_page, [place for at in inner for place in (at - 1, at + 2)]))
    pairs = zip(inner, beside[::2], beside[1::2], strict=True)
    false = {at for at, last, following in pairs if is_beside_mark(last, following)}
    return joined(lines, [at in false for at in ends])


def joined(lines: Sequence[str], beside: Sequence[bool]) -> str:
    """The lines with their ends, but for those of which `beside` says that a mark stands there.

    The mark of a footnote below the text stays apart from it, so that it is known for one.
    """
    whole = lines[0]
    start = True  # of a line
    for above, line, marked in zip(lines, lines[1:], beside, strict=False):
        start = not (marked and not (start and len(above) <= _MARK_LETTERS))
        whole += _END + line if start else line
    return whole


def _is_half(*codes: int) -> bool:
    return any(0xD800 <= code < 0xE000 for code in codes)

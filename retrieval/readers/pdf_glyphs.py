"""The letters of a PDF's page with their places and type, and the lines that they make."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_letters import with_ligatures

if TYPE_CHECKING:
    import pypdfium2

_WIDE = 0.85  # times the size of the type: a gap as between two names, wider than between two words
_RAISED = 0.2  # times the size of the line's type; marks of footnotes and affiliations are raised by a third
_SMALLER = 0.85
_FOR_TURN = 600  # characters by which it is seen how a page is to be held
_NAME_BYTES = 128  # of a font's name
_FLAT = 2.5  # points; a rule is no thicker
_SHORTEST_RULE = 40.0  # points; a table in one column of three is wider
_MOST_PATHS = 20_000  # of a page that are looked at; a drawing may have millions


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as it is printed. Sizes and places are in points, from the page's lower left corner."""

    char: str
    size: float  # 0 where PDFium made it up, as blanks and line ends
    left: float
    right: float
    base: float  # of the line that it stands on
    font: str
    upright: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Letters of one type that stand together on a line. Raised marks between them are "†" each."""

    text: str
    size: float
    font: str
    left: float
    right: float
    base: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line, or a filled box as flat as one. Places in points, as those of the letters."""

    left: float
    right: float
    base: float


def rules_of(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> list[Rule]:
    """The horizontal rules, as the page is held to be read. Pieces of one, as cells' borders, are joined."""
    from pypdfium2 import raw

    turn = _usual_turn(text_page, text_page.count_chars())
    found: list[Rule] = []
    for thing in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1), _MOST_PATHS):
        x1, y1, x2, y2 = thing.get_bounds()
        left, low, right, high = (
            (x1, y1, x2, y2),
            (y1, -x2, y2, -x1),
            (-x2, -y2, -x1, -y1),
            (-y2, x1, -y1, x2),
        )[turn]
        if high - low <= _FLAT and right - left > _FLAT:
            found.append(Rule(left, right, (low + high) / 2))
    return [rule for rule in _whole_rules(found) if rule.right - rule.left >= _SHORTEST_RULE]


def _whole_rules(rules: Sequence[Rule]) -> list[Rule]:
    whole: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.base), rule.left)):
        last = whole[-1] if whole else None
        if last and abs(last.base - rule.base) <= _FLAT / 2 and rule.left <= last.right + _FLAT:
            whole[-1] = replace(last, right=max(last.right, rule.right))
        else:
            whole.append(rule)
    return whole


def glyphs_of(text_page: pypdfium2.PdfTextPage, most: int) -> Iterator[Glyph]:
    """The first `most` characters of the page, as they stand when it is held so that most can be read."""
    return glyphs_at(text_page, range(min(text_page.count_chars(), most)))


def glyphs_at(text_page: pypdfium2.PdfTextPage, places: Sequence[int]) -> Iterator[Glyph]:
    """The characters at these places in PDFium's order."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    name = ctypes.create_string_buffer(_NAME_BYTES)
    numbers = [ctypes.c_double() for _ in range(6)]
    left, right, bottom, top, x, y = numbers
    turn = _usual_turn(text_page, text_page.count_chars())
    for place in places:
        code = raw.FPDFText_GetUnicode(text_page, place)
        if 0xDC00 <= code < 0xE000:
            continue  # the second half of a character, which came with the first
        if 0xD800 <= code < 0xDC00:
            code = _whole_code(code, raw.FPDFText_GetUnicode(text_page, place + 1))
        char = chr(code) if code < 0x110000 else "\ufffd"
        made = raw.FPDFText_IsGenerated(text_page, place) == 1
        if made or not raw.FPDFText_GetMatrix(text_page, place, matrix):
            yield Glyph(char, 0.0, 0.0, 0.0, 0.0, "", True)
            continue
        size = raw.FPDFText_GetFontSize(text_page, place) * math.hypot(matrix.c, matrix.d)
        raw.FPDFText_GetCharBox(text_page, place, *map(ctypes.byref, (left, right, bottom, top)))
        raw.FPDFText_GetCharOrigin(text_page, place, ctypes.byref(x), ctypes.byref(y))
        raw.FPDFText_GetFontInfo(text_page, place, name, _NAME_BYTES, None)
        font = name.value.decode("utf-8", "replace").split("+")[-1]
        start, end, base = (
            (left.value, right.value, y.value),
            (bottom.value, top.value, -x.value),
            (-right.value, -left.value, -y.value),
            (-top.value, -bottom.value, x.value),
        )[turn]
        yield Glyph(char, size, start, end, base, font, _turn(matrix) == turn)


def _whole_code(high: int, low: int) -> int:
    """The character of which UTF-16 writes two halves; the unknown one where the second is missing."""
    return 0x10000 + ((high - 0xD800) << 10) + low - 0xDC00 if 0xDC00 <= low < 0xE000 else 0xFFFD


def _usual_turn(text_page: pypdfium2.PdfTextPage, count: int) -> int:
    """How most of the first characters are turned; sheets that were scanned or printed sideways are."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    turns: Counter[int | None] = Counter()
    for place in range(min(count, _FOR_TURN)):
        if raw.FPDFText_GetMatrix(text_page, place, matrix):
            turns[_turn(matrix)] += 1
    return next((turn for turn, _ in turns.most_common() if turn is not None), 0)


def _turn(matrix: ctypes.Structure) -> int | None:
    """Quarters of a circle, to the left, by which a character is turned; None where it is none."""
    a, b = float(matrix.a), float(matrix.b)
    if abs(b) < 0.1 * abs(a):
        return 0 if a > 0 else 2
    if abs(a) < 0.1 * abs(b):
        return 1 if b > 0 else 3
    return None


def spans_of(line: Sequence[Glyph]) -> list[Span]:
    """The line in parts of one type each; also a wide gap parts."""
    letters = [glyph for glyph in line if glyph.size and not is_blank(glyph)]
    if not letters:
        return []
    base, size = _main(letters)
    spans: list[list[Glyph]] = []
    last: Glyph | None = None
    for glyph in line:
        if not glyph.size or is_blank(glyph):
            if spans:
                spans[-1].append(glyph)
            continue
        mark = is_raised(glyph, base, size)
        apart = last is None or glyph.left - last.right > _WIDE * size or glyph.right < last.left - size
        other = (
            last is not None
            and not mark
            and glyph.char.isalpha()
            and glyph.font != last.font
            and not (spans[-1][-1] is last and last.char.isalpha())  # a letter that the font did not have
            and _font(spans[-1], base, size) not in ("", glyph.font)
        )
        if apart or other:
            spans.append([])
        spans[-1].append(glyph)
        last = glyph
    return [_span(span, base, size) for span in spans]


def is_nameless(glyphs: Sequence[Glyph]) -> bool:
    """Whether most letters are of fonts without a name, as fonts of type 3 are."""
    letters = [glyph for glyph in glyphs if glyph.size and glyph.char.isalpha()]
    return 2 * sum(not glyph.font for glyph in letters) > len(letters)


def is_blank(glyph: Glyph) -> bool:
    """Whether nothing is printed. Codes that stand for ligatures are blanks to Python."""
    return glyph.char.isspace() and glyph.char not in "\x1c\x1d\x1e\x1f"


def is_raised(glyph: Glyph, base: float, size: float) -> bool:
    """Whether it is a mark above the line, as those behind names."""
    return glyph.base > base + _RAISED * size and glyph.size < _SMALLER * size


def _main(letters: Sequence[Glyph]) -> tuple[float, float]:
    """Baseline and size that most letters have; of two, the larger type."""
    bases = Counter(round(glyph.base, 1) for glyph in letters)
    most = max(bases.values())
    base = min(found for found, count in bases.items() if count >= 0.7 * most)
    return base, max(glyph.size for glyph in letters if abs(glyph.base - base) < 0.2)


def _font(span: Sequence[Glyph], base: float, size: float) -> str:
    """The font of most of its letters that are no marks; "" where it has none."""
    fonts = Counter(g.font for g in span if g.size and g.char.isalpha() and not is_raised(g, base, size))
    return fonts.most_common(1)[0][0] if fonts else ""


def _span(span: Sequence[Glyph], base: float, size: float) -> Span:
    text = "".join("†" if glyph.size and is_raised(glyph, base, size) else glyph.char for glyph in span)
    own = [glyph for glyph in span if glyph.size]
    letters = [g for g in own if g.char.isalpha() and not is_raised(g, base, size)]
    tall = max((glyph.size for glyph in letters), default=0.0)
    return Span(
        squeeze(with_ligatures(text)), tall, _font(span, base, size), own[0].left, own[-1].right, base
    )

"""What a PDF's pages say of themselves: printed numbers, and the title by the size of its type. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_glyphs import Glyph, is_raised
from retrieval.readers.pdf_letters import with_ligatures

_NUMBER_LINE = re.compile(
    r"(?:page\s+|[-–—|]\s*)?(\d{1,6})()(?:\s*(?:of|/)\s*\d{1,6}|\s*[-–—|])?$", re.IGNORECASE
)
_IN_HEAD = re.compile(r"^(\d{1,6})(?=\s+[^\d\s].{0,80}$)|(?<=[^\d\s]\s)(\d{1,6})$")
_NUMBER_ALONE = "#"
_LABEL_WORDS = 14
_EDGE_LINES = 3
_BANNER = re.compile(
    r"@|arxiv:|https?:|www\.|issn|doi\b|contents lists|sciencedirect|open access|published (?:as|in)|preprint"
    r"|^(?:[\w-]+ ){0,2}(?:proc(?:eedings|\.)|journal|transactions|annals|letters) (?:of|on|in)\b"
    r"|^(?:extended abstracts|lecture notes|procedia|articles? in press|draft version"
    r"|typeset (?:using|with))\b"
    r"|^(?:the )?(?:\d+(?:st|nd|rd|th) |annual |acm |ieee )*international\b"
    r".*\b(?:conf|congress|symposium|workshop)"
    r"|^(?:\w+ [|] )?(?:research|original|review|regular|general|full|short|invited|technical)"
    r" (?:article|paper|research|report|note)s?$|^(?:research|original) (?:article|paper|research)\b"
    r"|(?:accepted|submitted) (?:to|at)|vol(?:\.|ume) ?\d",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"1(?:\.1)?\.? [A-Z]|I\. |contents\b|(?:\d{1,2}\.)*\d{1,2}\.? [A-Z].* \d{1,3}$"
    r"|(?:(?:\d{1,2}|[IVX]+)(?:\.\d+)*\.?\s+)?(?:introduction|background|overview|motivation|installation|usage"
    r"|preface|preliminaries|table of contents|abstract|summary|references)\W*$",
    re.IGNORECASE,
)
_BEHIND_TITLE = re.compile(
    r"^by\b|^(?:version|v|release)\.? ?\d|\d\.\d.*\b(?:19|20)\d\d\b|@|^(?:department|dept\.|faculty) of\b",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|txt|tex|dvi|ps|rtf|odt|pptx?|indd|qxd)(?!\w)|^microsoft word\b|^untitled\b"
    r"|^(?:[a-z]:|file:)?[\\/]",
    re.IGNORECASE,
)
_MUCH_LARGER = 1.35
_APART = 1.75  # times the size of the type: farther lines are not of one title
_BOLD_WITHIN = 15  # lines
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)|^cmb|bx\d|^sfb|-b$|tb$", re.IGNORECASE)
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
    bold: bool = False
    base: float | None = None  # where it stands, in points from the page's foot; None: unknown

    @classmethod
    def of(
        cls, text: str, sizes: Sequence[float], upright: bool, bold: bool = False, base: float | None = None
    ) -> TypedLine:
        """A line by the sizes of its letters: the largest that more than a tenth of them reach."""
        ordered = sorted(sizes, reverse=True)
        size = ordered[int(len(ordered) * _INITIALS_SHARE)] if ordered else 0.0
        return cls(squeeze(tidy(text)), size, len(sizes), upright, bold, base)


def typed(line: Sequence[Glyph]) -> TypedLine:
    """The line with the size of its type, without the marks of footnotes at its end."""
    letters = [glyph for glyph in line if glyph.size and glyph.char.isalpha()]
    size = max((glyph.size for glyph in letters), default=0.0)
    base = next((glyph.base for glyph in letters if glyph.size == size), 0.0)
    end = len(line)
    while end and size and (line[end - 1].char.isspace() or is_raised(line[end - 1], base, size)):
        end -= 1
    text = "".join(glyph.char for glyph in line[:end])
    upright = all(glyph.upright for glyph in letters)
    bold = 2 * sum(bool(_BOLD.search(glyph.font)) for glyph in letters) > len(letters)
    return TypedLine.of(text, [glyph.size for glyph in letters], upright, bold, base if letters else None)


def tidy(text: str) -> str:
    """PDFium's text with plain line ends and, for its sign of a hyphen at a line's end, the hyphen."""
    text = with_ligatures(text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub("[\x02\ufffe](?=\n|$)", "-", text).replace("\ufffe", "-")


def title_of(lines: Sequence[TypedLine], metadata: str, page: str) -> str | None:
    """The title by its type on page one; the metadata's where it says the same, or says it alone and truly.

    Metadata is believed only if its words stand on the page: it is often a template's or a file's name.
    """
    lines = [line for line in lines if line.letters and line.upright]
    printed = _largest(lines)
    embedded = squeeze(metadata)
    if len(embedded.split()) < 2 or names_a_file(embedded) or _letters(embedded) not in _letters(page):
        return printed or _boldest(lines)
    if printed is None or _letters(printed) in _letters(embedded):  # whose second half may be in smaller type
        return embedded
    return printed


def names_a_file(text: str) -> bool:
    """Whether it is what a program wrote for want of a title."""
    return bool(_FILE.search(text))


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
    """The words in the largest type that read like a title: upright, no banner of a journal, no heading."""
    body = _body_size(lines)
    for size in sorted({line.size for line in lines if line.size >= _LARGER * body}, reverse=True):
        for run in _runs(lines, size):
            if title := _title(run, alone=size >= _MUCH_LARGER * body):
                return title
    return None


def _boldest(lines: Sequence[TypedLine]) -> str | None:
    """The first words in bold type that read like a title, the larger before the smaller."""
    body = _body_size(lines)
    bold = [line for line in lines[:_BOLD_WITHIN] if line.bold and line.size >= 0.99 * body]
    for size in sorted({line.size for line in bold}, reverse=True):
        for run in _runs([line if line in bold else TypedLine("", 0, 0) for line in lines], size):
            if title := _title(run, alone=False):
                return title
    return None


def _title(run: Sequence[str], alone: bool) -> str | None:
    """A run of lines as a title: two to forty words, or one if it is `alone` in its size."""
    ends = (at for at, line in enumerate(run) if at and _BEHIND_TITLE.search(line))
    text = " ".join(run[: next(ends, len(run))]).strip(_MARKS)
    if not (1 if alone else 2) <= len(text.split()) <= 40 or len(_letters(text)) < 6:
        return None
    if " " not in text and not re.fullmatch(r"[^\W\d_]{3,}(?:-[^\W\d_]{3,})*", text):
        return None
    if _BANNER.search(text) or _HEADING.match(text) or names_a_file(text):
        return None
    return re.sub(r"(\w)- (?=[a-z])", r"\1-", text)


def _body_size(lines: Sequence[TypedLine]) -> float:
    """The size that most letters have."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += line.letters
    return letters.most_common(1)[0][0] if letters else 0.0


def _runs(lines: Sequence[TypedLine], size: float) -> list[list[str]]:
    """Neighbouring lines of (nearly) this size, without the banners above them."""
    runs: list[list[str]] = [[]]
    base: float | None = None
    for line in lines:
        same = _SAME_SIZE * size <= line.size <= size / _SAME_SIZE
        if same and not runs[-1] and _BANNER.search(line.text):
            continue
        if (
            same
            and runs[-1]
            and base is not None
            and line.base is not None
            and base - line.base > _APART * size
        ):
            runs.append([])
        base = line.base
        if same:
            runs[-1].append(line.text)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())

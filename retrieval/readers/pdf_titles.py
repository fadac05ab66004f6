"""The title of a paper by the size of its type on page one. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_glyphs import Glyph, is_raised
from retrieval.readers.pdf_pages import letters_of, tidy, without_cuts

_BANNER = re.compile(
    r"@|arxiv:|https?:|www\.|issn|doi\b|contents lists|sciencedirect|open access|published (?:as|in)|preprint"
    r"|^(?:[\w-]+ ){0,2}(?:proc(?:eedings|\.)|journal|transactions|annals|letters) (?:of|on|in)\b"
    r"|^(?:extended abstracts|lecture notes|procedia|articles? in press|draft version"
    r"|typeset (?:using|with))\b"
    r"|^(?:the )?(?:\d+(?:st|nd|rd|th) |annual |acm |ieee )*international\b"
    r".*\b(?:conf|congress|symposium|workshop)"
    r"|^(?:\w+ [|] )?(?:research|original|review|regular|general|full|short|invited|technical)"
    r" (?:article|paper|research|report|note)s?$|^(?:research|original) (?:article|paper|research)\b"
    r"|^(?:case|brief|rapid|short|special) (?:report|communication|note|paper|article)s?$"
    r"|^(?:letter|letters|reply|correspondence|note) (?:to|from) the editors?$|^data descriptor$"
    r"|^(?:author[’']?s? )?accepted (?:author )?(?:manuscript|version|article)|^(?:journal )?pre-?proofs?$"
    r"|\b(?:hhs|nih|pmc|cihr) public access\b|^author manuscripts?\b|^europe pmc funders"
    r"|^uncorrected proofs?$|^just accepted\b|^hal id\b|^this is an? (?:repository copy|accepted|author)"
    r"|(?:accepted|submitted) (?:to|at)|vol(?:\.|ume) ?\d",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"(?:nature(?: \w+){0,2}|science(?: advances)?|cell(?: reports)?|neuron|plos \w+(?: \w+)?|pnas|elife"
    r"|jama|the lancet|scientific (?:reports|data)|ieee access|peerj|f1000 ?research|bmj(?: open)?"
    r"|bmc \w+(?: \w+)?|physical review(?: \w+)?|frontiers in \w+|astronomy (?:&|and) astrophysics"
    r"|nucleic acids research|royal society open science|bioinformatics|biometrika)",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:chapter|part|appendix) (?:\d+|[ivx]+)\W*$|"
    r"1(?:\.1)?\.? [A-Z]|I\. |contents\b|(?:\d{1,2}\.)*\d{1,2}\.? [A-Z].* \d{1,3}$"
    r"|(?:(?:\d{1,2}|[IVX]+)(?:\.\d+)*\.?\s+)?(?:introduction|background|overview|motivation|installation|usage"
    r"|preface|preliminaries|table of contents|abstract|summary|references|related work"
    r"|(?:materials and )?methods?|results?(?: and discussion)?|discussion|conclusions?"
    r"|acknowledge?ments?)\W*$",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:(?:1|I)\.?\s+)?introduction\W*$|abstract\W*$", re.IGNORECASE)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_DATED = re.compile(rf"(?:{_MONTHS}) (?:\d{{1,2}}(?:st|nd|rd|th)?,? )?(?:19|20)\d\d\b", re.IGNORECASE)
_BEHIND_TITLE = re.compile(
    r"^by(?-i:$| [A-Z])|^(?:version|v|release)\.? ?\d|\d\.\d.*\b(?:19|20)\d\d\b|@"
    r"|^(?:department|dept\.|faculty) of\b|^(?:table of )?contents$|^abstract$"
    rf"|^\(?(?:\d{{1,2}}(?:st|nd|rd|th)?\.? )?(?:{_MONTHS})(?: \d{{1,2}}(?:st|nd|rd|th)?)?"
    r",? (?:19|20)\d\d\)?$",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|txt|tex|dvi|ps|rtf|odt|pptx?|indd|qxd)(?!\w)|^microsoft word\b|^untitled\b"
    r"|^(?:[a-z]:|file:)?[\\/]",
    re.IGNORECASE,
)
_WANTING = re.compile(r"(?:^|\s)(?:to|for|of|and|the|in|on|with|a|an)$")
MOST_WORDS = 40  # of a title
_MUCH_LARGER = 1.35
_APART = 2.05  # times the size of the type: farther lines are not of one title
_BOLD_WITHIN = 15  # lines
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)|^cmb|bx\d|^sfb|-b$|tb$", re.IGNORECASE)
_MARKS = "*∗†‡§¶⋆# \t"
_LARGER = 1.15  # times the size of the body's type: section headings of most styles are 1.2 at most
_ABOVE_HEADINGS = 1.3
_VOLUME_LETTERS = 14  # of a line that names a volume, an issue, a month and pages
_A_LITTLE = 1.05
_SAME_SIZE = 0.94
# Of a line's letters: the capitals of words in small caps are the true size, a drop cap is not.
_INITIALS_SHARE = 0.1


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
        return cls(squeeze(tidy(without_cuts(text))), size, len(sizes), upright, bold, base)


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


def title_of(lines: Sequence[TypedLine], metadata: str, page: str) -> str | None:
    """The title by its type on page one; the metadata's where it says the same, or says it alone and truly.

    Metadata is believed only if its words stand on the page: it is often a template's or a file's name.
    """
    lines = [line for line in lines if line.letters and line.upright]
    printed = _largest(lines)
    embedded = squeeze(metadata)
    if len(embedded.split()) < 2 or names_a_file(embedded) or letters_of(embedded) not in letters_of(page):
        return printed or _boldest(lines) or _topmost(lines)
    if printed is None or letters_of(printed) in letters_of(embedded):  # its second half may be smaller
        return embedded
    return printed


def names_a_file(text: str) -> bool:
    """Whether it is what a program wrote for want of a title."""
    return bool(_FILE.search(text))


def _largest(lines: Sequence[TypedLine]) -> str | None:
    """The words in the largest type that read like a title: upright, no banner of a journal, no heading.

    One word alone is the title only where no larger line than headings are says more: it may be a journal's.
    """
    body = _body_size(lines)
    lone: str | None = None
    for size in sorted({line.size for line in lines if line.size >= _LARGER * body}, reverse=True):
        for run in _runs(lines, size):
            if _SECTION.match(" ".join(run)):
                break  # what follows in this type are sections
            title = _title(run, alone=size >= _MUCH_LARGER * body and not lone)
            if not title or _is_journal(title, lines) or (lone and size < _ABOVE_HEADINGS * body):
                continue
            if " " in title:
                return title
            lone = title
    return lone


def _is_journal(title: str, lines: Sequence[TypedLine]) -> bool:
    """Whether it is a large journal, or another line counts its volumes: "Gardens & Rain 137 (2015) 1-5"."""
    if _JOURNAL.fullmatch(title):
        return True
    start = letters_of(title)
    others = (letters_of(line.text) for line in lines)
    rests = (other[len(start) :] for other in others if other.startswith(start) and other != start)
    return any(
        sum(map(str.isdigit, rest)) >= 3 and sum(map(str.isalpha, rest)) < _VOLUME_LETTERS for rest in rests
    )


def _boldest(lines: Sequence[TypedLine]) -> str | None:
    """The first words in bold type that read like a title, the larger before the smaller."""
    body = _body_size(lines)
    bold = [line for line in lines[:_BOLD_WITHIN] if line.bold and line.size >= 0.99 * body]
    for size in sorted({line.size for line in bold}, reverse=True):
        for run in _runs([line if line in bold else TypedLine("", 0, 0) for line in lines], size):
            if title := _title(run, alone=False):
                return title
    return None


def _topmost(lines: Sequence[TypedLine]) -> str | None:
    """The page's first words, where they are only a little larger than all others."""
    first = next(iter(lines), None)
    runs = _runs(lines, first.size) if first else []
    if first is None or not runs:
        return None
    run = runs[0]
    others = [line.size for line in lines if line.text not in run]
    larger = bool(others) and first.size >= _A_LITTLE * max(others)
    return _title(run, alone=False) if larger else None


def _title(run: Sequence[str], alone: bool) -> str | None:
    """A run of lines as a title: two to forty words, or one if it is `alone` in its size."""
    ends = (at for at, line in enumerate(run) if at and _BEHIND_TITLE.search(line))
    text = " ".join(run[: next(ends, len(run))]).strip(_MARKS).removesuffix(" by")
    if not (1 if alone else 2) <= len(text.split()) <= MOST_WORDS or len(letters_of(text)) < 6:
        return None
    if " " not in text and not re.fullmatch(r"[^\W\d_]{3,}(?:-[^\W\d_]{3,})*", text):
        return None
    if _BANNER.search(text) or _HEADING.match(text) or _DATED.match(text) or names_a_file(text):
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
        gap = base - line.base if base is not None and line.base is not None else 0.0
        if same and runs[-1] and gap > _APART * size and not _belong(runs[-1][-1], line.text):
            runs.append([])
        base = line.base
        if same:
            runs[-1].append(line.text)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _belong(above: str, below: str) -> bool:
    """Whether two lines are one however far apart: one ends with, or is, a word that wants another."""
    return bool(_WANTING.search(above)) or (" " not in below and bool(_WANTING.search(below)))

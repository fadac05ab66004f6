"""Sheets that archives and publishers bind in front of a paper: what they say is not the paper's. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_glyphs import Glyph
from retrieval.readers.pdf_pages import letters_of, tidy
from retrieval.readers.pdf_titles import title_of, typed

_SIGN = re.compile(
    r"jstor is a not-for-profit|stable url:|hal is a multi-?disciplinary|author profiles for this publication"
    r"|to (?:cite|link to) this (?:article|version|document|paper|publication|item)|repository copy of"
    r"|citation for (?:the )?(?:original )?(?:published|printed|final) (?:version|paper|article)"
    r"|document version|link to publication|general rights|take ?down policy|article views:"
    r"|view the article online|articles? you may (?:be interested in|also like)|you may also like"
    r"|unedited manuscript that has been accepted|latest updates: https?:"
    r"|(?:institutional|open access|digital|research) (?:repository|archive|collection)|archive ouverte"
    r"|california digital library|(?:please|when) (?:cit|refer)(?:e|ing)?\b.{0,40}\b(?:published|final)"
    r"|this is (?:the|an) (?:author|accepted|peer|post-?print|pre-?print)|version of record",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"^(?:abstract\b.*|summary|(?:(?:1|I)?\.? ?introduction)|keywords\b.*)$", re.IGNORECASE | re.MULTILINE
)
_MOST_LETTERS = 3500  # of a sheet, with what the archive says of itself; a full page has more
_FEWEST_IN_TITLE = 15  # letters: the words of a shorter one may stand on any page
_TITLE_WITHIN = 15  # lines of the page on which the paper begins
_MOST_SHEETS = 2


def is_sheet(text: str) -> bool:
    """Whether a page is none of a paper, by what it says and how little."""
    words = squeeze(tidy(text))
    return len(words) <= _MOST_LETTERS and bool(_SIGN.search(words)) and not _BEGINS.search(tidy(text))


def sheets_before(texts: Sequence[str], heads: Sequence[Sequence[Sequence[Glyph]]]) -> int:
    """How many sheets stand before the paper: 0 unless the first names the title that a next page has.

    `texts`: one a page. `heads`: the lines of the first pages.
    """
    if not is_sheet(texts[0]):
        return 0
    told = letters_of(texts[0])
    for place, lines in list(enumerate(heads))[1 : _MOST_SHEETS + 1]:
        title = letters_of(_title(lines, texts[place]) or "")
        if len(title) >= _FEWEST_IN_TITLE and title in told:
            return place
    return 0


def _title(lines: Sequence[Sequence[Glyph]], text: str) -> str | None:
    return title_of([typed(line) for line in lines[:_TITLE_WITHIN]], "", text)


def title_as_told(sheet: Sequence[Sequence[Glyph]], text: str, title: str | None) -> str | None:
    """The title as the sheet writes it, where that says as much: the paper may have it all in capitals."""
    told = title_of([typed(line) for line in sheet], "", text)
    return told if told and title and letters_of(told) == letters_of(title) else title

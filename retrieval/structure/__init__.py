"""The structure of a paper's text: title, authors, abstract, sections, captions, pages. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.models import Block, Document
from retrieval.structure.body import blocks_of
from retrieval.structure.front import begins_prose, is_affiliation, title_and_authors
from retrieval.structure.furniture import without_furniture
from retrieval.structure.headings import Headings, separate
from retrieval.structure.label import label_of
from retrieval.structure.lines import (
    ABSTRACT,
    Line,
    caption_kind,
    column_width,
    is_sentence_end,
)
from retrieval.structure.links import code_url, venue_and_year
from retrieval.structure.pages import split_first_pages, split_pages
from retrieval.structure.references import split_references
from retrieval.text_repair import Vocabulary, repair

__all__ = ["first_page", "paper_from_pages", "paper_from_text", "split_first_pages"]

_RUN_IN = re.compile(r"[#*\s]*(?:(?i:abstract)\s*[*:.—–-]|(?:Abstract|ABSTRACT) [A-Z]\w* [a-z]+ \w+ \w+)")
_KEYWORDS = re.compile(
    r"[#*\s]*(?:(?:additional )?key ?words\b|index terms\b|ccs concepts|general terms"
    r"|categories and subject|acm reference format"
    r"|(?:table of )?contents\W*$|mathematics subject classification|jel classification)",
    re.IGNORECASE,
)
_LONGEST_ABSTRACT = 60  # lines
_FRONT = 80  # lines in which an abstract's heading is looked for


def paper_from_text(source: str, text: str, *, file_name: str | None = None) -> Document:
    """A whole paper from its running text, plain or Markdown. `file_name` only gives venue and year."""
    venue, year = venue_and_year(text, file_name)
    lines = _numbered_lines(repair(text))
    return _document(source, lines, venue, year)


def paper_from_pages(
    source: str, pages: Sequence[tuple[int | None, str]], *, title: str | None = None
) -> Document:
    """A whole paper from its pages: printed number or None, and text.

    `title`: where it is known; it is the first line of the first page then.
    """
    whole = "\f".join(text.replace("\f", " ").replace(_PAGE_BREAK, "") for _number, text in pages)
    venue, year = venue_and_year(whole, None)
    repaired = repair(whole.replace("\f", f"\n{_PAGE_BREAK}\n")).split(_PAGE_BREAK)
    if len(repaired) != len(pages):  # what was taken for a comment, say, went over the end of a page
        repaired = [repair(page) for page in whole.split("\f")]
    lines = [
        Line(line, number)
        for (number, _text), page in zip(pages, repaired, strict=True)
        for line in page.split("\n")
        if number is None or line.strip() != str(number)
    ]
    return _document(source, separate(lines), venue, year, title)


_PAGE_BREAK = "⁂⁂⁂"  # a line that no paper has, and that no repair touches


def first_page(source: str, text: str) -> Document:
    """A first page that shows no title: its label stands for one until another source knows better."""
    venue, year = venue_and_year(text, None)
    lines = _numbered_lines(repair(text))
    known = Vocabulary.of("\n".join(line.text for line in lines))
    front, abstract, body = _parts(lines)
    blocks = _blocks(front, abstract, body, known)
    shown = " ".join(block.text for block in blocks if block.kind == "abstract")
    page = " ".join(block.text for block in blocks)
    code = _code_url([], abstract, body)
    label = label_of(shown, page, code) or None
    return Document(source, None, year=year, venue=venue, code_url=code, blocks=blocks, label=label)


def _document(
    source: str, lines: Sequence[Line], venue: str | None, year: int | None, known_title: str | None = None
) -> Document:
    main, _references, appendix = split_references(lines)
    front, abstract, body = _parts(main)
    known = Vocabulary.of("\n".join(line.text for line in [*main, *appendix]))
    following = Vocabulary.of("\n".join(line.text for line in [*abstract, *body]))
    title, authors, rest = title_and_authors([line.text for line in front], following, known_title)
    teaser = _from_prose(rest, front)
    blocks = _blocks(teaser, abstract, body, known)
    places = "; ".join(line for line in rest[: len(rest) - len(teaser)] if is_affiliation(line))
    return Document(
        source,
        title,
        authors,
        year,
        venue,
        code_url=_code_url(rest, abstract, body),
        blocks=blocks + _blocks([], [], appendix, known),
        extra=(("affiliations", places),) if places else (),
    )


def _numbered_lines(text: str) -> list[Line]:
    pages = split_pages(text.split("\n"))
    kept = without_furniture([page for _number, page in pages])
    return separate(
        [Line(line, number) for (number, _), page in zip(pages, kept, strict=True) for line in page]
    )


def _parts(lines: Sequence[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """What stands above the abstract, the abstract, and what begins with the first heading below it."""
    headings = Headings([line.text for line in lines])
    for at, line in enumerate(lines[:_FRONT]):
        match = ABSTRACT.fullmatch(line.text)
        if match and (not match["rest"] or _is_run_in(line.text, at)):
            first = [Line(match["rest"], line.page)] if match["rest"] else []
            rest = [*first, *lines[at + 1 :]]
            cut = _end_of_abstract(rest, headings)
            return list(lines[:at]), rest[:cut], rest[cut:]
    cut = next((n for n, line in enumerate(lines) if n and headings.find(line.text)), min(1, len(lines)))
    start, end = _unnamed_abstract([line.text for line in lines[: min(cut, _FRONT)]])
    if start < end:
        return list(lines[:start]), list(lines[start:end]), list(lines[end:])
    return list(lines[:cut]), [], list(lines[cut:])


def _is_run_in(text: str, at: int) -> bool:
    """Whether an abstract's first words stand behind its name on the line, which is not the title."""
    return bool(_RUN_IN.match(text)) and (at > 0 or not re.match(r"[#*\s]*abstract ", text, re.IGNORECASE))


def _unnamed_abstract(front: Sequence[str]) -> tuple[int, int]:
    """The sentences right above a list of keywords, where no abstract is named; (0, 0) for none."""
    end = next((at for at, line in enumerate(front) if at and _KEYWORDS.match(line)), 0)
    start = next((at for at in range(1, end) if begins_prose(front, at)), end)
    return (start, end) if is_sentence_end(front[end - 1]) and start < end else (0, 0)


def _end_of_abstract(rest: Sequence[Line], headings: Headings) -> int:
    """Up to the first heading or list of keywords; a page at most, where the headings are not seen."""
    cut = next((n for n, line in enumerate(rest) if headings.find(line.text)), len(rest))
    first = next((n for n, line in enumerate(rest[:cut]) if n and _KEYWORDS.match(line.text)), cut)
    if first <= _LONGEST_ABSTRACT:
        return first
    ends = (n for n in range(_LONGEST_ABSTRACT // 2, _LONGEST_ABSTRACT) if is_sentence_end(rest[n].text))
    return next(ends, _LONGEST_ABSTRACT - 1) + 1


def _from_prose(rest: Sequence[str], front: Sequence[Line]) -> list[Line]:
    """The lines of `rest`, the end of the front, from the first caption or sentence on.

    A figure may stand above the abstract; and a text without an abstract begins below its authors.
    """
    start = next(
        (at for at, line in enumerate(rest) if caption_kind(line) or begins_prose(rest, at)), len(rest)
    )
    filled = [line for line in front if line.text.strip()]
    return filled[len(filled) - len(rest) + start :]


def _blocks(
    front: Sequence[Line], abstract: Sequence[Line], body: Sequence[Line], known: Vocabulary
) -> tuple[Block, ...]:
    width = column_width([line.text for line in [*abstract, *body]])
    found = list(blocks_of(front, known, width=width))
    found += blocks_of(abstract, known, "Abstract", True, width)
    return (*found, *blocks_of(body, known, width=width))


def _code_url(front: Sequence[str], abstract: Sequence[Line], body: Sequence[Line]) -> str | None:
    texts = (
        "\n".join(front),
        "\n".join(line.text for line in abstract),
        "\n".join(line.text for line in body),
    )
    return code_url(*texts)

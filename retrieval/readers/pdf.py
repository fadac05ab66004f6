"""PDF files with a text layer, by pypdfium2: the only door to it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Reading
from retrieval.readers import pdf_typeset
from retrieval.readers.completing import whole, with_label, with_names_of_title
from retrieval.readers.decoding import holds_prose, without_runs
from retrieval.readers.pdf_authors import authors_of, only_names
from retrieval.readers.pdf_covers import is_sheet, sheets_before, title_as_told
from retrieval.readers.pdf_glyphs import Glyph, glyphs_of, is_nameless, rules_of, spans_of
from retrieval.readers.pdf_letters import (
    has_small_words,
    hides_its_letters,
    is_in_ornaments,
    with_high_letters,
    without_ornaments,
)
from retrieval.readers.pdf_lines import lines_of, with_whole_lines
from retrieval.readers.pdf_numbers import arxiv_of, doi_of, year_of
from retrieval.readers.pdf_pages import (
    counted_numbers,
    headed,
    printed_numbers,
    tidy,
    whole_words,
    without_line_numbers,
    without_running_lines,
)
from retrieval.readers.pdf_tables import has_caption, with_rows, without_marks
from retrieval.readers.pdf_titles import MOST_WORDS, names_a_file, title_of, typed
from retrieval.structure.links import venue_and_year

if TYPE_CHECKING:
    import pypdfium2

T = TypeVar("T")

_PDFIUM = threading.Lock()
"""PDFium is not thread-safe: one call at a time in the whole process."""

_MARK = b"%PDF-"
_MARK_WITHIN = 1024  # bytes; readers have always taken files with something before the mark
_END_WITHIN = 4096  # bytes; some servers append to a file
_FEWEST_LETTERS = 20  # in the whole file; fewer are a stamp on scanned pages
_FIRST_PAGES = 3  # by which it is seen whether all are written in ornaments, and where the paper begins
_TITLE_WITHIN = 6000  # characters of page one
_MOST_GLYPHS = 30_000  # of a page with tables; a full one has a quarter of that
_SMALL_WORD = re.compile(
    r"(?<!\S)[(“‘\"]?([a-zß-ÿ]{2,})(?=[,.;:)”’\"]*(?!\S))"
)  # a word, no part of an address
_WORDS_WITHIN = 200_000  # characters, in which the words are looked for that are no names
_Page = tuple[str | None, tuple[tuple[Glyph, ...], ...]]  # text, None for a broken page; lines of first pages


@dataclass(frozen=True, slots=True)
class _Pdf:
    texts: tuple[str, ...]  # one a page
    labels: tuple[str, ...]  # what the file itself calls its pages
    title: str  # of the embedded metadata, which is often another file's
    authors: str  # of it too
    heads: tuple[tuple[tuple[Glyph, ...], ...], ...]  # the lines of the first pages
    unread: tuple[int, ...]  # pages that are broken, from 1


def fits(data: bytes) -> bool:
    """Whether it begins as PDF files do."""
    return _MARK in data[:_MARK_WITHIN]


def prepare() -> None:
    """Load what reading needs, so that it is there before limits are set."""
    import pypdfium2

    pypdfium2.PdfDocument.new().close()


def read(name: str, data: bytes) -> Reading:
    """The paper. Raises UnreadableFile where the file is cut off, encrypted, damaged or has no text layer.

    A file without its end is read where none of its pages is missing.
    """
    whole_file = b"%%EOF" in data[-_END_WITHIN:]
    pdf = _open(data)
    if not whole_file and not (pdf.texts and all(text.strip() for text in pdf.texts)):
        raise UnreadableFile("a truncated PDF: its end is missing; fetch the file again")
    if not pdf.texts:
        raise UnreadableFile("a PDF with no page in it")
    texts = without_line_numbers([without_runs(tidy(text)) for text in pdf.texts])
    _check_words("".join(pdf.texts), texts)
    before = sheets_before(texts, pdf.heads)
    sheet, texts, first_page = texts[0], texts[before:], pdf.heads[before]
    title = title_of([typed(line) for line in first_page], pdf.title, texts[0])
    title = title_as_told(pdf.heads[0], sheet, title) if before else title
    title = whole_words(title, "\n".join(texts)) if title and "-" in title else title
    arxiv, doi = arxiv_of(texts[0]), doi_of(texts[0]) or doi_of(sheet)
    venue, year = venue_and_year(texts[0], name.rsplit("/", 1)[-1])
    printed_year = year_of(texts[0]) or (year_of(sheet) if before else None)
    printed = printed_numbers(texts)
    texts = without_running_lines(texts, printed)
    if title:
        texts[0] = headed(texts[0], title)
    counted = counted_numbers(pdf.labels)[before:]
    numbers = printed if any(number is not None for number in printed) else counted
    pages = list(zip(numbers, texts, strict=True))
    document = structure.paper_from_pages(name, pages, title=title)
    document = whole(document, [(number, without_marks(text)) for number, text in pages])
    facts = replace(
        document,
        title=title or _of_text(document.title),
        authors=_authors(first_page, pdf.authors, title or document.title, texts, document.authors),
        venue=venue or document.venue,
        year=year or printed_year or document.year,
        doi=doi,
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else None,
        extra=(*document.extra, *((("arxiv", arxiv),) if arxiv else ())),
    )
    notes = [f"page {number}: broken, and left out" for number in pdf.unread]
    if not whole_file:
        notes.append(f"its end is missing (no %%EOF), but all of its {len(pages)} pages could be read")
    return Reading((with_names_of_title(with_label(facts)),), tuple(notes))


def _check_words(text: str, pages: Sequence[str]) -> None:
    """Raises UnreadableFile, with what to do, where `text`, tidy in `pages`, is not one that can be read."""
    own = pages[1:] if len(pages) > 1 and is_sheet(pages[0]) else pages
    if sum(char.isalpha() for page in own for char in page) < _FEWEST_LETTERS:
        raise UnreadableFile(
            "a PDF without a text layer (scanned pages?); run text recognition (OCR) over it first"
        )
    prose = any(map(holds_prose, pages))
    if hides_its_letters(text) and not (prose and has_small_words(text)):
        raise UnreadableFile(
            "a PDF whose fonts do not name their letters; run text recognition (OCR) over it first"
        )
    if not prose:
        raise UnreadableFile("a PDF with no paper in it: too few words that read like sentences")


def _of_text(title: str | None) -> str | None:
    """The title that the running text seems to have, unless it is a file's name or too long for one."""
    return None if not title or names_a_file(title) or len(title.split()) > MOST_WORDS else title


def _authors(
    first_page: Sequence[Sequence[Glyph]],
    embedded: str,
    title: str | None,
    texts: Sequence[str],
    in_text: tuple[str, ...],
) -> tuple[str, ...]:
    """By the look of page one, else those of the running text that read like names."""
    words = frozenset(_SMALL_WORD.findall(" ".join(texts)[:_WORDS_WITHIN]))
    upright = [(spans_of(line), shown.text) for line in first_page if (shown := typed(line)).upright]
    lines, printed = [spans for spans, _ in upright], [text for _, text in upright]
    return (title and authors_of(lines, printed, title, embedded, words)) or only_names(in_text, words)


def _open(data: bytes) -> _Pdf:
    """Everything that is wanted of the file, in one go under the lock: nothing of PDFium's outlives it."""
    import pypdfium2

    with _PDFIUM:
        try:
            pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise UnreadableFile("an encrypted PDF: save it without its password first") from error
            raise UnreadableFile(
                "a damaged or truncated PDF, or one without a page: fetch the file again"
            ) from error
        try:
            pages = [_page(pdf, place) for place in range(len(pdf))]
            if is_in_ornaments("".join(text or "" for text, _ in pages[:_FIRST_PAGES])):
                pages = [_legible(page, without_ornaments) for page in pages]
            elif pages and is_nameless([glyph for line in pages[0][1] for glyph in line]):
                pages = [_legible(page, with_high_letters) for page in pages]
            return _Pdf(
                texts=tuple(text or "" for text, _ in pages),
                labels=tuple(_told(pdf.get_page_label, place) for place in range(len(pdf))),
                title=_told(pdf.get_metadata_value, "Title"),
                authors=_told(pdf.get_metadata_value, "Author"),
                heads=tuple(lines for _, lines in pages[:_FIRST_PAGES]),
                unread=tuple(place for place, (text, _) in enumerate(pages, 1) if text is None),
            )
        finally:
            pdf.close()


def _told(get: Callable[[T], str], what: T) -> str:
    """What the file says of itself, "" where that is no text: some programs cut it inside of a character."""
    try:
        return get(what)
    except UnicodeDecodeError:
        return ""


def _legible(page: _Page, mend: Callable[[str], str]) -> _Page:
    """The page with its letters mended: line by line where as many come back, else one by one."""
    text, lines = page
    legible = []
    for line in lines:
        chars = mend("".join(glyph.char for glyph in line))
        each = chars if len(chars) == len(line) else [mend(glyph.char) for glyph in line]
        legible.append(tuple(replace(glyph, char=char) for glyph, char in zip(line, each, strict=True)))
    return mend(text) if text else text, tuple(legible)


def _page(pdf: pypdfium2.PdfDocument, place: int) -> _Page:
    """A page's text, None where the page is broken; and its first letters in lines, if it is a first one."""
    import pypdfium2

    try:
        page = pdf[place]
    except pypdfium2.PdfiumError:
        return None, ()
    try:
        text_page = page.get_textpage()
        try:
            glyphs = list(glyphs_of(text_page, _TITLE_WITHIN)) if place < _FIRST_PAGES else []
            lines = pdf_typeset.without_line_numbers(list(lines_of(glyphs)))
            text = with_whole_lines(str(text_page.get_text_bounded()), text_page)
            if has_caption(text):
                text = with_rows(text, list(glyphs_of(text_page, _MOST_GLYPHS)), rules_of(page, text_page))
            return text, tuple(tuple(pdf_typeset.mended(line)) for line in lines)
        finally:
            text_page.close()
    except pypdfium2.PdfiumError:
        return None, ()
    finally:
        page.close()

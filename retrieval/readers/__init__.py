"""Readers: one file a format, and the table that says which reader takes which file.

A file's bytes decide, its name helps where they leave a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import SEEK_END, BytesIO
from typing import BinaryIO

from retrieval.errors import UnreadableFile
from retrieval.models import FIRST_YEAR, LAST_YEAR, ODD_YEAR, Document, Reading
from retrieval.readers import (
    arxiv,
    bibtex,
    conference_list,
    csl_json,
    first_pages,
    manifest,
    markdown,
    openalex,
    pdf,
    plain_text,
    records,
    ris,
    search_results,
    semantic_scholar,
    zotero_rdf,
)
from retrieval.readers.completing import with_names_of_title, without_halves
from retrieval.readers.decoding import check_size, decode, unforeseen_told
from retrieval.readers.pieces import PIECE, WHOLE_MB, Documents, decoded, taken

RECIPE = "readers/8"
"""Moves when the same file would be read differently, so that a library reads its files again."""

_SHOWN = 5  # years that are none
_MOST_NOTES = 50  # of one file; a broken table has one for each of its rows

PAPER_MB = 25
"""Of a text that is one paper: a book of a thousand pages has 3. Reading it takes 17 times as much memory."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A format of text: whether a file is of it (by name and text), and how it is read."""

    form: str
    fits: Callable[[str, str], bool]
    read: Callable[[str, str], Reading]
    documents: Documents | None = None  # reads it in pieces, where its records can be told apart in the text
    most_mb: int = WHOLE_MB  # of one that is read whole, in some five times as much memory


READERS: tuple[Reader, ...] = (
    Reader("saved search results", lambda _, text: search_results.fits(text), search_results.read),
    Reader("conference list", lambda _, text: conference_list.fits(text), conference_list.read),
    Reader("BibTeX", bibtex.fits, bibtex.read, bibtex.documents),
    Reader("RIS", lambda _, text: ris.fits(text), ris.read, ris.documents),
    Reader("OpenAlex works", lambda _, text: openalex.fits(text), openalex.read, openalex.documents),
    Reader(
        "Semantic Scholar papers",
        lambda _, text: semantic_scholar.fits(text),
        semantic_scholar.read,
        semantic_scholar.documents,
    ),
    Reader("arXiv records", lambda _, text: arxiv.fits(text), arxiv.read, arxiv.documents),
    Reader("Zotero RDF", lambda _, text: zotero_rdf.fits(text), zotero_rdf.read),
    Reader("CSL-JSON", lambda _, text: csl_json.fits(text), csl_json.read, csl_json.documents),
    Reader("records", records.fits, records.read, records.documents),
    Reader("first pages", lambda _, text: first_pages.fits(text), first_pages.read, most_mb=PAPER_MB),
    Reader("Markdown", lambda _, text: markdown.fits(text), markdown.read, most_mb=PAPER_MB),
    Reader("one paper", lambda _name, _text: True, plain_text.read, most_mb=PAPER_MB),
)
"""In order: the first that fits reads the file."""


PdfReader = Callable[[str, bytes], Reading]
"""Reads a PDF file by its name and bytes. Raises UnreadableFile."""


def read_file(name: str, data: bytes, *, max_mb: int = 200, read_pdf: PdfReader = pdf.read) -> Reading:
    """The papers of one file. `name` is relative to the ingested folder, with "/".

    Give `PdfProcess.read` as `read_pdf` where files come from anybody: PDFium runs in this process otherwise.
    A part that cannot be read becomes a note. Raises UnreadableFile with the reason where no paper could be
    read, and for a file of more than `max_mb` MB.
    """
    check_size(data, max_mb)
    with unforeseen_told():
        return _read(name, data, read_pdf)


def _read(name: str, data: bytes, read_pdf: PdfReader) -> Reading:
    if manifest.is_manifest(name, data):
        return Reading((), manifest.manifest_faults(data))
    if pdf.fits(data):
        return read_pdf(name, data)
    text, notes = decode(data)
    reader = next(reader for reader in READERS if reader.fits(name, text))
    reading = reader.read(name, text)
    doubles: list[str] = []
    documents = tuple(_distinct(map(_completed, reading.documents), doubles))
    if not documents:
        raise _without_papers(reader, reading.notes)
    return Reading(documents, _at_most((*notes, *_odd_years(_odd(documents)), *reading.notes, *doubles)))


@dataclass(frozen=True, slots=True)
class Stream:
    """The papers of a file, one after another, each only once; and notes, when all were taken."""

    documents: Iterator[Document]
    notes: Callable[[], tuple[str, ...]]


def read_open(
    name: str, file: BinaryIO, *, max_mb: int = 200, read_pdf: PdfReader = pdf.read, piece: int = PIECE
) -> Stream:
    """As `read_file`, of an open file: of records, no more than some pieces are in memory at a time.

    `piece` is in bytes; what is no longer is read whole. Raises UnreadableFile, also while the papers are
    taken.
    """
    head = taken(file, piece)
    reader = _reader_of_pieces(name, head) if len(head) == piece else None
    if reader is None or reader.documents is None:
        if len(head) == piece:
            if reader is not None:
                _check_size(reader, file.seek(0, SEEK_END))
            file.seek(0)
            head = taken(file, -1)
        reading = read_file(name, head, max_mb=max_mb, read_pdf=read_pdf)
        return Stream(iter(reading.documents), lambda: reading.notes)
    file.seek(0)
    told: list[str] = []  # of the whole text; then of its records, and of those that stand there twice
    own: list[str] = []
    doubles: list[str] = []
    odd: list[str] = []
    found = map(_completed, reader.documents(name, decoded(file, told, piece), own))

    def documents() -> Iterator[Document]:
        none = True
        with unforeseen_told():
            for document in _distinct(found, doubles):
                none = False
                odd.extend(_odd((document,)))
                yield document
        if none:
            raise _without_papers(reader, own)

    return Stream(documents(), lambda: _at_most((*told, *_odd_years(odd), *own, *doubles)))


def _completed(document: Document) -> Document:
    return with_names_of_title(without_halves(document))


def _check_size(reader: Reader, size: int) -> None:
    """Raises UnreadableFile for a text of more bytes than can be read whole."""
    if size > reader.most_mb * 1_000_000:
        raise UnreadableFile(
            f"too large: {size / 1e6:.0f} MB, and {reader.form} may have {reader.most_mb}. Part it into "
            "several files, or write its papers as records (JSON lines or CSV), which may be of any number"
        )


def _reader_of_pieces(name: str, head: bytes) -> Reader | None:
    """Who reads a file in pieces that begins so; None for one that has to be read whole."""
    if not head.strip() or manifest.is_manifest(name, head) or pdf.fits(head):
        return None
    text = next(decoded(BytesIO(head), [], len(head)))
    return next(reader for reader in READERS if reader.fits(name, text))


def _without_papers(reader: Reader, notes: Sequence[str]) -> UnreadableFile:
    first = f"; {notes[0]}" if notes else ""
    return UnreadableFile(f"{reader.form} without a paper that can be read{first}")


def _odd(documents: Iterable[Document]) -> list[str]:
    """All that stands where a year should and is none."""
    return [value for document in documents for key, value in document.extra if key == ODD_YEAR]


def _odd_years(odd: Sequence[str]) -> tuple[str, ...]:
    """One line for all of them."""
    if not odd:
        return ()
    shown = dict.fromkeys(odd)
    some = ", ".join(map(repr, list(shown)[:_SHOWN])) + (", …" if len(shown) > _SHOWN else "")
    what = "1 year is not" if len(odd) == 1 else f"{len(odd)} years are not"
    return (f"{what} from {FIRST_YEAR} to {LAST_YEAR}, and left out: {some}",)


def _at_most(notes: tuple[str, ...]) -> tuple[str, ...]:
    if len(notes) <= _MOST_NOTES:
        return notes
    return (*notes[:_MOST_NOTES], f"and {len(notes) - _MOST_NOTES} more notes")


def _distinct(documents: Iterable[Document], notes: list[str]) -> Iterator[Document]:
    """Every source once: a repeated paper is left out, another paper of the same name gets `~2` behind it.

    Of those before, their names and hashes are remembered and not their texts.
    """
    seen: set[int] = set()
    times: dict[str, int] = {}
    taken: set[str] = set()
    for document in documents:
        source, mark = document.source, hash(document)
        if mark in seen:
            notes.append(f"{source} stands there twice; it was read once")
            continue
        seen.add(mark)
        name, count = source, times.get(source, 0) + 1
        times[source] = count
        while name in taken:
            count += name != source
            name = f"{source}~{count}"
        taken.add(name)
        if name != source:
            notes.append(f"{source} names another paper already; this one became {name}")
            document = replace(document, source=name)
        yield document

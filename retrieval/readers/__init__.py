"""Readers: one file a format, and the table that says which reader takes which file.

A file's bytes decide, its name helps where they leave a doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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
from retrieval.readers.completing import with_names_of_title
from retrieval.readers.decoding import check_size, decode

RECIPE = "readers/5"
"""Moves when the same file would be read differently, so that a library reads its files again."""

_SHOWN = 5  # years that are none
_MOST_NOTES = 50  # of one file; a broken table has one for each of its rows


@dataclass(frozen=True, slots=True)
class Reader:
    """A format of text: whether a file is of it (by name and text), and how it is read."""

    form: str
    fits: Callable[[str, str], bool]
    read: Callable[[str, str], Reading]


READERS: tuple[Reader, ...] = (
    Reader("saved search results", lambda _, text: search_results.fits(text), search_results.read),
    Reader("conference list", lambda _, text: conference_list.fits(text), conference_list.read),
    Reader("BibTeX", bibtex.fits, bibtex.read),
    Reader("RIS", lambda _, text: ris.fits(text), ris.read),
    Reader("OpenAlex works", lambda _, text: openalex.fits(text), openalex.read),
    Reader("Semantic Scholar papers", lambda _, text: semantic_scholar.fits(text), semantic_scholar.read),
    Reader("arXiv records", lambda _, text: arxiv.fits(text), arxiv.read),
    Reader("Zotero RDF", lambda _, text: zotero_rdf.fits(text), zotero_rdf.read),
    Reader("CSL-JSON", lambda _, text: csl_json.fits(text), csl_json.read),
    Reader("records", records.fits, records.read),
    Reader("first pages", lambda _, text: first_pages.fits(text), first_pages.read),
    Reader("Markdown", lambda _, text: markdown.fits(text), markdown.read),
    Reader("one paper", lambda _name, _text: True, plain_text.read),
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
    if manifest.is_manifest(name, data):
        return Reading((), manifest.manifest_faults(data))
    if pdf.fits(data):
        return read_pdf(name, data)
    text, notes = decode(data)
    reader = next(reader for reader in READERS if reader.fits(name, text))
    reading = reader.read(name, text)
    if not reading.documents:
        first = f"; {reading.notes[0]}" if reading.notes else ""
        raise UnreadableFile(f"{reader.form} without a paper that can be read{first}")
    documents, doubles = _distinct(tuple(map(with_names_of_title, reading.documents)))
    return Reading(documents, _at_most((*notes, *_odd_years(documents), *reading.notes, *doubles)))


def _odd_years(documents: Sequence[Document]) -> tuple[str, ...]:
    """One line for all that stands where a year should and is none."""
    odd = [value for document in documents for key, value in document.extra if key == ODD_YEAR]
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


def _distinct(documents: Sequence[Document]) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """Every source once: a repeated paper is left out, another paper of the same name gets `~2` behind it."""
    kept: dict[str, Document] = {}
    same: dict[str, set[Document]] = {}
    notes: list[str] = []
    for document in documents:
        namesakes = same.setdefault(document.source, set())
        if document in namesakes:
            notes.append(f"{document.source} stands there twice; it was read once")
            continue
        namesakes.add(document)
        source, count = document.source, len(namesakes)
        while source in kept:
            count += source != document.source
            source = f"{document.source}~{count}"
        if source != document.source:
            notes.append(f"{document.source} names another paper already; this one became {source}")
        kept[source] = replace(document, source=source)
    return tuple(kept.values()), tuple(notes)

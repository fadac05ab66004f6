"""RIS, as EndNote, Zotero, Mendeley and publishers' sites write it, by rispy: the only door to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from retrieval.models import Document, Reading
from retrieval.readers.kinds import kind_of
from retrieval.readers.pieces import cut_at, reading_of
from retrieval.readers.reference import Reference, document_of, objects, text_of, without

_START = re.compile(r"^TY {1,2}- ?", re.MULTILINE)
_FITS = re.compile(r"\s*TY {1,2}-[ \t]*[A-Z]{2,8}[ \t]*\r?\n")
_TAG = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: |$)", re.MULTILINE)
_END = re.compile(r"^ER {1,2}-.*", re.MULTILINE | re.DOTALL)
_TITLES = ("title", "primary_title")
_VENUES = ("secondary_title", "journal_name", "alternate_title3", "alternate_title2", "tertiary_title")
_YEARS = ("year", "publication_year", "date")
_PEOPLE = ("authors", "first_authors")
_FILES = ("file_attachments1", "file_attachments2")
_TAKEN = {
    *_TITLES, *_VENUES, *_YEARS, *_PEOPLE, *_FILES, "doi", "urls", "abstract", "notes_abstract", "id",
    "type_of_reference", "custom1", "notes", "note", "start_page", "end_page", "volume", "number", "issn",
    "publisher", "access_date", "place_published", "name_of_database", "short_title", "language",
    "secondary_authors", "research_notes", "label", "unknown_tag",
}  # fmt: skip


def fits(text: str) -> bool:
    """Whether it begins with a record's type."""
    return bool(_FITS.match(text))


def read(name: str, text: str) -> Reading:
    """A paper for each record; one that cannot be read becomes a note, and those behind it are read."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces."""
    plain = (piece.replace("\r\n", "\n").replace("\r", "\n") for piece in pieces)
    records = (
        (line, record) for before, text in cut_at(_START, plain) for line, record in _records(text, before)
    )
    for number, (line, record) in enumerate(records, 1):
        fields = _fields(record)
        document = document_of(name, _reference(number, fields)) if fields else None
        if document:
            yield document
        else:
            notes.append(f"line {line}: record {number} {'has no title' if fields else 'could not be read'}")
            continue
        if not _END.search(record):
            notes.append(f"line {line}: record {number} has no end (ER); it was read up to the next")


def _records(text: str, line: int) -> Iterator[tuple[int, str]]:
    """The records of a text with so many lines before it, each with the line on which it begins."""
    starts = [match.start() for match in _START.finditer(text)]
    counted = 0
    line += 1
    for start, end in pairwise((*starts, len(text))):
        line += text.count("\n", counted, start)
        counted = start
        yield line, text[start:end]


def _fields(record: str) -> Mapping[str, object]:
    """The fields of one record by rispy's names; empty where it cannot be read."""
    import rispy

    tidy = _TAG.sub(r"\1  - ", _END.sub("", record)) + "\nER  - \n"
    try:
        return next(iter(objects(rispy.loads(tidy))), {})
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return {}


def _reference(number: int, fields: Mapping[str, object]) -> Reference:
    doi = text_of(fields.get("doi"))
    return Reference(
        key=text_of(fields.get("id")) or doi or str(number),
        title=_first(fields, _TITLES),
        authors=tuple(_turned(name) for tag in _PEOPLE for name in _all(fields.get(tag))),
        year=_first(fields, _YEARS),
        venue=_first(fields, _VENUES),
        doi=doi,
        url=";".join(_all(fields.get("urls"))),  # rispy parts addresses at a sign that may stand in them
        code_url=_first(fields, ("custom1",)),
        abstract=_first(fields, ("abstract", "notes_abstract")),
        kind=kind_of(text_of(fields.get("type_of_reference"))),
        files=tuple(path for tag in _FILES for path in _all(fields.get(tag))),
        more=without(fields, _TAKEN),
    )


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next(filter(None, (text_of(fields.get(name)) for name in names)), "")


def _all(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [text for text in map(text_of, found) if text]


def _turned(name: str) -> str:
    """RIS writes "Last, First, Suffix"; a name without a comma is as it should be."""
    last, *rest = (part.strip() for part in name.split(","))
    return " ".join([*rest[:1], last, *rest[1:]]).strip()

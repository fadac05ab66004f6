"""CSL-JSON: what Zotero and pandoc exchange, and what DOI servers answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from retrieval.models import Document, Reading
from retrieval.readers.json_values import json_values, looks_like_json
from retrieval.readers.kinds import kind_of
from retrieval.readers.pieces import reading_of
from retrieval.readers.reference import Reference, document_of, mapping, objects, text_of, without

_HEAD = 20_000  # characters in which a record shows what it is
_TYPE = re.compile(
    r'"type"\s*:\s*"(?:article-journal|paper-conference|article-magazine|article-newspaper|article|book|chapter|'
    r"thesis|report|manuscript|document|webpage|post-weblog|dataset|software|journal-article|"
    r'proceedings-article|posted-content|book-chapter|preprint)"'
)
_OWN = re.compile(r'"(?:issued|container-title|citation-key|citation-label|family|title-short)"\s*:')
_TAKEN = {
    "id", "citation-key", "title", "author", "issued", "container-title", "DOI", "URL", "abstract", "file",
    "files", "attachments", "custom", "note", "type", "page", "volume", "issue", "ISSN", "ISBN", "publisher",
    "publisher-place", "source", "accessed", "language", "title-short", "event-place", "collection-title",
    "shortTitle", "journalAbbreviation", "number", "call-number",
}  # fmt: skip


def fits(text: str) -> bool:
    """Whether its first records have a type of CSL and a field that only CSL names so."""
    head = text[:_HEAD]
    return bool(_TYPE.search(head) and _OWN.search(head)) and looks_like_json(text)


def read(name: str, text: str) -> Reading:
    """A paper for each item; one without a title becomes a note."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces."""
    for place, number, value in json_values(pieces, notes):
        record = mapping(value)
        document = document_of(name, reference(record, str(number))) if record else None
        if document:
            yield document
        else:
            notes.append(f"{place}: {'has no title' if record else 'not a record'}")


def reference(record: Mapping[str, object], key: str = "") -> Reference:
    """What an item says."""
    names = ("citation-key", "id", "DOI")
    files = record.get("file") or record.get("files") or record.get("attachments")
    return Reference(
        key=next(filter(None, (text_of(record.get(name)) for name in names)), key),
        title=text_of(record.get("title")),
        authors=tuple(filter(None, map(person, objects(record.get("author"))))),
        year=date_of(record.get("issued")),
        venue=text_of(record.get("container-title")) or text_of(record.get("event-title")),
        doi=text_of(record.get("DOI")),
        url=text_of(record.get("URL")),
        code_url=text_of(mapping(record.get("custom")).get("code")),
        abstract=text_of(record.get("abstract")),
        kind=kind_of(text_of(record.get("type"))),
        files=_files(files),
        more=without(record, _TAKEN),
    )


def person(name: Mapping[str, object]) -> str:
    """A name as it is spoken: given, particles, family, suffix; or a body's own name."""
    order = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    parts = [text_of(name.get(part)) for part in order]
    return " ".join(filter(None, parts)) or text_of(name.get("literal")) or text_of(name.get("name"))


def date_of(issued: object) -> str:
    """The year of a CSL date: `{"date-parts": [[2023, 5]]}`, or words."""
    date = mapping(issued)
    parts = date.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else ""
    return text_of(first) or text_of(date.get("raw")) or text_of(date.get("literal")) or text_of(issued)


def _files(value: object) -> tuple[str, ...]:
    """The paths of attached files: as text, or as objects that have one."""
    if isinstance(value, str):
        return tuple(path for path in value.split(";") if path.strip())
    if not isinstance(value, list):
        return ()
    paths = [text_of(item.get("path")) if isinstance(item, dict) else text_of(item) for item in value]
    return tuple(path for path in paths if path)

"""Records of arXiv: its metadata as JSON lines, and the Atom of its API.

https://info.arxiv.org/help/api/user-manual.html; https://www.kaggle.com/datasets/Cornell-University/arxiv
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from retrieval.models import Document, Reading
from retrieval.readers.fields import author_names, squeeze
from retrieval.readers.json_values import json_values, looks_like_json
from retrieval.readers.pieces import at_once, begun, reading_of
from retrieval.readers.reference import Reference, document_of, mapping, text_of
from retrieval.readers.xml_tree import root_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = 20_000  # characters in which a record shows what it is
_OWN = re.compile(r'"(?:authors_parsed|submitter|journal-ref|report-no)"\s*:')
_ALSO = re.compile(r'"(?:categories|abstract|versions|update_date)"\s*:')
_FEED = re.compile(
    r"\s*+(?:<\?xml[^>]*\?>\s*+)?(?:<!--(?>.*?-->)\s*+)*+<(?:feed|entry)\b[^>]*http://www\.w3\.org/2005/Atom"
)
ATOM, OWN = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"
_ID = re.compile(r"arxiv\.org/abs/(.+?)(?:v\d+)?$")


def fits(text: str) -> bool:
    """Whether it is an Atom feed of arXiv, or its first record has fields that only arXiv names so."""
    head = text[:_HEAD]
    if _FEED.match(head):
        return "arxiv.org" in head
    return bool(_OWN.search(head) and _ALSO.search(head)) and looks_like_json(text)


def read(name: str, text: str) -> Reading:
    """A paper for each record; one without a title becomes a note. Raises UnreadableFile for broken XML."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces; of a feed, the whole text has to be in memory."""
    head, pieces = begun(pieces)
    for place, said in _feed(at_once(pieces)) if _FEED.match(head[:_HEAD]) else _json(pieces, notes):
        document = document_of(name, said) if said else None
        if document:
            yield document
        else:
            notes.append(f"{place}: {'has no title' if said else 'not a record'}")


def _json(pieces: Iterable[str], notes: list[str]) -> Iterator[tuple[str, Reference | None]]:
    for place, number, value in json_values(pieces, notes):
        record = mapping(value)
        yield place, _record(record, str(number)) if record else None


def _record(record: Mapping[str, object], key: str) -> Reference:
    number = text_of(record.get("id"))
    parsed = record.get("authors_parsed")
    people = [
        " ".join(filter(None, (text_of(part) for part in (*one[1:2], *one[:1], *one[2:3]))))
        for one in (parsed if isinstance(parsed, list) else [])
        if isinstance(one, list)
    ]
    venue = text_of(record.get("journal-ref"))
    versions = record.get("versions")
    first = mapping(versions[0]) if isinstance(versions, list) and versions else {}
    return Reference(
        key=number or key,
        title=text_of(record.get("title")),
        authors=tuple(people) or author_names(record.get("authors")),
        year=text_of(first.get("created"))
        or _year_of(number)
        or text_of(record.get("published"))
        or text_of(record.get("update_date")),
        venue=venue or "arXiv",
        doi=text_of(record.get("doi")),
        url=f"https://arxiv.org/abs/{number}" if number else "",
        abstract=text_of(record.get("abstract")),
        more={"categories": text_of(record.get("categories"))},
    )


def _year_of(number: str) -> str:
    """The year in an arXiv id: 2301.00001 and cs/0301001."""
    match = re.fullmatch(r"(?:[a-z-]+(?:\.[A-Z]{2})?/)?(\d\d)\d\d[.\d]\d+(?:v\d+)?", number)
    if not match:
        return ""
    return f"{'19' if match[1] > '90' else '20'}{match[1]}"


def _feed(text: str) -> Iterator[tuple[str, Reference]]:
    root = parsed_feed(text)
    entries = [root] if root.tag == f"{ATOM}entry" else root.findall(f"{ATOM}entry")
    for number, entry in enumerate(entries, 1):
        yield f"entry {number}", atom_reference(entry, str(number))


def parsed_feed(text: str) -> Element:
    """The root of an Atom feed. Raises UnreadableFile for broken XML and for one with entities."""
    return root_of(text, "an Atom feed")


def atom_reference(entry: Element, key: str = "") -> Reference:
    """What an entry of the API says."""
    address = _text(entry, f"{ATOM}id")
    number = match[1] if (match := _ID.search(address)) else ""
    people = (_text(author, f"{ATOM}name") for author in entry.findall(f"{ATOM}author"))
    subjects = (str(one.get("term", "")) for one in entry.findall(f"{ATOM}category"))
    return Reference(
        key=number or key,
        title=_text(entry, f"{ATOM}title"),
        authors=tuple(filter(None, people)),
        year=_text(entry, f"{ATOM}published"),
        venue=_text(entry, f"{OWN}journal_ref") or "arXiv",
        doi=_text(entry, f"{OWN}doi"),
        url=f"https://arxiv.org/abs/{number}" if number else address,
        abstract=_text(entry, f"{ATOM}summary"),
        more={"categories": " ".join(filter(None, subjects))},
    )


def _text(element: Element, path: str) -> str:
    return squeeze(element.findtext(path) or "")

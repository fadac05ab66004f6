"""Zotero RDF, the form in which Zotero exports a library with its files and loses least.

https://www.zotero.org/support/kb/importing_standardized_formats
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from retrieval.models import Document, Reading
from retrieval.readers.fields import doi_in, squeeze
from retrieval.readers.kinds import kind_of
from retrieval.readers.reference import Reference, document_of
from retrieval.readers.xml_tree import root_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEAD = 20_000  # characters in which the file shows what it is
_ROOT = re.compile(
    r"\s*+(?:<\?xml[^>]*\?>\s*+)?(?:<!DOCTYPE[^<>\[]*(?:\[[^\]]*\])?>\s*+|<!--(?>.*?-->)\s*+)*+<(?:rdf:)?RDF\b",
    re.DOTALL,
)
_OWN = re.compile(r"http://www\.zotero\.org/namespaces/export#|http://purl\.org/net/biblio#")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_Z = "{http://www.zotero.org/namespaces/export#}"
_BIB = "{http://purl.org/net/biblio#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_FOAF = "{http://xmlns.com/foaf/0.1/}"
_LINK = "{http://purl.org/rss/1.0/modules/link/}"
_NO_PAPERS = ("attachment", "note", "annotation")  # types of items
_NO_ITEMS = ("Attachment", "Memo", "Collection", "Journal", "Series")  # elements
_KEY = re.compile(r"^Citation Key:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def fits(text: str) -> bool:
    """Whether it begins as RDF and names the terms of Zotero."""
    head = text[:_HEAD]
    return bool(_ROOT.match(head) and _OWN.search(head))


def read(name: str, text: str) -> Reading:
    """A paper for each item; one without a title becomes a note. Raises UnreadableFile for broken XML."""
    root = root_of(text, "a Zotero RDF")
    known = {about: one for one in root if (about := one.get(f"{_RDF}about"))}
    documents: list[Document] = []
    notes: list[str] = []
    for number, item in enumerate(_items(root), 1):
        document = document_of(name, _reference(item, known, str(number)))
        if document:
            documents.append(document)
        else:
            notes.append(f"item {number}: has no title")
    return Reading(tuple(documents), tuple(notes))


def _items(root: Element) -> Iterator[Element]:
    """The papers among all that a file describes: no attachments, notes, folders, and no journals."""
    wholes = {part.get(f"{_RDF}resource") for one in root for part in one.findall(f"{_TERMS}isPartOf")}
    for one in root:
        kind = squeeze(one.findtext(f"{_Z}itemType") or "")
        whole = not kind and one.get(f"{_RDF}about") in wholes
        if not (whole or kind in _NO_PAPERS or one.tag.rpartition("}")[2] in _NO_ITEMS):
            yield one


def _reference(item: Element, known: Mapping[str, Element], number: str) -> Reference:
    wholes = [whole for part in item.findall(f"{_TERMS}isPartOf") for whole in _meant(part, known)]
    wholes += [part for one in item.findall(f"{_BIB}presentedAt") for part in _meant(one, known)]
    extra = "\n".join(one.text or "" for one in item.findall(f"{_DC}description"))
    about = (item.get(f"{_RDF}about") or "").removeprefix("#")
    key = match[1] if (match := _KEY.search(extra)) else _text(item, f"{_Z}citationKey")
    names = [name for one in (item, *wholes) for name in _identifiers(one)]
    addresses = [address for address in _addresses(item) if "://" in address]
    return Reference(
        key=key or about or number,
        title=_text(item, f"{_DC}title"),
        authors=tuple(_people(item)),
        year=_text(item, f"{_DC}date"),
        venue=next(filter(None, (_text(whole, f"{_DC}title") for whole in wholes)), "") or _publisher(item),
        doi=next(filter(None, map(doi_in, (*names, extra))), "") or "",
        url=next(iter(addresses), "") or (about if "://" in about else ""),
        abstract=_text(item, f"{_TERMS}abstract", flowing=False),
        kind=kind_of(_text(item, f"{_Z}itemType")),
        files=tuple(_files(item, known)),
        more={"tags": subjects} if (subjects := _subjects(item)) else {},
    )


def _meant(link: Element, known: Mapping[str, Element]) -> Sequence[Element]:
    """What a property points at: elements inside of it, or one that is described elsewhere."""
    target = known.get(link.get(f"{_RDF}resource") or "")
    return [target] if target is not None else list(link)


def _people(item: Element) -> Iterator[str]:
    for person in item.findall(f"{_BIB}authors/{_RDF}Seq/{_RDF}li/*"):
        parts = {one.tag.rpartition("}")[2].lower(): squeeze(one.text or "") for one in person}
        whole = " ".join(filter(None, (parts.get("givenname", ""), parts.get("surname", ""))))
        yield whole or parts.get("name", "")


def _identifiers(one: Element) -> Iterator[str]:
    return (squeeze(found.text or "") for found in one.findall(f"{_DC}identifier"))


def _addresses(item: Element) -> Iterator[str]:
    for value in item.findall(f"{_DC}identifier/{_TERMS}URI/{_RDF}value"):
        yield squeeze(value.text or "")


def _files(item: Element, known: Mapping[str, Element]) -> Iterator[str]:
    """The paths of what is attached, as they are written and as they are meant where signs are escaped."""
    for link in item.findall(f"{_LINK}link"):
        for attachment in _meant(link, known):
            for place in attachment.findall(f"{_RDF}resource"):
                path = place.get(f"{_RDF}resource") or ""
                yield from dict.fromkeys((path, unquote(path)))


def _publisher(item: Element) -> str:
    return _text(item, f"{_DC}publisher/{_FOAF}Organization/{_FOAF}name")


def _subjects(item: Element) -> list[str]:
    plain = [squeeze(one.text or "") for one in item.findall(f"{_DC}subject")]
    automatic = [
        squeeze(one.text or "") for one in item.findall(f"{_DC}subject/{_Z}AutomaticTag/{_RDF}value")
    ]
    return [subject for subject in (*plain, *automatic) if subject]


def _text(element: Element, path: str, *, flowing: bool = True) -> str:
    found = element.findtext(path) or ""
    return squeeze(found) if flowing else found.strip()

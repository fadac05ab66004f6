"""The facts of one paper from all of its sources. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from retrieval.identity.titles import Title
from retrieval.identity.traits import Traits
from retrieval.identity.versions import is_preprint, is_published, versions_of
from retrieval.models import ATTACHED, MENDED, Document, Paper, Version

T = TypeVar("T")

_NEARLY_ALL = 0.7  # of a preprint's letters: published versions are often shorter

_OURS = (ATTACHED, MENDED)  # what Footnote notes for itself


def merge(documents: tuple[Document, ...]) -> Paper:
    """What all sources of one paper say together.

    For each fact the manifest comes first, then records whose attached files the others are, then sources
    with a DOI (lists and records, typed by publishers), a publisher's before a preprint's, then the others as
    they stand. Where no source knows the title it is a label.
    """
    trusted = sorted(documents, key=_trust)
    title = _title(trusted)
    sources = sorted({document.source for document in documents})
    label = next((document.label for document in documents if document.label), None)
    return Paper(
        id=paper_id(sources),
        title=title or label or sources[0],
        title_is_label=title is None,
        authors=_first("authors", trusted, lambda document: document.authors) or (),
        year=_first("year", trusted, lambda document: document.year),
        venue=_first("venue", trusted, lambda document: document.venue),
        doi=_first("doi", trusted, lambda document: document.doi),
        url=_first("url", trusted, lambda document: document.url),
        code_url=_first("code_url", trusted, lambda document: document.code_url),
        abstract=next((text for text in map(_abstract, trusted) if text), None),
        sources=tuple(sources),
        versions=versions_of(trusted),
        extra=tuple(
            dict.fromkeys(pair for document in documents for pair in document.extra if pair[0] not in _OURS)
        ),
    )


def paper_id(sources: Iterable[str]) -> str:
    """The id of the paper that these sources make; it stays while the first of their names does."""
    return hashlib.sha256(min(sources).encode()).hexdigest()[:16]


def versions(documents: Sequence[Document]) -> tuple[Version, ...]:
    """The versions of the paper that these documents make, whose texts are not asked for."""
    return versions_of(sorted(documents, key=_trust))


def _trust(document: Document) -> tuple[bool, int]:
    """What is trusted more comes first."""
    early = is_preprint(document)
    return not _has_files(document), 1 + early if document.doi is None else -1 + early


def _title(trusted: Sequence[Document]) -> str | None:
    """A title given by hand; else the first that was neither cut off nor put in capitals or small letters."""
    by_hand = [document for document in trusted if _mended("title", document)]
    if by_hand:
        return by_hand[0].title
    titles = [Title.of(document.title) for document in trusted if document.title]
    printed = [document.title for document in trusted if document.title]
    whole = [text for text, title in zip(printed, titles, strict=True) if not _is_cut(title, titles)]
    cased = [text for text in whole if not (text.isupper() or text.islower())]
    return next(iter((*cased, *whole, *printed)), None)


def _is_cut(title: Title, others: Sequence[Title]) -> bool:
    return title.marked or any(
        other.letters.startswith(title.letters) and other.letters != title.letters for other in others
    )


def _mended(name: str, document: Document) -> bool:
    return name in dict(document.extra).get(MENDED, "").split()


def _has_files(document: Document) -> bool:
    return any(key == ATTACHED for key, _ in document.extra)


def fullest_first(members: Sequence[int], traits: Sequence[Traits]) -> list[int]:
    """Those with the most of the paper's own words first; but what was published before a preprint that says
    little more."""
    if len(members) == 1:
        return list(members)
    ordered = sorted(members, key=lambda place: (-traits[place].letters, traits[place].document.source))
    enough = _NEARLY_ALL * traits[ordered[0]].letters
    published = [
        one for one in ordered if is_published(traits[one].document) and traits[one].letters >= enough
    ]
    if published and is_preprint(traits[ordered[0]].document):
        return [published[0], *(one for one in ordered if one != published[0])]
    return ordered


def _first(name: str, documents: Sequence[Document], value: Callable[[Document], T | None]) -> T | None:
    """The first of the documents' values, those that a manifest gave before all others."""
    mended = [document for document in documents if _mended(name, document)]
    return next((found for found in map(value, [*mended, *documents]) if found), None)


def _abstract(document: Document) -> str:
    return document.text("abstract")

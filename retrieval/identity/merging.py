"""The facts of one paper from all of its sources. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from retrieval.models import ATTACHED, MENDED, Document, Paper

T = TypeVar("T")

_OURS = (ATTACHED, MENDED)  # what Footnote notes for itself


def merge(documents: tuple[Document, ...]) -> Paper:
    """What all sources of one paper say together.

    For each fact the manifest comes first, then records whose attached files the others are, then sources
    with a DOI (lists and records, typed by publishers), then the others as they stand. Where no source knows
    the title it is a label.
    """
    trusted = sorted(documents, key=lambda document: (not _has_files(document), document.doi is None))
    title = _first("title", trusted, lambda document: document.title)
    sources = sorted({document.source for document in documents})
    label = next((document.label for document in documents if document.label), None)
    return Paper(
        id=hashlib.sha256(sources[0].encode()).hexdigest()[:16],
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
        extra=tuple(
            dict.fromkeys(pair for document in documents for pair in document.extra if pair[0] not in _OURS)
        ),
    )


def _has_files(document: Document) -> bool:
    return any(key == ATTACHED for key, _ in document.extra)


def fullness(document: Document) -> tuple[int, str]:
    """The most of the paper's own words first."""
    own = sum(len(block.text) for block in document.blocks if block.kind != "summary")
    return -own, document.source


def _first(name: str, documents: Sequence[Document], value: Callable[[Document], T | None]) -> T | None:
    """The first of the documents' values, those that a manifest gave before all others."""
    mended = [document for document in documents if name in dict(document.extra).get(MENDED, "").split()]
    return next((found for found in map(value, [*mended, *documents]) if found), None)


def _abstract(document: Document) -> str:
    return document.text("abstract")

"""A preprint and the published paper: one paper, whose passages are from one version or the other. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.identity.folding import fold
from retrieval.identity.traits import arxiv_id
from retrieval.models import Document, Version

_SERVERS = {"arxiv", "corr", "biorxiv", "medrxiv", "chemrxiv", "ssrn", "techrxiv", "preprints", "psyarxiv"}
_PREFIXES = {"10.48550", "10.1101", "10.21203", "10.20944", "10.31219", "10.26434", "10.2139", "10.36227"}
"""DOI prefixes of servers of preprints: arXiv, bioRxiv and medRxiv, Research Square, Preprints.org, OSF,
ChemRxiv, SSRN, TechRxiv."""


def is_preprint(document: Document) -> bool:
    """Whether a server of preprints stands where a publisher would, and no publisher does."""
    return not is_published(document) and (
        bool(arxiv_id(document)) or _of_server(document.venue) or bool(document.doi)
    )


def is_published(document: Document) -> bool:
    """Whether a venue or a DOI of a publisher is known."""
    by_doi = bool(document.doi) and (document.doi or "").split("/")[0] not in _PREFIXES
    return by_doi or bool(document.venue and not _of_server(document.venue))


def _of_server(venue: str | None) -> bool:
    words = re.findall(r"[^\W_]+", fold(venue or ""))
    return bool(words) and (words[0] in _SERVERS or "preprint" in words)


def versions_of(documents: Sequence[Document]) -> tuple[Version, ...]:
    """The published version and the preprint, where there are sources of both; else nothing.

    A source that tells neither belongs to none of them.
    """
    published = [document for document in documents if is_published(document)]
    early = [document for document in documents if is_preprint(document)]
    if not published or not early:
        return ()
    return (_version(published, preprint=False), _version(early, preprint=True))


def _version(documents: Sequence[Document], *, preprint: bool) -> Version:
    number = next((found for found in map(arxiv_id, documents) if found), None) if preprint else None
    return Version(
        preprint=preprint,
        sources=tuple(sorted(document.source for document in documents)),
        venue=f"arXiv:{number}" if number else next((one.venue for one in documents if one.venue), None),
        year=next((one.year for one in documents if one.year), None),
        doi=next((one.doi for one in documents if one.doi), None),
        url=next((one.url for one in documents if one.url), None),
    )

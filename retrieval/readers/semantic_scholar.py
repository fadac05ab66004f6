"""Papers of Semantic Scholar, as its API and its datasets give them: https://api.semanticscholar.org."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from retrieval.models import Document, Reading
from retrieval.readers.fields import author_names
from retrieval.readers.json_values import json_values, looks_like_json
from retrieval.readers.pieces import reading_of
from retrieval.readers.reference import Reference, document_of, mapping, text_of

_HEAD = 20_000  # characters in which a paper shows what it is
_ID = re.compile(r'"(?:paperId|corpusid|corpusId)"\s*:')
_OWN = re.compile(
    r'"(?:externalIds|externalids|citationCount|citationcount|openAccessPdf|s2FieldsOfStudy|s2fieldsofstudy|'
    r'publicationVenue|publicationvenueid|authorId|influentialCitationCount|fieldsOfStudy)"\s*:'
)


def fits(text: str) -> bool:
    """Whether its first record has a paper's id and a field that only Semantic Scholar names so."""
    head = text[:_HEAD]
    return bool(_ID.search(head) and _OWN.search(head)) and looks_like_json(text)


def read(name: str, text: str) -> Reading:
    """A paper for each record; one without a title becomes a note."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces."""
    for place, number, value in json_values(pieces, notes):
        paper = mapping(value)
        paper = mapping(paper.get("paper")) or mapping(paper.get("citedPaper")) or paper
        document = document_of(name, reference(paper, str(number))) if paper else None
        if document:
            yield document
        else:
            notes.append(f"{place}: {'has no title' if paper else 'not a paper'}")


def reference(paper: Mapping[str, object], key: str = "") -> Reference:
    """What a record says."""
    names = ("paperId", "corpusId", "corpusid")
    ids = {name.lower(): text_of(value) for name, value in mapping(paper.get("externalIds")).items()}
    ids |= {name.lower(): text_of(value) for name, value in mapping(paper.get("externalids")).items()}
    journal = mapping(paper.get("journal"))
    cited = paper.get("citationCount", paper.get("citationcount"))
    arxiv = ids.get("arxiv", "")
    return Reference(
        key=next(filter(None, (text_of(paper.get(name)) for name in names)), key),
        title=text_of(paper.get("title")),
        authors=author_names(paper.get("authors")),
        year=text_of(paper.get("year")) or text_of(paper.get("publicationDate")),
        venue=text_of(paper.get("venue")) or text_of(journal.get("name")),
        doi=ids.get("doi", ""),
        url=f"https://arxiv.org/abs/{arxiv}" if arxiv else text_of(paper.get("url")),
        abstract=text_of(paper.get("abstract")),
        more={"cited by": cited} if isinstance(cited, int) else {},
    )

"""Works of OpenAlex, as its API and its snapshots give them: https://docs.openalex.org/api-entities/works."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from retrieval.models import Document, Reading
from retrieval.readers.json_values import json_values, looks_like_json
from retrieval.readers.pieces import reading_of
from retrieval.readers.reference import Reference, document_of, mapping, objects, text_of

_HEAD = 20_000  # characters in which a work shows what it is
_ID = re.compile(r'"https?://(?:api\.)?openalex\.org/W\d+"')
_MOST_WORDS = 20_000  # of an abstract; a position beyond is a fault


def fits(text: str) -> bool:
    """Whether its first record has a work's id."""
    return bool(_ID.search(text[:_HEAD])) and looks_like_json(text)


def read(name: str, text: str) -> Reading:
    """A paper for each work; one without a title becomes a note."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces."""
    for place, number, value in json_values(pieces, notes):
        work = mapping(value)
        document = document_of(name, reference(work, str(number))) if work else None
        if document:
            yield document
        else:
            notes.append(f"{place}: {'has no title' if work else 'not a work'}")


def reference(work: Mapping[str, object], key: str = "") -> Reference:
    """What a work says."""
    place = mapping(work.get("primary_location")) or mapping(work.get("host_venue"))
    people = [mapping(one.get("author")) for one in objects(work.get("authorships"))]
    source = mapping(place.get("source")) or place
    cited = work.get("cited_by_count")
    return Reference(
        key=text_of(work.get("id")).rsplit("/", 1)[-1] or key,
        title=text_of(work.get("title")) or text_of(work.get("display_name")),
        authors=tuple(filter(None, (text_of(one.get("display_name")) for one in people))),
        year=text_of(work.get("publication_year")) or text_of(work.get("publication_date")),
        venue=text_of(source.get("display_name")),
        doi=text_of(work.get("doi")),
        url=text_of(place.get("landing_page_url")) or text_of(work.get("doi")),
        abstract=upright(work.get("abstract_inverted_index")),
        more={"cited by": cited} if isinstance(cited, int) else {},
    )


def upright(index: object) -> str:
    """The text of an inverted index, `{word: [positions from 0]}`; "" for anything else."""
    words: dict[int, str] = {}
    for word, positions in mapping(index).items():
        for at in positions if isinstance(positions, list) else []:
            if isinstance(at, int) and 0 <= at < _MOST_WORDS:
                words.setdefault(at, word)
    return " ".join(words[at] for at in sorted(words))

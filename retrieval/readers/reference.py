"""A record of a reference manager or of an index of papers -> Document. What all such readers share."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from retrieval.models import ATTACHED, KIND, Block, Document, PublicationKind
from retrieval.readers.completing import extra_fields, flowing, with_label
from retrieval.readers.decoding import without_runs
from retrieval.readers.fields import doi_in, odd_year, squeeze, url_in, venue_and_year, year_in

_TAGS = re.compile(r"</?(?:jats:|mml:)?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?>")
_PARAGRAPH = re.compile(r"</(?:jats:)?(?:p|title|sec)>")
_HEADING = re.compile(r"\A\s*abstract\b[:.\s]*(?=[A-Z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a record says, as it is written there; "" for what it does not say."""

    key: str
    title: str = ""
    authors: tuple[str, ...] = ()
    year: str = ""
    venue: str = ""
    doi: str = ""
    url: str = ""
    code_url: str = ""
    abstract: str = ""
    kind: PublicationKind | None = None
    files: tuple[str, ...] = ()  # attached, relative to the file of the record, or absolute
    more: Mapping[str, object] = field(default_factory=dict)  # what has no place above


def document_of(name: str, said: Reference) -> Document | None:
    """The paper of a record in the file `name`; None for one that has neither a title nor an abstract."""
    title, abstract = squeeze(flowing(without_tags(said.title))), flowing(plain_abstract(said.abstract))
    if not title and not abstract:
        return None
    venue, venue_year = venue_and_year(squeeze(flowing(without_tags(said.venue))))
    document = Document(
        source=f"{name}#{squeeze(said.key)}",
        title=title or None,
        authors=tuple(dict.fromkeys(filter(None, map(_person, said.authors)))),
        year=year_in(said.year) or venue_year,
        venue=venue,
        doi=doi_in(said.doi) or doi_in(said.url),
        url=url_in(said.url),
        code_url=url_in(said.code_url),
        blocks=(Block(abstract, "Abstract", kind="abstract"),) if abstract else (),
        extra=(
            *odd_year(said.year),
            *_attached(name, said.files),
            *(((KIND, said.kind),) if said.kind else ()),
        ),
    )
    return extra_fields(with_label(document), said.more)


def _person(name: str) -> str:
    """A name on one line, without commas: everywhere else these part a family's name from a given one."""
    return squeeze(flowing(name).replace(",", " "))


def _attached(name: str, files: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The sources that the attached files are, as far as the record can know them."""
    folder = posixpath.dirname(name)
    paths = [path.strip().replace("\\", "/") for path in files]
    sources = [posixpath.normpath(posixpath.join(folder, path)) for path in paths if path]
    return ((ATTACHED, json.dumps(sources, ensure_ascii=False)),) if sources else ()


def without_tags(text: str) -> str:
    """`text` without the tags of HTML or JATS that publishers leave in titles."""
    return _TAGS.sub("", text) if "<" in text else text


def plain_abstract(text: str) -> str:
    """An abstract as words: without tags, and without the word "Abstract" before it."""
    return _HEADING.sub("", without_tags(_PARAGRAPH.sub("\n\n", without_runs(text))))


def text_of(value: object) -> str:
    """A JSON value as text: a list's first, a number as it is written, what is no text as ""."""
    if isinstance(value, list):
        return next(filter(None, map(text_of, value)), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def mapping(value: object) -> Mapping[str, object]:
    """A JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Mapping[str, object]]:
    """The objects of a JSON list, none for anything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def without(record: Mapping[str, object], taken: Iterable[str]) -> dict[str, object]:
    """What of a record is short and has no place yet: words and numbers, and lists of these."""
    left = {key: value for key, value in record.items() if key not in set(taken)}
    kept = {key: value for key, value in left.items() if _is_plain(value)}
    return {key: [v for v in value if v] if isinstance(value, list) else value for key, value in kept.items()}


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return len(value) <= 30 and all(isinstance(item, str) for item in value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)

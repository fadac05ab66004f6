"""A conference's papers as a Markdown list: `## [1800] Title`, then bold fields, the abstract last.

## [1800] Title

**Authors**: *A, B*
**Conference**: *cvpr 2023*
**URL**: [https://doi.org/10.1109/...](https://doi.org/10.1109/...)
**Abstract**:

Text.

----
"""

from __future__ import annotations

import re

from retrieval.models import Block, Document, Reading
from retrieval.readers.completing import flowing
from retrieval.readers.fields import author_names, doi_in, odd_year, squeeze, url_in, venue_and_year, year_in
from retrieval.structure.links import code_url
from retrieval.text_repair import repair

_HEAD = re.compile(r"^[ \t]*#{1,6}[ \t]*\[([\w./:-]{1,40})\](?!\()[ \t]*(.*)$", re.MULTILINE)
_FIELD = re.compile(
    r"^[ \t]*(?:[-*+][ \t]+)?\*\*\s*([A-Za-z][\w /]{1,30}?)\s*(?::\s*\*\*|\*\*\s*:)[ \t]*(.*)$"
)
_RULE = re.compile(r"^[ \t]*(?:-{3,}|\*{3,}|_{3,})[ \t]*$")
_OTHER_HEADING = re.compile(r"^[ \t]*#{1,6}[ \t]+\S")
_LINK_LINE = re.compile(r"^[ \t]*(?:[-*+|][ \t]*)?\[[^\]\n]*\]\([^)\s]*\)[ \t|]*$")
_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+)(?<=\S)\*\*")
_NAMES = {
    "author": "authors", "authors": "authors", "conference": "venue", "venue": "venue", "journal": "venue",
    "year": "year", "url": "url", "link": "url", "paper": "url", "doi": "doi", "abstract": "abstract",
    "code": "code", "project page": "code",
}  # fmt: skip


def fits(text: str) -> bool:
    """Whether it has numbered headings, and bold fields below them."""
    head = _HEAD.search(text)
    return bool(head) and any(_known_field(line) for line in text[head.end() if head else 0 :].split("\n"))


def read(name: str, text: str) -> Reading:
    """A paper for each numbered heading; an entry without a title becomes a note."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    documents: list[Document] = []
    notes: list[str] = []
    for head, end in zip(heads, ends, strict=True):
        title = _plain(head[2].rstrip("# \t\r"))
        if title:
            documents.append(_entry(name, head[1], title, text[head.end() : end]))
        else:
            notes.append(f"[{head[1]}] has no title")
    return Reading(tuple(documents), tuple(notes))


def _entry(name: str, number: str, title: str, body: str) -> Document:
    fields = _fields(body)
    venue, year = venue_and_year(_plain(fields.pop("venue", "")).strip("*"))
    link, dated = fields.pop("url", ""), fields.pop("year", "")
    doi = doi_in(fields.pop("doi", "")) or doi_in(link)
    abstract = _BOLD.sub(r"\1", flowing(fields.pop("abstract", "")))
    return Document(
        source=f"{name}#{doi or f'[{number}]'}",
        title=title,
        authors=author_names(_plain(fields.pop("authors", "")).replace("*", "")),
        year=year_in(dated) or year,
        venue=venue,
        doi=doi,
        url=url_in(link),
        code_url=url_in(fields.pop("code", "")) or code_url("", abstract, ""),
        blocks=(Block(abstract, "Abstract", kind="abstract"),) if abstract else (),
        extra=(
            ("number", number),
            *odd_year(dated),
            *((key, _plain(value)) for key, value in fields.items() if value),
        ),
    )


def _fields(body: str) -> dict[str, str]:
    """The entry's fields by our names for them, unknown ones by their own; the abstract is the last."""
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _own_lines(body):
        match = _FIELD.match(line)
        known = _known_field(line)
        if match and (known or "abstract" not in fields):
            current = fields.setdefault(known or match[1].lower(), [])
            current.append(match[2])
        else:
            current.append(line)
    return {key: "\n".join(lines).strip() for key, lines in fields.items()}


def _own_lines(body: str) -> list[str]:
    """The lines up to the rule or heading that ends the entry, without the links of the page around it."""
    lines: list[str] = []
    for line in body.replace("\r\n", "\n").split("\n"):
        if _RULE.match(line) or (_OTHER_HEADING.match(line) and lines and not lines[-1].strip()):
            break
        lines.append(line)
    while lines and (not lines[-1].strip() or _LINK_LINE.match(lines[-1])):
        lines.pop()
    return lines


def _known_field(line: str) -> str | None:
    match = _FIELD.match(line)
    return _NAMES.get(match[1].lower()) if match else None


def _plain(text: str) -> str:
    return squeeze(repair(text))

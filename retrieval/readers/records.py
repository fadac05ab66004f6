"""Records: JSON lines, JSON, CSV and TSV with a paper a row, as the `corpus.jsonl` of a BEIR folder has.

Known columns are in `COLUMNS`, under any of their usual names; every other one is kept in `Document.extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Block, Document, Reading
from retrieval.readers.completing import extra_fields, flowing, with_label
from retrieval.readers.decoding import without_runs
from retrieval.readers.fields import author_names, doi_in, odd_year, squeeze, url_in, venue_and_year, year_in
from retrieval.readers.json_values import json_values, looks_like_json
from retrieval.readers.pieces import begun, reading_of
from retrieval.readers.tables import BadRow, header_of, rows_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "id",
        "_id",
        "paper_id",
        "paperid",
        "doc_id",
        "docid",
        "document_id",
        "key",
        "corpus_id",
        "corpusid",
    ),
    "title": ("title", "paper_title"),
    "abstract": ("abstract", "abstracts", "paper_abstract"),
    "text": ("text", "full_text", "fulltext", "body", "content", "contents", "paper_text"),
    "summary": ("summary",),
    "kind": ("kind",),
    "authors": ("authors", "author", "author_names", "creators"),
    "year": ("year", "publication_year", "pub_year", "published", "publication_date", "date"),
    "venue": ("venue", "conference", "journal", "booktitle", "proceedings", "journal_ref"),
    "doi": ("doi",),
    "url": ("url", "link", "paper_url", "urls"),
    "code_url": ("code_url", "code", "github", "project_page", "project_url"),
}
_COLUMN_OF = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
_CONTENT = ("title", "abstract", "text", "summary")
_ROWS_SHOWN = 20  # whose columns are named where none holds a paper
_LONGEST_HEADER = 2000  # characters
_LONGEST_TITLE = 60  # words; what is longer is a text in the wrong column
_FULL_TEXT = 6000  # characters; a longer `text` is a whole paper with sections and references


@dataclass(frozen=True, slots=True)
class _Row:
    place: str  # "line 7" or "record 7", for people
    number: int  # from 1
    fields: Mapping[str, object]


def fits(name: str, text: str) -> bool:
    """Whether it begins as JSON or with a table's header; a name in .csv or .tsv is taken at its word."""
    if text.lstrip()[:1] in ("{", "["):
        return looks_like_json(text)
    return name.lower().endswith((".csv", ".tsv")) or _has_header(text)


def read(name: str, text: str) -> Reading:
    """A paper for each row that has a title or a text. Raises UnreadableFile where no column holds either."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces."""
    head, pieces = begun(pieces)
    is_json = head.lstrip()[:1] in ("{", "[")
    known, columns, number = False, set[str](), 0
    for number, row in enumerate(_json_rows(pieces, notes) if is_json else _table_rows(pieces, notes), 1):
        known = known or not row.fields.keys().isdisjoint(_CONTENT)
        if not known and number <= _ROWS_SHOWN:
            columns.update(row.fields)
        if document := _document(name, row):
            yield document
        elif known:
            notes.append(f"{row.place}: has no title and no text")
    if is_json and not number and notes:
        raise UnreadableFile(f"no record in it could be read; {notes[0]}")
    if not known:
        has = f" (it has {', '.join(sorted(columns)[:12])})" if columns else ""
        raise UnreadableFile(f"no column of it is a paper's title, abstract, text or summary{has}")


def _document(name: str, row: _Row) -> Document | None:
    fields = dict(row.fields)
    taken = {column: fields.pop(column, None) for column in COLUMNS}
    title = flowing(_string(taken["title"])).replace("\n", " ") or None
    if title and len(_string(taken["title"]).split()) > _LONGEST_TITLE:
        taken["text"] = taken["text"] or taken["title"]
        title = None
    source = f"{name}#{squeeze(_string(taken['id'])) or row.number}"
    blocks = _blocks(source, taken)
    if not title and not blocks:
        return None
    venue, venue_year = venue_and_year(_string(taken["venue"]))
    link, doi = _string(taken["url"]), _string(taken["doi"])
    document = Document(
        source=source,
        title=title,
        authors=author_names(taken["authors"]),
        year=year_in(_string(taken["year"])) or venue_year,
        venue=venue,
        doi=doi_in(doi) or doi_in(link),
        url=url_in(link) or url_in(doi),
        code_url=url_in(_string(taken["code_url"])),
        blocks=blocks,
        extra=odd_year(_string(taken["year"])),
    )
    return extra_fields(with_label(document), fields)


def _blocks(source: str, taken: Mapping[str, object]) -> tuple[Block, ...]:
    text, abstract, summary = (_string(taken[key]) for key in ("text", "abstract", "summary"))
    if _string(taken["kind"]).lower() == "summary":
        text, abstract, summary = "", "", "\n\n".join(part for part in (summary, abstract, text) if part)
    blocks = [Block(flowing(abstract), "Abstract", kind="abstract")] if abstract else []
    if len(text) > _FULL_TEXT:
        paper = structure.paper_from_text(source, without_runs(text))
        blocks += [block for block in paper.blocks if not (abstract and block.kind == "abstract")]
    elif text and text != abstract:
        blocks.append(Block(flowing(text), kind="body" if abstract else "abstract"))
    if summary:
        blocks.append(Block(flowing(summary), "Summary", kind="summary"))
    return tuple(block for block in blocks if block.text)


def _string(value: object) -> str:
    """A cell as text: a list joined, a number as it is written, "not a number" and null as nothing."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list | tuple):
        return "\n\n".join(part for part in map(_string, value) if part)
    if value is None or isinstance(value, bool | dict) or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _known(fields: Mapping[str, object]) -> dict[str, object]:
    """The row with our names for columns we know; of two names for one thing the first with a value wins."""
    named: dict[str, object] = {}
    for key, value in fields.items():
        column = _COLUMN_OF.get(_normal(key))
        if column and not _string(named.get(column)) and not isinstance(named.get(column), list | dict):
            named[column] = value
        else:
            named[key] = value
    return named


def _normal(key: str) -> str:
    return re.sub(r"[\s-]+", "_", key.strip().lower())


def _has_header(text: str) -> bool:
    """Whether the first line is a table's header: short cells, one of them a paper's title or text."""
    cells = [_normal(cell) for cell in header_of(text[:_LONGEST_HEADER])]
    known = [_COLUMN_OF[cell] for cell in cells if cell in _COLUMN_OF]
    return len(known) >= 2 and bool(set(known) & set(_CONTENT)) and all(len(cell) <= 40 for cell in cells)


def _json_rows(pieces: Iterable[str], notes: list[str]) -> Iterator[_Row]:
    for place, number, value in json_values(pieces, notes):
        if isinstance(value, dict):
            yield _Row(place, number, _known(value))
        else:
            notes.append(f"{place}: not a record but a {type(value).__name__}")


def _table_rows(pieces: Iterable[str], notes: list[str]) -> Iterator[_Row]:
    for number, (line, row) in enumerate(rows_of(pieces), 1):
        if isinstance(row, BadRow):
            notes.append(f"line {line}: {row.reason}")
        else:
            yield _Row(f"line {line}", number, _known(row))

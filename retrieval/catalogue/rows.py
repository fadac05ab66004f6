"""What goes into the catalogue's tables, and how papers and documents are written there."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from retrieval.document_json import document_from_json, document_to_json, fields_of
from retrieval.models import Chunk, Document, Paper, Version


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that was ingested, or failed to be."""

    path: str
    folder: str | None
    name: str
    fingerprint: str
    error: str | None = None  # why its present bytes could not be read
    notes: str = ""  # what a person should know about it, a line each


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper ready to be written: its chunks, and for each chunk the embedding keys of its parts."""

    paper: Paper
    digest: str
    chunks: tuple[Chunk, ...]
    keys: tuple[tuple[str, ...], ...]


class Counts(NamedTuple):
    """How many of each the catalogue holds."""

    papers: int
    sources: int
    chunks: int
    vectors: int


def pack(document: Document) -> bytes:
    """A document as the catalogue keeps it: JSON, compressed to less than half."""
    return zlib.compress(document_to_json(document).encode(), 1)


def unpack(packed: bytes) -> Document:
    """The document that `pack` kept. Raises zlib.error and ValueError for what it did not write."""
    return document_from_json(zlib.decompress(packed).decode())


def paper_from_json(text: str) -> Paper:
    """Lists become tuples again. Catalogues of older releases know no versions."""
    fields = json.loads(text)
    for name in ("authors", "sources"):
        fields[name] = tuple(fields[name])
    fields["extra"] = tuple((key, value) for key, value in fields["extra"])
    fields["versions"] = tuple(map(_version, fields.get("versions", ())))
    return Paper(**fields)


def _version(fields: dict[str, Any]) -> Version:
    return Version(**{**fields, "sources": tuple(fields["sources"])})


def paper_to_json(paper: Paper) -> str:
    versions = [fields_of(version) for version in paper.versions]
    return json.dumps({**fields_of(paper), "versions": versions}, ensure_ascii=False)


def chunk_to_row(chunk: Chunk, ordinal: int) -> dict[str, Any]:
    return {**fields_of(chunk), "turns": json.dumps(chunk.turns), "ordinal": ordinal}


def chunk_from_row(row: Sequence[Any]) -> Chunk:
    """A chunk from its columns in the order of its fields."""
    *fields, turns = row
    if turns == "[]":  # of most chunks, and most of the work
        return Chunk(*fields)
    return Chunk(*[*fields, tuple((offset, page) for offset, page in json.loads(turns))])


def vector_id(chunk_id: str, part: int) -> str:
    """The id of one embedded part of a chunk in the vector index."""
    return f"{chunk_id}.{part}"

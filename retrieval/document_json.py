"""Documents as JSON, for the catalogue and between processes."""

from __future__ import annotations

import json
from typing import Any

from retrieval.models import Block, Chunk, Document, Paper, Reading, Version


def document_to_json(document: Document) -> str:
    return json.dumps(_fields(document), ensure_ascii=False)


def document_from_json(text: str) -> Document:
    return _document(json.loads(text))


def reading_to_json(reading: Reading) -> str:
    documents = [_fields(document) for document in reading.documents]
    return json.dumps({"documents": documents, "notes": reading.notes})


def reading_from_json(text: str) -> Reading:
    """Raises ValueError, KeyError or TypeError for what `reading_to_json` did not write."""
    held = json.loads(text)
    return Reading(tuple(map(_document, held["documents"])), tuple(held["notes"]))


def fields_of(value: Block | Chunk | Document | Paper | Version) -> dict[str, Any]:
    """A value's fields by name. `asdict` would copy them deep, at ten times the cost."""
    return {name: getattr(value, name) for name in value.__slots__}


def _fields(document: Document) -> dict[str, Any]:
    return {**fields_of(document), "blocks": [fields_of(block) for block in document.blocks]}


def _document(fields: dict[str, Any]) -> Document:
    fields["blocks"] = tuple(Block(**block) for block in fields["blocks"])
    fields["authors"] = tuple(fields["authors"])
    fields["extra"] = tuple((key, value) for key, value in fields["extra"])
    return Document(**fields)

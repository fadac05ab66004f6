"""What readers do to a document at the end: a label, columns without a place, text that was left over."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from retrieval.models import Block, Document
from retrieval.readers.decoding import without_runs
from retrieval.readers.fields import squeeze
from retrieval.structure.label import label_of
from retrieval.text_repair import mend_names, repair

_TITLE_WORDS = 15
_LEAST_SHARE = 0.1  # references take a quarter of a paper, junk sometimes more than half of a file


def extra_fields(document: Document, fields: Mapping[str, object]) -> Document:
    """`document` with what there is in `fields` and has no place of its own; nested values as JSON."""
    kept = ((squeeze(str(key)), _as_text(value)) for key, value in fields.items())
    return replace(document, extra=(*document.extra, *((key, value) for key, value in kept if key and value)))


def _as_text(value: object) -> str:
    if value is None or value != value:  # a table's "not a number"
        return ""
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return str(value).strip()


def flowing(text: str) -> str:
    """Repaired text whose lines flow into paragraphs, parted by blank lines."""
    return "\n\n".join(
        squeeze(part) for part in re.split(r"\n[ \t]*\n", repair(without_runs(text))) if part.strip()
    )


def with_label(document: Document) -> Document:
    """`document`, with a label made from its text where it has neither a title nor a label."""
    if document.title or document.label:
        return document
    text = document.text()
    return replace(document, label=label_of(document.text("abstract"), text) or document.source)


def with_names_of_title(document: Document) -> Document:
    """`document`, with the names that its title writes in one word written so in its text."""
    if not document.title:
        return document
    title = document.title
    blocks = (replace(block, text=mend_names(block.text, title)) for block in document.blocks)
    return replace(document, blocks=tuple(blocks))


def without_halves(document: Document) -> Document:
    """`document`, without halves of surrogate pairs: JSON can escape such, and UTF-8 cannot hold them."""
    blocks = (replace(one, text=_paired(one.text), section=_paired(one.section)) for one in document.blocks)
    return replace(
        document,
        source=_paired(document.source),
        title=document.title and _paired(document.title),
        authors=tuple(map(_paired, document.authors)),
        venue=document.venue and _paired(document.venue),
        doi=document.doi and _paired(document.doi),
        url=document.url and _paired(document.url),
        code_url=document.code_url and _paired(document.code_url),
        blocks=tuple(blocks),
        label=document.label and _paired(document.label),
        extra=tuple((_paired(key), _paired(value)) for key, value in document.extra),
    )


def _paired(text: str) -> str:
    """`text` with each pair of halves as one character, and no half alone."""
    if text.isascii():
        return text
    found = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return found if len(found) == len(text) else found.strip()


def whole(document: Document, pages: Sequence[tuple[int | None, str]]) -> Document:
    """`document`, with one block a page where its structure holds nearly nothing of them, as of a letter.

    A sentence is no title.
    """
    title = document.title
    if title and title.endswith(".") and len(title.split()) > _TITLE_WORDS:
        document = replace(document, title=None)
    if len(document.text()) >= _LEAST_SHARE * sum(len(text) for _, text in pages):
        return document
    texts = [(number, flowing(text)) for number, text in pages]
    if document.title and texts and texts[0][1].startswith(document.title):
        texts[0] = (texts[0][0], texts[0][1][len(document.title) :].strip())
    blocks = tuple(Block(text, page=number) for number, text in texts if text)
    return replace(document, blocks=blocks) if blocks else document

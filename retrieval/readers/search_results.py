"""Saved search results: lines `Result N: {...}`, a Python literal with a paper's text in `metadata.data`.

That is what a document store prints: `text` is what its search embedded, `metadata` describes the file,
`dist` is the distance to the question. A store of passages gives no `metadata.data`, and several results for
one file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Document, Reading
from retrieval.readers.completing import extra_fields, whole, with_label
from retrieval.readers.decoding import holds_prose, without_runs
from retrieval.readers.literals import NotALiteral, read_literal

FIELD_NAME_EMBEDDED = (
    "the search that wrote this file embedded the name of the field, not the papers; its distances mean "
    "nothing. The papers' own text is read instead."
)
_HEAD = re.compile(r"^[ \t]*Result[ \t]+(\d+)[ \t]*:[ \t]*(?=\{)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Result:
    number: str
    text: str  # what the search embedded
    data: str  # the whole text of the file, "" where the store keeps passages only
    path: str
    distance: object
    metadata: dict[str, Any]

    @property
    def file_name(self) -> str:
        return re.split(r"[\\/]", self.path)[-1].strip()


def fits(text: str) -> bool:
    """Whether a line of it begins a result."""
    return bool(_HEAD.search(text))


def read(name: str, text: str) -> Reading:
    """A paper for each result; those of one file without the file's whole text are one paper."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    results: list[_Result] = []
    notes: list[str] = []
    for head, end in zip(heads, ends, strict=True):
        try:
            results.append(_result(head[1], text[head.end() : end]))
        except (NotALiteral, UnreadableFile) as error:
            notes.append(f"Result {head[1]}: {error}")
    documents = tuple(_document(name, group) for group in _by_file(results))
    if _embedded_a_field_name(results):
        notes.insert(0, FIELD_NAME_EMBEDDED)
    return Reading(documents, tuple(notes))


def _result(number: str, block: str) -> _Result:
    value = _value(block)
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    text, data = (item if isinstance(item, str) else "" for item in (value.get("text"), metadata.get("data")))
    if not holds_prose(data or text):
        raise UnreadableFile("holds no text of a paper")
    path = metadata.get("path")
    return _Result(number, text, data, path if isinstance(path, str) else "", value.get("dist"), metadata)


def _value(block: str) -> dict[str, Any]:
    """The literal on the head's own line, or the whole block where it was printed over several lines."""
    line, _, more = block.partition("\n")
    try:
        value = _literal_or_json(line)
    except NotALiteral:
        if not more.strip():
            raise
        value = _literal_or_json(block)
    if not isinstance(value, dict):
        raise NotALiteral("not a dict")
    return value


def _literal_or_json(text: str) -> object:
    try:
        return read_literal(text)
    except NotALiteral:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            pass
        raise


def _by_file(results: list[_Result]) -> list[list[_Result]]:
    groups: dict[tuple[str, ...], list[_Result]] = {}
    for result in results:
        passage_of_file = result.path and not result.data
        key = (result.path,) if passage_of_file else ("", result.number, result.data)
        groups.setdefault(key, []).append(result)
    return list(groups.values())


def _document(name: str, group: list[_Result]) -> Document:
    first = group[0]
    source = f"{name}#{first.file_name or first.number}"
    text = without_runs(first.data or "\n\n".join(dict.fromkeys(result.text for result in group)))
    document = structure.paper_from_text(source, text, file_name=first.file_name or None)
    kept = {key: value for key, value in first.metadata.items() if key != "data"}
    return extra_fields(with_label(whole(document, [(None, text)])), kept)


def _embedded_a_field_name(results: list[_Result]) -> bool:
    texts = {result.text.strip() for result in results}
    distances = {repr(result.distance) for result in results}
    return (
        len(results) > 1
        and len(texts) == 1
        and len(distances) == 1
        and all(text and not re.search(r"\s", text) and len(text) <= 40 for text in texts)
    )

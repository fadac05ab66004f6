"""Records that name the files of their paper, as Zotero's do: such a file is no other paper. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from retrieval.models import ATTACHED, Document
from retrieval.source_names import as_file, composed

_LEAST = 2
"""Parts that a path from another machine must share with a source at its end: its folder and its name."""


def attached(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Pairs of sources: a record, and the document that one of its files is.

    A path is that of a source, relative as an export writes it; or absolute, as a library writes it that was
    not exported, and then its end alone can be found here. An end that fits two sources says nothing.
    """
    tails: dict[tuple[str, ...], list[str]] = {}
    for document in documents:
        if "#" not in document.source:
            parts = PurePosixPath(composed(document.source)).parts
            tails.setdefault(parts[-_LEAST:], []).append(document.source)
    there = {composed(document.source): document.source for document in documents}
    for document in documents:
        for path in map(composed, _paths(document)):
            found = there.get(path) or _by_end(path, tails)
            if found:
                yield document.source, found


def _paths(document: Document) -> list[str]:
    paths = [json.loads(value) for key, value in document.extra if key == ATTACHED]
    return [as_file(path) for some in paths for path in some]


def _by_end(path: str, tails: Mapping[tuple[str, ...], list[str]]) -> str | None:
    parts = PurePosixPath(path).parts
    there = [(source, PurePosixPath(composed(source)).parts) for source in tails.get(parts[-_LEAST:], [])]
    ends = [source for source, whole in there if whole == parts[-len(whole) :]]
    return ends[0] if len(ends) == 1 else None

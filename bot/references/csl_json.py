"""Papers as CSL-JSON: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.references.facts import address, code, kind_of, name_parts
from retrieval.models import Paper

_TYPES: Mapping[str, str] = {
    "journal article": "article-journal",
    "conference paper": "paper-conference",
    "chapter": "chapter",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
}


def listed(papers: Sequence[tuple[str, Paper]]) -> str:
    """A whole .json file."""
    items = [_item(key, paper) for key, paper in papers]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _item(key: str, paper: Paper) -> dict[str, Any]:
    item = {
        "id": key,
        "citation-key": key,
        "type": _TYPES.get(kind_of(paper), "article"),  # CSL's word for a preprint, and for what is unknown
        "title": paper.title,
        "author": [_author(name) for name in paper.authors],
        "container-title": paper.venue,
        "issued": {"date-parts": [[paper.year]]} if paper.year else None,
        "DOI": paper.doi,
        "URL": address(paper),
        "custom": {"code": code(paper)} if code(paper) else None,
        "abstract": paper.abstract,
    }
    return {name: value for name, value in item.items() if value}


def _author(author: str) -> dict[str, str]:
    name = name_parts(author)
    if not name.given:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}

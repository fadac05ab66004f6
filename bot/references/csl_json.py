"""Papers as CSL-JSON: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.references.facts import address, code, is_journal, name_parts
from retrieval.models import Paper


def listed(papers: Sequence[tuple[str, Paper]]) -> str:
    """A whole .json file."""
    items = [_item(key, paper) for key, paper in papers]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _item(key: str, paper: Paper) -> dict[str, Any]:
    venue = paper.venue or ""
    item = {
        "id": key,
        "citation-key": key,
        "type": ("article-journal" if is_journal(venue) else "paper-conference") if venue else "article",
        "title": paper.title,
        "author": [_author(name) for name in paper.authors],
        "container-title": venue,
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

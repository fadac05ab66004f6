"""Papers as RIS. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.references.facts import address, code, kind_of, line, name_parts
from retrieval.models import Paper

_TYPES: Mapping[str, str] = {
    "journal article": "JOUR",
    "conference paper": "CONF",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "report": "RPRT",
    "preprint": "UNPB",
}


def listed(papers: Sequence[tuple[str, Paper]]) -> str:
    """A whole .ris file."""
    return "\n".join("\n".join(_lines(key, paper)) + "\n" for key, paper in papers)


def _lines(key: str, paper: Paper) -> Iterator[str]:
    yield f"TY  - {_TYPES.get(kind_of(paper), 'GEN')}"
    fields = (
        ("ID", key),
        ("TI", paper.title),
        *(("AU", _author(name)) for name in paper.authors),
        ("T2", paper.venue or ""),
        ("PY", str(paper.year or "")),
        ("DO", paper.doi or ""),
        ("UR", address(paper)),
        ("C1", code(paper)),
        ("AB", paper.abstract or ""),
    )
    yield from (f"{tag}  - {line(value)}" for tag, value in fields if line(value))
    yield "ER  - "


def _author(author: str) -> str:
    name = name_parts(author)
    return ", ".join(part for part in (name.family, name.given, name.suffix) if part)

"""Papers as BibTeX. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.references.facts import address, code, is_body, kind_of, line
from retrieval.models import Paper

_ENTRIES: Mapping[str, tuple[str, str]] = {
    "journal article": ("article", "journal"),
    "conference paper": ("inproceedings", "booktitle"),
    "chapter": ("incollection", "booktitle"),
    "book": ("book", "series"),
    "thesis": ("phdthesis", "school"),
    "report": ("techreport", "institution"),
    "preprint": ("article", "journal"),  # as everybody writes "arXiv preprint"
}
"""By how a paper was published, the entry's type and its field for the venue."""

_SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
_SPECIAL = re.compile(r"[\\~^&%$#_{}]")
_LIGATURE = re.compile(
    r"-(?=-)|`(?=`)|'(?=')|,(?=,)|[?!](?=`)|<(?=<)|>(?=>)"
)  # TeX makes one sign of such a pair


def entry(key: str, paper: Paper, *, abstract: bool = True) -> str:
    """An entry of the type that `kind_of` knows, else @misc. Fields that nobody knows are left out."""
    kind, place = _ENTRIES.get(kind_of(paper), ("misc", "booktitle"))
    fields = {
        "title": "{" + tex(paper.title) + "}",
        "author": " and ".join(map(_author, paper.authors)),
        place: tex(paper.venue or ""),
        "year": str(paper.year or ""),
        "doi": paper.doi or "",
        "url": address(paper),
        "code": code(paper),
        "abstract": _paragraphs(paper.abstract or "") if abstract else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def listed(papers: Sequence[tuple[str, Paper]]) -> str:
    """A whole .bib file."""
    return "\n\n".join(entry(key, paper) for key, paper in papers) + "\n" * bool(papers)


def tex(text: str) -> str:
    """Words as LaTeX writes them, in UTF-8: its own signs escaped, and braces always in pairs."""
    text = line(text)
    signs = _SIGNS if _paired(text) else {**_SIGNS, "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
    return _SPECIAL.sub(lambda found: signs[found[0]], _LIGATURE.sub("\\g<0>\0", text)).replace("\0", "{}")


def _author(name: str) -> str:
    """A name with "and" in it is one name yet, and that of a group has no parts."""
    written = tex(name.replace(",", " "))
    whole = is_body(name) or re.search(r"\sand\s|^and\s|\sand$", written, re.IGNORECASE)
    return f"{{{written}}}" if whole else written


def _paragraphs(text: str) -> str:
    return "\n\n".join(filter(None, map(tex, re.split(r"\n\s*\n", text))))


def _paired(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0

"""A paper as BibTeX and as a line of APA, from what the library knows. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot import rendering
from retrieval.models import Paper

APA_AUTHORS = 20  # APA 7, section 9.8: up to twenty are named
_SPECIAL = re.compile(r"([&%$#_{}])")


def bibtex(paper: Paper) -> str:
    """An entry: @inproceedings where a venue is known, else @misc. Fields that nobody knows are left out."""
    address = rendering.link(paper)
    fields = {
        "title": "{" + _tex(paper.title) + "}",
        "author": " and ".join(_tex(author) for author in paper.authors),
        "booktitle": _tex(paper.venue or ""),
        "year": str(paper.year or ""),
        "doi": paper.doi or "",
        "url": address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    kind = "inproceedings" if paper.venue else "misc"
    return "\n".join([f"@{kind}{{{_key(paper)},", *lines, "}"])


def apa(paper: Paper) -> str:
    """One line in the manner of APA 7; "n.d." for an unknown year, the title first for unknown authors."""
    year = f"({paper.year or 'n.d.'})."
    venue = f"In {paper.venue}." if paper.venue else ""
    title = paper.title if paper.title.endswith(("?", "!", ".")) else f"{paper.title}."
    people = _people(paper.authors)
    parts = (people, year, title) if people else (title, year)
    return " ".join(part for part in (*parts, venue, rendering.link(paper)) if part)


def _people(authors: tuple[str, ...]) -> str:
    names = [_inverted(author) for author in authors]
    if len(names) > APA_AUTHORS:
        return ", ".join([*names[: APA_AUTHORS - 1], f"… {names[-1]}"])
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f", & {names[-1]}" if names else ""


def _inverted(author: str) -> str:
    """ "Ada M. Rowan" as "Rowan, A. M."; a name with a comma, or of one word, is left as it is."""
    first, _, last = author.strip().rpartition(" ")
    if not first or "," in author:
        return author
    initials = " ".join(f"{name[0]}." for name in first.split())
    return f"{last}, {initials}"


def _key(paper: Paper) -> str:
    """Last name, year and first long word of the title: "rowan2023hedgenet"."""
    last = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else "unknown"
    word = next((w for w in re.findall(r"\w+", paper.title) if len(w) > 3), "paper")
    plain = (
        unicodedata.normalize("NFKD", f"{last}{paper.year or ''}{word}").encode("ascii", "ignore").decode()
    )
    return re.sub(r"\W", "", plain).lower() or "paper"


def _tex(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.replace("\\", " ").split()))

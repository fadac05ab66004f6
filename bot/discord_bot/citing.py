"""A paper as BibTeX and as a line of APA, from what the library knows. Pure."""

from __future__ import annotations

from bot import rendering
from bot.references import bibtex as references
from bot.references.facts import name_parts
from bot.references.keys import key_of
from retrieval.models import Paper

APA_AUTHORS = 20  # APA 7, section 9.8: up to twenty are named


def bibtex(paper: Paper) -> str:
    """An entry as `footnote export` writes it, without the abstract."""
    return references.entry(key_of(paper), paper, abstract=False)


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
    name = name_parts(author)
    if not name.given or "," in author:
        return author
    initials = " ".join(f"{word[0]}." for word in name.given.split())
    return ", ".join(part for part in (name.family, initials, name.suffix) if part)

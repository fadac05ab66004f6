"""What all forms of references want to know of a paper. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.models import KIND, Paper

_JOURNAL = re.compile(
    r"\b(?:journal|transactions|letters|review|reviews|annals|magazine|nature|science|plos|acta|bulletin|"
    r"archives?|corr|tpami|jmlr|tmlr)\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\s(?:collaboration|consortium|group|team|committee|initiative|organi[sz]ation|association|foundation)$",
    re.IGNORECASE,
)
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv"))
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts; of a body, `family` alone."""

    given: str
    family: str
    suffix: str = ""


def name_parts(author: str) -> Name:
    """ "Jan van der Berg Jr." as given "Jan", family "van der Berg", suffix "Jr."."""
    words = author.replace(",", " ").split()
    if is_body(author):
        return Name("", " ".join(words))
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    at = len(words) - 1
    while at > 1 and words[at - 1][:1].islower():
        at -= 1
    return Name(" ".join(words[:at]), " ".join(words[at:]), suffix)


def is_body(author: str) -> bool:
    """Whether an author is no person but a group of them, by the last word."""
    return bool(_BODY.search(author.strip()))


def kind_of(paper: Paper) -> str:
    """How it was published, a `PublicationKind`: what its record says, else what its venue sounds like.

    "" where neither is known. Of a paper with a preprint and a printing nobody knows which of them a record
    means, so that the venue, which is that of the printing, decides.
    """
    told = dict(reversed(paper.extra)).get(KIND, "")  # of several sources the first
    if told and not paper.versions:
        return told
    if not paper.venue:
        return ""
    return "journal article" if _JOURNAL.search(paper.venue) else "conference paper"


def address(paper: Paper) -> str:
    """Its address on the web, "" where none is known; a DOI stands in a field of its own."""
    return paper.url if paper.url and re.fullmatch(r"https?://[^\s<>{}]+", paper.url) else ""


def code(paper: Paper) -> str:
    """The address of its code, "" where none is known."""
    return paper.code_url if paper.code_url and re.fullmatch(r"https?://[^\s<>{}]+", paper.code_url) else ""


def line(text: str) -> str:
    """One line, single spaces."""
    return _SPACE.sub(" ", text).strip()

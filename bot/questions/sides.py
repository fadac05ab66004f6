"""What a question compares: "A vs B", "the difference of A and B", "A or B: which ..." -> (A, B). Pure."""

from __future__ import annotations

import re

from bot.words import content_words

MOST = 4  # sides of one comparison
LONGEST = 10  # words of one side; more is no name of a paper or method

_CLAUSE = re.compile(
    r"(?<!\bvs)[?.;:!](?=\s|$)|\s[-–—]+\s|,\s+(?=(?:and\s+)?(?:which|what|how|who|where|why|both|is|are|do|does|in)\b)",
    re.IGNORECASE,
)
_VERSUS = re.compile(r"\s+(?:vs\.?|versus|as\s+opposed\s+to|compared\s+(?:to|with))\s+", re.IGNORECASE)
_LISTED = re.compile(
    r"\b(?:between|compar(?:e|ing)|contrast(?:ing)?|out\s+of|among|comparison\s+of|both)\s+(?P<list>.+)",
    re.IGNORECASE,
)
_DIFFER = re.compile(
    r"\bhow\s+(?:do|does|did|is|are)\s+(?P<list>.+?)\s+(?:differ|compare|different)(?:\s+(?:from|to|with|against)\s+"
    r"(?P<other>.+?))?\s*(?=\W*$|\bin\b|\bon\b|\bfor\b)",
    re.IGNORECASE,
)
_A_PAPER = re.compile(r"\b(?:paper|work|article|one)\b", re.IGNORECASE)
_NAMES_ONE = re.compile(rf"(?-i:[A-Z]\w*[A-Z0-9]|[A-Z][a-z]+-?[A-Z])|{_A_PAPER.pattern}", re.IGNORECASE)
_JOIN = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|with|against|to|from)\s+", re.IGNORECASE)
_PLAIN_JOIN = re.compile(r"\s+(?:and|or)\s+(?:the\s+)?", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:which|what|how|who|where|why|when|does|do|did|is|are|was|were|has|have|can|need|two|both|differ\w*|papers?\s+here)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:please|so|and|the|an?|both|on|in|difference|differences|between|of)\s+)+", re.IGNORECASE
)
_TAIL = re.compile(r"\s+(?:papers?|methods?|approach(?:es)?|ones?|differ\w*|on|in)$", re.IGNORECASE)


LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
"""What parts a list of aspects."""
BY = re.compile(
    r"[\s,]+(?:in\s+terms\s+of|in\s+(?=how\s+(?:they|each|both)\b)|with\s+(?:respect|regard)\s+to|regarding|concerning|by\s+(?:their\s+)?(?=(?-i:[a-z])))\s*"
    r"(?P<aspects>[^?.!;]+?)\s*(?=[?.!;]|$)",
    re.IGNORECASE,
)
"""What two sides are to be compared by, at the end of a clause; not "by Kim", which says who wrote one."""


def sides(text: str) -> tuple[str, ...]:
    """The sides that `text` compares, as they are worded, two to MOST; () where they cannot be told."""
    if told := differing(text):
        return told
    for clause in _CLAUSE.split(BY.sub("", text)):
        found = _of_clause(clause.strip())
        if 2 <= len(found) <= MOST:
            return found
    return ()


def differing(text: str) -> tuple[str, ...]:
    """The sides of "how do A and the B paper differ": each a name or a paper, and one said to be a paper."""
    found = _DIFFER.search(BY.sub("", text))
    if found is None:
        return ()
    told = [found["list"], found["other"]] if found["other"] else _PLAIN_JOIN.split(found["list"])
    whole = len(told) > 1 and all(_NAMES_ONE.search(one) and len(one.split()) <= LONGEST for one in told)
    whole = whole and any(_A_PAPER.search(one) for one in told)
    return tuple(_LEAD.sub("", one.strip(" ?.!,")) for one in told) if whole else ()


def aside(text: str) -> tuple[str, ...]:
    """What `text` says beside the clause that names the sides: what is asked of them."""
    told = [clause.strip() for clause in _CLAUSE.split(BY.sub("", text))]
    place = next((n for n, clause in enumerate(told) if 2 <= len(_of_clause(clause)) <= MOST), None)
    return () if place is None else tuple(clause for clause in told[place + 1 :] if clause)


def aspects(text: str) -> tuple[str, ...]:
    """What `text` wants its sides compared by, in its words; () where it says no more than the sides."""
    by = BY.search(text)
    return tuple(LIST.split(by["aspects"])) if by else aside(text)


def _of_clause(clause: str) -> tuple[str, ...]:
    parts = _VERSUS.split(clause)
    if len(parts) == 1:
        if listed := _LISTED.search(clause):
            parts = _JOIN.split(listed["list"])
        elif not _ASKS.search(clause):
            parts = _PLAIN_JOIN.split(clause)
    cleaned = [_TAIL.sub("", _LEAD.sub("", part.strip(" ,\"'“”()"))) for part in parts]
    whole = all(content_words(part) and len(part.split()) <= LONGEST for part in cleaned)
    return tuple(cleaned) if len(cleaned) > 1 and whole else ()

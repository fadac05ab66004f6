"""Facts about a paper as people write them into lists and tables: authors, venues, years, DOIs, links."""

from __future__ import annotations

import re

from retrieval.models import ODD_YEAR
from retrieval.readers.literals import NotALiteral, read_literal

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DOI = re.compile(
    r"\b10\.\d{4,9}/[^\s\"<>\[\]{}|]+"
    r"(?:<[^\s\"<>]{1,40}>\d\.\d\.[a-z]{2};2(?:-[^\s\"<>.,;]{1,2})?)?",  # the older ones of journals (SICI)
    re.IGNORECASE,
)
_SICI = re.compile(
    r"(?:%3C|&lt;)([^\s\"<>]{1,40}?)(?:%3E|&gt;)(\d\.\d\.[a-z]{2})(?:;|%3B)(?=2)", re.IGNORECASE
)  # their brackets, as addresses and HTML write them
_URL = re.compile(r"(?:https?|ftp)://[^\s<>\"\]]+", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"\[[^\[\]]*\]\(\s*<?([^\s<>]+?)>?\s*\)\s*$")
_INITIALS = re.compile(r"(?:[A-Z]\.?[\s-]?){1,4}$")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|ph\.d)\.?$", re.IGNORECASE)
_AND = re.compile(r"\s*,?\s+(?:and|&)\s+", re.IGNORECASE)
_OTHERS = re.compile(r"(?:^|[\s,]+)(?:et\s+al\.?|others)$", re.IGNORECASE)
_NUMBERED = re.compile(r"\s+\d{4}$")  # DBLP tells two persons of one name apart by a number
_VENUES = {
    "neurips": "NeurIPS", "interspeech": "Interspeech", "siggraph": "SIGGRAPH",
    "eurographics": "Eurographics", "corr": "CoRR", "arxiv": "arXiv", "nature": "Nature",
    "science": "Science", "findings": "Findings",
}  # fmt: skip


def squeeze(text: str) -> str:
    """One line, single spaces."""
    return re.sub(r"\s+", " ", text).strip()


def year_in(text: str) -> int | None:
    """The first year from FIRST_YEAR to LAST_YEAR that stands in it."""
    match = _YEAR.search(text)
    return int(match[0]) if match else None


def odd_year(text: str) -> tuple[tuple[str, str], ...]:
    """For `Document.extra`: what stands where a year should and is none; words ("in press") are not meant."""
    odd = year_in(text) is None and any(char.isdigit() for char in text)
    return ((ODD_YEAR, squeeze(text)[:40]),) if odd else ()


def venue_and_year(text: str) -> tuple[str | None, int | None]:
    """`cvpr 2023` -> ("CVPR", 2023); a venue that is written with capitals stays as it is."""
    year = year_in(text)
    name = squeeze(_YEAR.sub(" ", text)).strip(" ,;:'’-()") if year else squeeze(text)
    first, _, rest = name.partition(" ")
    if name and name == name.lower():
        # An acronym in small letters, as in the keys of bibliographies; a long word is a name.
        first = _VENUES.get(first, first.upper() if len(first) <= 6 else first.capitalize())
        name = " ".join([first, *(word.capitalize() if len(word) > 3 else word for word in rest.split())])
    return name or None, year


def doi_in(text: str) -> str | None:
    """The first DOI in it, as printed and bare: without the resolver's address and closing punctuation."""
    match = _DOI.search(_SICI.sub(r"<\1>\2;", text))
    if not match:
        return None
    doi = match[0].rstrip(".,;:'")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;:'")
    return doi


def url_in(text: str) -> str | None:
    """The address in it: a Markdown link's target, or the first one that is written out."""
    link = _MARKDOWN_LINK.search(text.strip())
    match = _URL.search(link[1] if link else text)
    return match[0].rstrip(".,;'") if match else None


def author_names(value: object) -> tuple[str, ...]:
    """Authors as a list (of names, or of objects with a name), or as one string in any of the usual ways.

    "A and B", "A; B", "A, B", "Last, First and Last, First", "Last, F., Last, F.", "['A', 'B']".
    """
    if isinstance(value, str):
        return _named(_split(value))
    if isinstance(value, dict):
        return _named([_full_name(value)])
    if isinstance(value, list | tuple):
        names = [_full_name(item) if isinstance(item, dict) else str(item) for item in value if item]
        return _named([_turned(name) for name in names])
    return ()


def _named(names: list[str]) -> tuple[str, ...]:
    tidy = (_NUMBERED.sub("", _OTHERS.sub("", squeeze(name)).strip("*,; ")) for name in names)
    return tuple(dict.fromkeys(name for name in tidy if name))


def _full_name(item: dict[object, object]) -> str:
    whole = item.get("name") or item.get("full_name")
    parts = [item.get("first") or item.get("given"), item.get("last") or item.get("family")]
    return str(whole) if whole else " ".join(str(part) for part in parts if part)


def _split(text: str) -> list[str]:
    text = squeeze(text)
    if text.startswith("[") and text.endswith("]"):
        try:
            return list(author_names(read_literal(text)))
        except NotALiteral:
            text = text[1:-1]
    if ";" in text:
        return [_turned(name) for name in text.split(";")]
    by_and = _AND.split(text)
    if len(by_and) > 1 and all(_is_turned(name) for name in by_and):
        return [_turned(name) for name in by_and]
    return _paired(_suffixed([part for name in by_and for part in name.split(",")]))


def _suffixed(parts: list[str]) -> list[str]:
    """ "Jr." and its like belong to the name before them."""
    names: list[str] = []
    for part in (part.strip() for part in parts):
        if names and _SUFFIX.match(part):
            names[-1] += f" {part}"
        elif part:
            names.append(part)
    return names


def _paired(parts: list[str]) -> list[str]:
    """ "Last, F., Last, F." gives two names: every second part is initials and nothing else."""
    if len(parts) % 2 == 0 and parts and all(_INITIALS.match(part) for part in parts[1::2]):
        return [f"{first} {last}" for last, first in zip(parts[::2], parts[1::2], strict=True)]
    return parts


def _is_turned(name: str) -> bool:
    """Whether it is "Last, First": one comma, and a short name of a family before it."""
    last, comma, first = name.partition(",")
    family = [word for word in last.split() if word[:1].isupper()]
    return bool(comma) and bool(first.strip()) and "," not in first and len(family) <= 1


def _turned(name: str) -> str:
    last, _, first = name.partition(",")
    if not first.strip() or "," in first or _SUFFIX.match(first.strip()):
        return name.replace(",", " ")
    return f"{first.strip()} {last.strip()}"

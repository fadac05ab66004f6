"""Restrictions that a question states in words: years, venues, authors. Pure.

A restriction that was not meant hides papers, so each pattern asks for a word that speaks of papers or of
publishing beside the year, venue or name; when unsure, nothing is restricted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import reduce

from retrieval.models import NO_FILTERS, Filters

_VENUES = """
3DV AAAI ACCV ACL AISTATS arXiv BMVC CHI CIKM CoLM CoRL COLING CVPR CVPRW EACL ECCV EMNLP ICASSP ICCV ICIP
ICLR ICML ICPR ICRA IJCAI IJCV Interspeech IROS JMLR KDD MICCAI NAACL NeurIPS NIPS SIGGRAPH SIGIR TACL TIP
TMLR TPAMI UAI UIST VLDB WACV WSDM WWW
"""
VENUES = {name.casefold(): name for name in _VENUES.split()}
"""Venues that a question can name, as they are printed."""

_YEAR = r"(?P<year>(?:19|20)\d\d(?!\d))"
_VENUE = r"\b(?P<venue>" + "|".join(sorted(VENUES, key=len, reverse=True)) + r")\b"
_VENUE_YEAR = re.compile(
    r"(?:\b(?:at|in|from|of)\s+)?\b(?P<venue>"
    + "|".join(sorted(VENUES, key=len, reverse=True))
    + r")[\s,'’:-]*"
    r"(?P<year>(?:19|20)\d\d|[0-3]\d)(?:\s*(?:-|–|to|and|/)\s*(?P<last>(?:19|20)\d\d|[0-3]\d))?\b",
    re.IGNORECASE,
)
_VENUE_ALONE = re.compile(
    rf"\b(?:at|in|from)\s+(?:the\s+)?{_VENUE}|"
    rf"{_VENUE.replace('venue', 'before')}\s+(?:papers?|articles?|work)\b",
    re.IGNORECASE,
)
_ABOUT_PAPERS = re.compile(
    r"\b(?:papers?|articles?|publications?|publish\w*|works?|preprints?|stuff|studies|anything|literature|"
    r"methods?|approaches|appeared|presented|wrote|written|catalogue|library|list|collection|"
    r"of\s+(?:them|these|those)|only\s+(?:those|the\s+ones)|(?:those|the\s+ones)\s+(?:from|before|after|since|at))\b",
    re.IGNORECASE,
)
_NOT_YEAR = re.compile(
    rf"\b(?:no|not|without|excluding|except(?:\s+for)?|but\s+not)\s+(?:from\s+|in\s+)?{_YEAR}", re.IGNORECASE
)
_YEARS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (rf"\b(?:between|from)?\s*{_YEAR}\s*(?:-|–|to|and|until|till)\s*(?P<last>(?:19|20)\d\d)\b", "range"),
        (
            rf"\b(?:since|starting|(?:from|in)\s+(?=\d{{4}}\s+on))\s*(?:in\s+)?{_YEAR}",
            "from",
        ),
        (rf"{_YEAR}\s+(?:or|and)\s+(?:later|newer|after)\b", "from"),
        (rf"{_YEAR}\s+(?:or|and)\s+(?:earlier|older|before)\b", "to"),
        (rf"\b(?:after|newer\s+than|later\s+than)\s+{_YEAR}", "after"),
        (rf"\b(?:before|older\s+than|earlier\s+than|prior\s+to)\s+{_YEAR}", "before"),
        (rf"\b(?:until|till|up\s+to)\s+{_YEAR}", "to"),
        (rf"\b(?:from|in|of|during)\s+(?:the\s+year\s+)?{_YEAR}(?!\s*[x×])", "only"),
        (rf"{_YEAR}(?:'s|’s)?\s+(?:\w+\s+){{0,3}}(?:papers?|articles?|publications?|works?)\b", "only"),
        (rf"\b(?:papers?|articles?|publications?)\s+\(?{_YEAR}\b", "only"),
    )
)
_NAME = r"[^\W\d_](?:[\w.'’-]*[\w.])?(?:\s+[^\W\d_](?:[\w.'’-]*[\w.])?){0,3}?"
_CAPITAL = r"(?-i:[A-ZÀ-ÞŠŽŁ])[\w.'’-]*(?<!['’]s)"
_CAPITALS = rf"{_CAPITAL}(?:\s+(?:(?:van|von|der|den|de|la|di|da|bin|al|el|le)\s+)?{_CAPITAL}){{0,3}}"
_WORKS = r"(?:papers?|articles?|publications?|works?|research|stuff|anything|everything|something)"
_AFTER_NAME = (
    "about|on|at|in|from|since|before|after|during|published|which|that|here|with|and|then|uses?|using|reports?|"
    "mentions?|cites?|trains?|evaluates?|compares?"
)
_END = rf"(?=\s*(?:$|[?!.,;:()]|\b(?:{_AFTER_NAME})\b))"
_AUTHORS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bwhat\s+(?:has|have|did|does|do)\s+(?P<name>{_NAME})\s+(?:published?|written|wrote|write|authored?|work(?:ed)?\s+on)\b",
        rf"\b(?:which|what)\s+{_WORKS}\s+(?:has|have|had|did|does|do|were|was|are|is)\s+(?P<name>{_NAME})\s+(?:(?:co-?)?author(?:ed)?|(?:co-?)?writ(?:e|ten)|(?:co-?)?wrote|publish(?:ed)?)\b",
        rf"\b{_WORKS}\s+(?:that\s+|which\s+)?(?P<name>{_CAPITALS})\s+(?:has\s+|have\s+)?(?:co-?authored|authored|wrote|co-?wrote|written|published)\b",
        rf"^\W*what\s+(?:did|does|has|have)\s+(?P<name>(?!(?:The|This)\b){_CAPITALS})(?:\s+et\s+al\.?)?,?\s+\(?(?:19|20)\d\d\)?\s+(?:propos|present|introduc|develop|publish)\w*\s*(?:$|[?.!])",
        rf"\b{_WORKS}\s+(?:\w+\s+){{0,2}}?(?:by|of\s+author|(?:co-?)?authored\s+by|written\s+by|published\s+by)\s+(?:the\s+author\s+)?(?P<name>{_NAME}){_END}",
        rf"\b(?:(?:co-?)?authored|written|published)\s+by\s+(?P<name>{_CAPITALS})",
        rf"(?:^\W*|\b(?:all|of|are|any|there)\s+)(?:(?:list|show|find|name|give\s+me|me|all|the|of|any|are|there|is)\s+)*(?P<name>{_NAME})['’]s?\s+(?:\w+\s+)?(?:papers?|publications?|articles?|works?)\b",
        rf"\b(?P<name>{_CAPITALS})['’]s?\s+(?:papers|publications|articles)\b",
        rf"\bby\s+(?P<name>{_CAPITALS}){_END}",
        rf"^\s*(?:anything\s+by\s+|author:?\s+)?(?P<name>{_CAPITAL}\s+{_CAPITAL})\s*[,:–-]+\s*(?:which|what|list|all|any)\b",
    )
)
_NO_NAME = re.compile(
    r"\b(?:the|this|that|these|those|an?|it|its|they|them|their|you|your|our|how|topic|year|venue|date|"
    r"relevance|default|far|using|means|authors?|same|anyone|anybody|everyone|someone|whom?|paper|method|model|dataset|"
    r"today|yesterday|week|month|library|people|others?)\b",
    re.IGNORECASE,
)

_EXCLUDED = re.compile(
    r"\((?:but\s+)?(?:no|not|without|except|excluding|other\s+than)\s[^()]*\)|"
    r"\([^()]*\b(?:doesn['’]?t|don['’]?t|does\s+not|do\s+not)\s+count\s*\)|"
    r"\bnot\s+the\s+[^,;.?()]{1,60}\sone\b",
    re.IGNORECASE,
)  # what a reader does not want; searched for, it would be found
_DOI = re.compile(
    r"\b(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)?(?P<doi>10\.\d{4,9}/[^\s,;?!\"'()<>]*[\w/-])", re.IGNORECASE
)
_NEVER_ALONE = frozenset((*VENUES, "he", "she", "we", "i"))  # parts of a name perhaps, but no name


def restrictions(text: str) -> Filters:
    """What `text` restricts the search to; NO_FILTERS where it states nothing for sure.

    The author's name is passed on as it was typed: the library resolves it.
    """
    dois = [found["doi"] for found in _DOI.finditer(text)]
    if len(dois) == 1:  # two are compared
        return Filters(paper=dois[0])
    return replace(_when_and_where(text), author=author_in(text))


def author_in(text: str) -> str | None:
    """The author whose papers `text` asks for, as typed; None where that is not clearly what it asks."""
    for pattern in _AUTHORS:
        for found in pattern.finditer(text):
            name = found["name"].strip(" .,'’")
            if len(name) > 1 and not _NO_NAME.search(name) and name.casefold() not in _NEVER_ALONE:
                return name
    return None


def merge(explicit: Filters, worded: Filters) -> Filters:
    """Both together; what was set explicitly wins over words, years as a pair."""
    years = explicit if explicit.year_from is not None or explicit.year_to is not None else worded
    return Filters(
        year_from=years.year_from,
        year_to=years.year_to,
        venue=explicit.venue or worded.venue,
        author=explicit.author or worded.author,
        paper=explicit.paper or worded.paper,
    )


def without_restrictions(text: str) -> str:
    """`text` without years, venues and what it excludes, so that only what it asks about is searched."""
    if len(_DOI.findall(text)) == 1:
        return without_doi(text)
    rest = _VENUE_YEAR.sub(" ", _NOT_YEAR.sub(" ", _EXCLUDED.sub(" ", text)))
    rest = _VENUE_ALONE.sub(lambda found: " papers " if found["before"] else " ", rest)
    rest = reduce(lambda kept, pattern: pattern.sub(" ", kept), (pattern for pattern, _ in _YEARS), rest)
    rest = re.sub(r"\b(?:not|nothing)\s+(?:newer|older|later|earlier)\b", " ", rest)
    rest = re.sub(r"\(\s*(?:stuff|papers?|work|ones?)?\s*\)", " ", rest)
    return re.sub(r"(?:\s*,){2,}", ",", re.sub(r"\s+", " ", rest)).strip(" ,;-–")


def without_doi(text: str) -> str:
    """`text` without the DOIs that name papers in it."""
    return re.sub(r"\s+", " ", _DOI.sub(" ", text)).strip(" ,;-–:")


def _when_and_where(text: str) -> Filters:
    if found := _VENUE_YEAR.search(text):
        first = _full_year(found["year"])
        last = _full_year(found["last"]) if found["last"] else first
        return Filters(year_from=first, year_to=max(first, last), venue=VENUES[found["venue"].casefold()])
    venue = _VENUE_ALONE.search(text)
    name = VENUES[(venue["venue"] or venue["before"]).casefold()] if venue else None
    return replace(_years(text) if name or _ABOUT_PAPERS.search(text) else NO_FILTERS, venue=name)


def _years(text: str) -> Filters:
    """The years that the patterns state, the excluded ones cut off at their side."""
    excluded = [int(found["year"]) for found in _NOT_YEAR.finditer(text)]
    rest = _NOT_YEAR.sub(" ", text)
    for pattern, kind in _YEARS:
        if found := pattern.search(rest):
            return _span(kind, int(found["year"]), int(found["last"]) if kind == "range" else 0)
    return Filters(year_to=min(excluded) - 1) if excluded and re.search(r"\bno\b", text, re.I) else NO_FILTERS


def _span(kind: str, year: int, last: int) -> Filters:
    match kind:
        case "range":
            return Filters(year_from=min(year, last), year_to=max(year, last))
        case "from":
            return Filters(year_from=year)
        case "after":
            return Filters(year_from=year + 1)
        case "before":
            return Filters(year_to=year - 1)
        case "to":
            return Filters(year_to=year)
    return Filters(year_from=year, year_to=year)


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)

"""What to call a page without a title: the name it coins and the first thing it claims, in its own words."""

from __future__ import annotations

import re
from collections import Counter

from retrieval.sentences import sentences

_MOST_WORDS = 14
_TOKEN = (
    r"[A-Za-z0-9]*(?:[A-Z][A-Za-z0-9]*){2,}(?:[-+/][A-Za-z0-9]+)*\+{0,2}|[A-Z][A-Za-z]*-[A-Z][A-Za-z0-9-]*"
)
_COINED = (
    re.compile(
        rf"\b(?:called|named|dubbed|coined|termed|denoted(?: as| by)?|namely)\s*,?\s*[“‘\"']?\s?({_TOKEN})"
    ),
    re.compile(
        r"\b(?:[Ww]e|[Tt]h(?:is|e) (?:paper|work)|[Aa]uthors?)\s+(?:\w+ly )?(?:propose|present|introduce|develop|devise|design"
        r"|describe)s?\s+(?:an? |the |our )?(?:\w+ ){0,2}?[“‘\"']?(" + _TOKEN + r")(?=[\s,:.;”’\"'])"
    ),
    re.compile(
        r"\b(?:propose|present|introduce|develop|devise|design|named|called|via|through)s?\b[^.]{0,120}?\(\s?[“‘\"']?("
        + _TOKEN
        + r")[”’\"']?\s?\)"
    ),
    re.compile(rf"\b(?:Our|our|proposed|the proposed|resulting) (?:\w+[, ]+){{0,3}}({_TOKEN})(?=\W)"),
)
_CLAIM = re.compile(
    r"\b(?:[Ww]e|[Tt]h(?:is|e present|e) (?:paper|work|study)|[Ww]ork)\s+(?:\w+ly\s+|first\s+|then\s+|also\s+)?"
    r"(?:propose|present|introduce|develop|devise|design|describe|address|tackle|explore|investigate|study|studies)s?\s+"
    r"(?P<what>[^.;]+)"
)
_ARTICLE = re.compile(r"(?:an?|the|our|two|to)\s+", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:novel|new|simple|effective|efficient|yet|but|simple and effective|in this paper)\b,?\s*"
)
_STOP_AT = re.compile(
    r",\s|\s(?:which|that|where|while|by|to|and demonstrate|in order|so that|capable|designed|tailored|consisting)\s|\s\("
)


def label_of(abstract: str, page: str) -> str:
    """A label of at most fourteen words, all of them the page's own: `NAME: claim`, or the claim alone."""
    name = coined_name(abstract, page)
    claim = _claim(abstract, name) or _claim(page, name) or _first_words(abstract or page)
    words = f"{name}: {claim}" if name else claim
    return " ".join(words.split()[:_MOST_WORDS]).rstrip(" ,;:")


def coined_name(abstract: str, page: str) -> str | None:
    """The name that the page gives to what it brings, if it gives one."""
    counts = Counter(re.findall(_TOKEN, page))
    scores: Counter[str] = Counter()
    for text, weight in ((abstract, 3), (page, 1)):
        for rank, pattern in enumerate(_COINED):
            for match in pattern.finditer(text):
                scores[match[1]] += weight * (4 - rank)
    scores = Counter(
        {name: score + min(counts[name], 8) for name, score in scores.items() if _is_name(name, page)}
    )
    if not scores:
        return None
    best, score = max(scores.items(), key=lambda item: (item[1], len(item[0])))
    return best if score >= 4 and counts[best] >= 2 else None


def _is_name(name: str, page: str) -> bool:
    """Names of others are cited where they stand; plain words in capitals and plurals are no names."""
    cited = len(re.findall(rf"\b{re.escape(name)}s? ?\[\d", page))
    return (
        cited == 0
        and len(name) > 2
        and not re.fullmatch(r"[A-Z]+s|\d+D|[23]D\w*|RGB\w*|GAN|CNN|NeRF|CLIP", name)
    )


def _claim(text: str, name: str | None) -> str:
    """The first clause behind "we propose" and its kin, without its filling words."""
    for sentence in sentences(text):
        match = _CLAIM.search(sentence)
        if not match:
            continue
        what = match["what"].strip()
        if name and re.match(rf"[“‘\"']?{re.escape(name)}\b", what):
            what = re.sub(rf"^[“‘\"']?{re.escape(name)}[”’\"']?[\s,:–—-]*", "", what)
        what = _FILLER.sub("", _ARTICLE.sub("", what, count=1))
        stop = next((found for found in _STOP_AT.finditer(what) if found.start() > 25), None)
        clause = what[: stop.start()] if stop else what
        if name:
            clause = re.sub(
                rf"\s*(?:called|named|dubbed|coined)?\s*\(?[“‘\"']?\b{re.escape(name)}\b[”’\"']?\)?",
                "",
                clause,
            )
        if len(clause.split()) >= 2:
            return clause.strip(" ,:")
    return ""


def _first_words(text: str) -> str:
    return next(iter(sentences(text)), text)

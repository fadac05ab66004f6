"""What to call a page without a title: the name it coins and the first thing it claims, in its own words."""

from __future__ import annotations

import re
from collections import Counter

from retrieval.sentences import sentences
from retrieval.structure.lines import STOP_WORDS

_MOST_WORDS = 14
_READ = 20_000  # characters of a text that may be a whole paper
_NAME = (
    r"(?:[a-z0-9]{0,12}[A-Z][a-z0-9]{0,20}[A-Z][A-Za-z0-9]{0,30}+(?:[-+/][A-Za-z0-9]{1,20}+){0,4}\+{0,2}"
    r"|[A-Za-z]{1,8}-[A-Z]{2,}[A-Za-z0-9]*|[A-Z][a-z]+-[A-Z][a-z]*[A-Z][A-Za-z]*)"
)
_VERB = r"(?:propos|present|introduc|develop|devis|design|describ)(?:e|es|s|ed|ing)?"
_COINED = (
    rf"\b(?:called|named|dubbed|coined|termed|denoted(?: as| by)?|namely)\s*,?\s*[“‘\"']?\s?({_NAME})",
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork)\s+(?:\w+\s+)?{_VERB}\s+(?:an? |the |our )?(?:\w+ ){{0,2}}?"
    rf"[“‘\"']?({_NAME})(?=[\s,:.;”’\"'])(?! \()",
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork)\s+(?:\w+\s+)?{_VERB}\b[^.]{{0,140}}?\(\s?[“‘\"']?({_NAME})[”’\"']?\s?\)",
    rf"\b(?:called|named|dubbed|coined|termed|method,|framework,)\b[^.]{{0,80}}?\(\s?[“‘\"']?({_NAME})\s?\)",
    rf"\b(?:[Oo]ur|proposed|resulting) (?:\w+[, ]+){{0,3}}({_NAME})(?=\W)",
)
_COINING = tuple(re.compile(pattern) for pattern in _COINED)
_OF_OTHERS = re.compile(
    r"[A-Z]+s|\d+D|[23]D\w*|RGB\w*|s?RGB|U?DA|OOD|GANs?|CNNs?|DNNs?|NeRFs?|CLIP|SAM|LLMs?|VLMs?|ViTs?|AI|SOTA"
    r"|GPU|MLP|LSTM"
    r"|IEEE|CVPR"
)
_PROPOSES = re.compile(
    rf"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Ii]t|[Aa]uthors)\s+(?:\w+ly\s+|first\s+|then\s+|also\s+)?{_VERB}\s+(?P<what>[^.;]{{1,400}})"
)
_STUDIES = re.compile(
    r"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Ss]tudy)\s+(?:\w+ly\s+|first\s+)?(?:address(?:es)?|tackles?|explores?|investigates?"
    r"|stud(?:y|ies)|focus(?:es)? on|revisits?|aims? to|uncovers?)\s+(?P<what>[^.;]{1,400})"
)
_ARTICLE = re.compile(r"^(?:an?|the|our)\s+", re.IGNORECASE)
_FILLER = re.compile(r"\b(?:a novel|novel|new|simple yet effective|simple|effective|in this paper)\b,?\s*")
_STOP_AT = re.compile(
    r",\s|\s(?:which|that|where|while|and demonstrate|in order|so that|capable"
    r"|designed|tailored|consisting)\s|\s\(|:\s"
)


def label_of(abstract: str, page: str, code_url: str | None = None) -> str:
    """A label of at most fourteen words, all of them the page's own: `NAME: claim`, or the claim alone."""
    abstract, page = abstract[:_READ], page[:_READ]
    name = coined_name(abstract, page) or _repository(code_url, page)
    claim = _claim(abstract, name) or _claim(page, name) or _first_words(abstract or page)
    words = (f"{name}: {claim}" if name else claim).split()[:_MOST_WORDS]
    while words and words[-1].lower().strip(",") in STOP_WORDS | {"via"}:
        words.pop()
    return " ".join(words).rstrip(" ,;:")


def coined_name(abstract: str, page: str) -> str | None:
    """The name that the page gives to what it brings, if it gives one."""
    counts = Counter(re.findall(_NAME, page))
    scores: Counter[str] = Counter()
    for text, weight in ((abstract, 3), (page, 1)):
        for rank, pattern in enumerate(_COINING):
            for match in pattern.finditer(text):
                scores[match[1]] += weight * (5 - rank)
    known = {name: score + min(counts[name], 8) for name, score in scores.items() if _is_name(name, page)}
    if not known:
        return None
    best = max(known, key=lambda name: (known[name], len(name)))
    return best if known[best] >= 5 and counts[best] >= 2 else None


def _is_name(name: str, page: str) -> bool:
    """Names of others are cited where they stand; plain plurals and usual acronyms are no names."""
    cited = len(re.findall(rf"\b{re.escape(name)}s? ?\[\d", page))
    return cited == 0 and len(name) > 2 and not _OF_OTHERS.fullmatch(name)


def _repository(code_url: str | None, page: str) -> str | None:
    """The name of the code's repository, where it looks coined."""
    last = (code_url or "").rstrip("/").split("/")[-1]
    return last if "github.com" in (code_url or "") and re.fullmatch(_NAME, last) and last in page else None


def _claim(text: str, name: str | None) -> str:
    """The first clause behind "we propose" and its kin, else behind "we address", without filling words."""
    for pattern in (_PROPOSES, _STUDIES):
        for sentence in sentences(text):
            match = pattern.search(sentence)
            clause = _clause(match["what"].strip(), name) if match else ""
            if len(clause.split()) >= 2:
                return clause
    return ""


def _clause(what: str, name: str | None) -> str:
    if name:
        coined = rf"[“‘\"']?{re.escape(name)}[”’\"']?"
        what = re.sub(rf"^(?:the |our )?{coined}\s*[,:–—]\s*", "", what)
        what = re.sub(rf",?\s*(?:called|named|dubbed|coined|termed),?\s+{coined}", "", what)
        what = re.sub(rf"\s*\(\s?{coined}\s?\)|{coined}", "", what)
    what = _FILLER.sub("", _ARTICLE.sub("", what.strip(" ,:")))
    stop = next((found for found in _STOP_AT.finditer(what) if len(what[: found.start()].split()) > 4), None)
    clause = what[: stop.start()] if stop else what
    return re.sub(r"\s+", " ", _ARTICLE.sub("", clause)).strip(" ,:")


def _first_words(text: str) -> str:
    return next(iter(sentences(text)), text)

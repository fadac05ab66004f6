"""Facts that are asked for by their kind, and what shows them in a paper's words. Pure.

A question for a licence, an optimizer or the time of training has no answer in passages that hold none of the
words with which papers tell it, however near their subject is.
"""

from __future__ import annotations

import re

_TIME = r"\d\s?-?(?:ms|s|secs?|seconds?|min|minutes?|h|hours?|days?|weeks?)\b"
_FACTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(shows, re.IGNORECASE))
    for asks, shows in (
        (r"\blicen[sc]e", r"licen[sc]|\bMIT\b|\bApache\b|creative\s+commons|\bCC[- ]BY\b|\bGPL\b"),
        (r"\blearning\s+rates?\b", r"learning\s+rate|\blr\b"),
        (r"\bbatch\s+size", r"\bbatch"),
        (r"\bdrop-?out\b", r"drop-?out"),
        (r"\bweight\s+decay\b", r"weight\s+decay"),
        (
            r"\b(?:which|what)\s+(?:\w+\s+)?optimi[sz]er",
            r"adam|\bSGD\b|optimi[sz]er|\bLAMB\b|RMSprop|gradient\s+descent",
        ),
        (
            r"\b(?:which|what|many)\s+(?:\w+\s+)?(?:gpus?\b|hardware\b|graphics\s+cards?)",
            r"gpu|nvidia|\brtx\b|[avh]100|titan|\btpu|geforce|\bcpu",
        ),
        (r"\bgpu[\s-](?:hours?|days?)\b", r"gpu"),
        (r"\bhow\s+many\s+epochs\b", r"epoch|iteration"),
        (r"\b(?:annotators?|raters?|labell?ers)\b", r"annotat|rater|label|crowd|worker"),
        (
            r"\b(?:how\s+many\s+(?:people|participants|volunteers|subjects)|user\s+stud(?:y|ies))\b",
            r"participant|volunteer|subject|user|people|human|respondent",
        ),
        (
            r"\bhow\s+long\b(?=.*\b(?:train\w*|take|takes|took|run|need)\b)|"
            r"\b(?:training|inference|running|run)[\s-]?time\b|\blatency\b",
            rf"{_TIME}|\bfps\b|faster|slower|speed|latency|runtime|real-?time|(?:training|inference)\s+time",
        ),
        (
            r"\b(?:fps|frames\s+(?:per|a)\s+second|frame\s+rate)\b",
            rf"\bfps\b|frames\s+per\s+second|\bHz\b|real-?time|speed|faster|{_TIME}",
        ),
        (r"\b(?:how\s+much|gpu|peak)\s+(?:\w+\s+)?(?:memory|vram)\b", r"\d\s?(?:[GM]i?B)\b|memory"),
        (r"\bhow\s+many\s+(?:\w+\s+)?param(?:eter)?s\b", r"param|\d\s?[MBK]\b|million|billion"),
        (r"\b(?:funded|funding|sponsor\w*|grants?)\b", r"fund|sponsor|\bgrants?\b|supported\s+by"),
        (r"\b(?:energy|electricity|carbon|co2|watts?)\b", r"energy|electric|carbon|co2|watt|power"),
        (
            r"\b(?:price|dollars?|how\s+much\s+(?:did|does|do)\b(?=.{0,60}\bcost\b))",
            r"\$|dollar|\bUSD\b|price|cost",
        ),
        (r"\b(?:inter-?annotator|annotator)\s+agreement\b|\bkappa\b", r"agreement|kappa"),
        (
            r"\bconfidence\s+intervals?\b|\bstandard\s+deviations?\b|\bp-values?\b",
            r"±|confidence|deviation|p-value|\bp\s?<|variance",
        ),
        (
            r"\b(?:e-?mail|affiliation|which\s+(?:university|universities|institute|company|lab))\b",
            r"universit|institut|\blab\b|laborator|research|@",
        ),
    )
)


def unshown(query: str, text: str) -> bool:
    """Whether `query` asks for a fact of a known kind, and nothing in `text` could tell it."""
    return any(asks.search(query) and not shows.search(text) for asks, shows in _FACTS)


def without_facts(query: str) -> str:
    """`query` without the words for a fact of a known kind, which papers tell in other words."""
    for asks, _ in _FACTS:
        query = asks.sub(" ", query)
    return query

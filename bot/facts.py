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
        (r"\bhow\s+much\s+(?:did|does|do)\b(?=.{0,60}\bcost\b)", r"\$|dollar|\bUSD\b|price|cost"),
        (
            r"\b(?:prices?|dollars?|rent|buy|salary|salaries)\b",
            r"\$\s?\d|dollar|\bUSD\b|€|\beuros?\b|\bprices?\b|\bpaid\b",
        ),
        (r"\bwho\s+invented\b", r"\binvent(?:ed|or|ion)\b"),
        (r"\bwho\s+(?:founded|owns)\b|\bCEO\b", r"\bfounde[dr]\b|\bCEO\b"),
        (
            r"\bhow\s+(?:many\s+citations|often\b.{0,40}\bcited)\b|\bcitation\s+counts?\b|\bh-index\b|\bimpact\s+factor\b",
            r"citation\s+count|times\s+cited|h-index|impact\s+factor",
        ),
        (r"\b(?:awards?|prizes?)\b", r"\b(?:awards?|prizes?)\b"),
        (r"\b(?:acceptance\s+rate|reviewers?|peer\s+review\w*)\b", r"acceptance\s+rate|review"),
        (
            r"\b(?:on|for)\s+(?:an?\s+|my\s+)?(?:\w+\s+)?(?:phones?|smartphones?|iphones?|jetson\w*|raspberry)\b",
            r"phone|mobile|jetson|raspberry|edge\s+device|embedded|on-device",
        ),
        (r"\bactivation\s+functions?\b", r"activation|\b[GSR]eLU\b|\bSiLU\b|swish|sigmoid|tanh"),
        (r"\b(?:attention\s+heads|how\s+many\s+heads)\b", r"\bheads\b"),
        (r"\bwarm-?\s?up\b", r"\bwarm"),
        (r"\b(?:learning[\s-]rate\s+)?schedul(?:er|e)\b", r"schedul|anneal|cosine|\bdecay"),
        (r"\baugmentations?\b", r"augment|\bcrop|\bflip|jitter|mixup"),
        (r"\btokeni[sz]ers?\b", r"tokeni[sz]|\bBPE\b|wordpiece|sentencepiece"),
        (r"\btemperature\b", r"temperature|\btau\b|τ"),
        (r"\bmomentum\b", r"momentum|\bEMA\b|adam|\bSGD\b"),
        (r"\b(?:genders?|ethnicit(?:y|ies))\b", r"gender|\bsex\b|\bmales?\b|female|\bwom[ae]n\b|ethnic"),
        (r"\b(?:gigabytes|terabytes|disk\s+space)\b", r"\d\s?[GT]i?B\b|gigabyte|terabyte|disk"),
        (
            r"\b(?:IRB|ethics\s+(?:board|approval|committee)|consent)\b",
            r"\bIRB\b|ethic|consent|review\s+board",
        ),
        (r"\bpatent(?:s|ed)?\b", r"patent"),
        (r"\b(?:random\s+seeds?|\w+\s+seeds)\b", r"\bseeds?\b"),
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

_MEASURE_NAMES = (
    r"dice|DSC",
    r"WER|CER|(?:word|character)\s+error\s+rates?",
    r"BLEU(?:-?\d)?",
    r"ROUGE(?:-\w+)?",
    r"METEOR",
    r"CIDEr(?:-D)?",
    r"r?FID|Fr[eé]chet\s+inception(?:\s+distance)?",
    r"FVD",
    r"PSNR|\d\s*dB",
    r"SSIM",
    r"LPIPS",
    r"EPE|end[\s-]?point\s+error",
    r"(?:\w+-)?MPJPE",
    r"(?:min)?[AF]DE",
    r"RMSE",
    r"HOTA|MOTA|IDF1",
    r"perplexity",
    r"rank-?1",
    r"top-?5",
    r"BD-?rate",
)
_MEASURES = tuple(re.compile(rf"\b(?:{names})\b", re.IGNORECASE) for names in _MEASURE_NAMES)
"""Measures by their names: who asks for one reads nothing of it where the paper prints another."""
MEASURED = re.compile(
    rf"\b(?:{'|'.join(_MEASURE_NAMES)}|AU-?(?:RO|PR)?C|m?AP\d*|m?IoU|F1|MAE|MSE|FPS|G?FLOPs|MACs|[CGT]PUs?|V?RAM|R@\d+|EER)\b",
    re.IGNORECASE,
)
"""Names of what is measured, and with what: they name no subject."""


def unshown(query: str, text: str) -> bool:
    """Whether `query` asks for a fact of a known kind, and nothing in `text` could tell it."""
    measured = ((names, names) for names in _MEASURES)
    return any(asks.search(query) and not shows.search(text) for asks, shows in (*_FACTS, *measured))


def without_facts(query: str) -> str:
    """`query` without the words for a fact of a known kind, which papers tell in other words."""
    for asks, _ in _FACTS:
        query = asks.sub(" ", query)
    return query

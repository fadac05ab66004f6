"""What a question asks for by its kind: a quantity, a unit, a thing; and what shows it in a paper. Pure."""

from __future__ import annotations

import re

from bot.quoting.concepts import DEGREES, RELATED
from bot.words import content_words

SHORTEST = 3  # letters of a stem that can be told apart within a word

_QUANTITY = re.compile(
    r"\bhow\s+(?:many|much|long|fast|big|large|often|far|well|accurate)\b|\b(?:fast|slow|larg|small|bigg)e(?:r|st)(?:\s+than\b|\s*(?:\?|$))|"
    r"\b(?:numbers?|size|percentage|percent|rate|score|accuracy|acc|m?ap\d*|mi?ou|psnr|ssim|lpips|au(?:ro)?c|"
    r"fid|fvd|epe|cider|gain|by\s+how|budget|learning\s+rate|batch\s+size|fps|speed|parameters?|params|gflops|"
    r"stats|statistics|top-?\d|rank-?\d|defaults?|dimensions?|resolution|threshold|value)\b",
    re.IGNORECASE,
)
_UNITS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(rf"\d\s?-?(?:{unit})(?!\w)", re.IGNORECASE))
    for asks, unit in (
        (
            r"\bhow\s+long\b|\b(?:run|training|inference)?[\s-]*time\b|\blatency\b|\bruntime\b",
            r"ms|s|sec|seconds?|min|minutes?|h|hours?|days?|weeks?",
        ),
        (r"\b(?:fps|frame\s+rate)\b", r"fps|frames"),
        (r"\bhow\s+(?:fast|quick(?:ly)?|slow)\b|\breal[\s-]?time\s*\?", r"fps|frames|hz|ms|s|sec|seconds?"),
        (r"\b(?:fast|slow)(?:er|est)\b|\bspeed(?:-?up)?\b", r"×(?!\s?\d)\w*|x|times|fps|ms|%"),
        (r"\b(?:percent|percentage|share)\b", r"%|percent"),
        (r"\b(?:memory|vram)\b", r"GB|MB|GiB|MiB"),
        (r"\b(?:parameters?|params)\b", r"M|B|K|million|billion"),
    )
)
_DATA = r"(?:[A-Z][\w/-]*[A-Z0-9][\w/-]*|[A-Z][a-z]\w+(?:[\s-]\d+\w*)?)"
_THINGS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(shows))
    for asks, shows in (
        (
            r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?:loss(?:es)?|objectives?)\b|\bloss\s+functions?\b|"
            r"\bloss(?:es)?(?:\s*\?|\W*$)",
            r"(?<!information )(?<!accuracy )(?<!performance )(?<!quality )(?<!without )(?<!low )"
            r"\b[Ll]oss(?:es)?\b"
            r"(?!\s+(?:of|in|curvature|landscape)\b)|"
            r"\b[Cc]ross[\s-]?[Ee]ntropy\b|\b(?:training|learning)\s+objectives?\b|"
            r"\bobjective\s+function|\bminimi[sz]\w+\s+(?:\S+\s+){0,4}?"
            r"(?:errors?|distances?|divergence|differences?|entropy|variance)\b|\bcontrastive\s+(?:learning|training)\b|\b(?:MSE|[Ll][12]\s+norm)\b",
        ),
        (
            r"\b(?:limitations?|weakness(?:es)?|drawbacks?|shortcomings?|caveats?|downsides?)\b",
            r"\b[Ll]imitations?\b(?!\s+of\s+(?:the\s+)?(?:existing|previous|prior|current|these))|\b[Ff]uture\s+work\b|"
            r"\b(?:fails?|failures?|struggles?)\b|\bmay\s+(?:not|become)\b|\bsensitive\s+to\b|"
            r"\b[Oo]ur\s+\w+\s+(?:is|are)\s+(?:still\s+)?limited\b",
        ),
        (
            r"\b(?:gpus?|hardware|graphics\s+cards?|(?:which|what)\s+(?:device|machine|processor)s?)\b",
            r"\b(?:NVIDIA|Nvidia|RTX|GTX|TITAN|Titan|Tesla|GeForce|Quadro|TPU|Xeon|[AVHLTP]\d{1,3}0{1,2}s?|\d{4}\s?Ti)\b",
        ),
        (
            r"\b(?:which|what|name)\s+(?:\w+\s+){0,2}?(?:data\s?sets?|benchmarks?|corpus|corpora)\b|"
            r"\b(?:which|what)\s+data\b",
            rf"\b{_DATA}(?:\s*,\s*{_DATA})*(?:\s*,?\s+and\s+{_DATA})?\s+(?:[a-z]+\s+)?(?:data\s?sets?|benchmarks?)\b|"
            rf"\b(?:data\s?sets?|benchmarks?)\b[^.]{{0,20}}?(?:[,:(]|\b(?:such\s+as|including|like|namely|are|is|i\.e\.|e\.g\.))\s*(?:the\s+)?{_DATA}",
        ),
        (
            r"\b(?:which|what)\s+(?:\w+\s+){0,2}?metrics?\b|\bhow\s+(?:is|was|do\s+they|did\s+they)\s+(?:\w+\s+){0,3}?measured?\b",
            r"\b(?:PSNR|SSIM|LPIPS|FID|m?AP\d*|mIoU|IoU|AU(?:RO)?C|F1|EPE|CIDEr|BLEU|R@\d|[Rr]ecall|[Aa]ccuracy|RMSE|MAE)\b|"
            r"\([A-Z][\w@-]{1,5}\)",
        ),
        (r"\b(?:which|what)\s+year\b", r"\b(?:19|20)\d\d\b"),
        (
            r"\b(?:which|what)\s+(?:\w+\s+)?optimi[sz]ers?\b",
            r"\b(?:Adam\w*|ADAM\w*|SGD|LAMB|Lion|RMS[Pp]rop|AdaGrad|LARS)\b",
        ),
    )
)
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(shows, re.IGNORECASE))
    for asks, shows in (
        (
            r"\b(?:fast|slow|quick)(?:er|est|ly)?\b|\b(?:speed|latency|fps|runtime|run-?time|real-?time)\b|\bhow\s+long\b|"
            r"\b(?:training|inference|rendering|running)\s+time\b",
            r"\bfast|\bslow|\bspeed|speed-?up|latenc|(?<!\w)\d[\d.]*\s?fps\b|\bfps\b|frame\s?rate|real-?time|run-?time|accelerat|"
            r"\b(?:training|inference|rendering|running|computation|processing)\s+(?:time|cost)|"
            r"\btime\s+it\s+takes|\d\s?-?(?:ms|s|min)\b|"
            r"(?:\d|\b(?:few|several|an?|one|two|three|order\s+of))[\s-]+(?:seconds?|minutes?|hours?|days?)\b",
        ),
        (
            r"\b(?:big|large|small|heav|light)(?:g?er|i?er|g?est|i?est)\b|\bparam(?:eter)?s\b|\b(?:model|network)\s+size\b",
            r"(?<!hyper)(?<!hyper-)\bparam(?:eter)?s?\b|\d\s?(?:million|billion)\b|\b\d[\d.]*\s?[MB]\b",
        ),
        (
            r"\bmetrics?\b",
            r"\bmetrics?\b|\b(?:PSNR|SSIM|LPIPS|FID|m?AP\d*|mIoU|IoU|AU-?(?:RO)?C|F1|EPE|CIDEr|BLEU|R@\d|recall|accuracy|"
            r"precision|RMSE|MAE|dice|PQ)\b",
        ),
        (
            r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?:data(?:\s?sets?)?|benchmarks?|corpus|corpora)\b|\bdata\s?sets?\s*\?",
            r"\bdata\s?sets?\b|\bbenchmarks?\b|\bcorp(?:us|ora)\b|\btrained\s+on\b|"
            r"\b(?:on|in)\s+(?:the\s+)?(?-i:[A-Z][\w-]*[A-Z0-9])",
        ),
        (
            r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?:backbones?|encoders?)\b|\A\W*(?:\w+\s+){0,2}backbones?\W*\Z",
            r"\bbackbones?\b|\bencoders?\b|\bresnet|\bvit\b|\bswin|\bvgg|convnext|\bclip\b",
        ),
        (
            r"\b(?:which|what)\s+(?:\w+\s+){0,2}?(?:baselines?|competitors?)\b|\A\W*(?:\w+\s+){0,2}baselines?\W*\Z",
            r"\bbaselines?\b|\bcompar|outperform|surpass|state-of-the-art|\bthan\b|\bmethods\b",
        ),
        (r"\b(?:memory|vram)\b", r"\bmemory\b|\d\s?[GM]i?B\b"),
        (r"\bg?flops\b", r"\bg?flops\b|\bmacs\b"),
    )
)
"""Kinds of things that are asked for, and what shows that a sentence speaks of them."""
_NAMELESS = (
    r"tools?|nets?|networks?|models?|backbones?|encoders?|decoders?|architectures?|captioners?|llms?|metrics?|statistics?|"
    r"measures?|loss(?:es)?|detectors?|algorithms?|librar(?:y|ies)|frameworks?|software|simulators?|baselines?|"
    r"competitors?|methods?|generators?|segmenters?|estimators?|trackers?|features?|representations?|engines?|solvers?|"
    r"tests?|scores?|data(?:\s?sets?)?|benchmarks?|gpus?"
)
_WHICH = re.compile(
    rf"\b(?:which|what|whose|name\s+(?:of\s+)?the)\s+(?:[\w-]+\s+){{0,3}}?(?:{_NAMELESS})\b", re.IGNORECASE
)
_COINED = re.compile(
    r"\b(?:[A-Z][a-z]*[A-Z0-9][\w@.-]*|[A-Z]{2,}[\w-]*|[A-Z][a-z]+-?\d[\w.]*|[a-z]+-\d[\w.-]*)\b"
)
_SHORT_FOR = re.compile(
    r"\bwhat\s+(?:does|do|is|did)\s+(?:the\s+(?:name|acronym|abbreviation)\s+)?[\"'“‘]?(?P<name>[\w-]+)[\"'”’]?\s+"
    r"(?:stands?\s+for|short\s+for|an?\s+(?:acronym|abbreviation)|spelled\s+out)\b",
    re.IGNORECASE,
)
_NUMERAL = (
    r"(?<![\w.\[,])\d[\d,.]*[MBKGk]?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|single|hundreds?|"
    r"thousands?|millions?)"
)
_HOW_MANY = re.compile(
    r"\b(?:how\s+many|(?:number|count)\s+of)\s+(?P<what>(?:[\w-]+\s+){0,3}?[\w-]+?)(?=\s+(?:of|in|on|per|at|from|for|"
    r"to|with|does|do|did|are|is|was|were|can|could|has|have|had|will|would|must|they|the|it|get|got|there|that|which|"
    r"who|when|and|or)\b|\s+\w+(?:ed|ly)\b|\s*[?,;.:!()]|\s*$)",
    re.IGNORECASE,
)


def wants_quantity(question: str) -> bool:
    """Whether `question` asks for a number."""
    return bool(_QUANTITY.search(question))


def unit_of(question: str) -> re.Pattern[str] | None:
    """A figure in the unit that `question` asks for; None where it asks for none."""
    return next((unit for asks, unit in _UNITS if asks.search(question)), None)


def thing_of(question: str) -> re.Pattern[str] | None:
    """What shows the thing that `question` asks for by its kind; None where it asks for none."""
    if counted := _counted(question):
        return counted
    if short := _SHORT_FOR.search(question):
        name = re.escape(short["name"])
        return re.compile(rf"\w\s*\(\s?(?:the\s+)?[“‘\"']?{name}s?[”’\"']?\s?[),;]", re.IGNORECASE)
    return next((shows for asks, shows in _THINGS if asks.search(question)), None)


def kind_of(question: str, *, beyond: bool = False) -> re.Pattern[str] | None:
    """What shows that a sentence speaks of the kind of thing that `question` asks for; None for none.

    Wider than `thing_of`: nothing is told of a kind of which no sentence speaks. What "how many" asks to
    count is none: papers have too many words for it. `beyond`: only those that `thing_of` does not know.
    """
    return next(
        (shows for asks, shows in (_KINDS if beyond else (*_KINDS, *_THINGS)) if asks.search(question)), None
    )


def wants_name(question: str) -> bool:
    """Whether `question` asks which tool, network, metric ... is used: what has a name of its own."""
    return bool(_WHICH.search(question))


def coined_names(text: str) -> list[str]:
    """The names in `text` that somebody coined: with a capital or digit within, such as BLIP-2."""
    return _COINED.findall(text)


def _counted(question: str) -> re.Pattern[str] | None:
    """A number of what "how many ..." asks to count, close before it: "15 anonymous voters"."""
    found = _HOW_MANY.search(question)
    stems = content_words(found["what"]) if found else []
    if not stems or len(stems[-1]) < SHORTEST:
        return None
    same = {stems[-1], *RELATED.get(stems[-1], ())} - DEGREES  # "four small GPUs" count no parameters
    what = "|".join(re.escape(stem) for stem in sorted(same))
    return re.compile(rf"(?:{_NUMERAL})[\s-]+(?:[\w-]+\s+){{0,3}}?(?:{what})", re.IGNORECASE)

"""What a language model wrote -> the same with plain keys `[n]`, and nothing round the answer. Pure.

Models write keys in the forms of other places: of LaTeX, of HTML, of pages. And some put under an answer the
list of sources that they were told to leave out: its titles come from no check, ours stand there anyway.
"""

from __future__ import annotations

import re
from functools import partial

_DIGITS = r"\d{1,2}(?:\s*[,;]\s*\d{1,2})*"
_PLACE = r"(?:pp?|pages?|sec|sections?|tab|tables?|fig|figures?|lines?|chunks?|§)"
_CALLED = r"(?:passages?|sources?|refs?|references?|citations?|cite|docs?|documents?|excerpts?|chunks?)"
_SAID = r"(?:see(?:\s+also)?|cf\.?)"
_KEYS = r"\[?\d{1,2}\]?(?:\s*(?:,|;|&|,?\s*and|[–-])\s*\[?\d{1,2}\]?)*"
_JUST_BEHIND = r"(?:(?<=[a-z]{4})|(?<=[.,;:)”\"])|(?<=\s))"  # a word or a sign: not of x^1 or cm²
_FORMS = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"[\u200b-\u200d\u2060\ufeff]{1,8}(?=\[|\d{0,2}\])|(?<=[\[\]])[\u200b-\u200d\u2060\ufeff]{1,8}", ""),
        (r"&#91;|&lbrack;", "["),
        (r"&#93;|&rbrack;", "]"),
        (r"<a\b[^<>]{0,200}>\s*(\[?\d{1,2}\]?)\s*</a>", r"\1"),
        (r"(?:【\s*(?:\d+:\d+†[^】\n]{0,80})?】)+", ""),  # turn and place in a search that nobody made
        (r"\s*\[(?:citation needed|cite_(?:start|end)|sources?)\]", ""),
        (rf"\[\^?\s*{_CALLED}\s*(?:[_:#=-]|no\.?)\s*({_DIGITS})\s*\]", r"[\1]"),
        (rf"\[\^{_CALLED}\s?({_DIGITS})\]", r"[\1]"),
        (r"\[(?-i:[PS])(\d{1,2})\]", r"[\1]"),
        (r"\[\s*[{\"'“‘†]\s*(\d{1,2})\s*[}\"'”’†]?\s*\]|\[\s*(\d{1,2})\s*[.,;*\"'”’]\s*\]", r"[\1\2]"),
        (
            r"\[\s*(\d{1,2})\s*(?::|\||\s[-–—])\s+(?![\s\d])(?:[^\[\]()\n]|\((?:19|20)\d\d\)){1,80}\]",
            r"[\1]",  # with a title, and perhaps its year
        ),
        (r"\[(\d{1,2})\]\([^()\n]{0,200}\)", r"[\1]"),  # as a link
        (r"\[\^(\d{1,2})\^\]|\^\[(\d{1,2})\]\^?", r"[\1\2]"),
        (rf"{_JUST_BEHIND}\^(\d{{1,2}})\^?(?=[\s.,;:!?]|\Z)", r"[\1]"),
        (r"\[(\d{1,2})\]\s?[–—‑−-]\s?\[(\d{1,2})\]", r"[\1-\2]"),
        (r"(?<=\[\d\]),\s*(?=\[\d{1,2}\])", ""),
        (rf"[［〔⟦]\s*({_DIGITS})\s*[］〕⟧]", r"[\1]"),
        (rf"\\\[\s*({_DIGITS})\s*\\\]", r"[\1]"),  # Markdown's escapes
        (
            rf"~?\\(?:[a-z]{{0,6}})cite[a-z]?\*?\{{\s*\[?(?:{_CALLED}[\s_:-]*)?({_DIGITS})\]?\s*\}}",
            r"[\1]",
        ),
        (r"\s*~?\\[a-z]{0,6}cite[a-z]?\*?\{[^{}]*\}", ""),
        (
            r"<(?:cite|ref|source|citation)\b[^<>\d]*(\d{1,2})[^<>]*>(?:\s*</(?:cite|ref|source|citation)>)?",
            r"[\1]",
        ),
        (rf"<(cite|ref|source|citation)>\s*\[?({_DIGITS})\]?\s*</\1>", r"[\2]"),
        (rf"<sup>\s*\[({_DIGITS})\]\s*</sup>", r"[\1]"),
        (
            rf"(?:(?<=[a-z]{{4}})|(?<=[.,;:)”\"]))(\s?)<sup>\s*({_DIGITS})\s*</sup>",
            r"\1[\2]",
        ),  # not of 10² or cm²
        (r"(?<=[\w.,)”\"\s])<(\d{1,2})>(?=[.,;:!?]|\s*(?:\Z|\n))", r"[\1]"),
        (rf"\[(?:{_CALLED})?\s*(\d{{1,2}})\s*[,:;]?\s*{_PLACE}\.?\s*\d[\d\s.,–-]*\]", r"[\1]"),
        (rf"\s*\[{_PLACE}\.?\s*\d[\d.–-]*\]", ""),  # a page of a paper that it does not name
        (r"(\*\*|__|[*_`])((?:\[\^?\d{1,2}\]\s*)+)\1", r"\2"),
        (
            r"<passage\b[^<>]*>\s*(?:(?:title|state|authors|published|section|kind):[^\n]*\n)*(?:text:\s*)?",
            "",
        ),
        (r"</?(?:passages?|question|conversation|sentence)\b[^<>]*>", ""),  # our own fences
    )
)
_IN_WORDS = re.compile(
    rf"\(\s*(?:{_SAID}:?\s+(?:{_CALLED}[\s:.#]*)?|{_CALLED}[\s:.#]*)(?P<keys>{_KEYS})\s*\)", re.IGNORECASE
)
_RAISED = re.compile(
    r"(?:(?<=[a-z]{4})(?<!\bmetres)(?<!\bmeters)(?<!\bmetre)(?<!\bmeter)(?<!\bpixels)(?<!\bpixel)|(?<=[a-z0-9%)][.,;:!?])|(?<=[a-z0-9%)]\s))"
    r"⁽?(?P<digits>[¹²³⁴⁵⁶⁷⁸⁹][⁰¹²³⁴⁵⁶⁷⁸⁹]?(?:[,\s]?[¹²³⁴⁵⁶⁷⁸⁹][⁰]?)*)⁾?(?=[\s.,;:!?]|\Z)"
)
_LOW = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_JOINS = re.compile(r"\w.*\w\Z", re.DOTALL)  # a mark without which two words would become one
_THINKS = "<think>"
_HEADS = (
    r"(?:sources?|references?|citations?|bibliography|footnotes?|"
    r"(?:works?|papers?|passages?|sources?)\s+(?:cited|used|referenced)|cited\s+(?:works?|papers?|passages?|sources?))"
)
_KEY = rf"[\[【(]\^?{_DIGITS}[\])】]"
_HEAD = re.compile(rf"[#*_ \t]*{_HEADS}[*_ \t]*:?[*_ \t]*", re.IGNORECASE)
_ENTRY = re.compile(rf"[ \t]*(?:[-*•>]\s|\d{{1,2}}[.):]\s|[*_]*{_KEY})")
_DEFINED = re.compile(r"[ \t]*\[\^?\d{1,2}\]:|[ \t]*-{3,}[ \t]*\Z")
_IN_LINE = re.compile(
    rf"(?:\A|[ \t])[*_]*{_HEADS}[*_]*:[*_]*[ \t]*(?:{_KEY}(?:[,;. \t]|and\b)*)+\Z", re.IGNORECASE
)


def without_thoughts(written: str) -> str:
    """`written` without what a model thinks aloud before its answer, between <think> and </think>.

    Some begin to think without the first tag. "" while it has only thought so far.
    """
    _, end, answer = written.rpartition("</think>")
    if end:
        return answer
    return "" if _THINKS.startswith(written.lstrip()[: len(_THINKS)]) else written


def plain(written: str) -> str:
    """`written` with its keys as `[n]`, without a list of sources at its end, and without our own tags."""
    for pattern, replacement in _FORMS:
        written = pattern.sub(partial(_replaced, replacement), written)
    written = _RAISED.sub(_lowered, _IN_WORDS.sub(_bracketed, written))
    return _without_sources(written)


def _replaced(replacement: str, found: re.Match[str]) -> str:
    return found.expand(replacement) or gap(found)


def gap(found: re.Match[str]) -> str:
    """What a removed mark leaves: nothing, but a space where two words would become one."""
    return " " if _JOINS.match(found.string[max(0, found.start() - 1) : found.end() + 1]) else ""


def _bracketed(found: re.Match[str]) -> str:
    """`(see [1] and [3])` and `(source 1)` as `[1 and 3]` and `[1]`."""
    return f"[{re.sub(r'[][]', '', found['keys'])}]"


def _lowered(found: re.Match[str]) -> str:
    """Raised digits as keys: ¹³ are two, ¹⁰ is one."""
    digits = found["digits"].translate(_LOW)
    return f"[{digits if '0' in digits else ', '.join(re.findall('[1-9]', digits))}]"


def _without_sources(text: str) -> str:
    """`text` without "Sources:" and its entries, or the definitions of footnotes, at its end.

    What stands under such a head from the first line on is the answer itself, and stays.
    """
    kept = text.rstrip().splitlines(keepends=True)
    if not kept:
        return text
    kept[-1] = _IN_LINE.sub("", kept[-1])
    while kept and (not kept[-1].strip() or _DEFINED.match(kept[-1])):
        kept.pop()
    head = len(kept) - 1
    while head > 0 and (not kept[head].strip() or _ENTRY.match(kept[head])):
        head -= 1
    if head > 0 and _HEAD.fullmatch(kept[head].rstrip()):
        kept = kept[:head]
    cut = "".join(kept)
    return text if cut == text.rstrip() else cut.rstrip().removesuffix("---").rstrip()

"""What a single line of a paper is: heading, caption, footnote, row of a table, running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

_SMALL_WORDS = """
the of and to in a is are we for with that by on as from this our be it an can which these at not their than
or its have has was were but such both also into each between they where while when there
"""
STOP_WORDS = frozenset(_SMALL_WORDS.split())
_CAPTION = re.compile(
    r"(?:Fig(?:ure|\.)?|FIG(?:URE|\.)?|Tab(?:le|\.)?|TAB(?:LE|\.)?|Algorithm|Listing|Scheme)\s?"
    r"([A-Z]{0,2}\.?\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5})(?:\s?\([a-z]\))?\s?[.:|](?=\s|$|\d?[A-Z][a-z])"
)
_ALGORITHM = re.compile(r"Algorithm \d{1,2}:? [A-Z]")
_GLUED_CAPTION = re.compile(r"(?<=\S)((?:Figure|Table) \d{1,2}[.:] [A-Z(“].*)$")
ABSTRACT = re.compile(
    r"[#*\s]*(?:abstract|a b s t r a c t)\s*[*\s:.—–-]*(?=$|\S)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_NOTE = re.compile(
    r"[*∗†‡§⇤¶✉]+,?\s?(?=[A-Z(][a-z]|https?:)|\d{1,2}(?=[A-Z][a-z]+[ :,-]|https?://|www\.|[A-Z]{2,}[ :])"
    r"|\d{1,2} (?=https?://|Code:|Project page)"
)
_NUMBER_TOKEN = re.compile(r"[-+−±~≈<>≤≥(]*\d[\d.,:/×x%±kKMGBsm°∼-]*[)%↑↓†*]*|[-–−—/✓✗✔×○●•.]+")
_FORMULA = re.compile(r"[=∈∑∏√∂∇≤≥⊕⊗≈∼∥→←:]|\(\d{1,2}[a-z]?\)$|arg ?m(?:in|ax)|\bexp\b|\blog\b")
_TERMINAL = re.compile(r"[.!?:;][\"'”’)\]]*\d{0,2}$")
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*(?:\d{1,2})?$")
_ABBREVIATED = re.compile(r"\b(?:et al|i\.e|e\.g|Fig|Eq|Sec|Tab|vs|cf)\.$")
_END = 60  # characters of a line by which its end is judged
_ALGORITHM_STEP = re.compile(r"\d{1,2}:\s|(?:Require|Ensure|Input|Output|Return|end (?:for|if|while))\b")
ROW_BELOW, ROW_ABOVE = "⁑", "⁜"
"""What a line begins with that a reader knows to be a row of the table whose caption stands before it, or
behind it."""
WORD = re.compile(r"[A-Za-zÀ-ſ][A-Za-zÀ-ſ'’-]*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line and the page that it stands on."""

    text: str
    page: int | None


def row_mark(text: str) -> str:
    """The mark of a known row of a table, "" on other lines."""
    return text[:1] if text.startswith((ROW_BELOW, ROW_ABOVE)) else ""


def without_mark(text: str) -> str:
    """The row as printed."""
    return text[1:].lstrip() if row_mark(text) else text


def is_sentence_end(text: str) -> bool:
    """Whether `text` ends with a finished sentence."""
    end = text.rstrip()[-_END:]
    return bool(_SENTENCE_END.search(end)) and not _ABBREVIATED.search(end)


def is_open(text: str) -> bool:
    """Whether a sentence goes on behind `text`."""
    return bool(text) and not _TERMINAL.search(text.rstrip()[-_END:])


def caption_kind(text: str) -> str:
    """ "table", "figure" or "algorithm" where a caption begins here, else ""."""
    if _ALGORITHM.match(text):
        return "algorithm"
    match = _CAPTION.match(text)
    if not match:
        return ""
    return {"t": "table", "a": "algorithm", "l": "algorithm"}.get(text[0].lower(), "figure")


def is_bare_caption(text: str) -> bool:
    """Whether the line is a caption's number alone."""
    match = _CAPTION.match(text)
    return match is not None and not text[match.end() :].strip()


def split_glued_caption(text: str, previous: str) -> tuple[str, str] | None:
    """A caption run into the figure's last label: `Encoder Figure 5. Overview of ...`."""
    match = _GLUED_CAPTION.search(text)
    if not match or not match.start():
        return None
    head = text[: match.start()]
    words = WORD.findall(head)
    if is_running(head) or (words and words[-1].lower() in STOP_WORDS | {"see", "and", "fig", "cf", "both"}):
        return None
    if is_open(previous) and is_running(previous) and words and head[:1].islower():
        return None
    return head.strip(), match[1]


def figure_in(text: str) -> str:
    """The caption of a figure that begins in this line, at its start or run into a label; "" for none."""
    if caption_kind(text) == "figure":
        return text
    match = _GLUED_CAPTION.search(text)
    return match[1] if match and match[1].startswith("Figure") else ""


def is_cut(text: str) -> bool:
    """Whether the line ends inside a word."""
    return text[-1:] == "-" and text[-3:-1].isalpha() and text[-3:-1].islower()


def is_note(text: str) -> bool:
    """Whether a footnote begins here."""
    return bool(_NOTE.match(text)) and len(text) > 6


def is_numbers(text: str) -> bool:
    """Whether the line is numbers and ticks only, as an axis leaves them."""
    tokens = text.split()
    return bool(tokens) and all(_NUMBER_TOKEN.fullmatch(token) for token in tokens)


def is_row(text: str) -> bool:
    """Whether the line looks like a row of a table: at least two cells of numbers or ticks, few words."""
    tokens = text.split()
    cells = sum(
        max(1, token.count(".")) for token in tokens if _NUMBER_TOKEN.fullmatch(token)
    )  # may be glued
    stops = sum(token.lower() in STOP_WORDS for token in tokens)
    prose = sum(token.islower() and token.isalpha() and len(token) > 3 for token in tokens)
    return cells >= 2 and cells >= 0.3 * len(tokens) and stops <= 2 and prose < 4


def is_formula(text: str) -> bool:
    """Whether the line holds signs of a formula."""
    return bool(_FORMULA.search(text))


def is_step(text: str) -> bool:
    """Whether the line is a step of an algorithm."""
    return bool(_ALGORITHM_STEP.match(text))


def is_running(text: str) -> bool:
    """Whether the line is running text: with small words, neither row nor label."""
    words = WORD.findall(text)
    if len(words) < 4 or is_row(text):
        return False
    stops = sum(word.lower() in STOP_WORDS for word in words)
    lower = sum(word.islower() and len(word) > 2 for word in words)
    letters = sum(len(word) for word in words)
    if letters < 0.5 * len(text.replace(" ", "")):
        return False
    return stops >= 2 or (stops >= 1 and lower >= 3) or lower >= 5 or (len(text) > 40 and lower >= 4)


def column_width(lines: list[str]) -> int:
    """The usual length of a full line of running text, in characters."""
    lengths = [len(line) for line in lines if len(line) > 30 and is_running(line)]
    return round(median(lengths)) if lengths else 60

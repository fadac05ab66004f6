"""Which stretches of a paper a reader can read out of their place, and how they are shown. Pure."""

from __future__ import annotations

import re

LEAST_WORDS, MOST_WORDS = 6, 70
MOST_CITED = 4  # a sentence that names more papers is a list of them
MOST_CELLS = 30  # of a table's row

_MARKS = re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]")  # the paper's own citation marks
_ARRAY = re.compile(r"[=∈×*/(,]\s*\Z|\b(?:range|interval)s?(?:\s+of)?\s*\Z", re.IGNORECASE)
_BOUNDS = re.compile(
    r"\b(?:within|from|between|to|in)\s*\Z", re.IGNORECASE
)  # of what starts at 1; "in [49, 54]"
_HANGS = re.compile(
    r"\b(?:with|by|in|of|from|to|on|at|for|via|using|following|than|as|see|like|unlike|and|or|per)\s*\Z",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:(?:\(\d{1,2}\)|\d{1,2}\.)\s*|[•▪●■◦‣*–—-]\s+)(?=[A-Z][a-z]|[AI]\s)"
)  # an equation's number, a list's number or bullet
_CITED = re.compile(r"\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]|\bet\s+al\b")
_FORMULA = re.compile(r"[=∑∏∫√≤≥∈∀∂→←∇≈∥‖·×÷±⊙⊗⊕^_{}\\|<>]|[α-ωΑ-Ω]")
_SHORT = re.compile(r"(?<!\S)[^\W\d_](?!\S)")
_STARTS = re.compile(r"[\"'“‘(\[]?[A-Z0-9À-Þ]|[a-z]+[A-Z0-9]|[α-ωΑ-Ω]")
_ENDS = re.compile(r"[.!?。][\"'”’)\]\d]*\Z|\][.]?\Z")
_TORN = re.compile(
    r"(?:\b(?:Figure|Fig|Table|Tab|Equ?n?s?|Sec|Algorithm)\.?\s*\d*\.?|\bAlgorithm\s+\d.*|(?-i:[a-zA-Z](?:Figure|Table)\s\d+\.))\Z",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[^\W\d_]{32,}|(?:\d+%){3}")  # the words of a drawing, run together
_ITEM = re.compile(r"(?<!\S)(?:\d{1,2}|[a-e])\)")  # "1) CASIA, 2) COCO": no bracket was opened
_CELL = re.compile(r"(?<!\S)[~↑↓+±-]?\d[\d.,]*(?:%|[a-zA-Z]{1,3})?(?!\S)")


def readable(sentence: str) -> bool:
    """Whether `sentence` is whole, of words rather than signs, and no list of other people's papers."""
    words = sentence.split()
    if not LEAST_WORDS <= len(words) <= MOST_WORDS or "\n\n" in sentence:
        return False
    if not (_STARTS.match(sentence) and _ENDS.search(sentence)) or _TORN.search(sentence):
        return False
    if _GLUED.search(sentence):
        return False
    opened = sentence.count("(") - sentence.count(")") + len(_ITEM.findall(sentence))
    if len(_CITED.findall(sentence)) > MOST_CITED or abs(opened) > 1:
        return False
    small = sum(word.strip("(“\"'‘").islower() for word in words)
    # Figures count as letters: "drops from 32.9% to 31.4%" is what many ask for.
    letters = sum(char.isalnum() or char.isspace() or char in ".,%" for char in sentence)
    return small >= 0.45 * len(words) and letters >= 0.7 * len(sentence) and signs(sentence) <= 0.2


def numbered(sentence: str) -> int:
    """How many characters of `sentence` come first that are a number or bullet of an equation or item."""
    found = _NUMBERED.match(sentence)
    return found.end() if found else 0


def signs(sentence: str) -> float:
    """How many signs of formulas stand in `sentence` for each word; one is free."""
    lone = _SHORT.findall(re.sub(r"(?<!\S)[aAI](?!\S)", "", sentence))
    return max(0, len(_FORMULA.findall(sentence)) + len(lone) - 1) / max(1, len(sentence.split()))


def is_row(line: str) -> bool:
    """Whether `line` is a row of a table: a name, and figures after it."""
    cells = line.split()
    figures = len(_CELL.findall(line))
    return (
        2 <= len(cells) <= MOST_CELLS
        and figures >= 2
        and figures >= 0.4 * len(cells)
        and any(char.isalpha() for char in cells[0] + cells[1])
    )


def shown(quote: str) -> str:
    """`quote` on one line, without the paper's own citation marks: they would be taken for ours.

    Intervals such as [0, 1] stay; a lone [5] that is left is written (5). Where words hang on a mark ("as in
    [5]"), its place is shown as left out.
    """

    def without(found: re.Match[str]) -> str:
        mark = found[0].strip()
        numbers = [int(digits) for digits in re.findall(r"\d+", mark)]
        before = quote[: found.start()]
        if 0 in numbers or (len(numbers) > 1 and _ARRAY.search(before)):
            return found[0]
        if len(numbers) > 1 and min(numbers) == 1 and _BOUNDS.search(before):
            return found[0]
        return " […]" if _HANGS.search(before) else ""

    text = " ".join(_MARKS.sub(without, quote).split())
    text = re.sub(r"\[(\d+)\]", r"(\1)", re.sub(r"(?:\s*\*{2,})+", "", text))
    return re.sub(r"\s+(?=[.,;:!?)])", "", text).replace("“", "‘").replace("”", "’")

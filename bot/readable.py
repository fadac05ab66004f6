"""Which sentences of a paper a reader can read out of their place, and how they are shown. Pure."""

from __future__ import annotations

import re

LEAST_WORDS, MOST_WORDS = 5, 70
_MARKS = re.compile(r"\s*\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]")  # the paper's own citation marks
_ARRAY = re.compile(r"[=∈×*/(,]\s*\Z|\b(?:range|interval|within|from|between|to|in)\s*\Z", re.IGNORECASE)
_CITED = re.compile(r"\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\]|\bet\s+al\b")
_FORMULA = re.compile(r"[=∑∏∫√≤≥∈∀∂→←∇≈∥‖·×÷±⊙⊗⊕^_{}\\|<>]|[α-ωΑ-Ω]")
_SHORT = re.compile(r"(?<!\S)[^\W\d_](?!\S)")
_STARTS = re.compile(r"[\"'“‘(\[]?[A-Z0-9À-Þ]|[a-z]+[A-Z0-9]|[α-ωΑ-Ω]")
_ENDS = re.compile(r"[.!?。][\"'”’)\]\d]*\Z|\][.]?\Z")
_MOST_CITED = 4


def readable(sentence: str) -> bool:
    """Whether `sentence` is whole, of words rather than signs, and no list of other people's papers."""
    words = sentence.split()
    if not LEAST_WORDS <= len(words) <= MOST_WORDS:
        return False
    if not (_STARTS.match(sentence) and _ENDS.search(sentence)):
        return False
    if len(_CITED.findall(sentence)) > _MOST_CITED or sentence.count("(") != sentence.count(")"):
        return False
    letters = sum(char.isalpha() or char.isspace() for char in sentence)
    formula = len(_FORMULA.findall(sentence)) + len(
        _SHORT.findall(re.sub(r"(?<!\S)[aAI](?!\S)", "", sentence))
    )
    return letters >= 0.7 * len(sentence) and formula <= 0.15 * len(words) + 1


def shown(quote: str) -> str:
    """`quote` on one line, without the paper's own citation marks: they would be taken for ours.

    Intervals such as [0, 1] stay; a lone [5] that is left is written (5).
    """

    def without(found: re.Match[str]) -> str:
        mark = found[0].strip()
        numbers = [int(digits) for digits in re.findall(r"\d+", mark)]
        if 0 in numbers or (len(numbers) > 1 and _ARRAY.search(quote, 0, found.start())):
            return found[0]
        return ""

    text = " ".join(_MARKS.sub(without, quote).split())
    text = re.sub(r"\[(\d+)\]", r"(\1)", text)
    return re.sub(r"\s+(?=[.,;:!?)])", "", text).replace("“", "‘").replace("”", "’")

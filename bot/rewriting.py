"""What a language model made of a question -> one in English that stands alone, or nothing. Pure.

The model may only put words of the conversation where the question leans on them. Names and figures that
nobody said, several lines, or a page of text are no question of the reader's. Of a question in another
language, the names that no translation changes must stay: those with a digit or a capital inside.
"""

from __future__ import annotations

import re
import unicodedata

from bot.conversation import depends
from bot.gate import names
from bot.models import Question
from bot.translation.foreign import is_foreign
from retrieval.analysis import words

LONGEST = 400  # characters; a question that grew longer is an answer

_HEAD = re.compile(r"^\W*(?:(?:stand-?\s?alone|rewritten|whole|the)\s+)?question\s*:\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MARKED = re.compile(r"(?<![A-Za-z\d])(?:[A-Za-z]*[a-z][A-Z][A-Za-z]*(?:-?\d+)?|[A-Za-z]+-?\d+[A-Za-z]*)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,](?=\d)")
_WRAPPING = " \t\"'“”‘’`*"


def accepted(said: str, question: Question) -> str | None:
    """The question that the model wrote, where it is one and brings nothing of its own; else None."""
    text = _one_line(said)
    if text is None:
        return None
    if _same(text, question.text):
        return None if depends(question.text) else question.text.strip()
    return text if _invents_nothing(text, question) else None


def accepted_english(said: str, question: Question) -> str | None:
    """The same for a question in another language, which the model put into English."""
    text = _one_line(said)
    if text is None or is_foreign(text):
        return None
    asked, told = question.text, _told(question)
    kept = all(_has(text, name) for name in marked_names(asked))
    known = all(_has(told, name) for name in marked_names(text))
    return text if kept and known and _digits(text) <= _digits(told) else None


def marked_names(text: str) -> list[str]:
    """The names that look the same in every language: with a capital after a small letter, or a digit."""
    return _MARKED.findall(unicodedata.normalize("NFKC", text))


def _has(text: str, name: str) -> bool:
    """Whether `name` stands in `text`, in any case, however it is parted."""
    return _joined(name).removesuffix("s") in _joined(text)


def _joined(text: str) -> str:
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text).casefold())


def _digits(text: str) -> set[str]:
    """The figures of `text`, whatever sign a language has for the decimal point."""
    return set(re.findall(r"\d+", _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))))


def _one_line(said: str) -> str | None:
    """The one line that was said, without what models put around it; None where there are more, or none."""
    lines = [line for line in said.splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    text = _HEAD.sub("", lines[0]).strip(_WRAPPING)
    return text if 1 < len(text) <= LONGEST and "<" not in text else None


def _same(text: str, other: str) -> bool:
    return words(text) == words(other)


def _invents_nothing(text: str, question: Question) -> bool:
    """Whether every name and figure of `text` was said before, in the question or the conversation."""
    told = _told(question)
    known = set(words(told))
    named = all(set(words(name)) <= known for name in names(text))
    return named and set(_NUMBER.findall(text)) <= set(_NUMBER.findall(told))


def _told(question: Question) -> str:
    return " ".join((question.text, *(f"{turn.question} {turn.answer}" for turn in question.history)))

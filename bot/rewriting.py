"""What a language model made of a follow-up -> a question that stands alone, or nothing. Pure.

The model may only put words of the conversation where the question leans on them. Names and figures that
nobody said, several lines, or a page of text are no question of the reader's.
"""

from __future__ import annotations

import re

from bot.conversation import depends
from bot.foreign import is_foreign
from bot.gate import names
from bot.models import Question
from retrieval.analysis import words

LONGEST = 400  # characters; a question that grew longer is an answer

_HEAD = re.compile(r"^\W*(?:(?:stand-?\s?alone|rewritten|whole|the)\s+)?question\s*:\s*", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WRAPPING = " \t\"'“”‘’`*"


def needed(question: Question) -> bool:
    """Whether a model may know better what is asked: in a conversation, or in another language."""
    return bool(question.history) or is_foreign(question.text)


def accepted(said: str, question: Question) -> str | None:
    """The question that the model wrote, where it is one and brings nothing of its own; else None."""
    lines = [line for line in said.splitlines() if line.strip()]
    if len(lines) != 1:
        return None
    text = _HEAD.sub("", lines[0]).strip(_WRAPPING)
    if not 1 < len(text) <= LONGEST or "<" in text:
        return None
    if _same(text, question.text):
        return None if depends(question.text) else question.text.strip()
    return text if _invents_nothing(text, question) else None


def _same(text: str, other: str) -> bool:
    return words(text) == words(other)


def _invents_nothing(text: str, question: Question) -> bool:
    """Whether every name and figure of `text` was said before, in the question or the conversation."""
    told = " ".join((question.text, *(f"{turn.question} {turn.answer}" for turn in question.history)))
    known = set(words(told))
    named = all(set(words(name)) <= known for name in names(text))
    return named and set(_NUMBER.findall(text)) <= set(_NUMBER.findall(told))

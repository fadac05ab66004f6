"""Which language is a question in? The vectors and the word index know English only. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.models import Question
from bot.translation.languages import NAMED, Language, english_words, language

_NAMES = "|".join(NAMED)
_WISHED = re.compile(
    r"(?:\A|[.!?:;,(]\s*)(?:(?:and|then|please|can\s+you|could\s+you)\s+)*(?:answer|reply|respond|explain|say|tell)\b"
    rf"(?:\s+(?:me|it|this|that|to|please)){{0,3}}\s+in\s+({_NAMES})\b|\bin\s+({_NAMES}),?\s+please\b",
    re.IGNORECASE,
)


def is_foreign(text: str) -> bool:
    """Whether `text` is clearly in another language; names and formulas alone are not."""
    return language(text) is not None


def language_of(question: Question) -> Language | None:
    """The language to answer in; None for English. Names alone are in that of the conversation.

    "Please answer in German" is heard in English, too.
    """
    if wished := _WISHED.search(question.text):
        return NAMED[(wished[1] or wished[2]).casefold()]
    found = language(question.text)
    if found or english_words(question.text) or not question.history:
        return found
    *before, last = question.history
    return language_of(replace(question, text=last.question, history=tuple(before)))

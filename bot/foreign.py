"""Which language is a question in? The vectors and the word index know English only. Pure."""

from __future__ import annotations

from dataclasses import replace

from bot.languages import Language, english_words, language
from bot.models import Question


def is_foreign(text: str) -> bool:
    """Whether `text` is clearly in another language; names and formulas alone are not."""
    return language(text) is not None


def language_of(question: Question) -> Language | None:
    """The language to answer in; None for English. Names alone are in that of the conversation."""
    found = language(question.text)
    if found or english_words(question.text) or not question.history:
        return found
    *before, last = question.history
    return language_of(replace(question, text=last.question, history=tuple(before)))

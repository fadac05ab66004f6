"""Puts checked English answers into the language of the question: one call of a language model each.

It sees the checked sentences and the name of a language, and neither the question nor the papers' words.
Whatever fails leaves the English answer, and says so.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.errors import ModelError
from bot.language_model import LanguageModel, Spent, said
from bot.models import FIXED, Answer
from bot.prompts import translating
from bot.translation.languages import Language
from bot.translation.translating import TRANSLATED, TRANSLATED_WORDS, put_together, read, taken_apart

log = logging.getLogger(__name__)


class Translator:
    """A language model that translates; often a cheaper one than that which answers."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    async def translated(self, answer: Answer, language: Language, spent: Spent | None = None) -> Answer:
        """`answer` in `language`, sentence by sentence; the English one, with a note, where that fails.

        An answer in whose place quotes had to stand stays as it is: they are the papers' own words.
        """
        if answer.fallback_from:
            return answer
        note = TRANSLATED if answer.citations else TRANSLATED_WORDS
        noted = answer if answer.route in FIXED else replace(answer, notes=(*answer.notes, note))
        page = taken_apart(noted)
        try:
            told = await said(self._model, translating(page.sentences, language.name), spent)
        except ModelError as error:
            log.warning("%s translated nothing: %s", self._model.name, error)
            return self._english(answer, language, error.reader)
        lines = read(told, page.sentences)
        done = put_together(noted, page, lines, language) if lines else None
        if done is None:
            log.warning("%s gave no translation that could be taken", self._model.name)
        return done or self._english(answer, language, "gave no translation that says the same")

    def _english(self, answer: Answer, language: Language, reason: str) -> Answer:
        told = f"the language model {self._model.name} {reason}"
        note = f"The answer stays in English, not {language.name}: {told}."
        return replace(answer, notes=(*answer.notes, note))
